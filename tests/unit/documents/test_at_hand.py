"""A fetcher that is made when an address comes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from octavo.documents.fetching.at_hand import AtHand
from octavo.documents.fetching.fetcher import Fetcher
from octavo.domain.document import DataUriRef, SpooledDocument


def test_what_lies_on_disk_stays_there_and_the_rest_is_fetched_by_one_fetcher(tmp_path: Path) -> None:
    made: list[Fetcher] = []

    def make() -> Fetcher:
        made.append(Fetcher(max_bytes=10))
        return made[-1]

    async def scene() -> None:
        fetcher = AtHand(make)
        document = SpooledDocument(path=tmp_path / "a.pdf", name="a.pdf", size=1000, sha256="")
        assert await fetcher.fetch(document, tmp_path) is document
        assert made == []
        for _ in range(2):
            fetched = await fetcher.fetch(DataUriRef(uri="data:;base64,AAAA"), tmp_path)
            assert fetched.path.read_bytes() == b"\0\0\0"
        assert len(made) == 1

    asyncio.run(scene())
