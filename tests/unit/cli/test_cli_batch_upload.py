"""Documents on their way to a server, here one in this process that nobody works for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from octavo.cli.batch_api import BatchApi
from octavo.cli.batch_inputs import DocumentFolder, look_at_folder
from octavo.cli.batch_place import Place, opened
from octavo.cli.batch_progress import Watch
from octavo.cli.batch_upload import Uploader
from octavo.domain.errors import UnsupportedDocument
from octavo.settings import load_settings


@pytest.fixture
def folder(bare: Path) -> Path:
    papers = bare / "papers"
    papers.mkdir()
    for number in range(9):
        (papers / f"{number}.pdf").write_bytes(b"%%PDF-1.4 %d" % number)
    return papers


def looked(folder: Path) -> DocumentFolder:
    return look_at_folder(folder, {}, None, listed=folder.parent / "list", progress=[].append)


@asynccontextmanager
async def counted(uploads: list[str]) -> AsyncIterator[BatchApi]:
    async def note(request: httpx.Request) -> None:
        if request.method == "POST":
            uploads.append(request.url.path)

    async with opened(Place(url=None, key=None), load_settings(), works=False) as api:
        api.http.event_hooks["request"].append(note)
        yield api


def sending(folder: Path, then: Callable[[], object] | None = None) -> tuple[int, int]:
    """Requests that came of it, and uploads that it took."""
    uploads: list[str] = []

    async def send() -> int:
        async with counted(uploads) as api:
            watch = Watch(Console(file=StringIO()))
            found = looked(folder)
            if then:
                then()
            return await Uploader(api=api, folder=found, watch=watch).send(folder.parent / "requests.jsonl")

    return asyncio.run(send()), len(uploads)


def test_documents_are_sent_once_however_often_it_is_begun(folder: Path) -> None:
    assert sending(folder) == (9, 9)
    first = (folder.parent / "requests.jsonl").read_bytes()
    assert [json.loads(line)["custom_id"] for line in first.splitlines()] == [f"{number}.pdf" for number in range(9)]
    assert sending(folder) == (9, 0)
    assert (folder.parent / "requests.jsonl").read_bytes() == first


def test_a_document_that_changes_on_the_way_stops_all_and_what_is_sent_stays_so(folder: Path) -> None:
    with pytest.raises(UnsupportedDocument, match=r"8\.pdf has changed meanwhile. Run the same command again."):
        sending(folder, lambda: (folder / "8.pdf").write_bytes(b"%PDF-1.4 other"))
    (folder / "8.pdf").write_bytes(b"%PDF-1.4 8")
    requests, uploads = sending(folder)
    assert requests == 9
    assert uploads <= 5  # four may have been on their way, and under the key of one something else was sent before


def test_a_document_that_goes_away_stops_all(folder: Path) -> None:
    with pytest.raises(UnsupportedDocument, match=r"3\.pdf cannot be read any more: No such file"):
        sending(folder, (folder / "3.pdf").unlink)
