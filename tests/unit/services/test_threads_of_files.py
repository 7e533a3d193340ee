"""Uploads and downloads that take long do not hold up what only asks the database."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kept_files import kept_files
from octavo.documents.spooling.spool import spool_bytes
from octavo.domain.document import SpooledDocument
from octavo.domain.errors import InvalidFileFormat
from octavo.domain.file import Blob, FileFilter, FilePurpose, Listing
from octavo.services.files import Upload
from octavo.storage.local_blobs import LocalBlobs

pytestmark = pytest.mark.anyio


class SlowBlobs(LocalBlobs):
    """Puts nothing before it is told to."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.go_on = threading.Event()
        self.begun = threading.Semaphore(0)

    def put(self, name: str, chunks: Iterable[bytes]) -> Blob:
        self.begun.release()
        assert self.go_on.wait(60)
        return super().put(name, chunks)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[SlowBlobs]:
    blobs = SlowBlobs(tmp_path / "blobs")
    yield blobs
    blobs.go_on.set()


async def test_however_many_come_lists_are_answered(tmp_path: Path, slow: SlowBlobs) -> None:
    with kept_files(tmp_path) as kept:
        files = replace(kept, blobs=slow)
        document = spool_bytes(b"x", tmp_path, name="a", max_bytes=10)
        coming = [asyncio.create_task(files.upload("", Upload(document=document))) for _ in range(30)]
        await asyncio.to_thread(slow.begun.acquire)
        assert await asyncio.wait_for(files.list("", FileFilter(), Listing()), 30) == ()
        slow.go_on.set()
        assert len({file.id for file in await asyncio.gather(*coming)}) == 30


async def test_an_upload_whose_caller_left_ends_before_its_folder_goes(tmp_path: Path, slow: SlowBlobs) -> None:
    with kept_files(tmp_path) as kept:
        files = replace(kept, blobs=slow)
        document = spool_bytes(b"x", tmp_path, name="a", max_bytes=10)
        coming = asyncio.create_task(files.upload("", Upload(document=document)))
        await asyncio.to_thread(slow.begun.acquire)
        coming.cancel()
        await asyncio.sleep(0.05)
        assert not coming.done()
        slow.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await coming
        assert len(await files.list("", FileFilter(), Listing())) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file that is never read to its end")
async def test_files_whose_lines_are_counted_hold_up_no_download(tmp_path: Path) -> None:
    endless = [tmp_path / f"endless-{number}" for number in range(20)]
    with kept_files(tmp_path) as files:
        stored = await files.upload("", Upload(document=spool_bytes(b"x", tmp_path, name="a", max_bytes=10)))
        coming = []
        for path in endless:
            os.mkfifo(path)
            document = SpooledDocument(path=path, name="a.jsonl", size=1, sha256="")
            coming.append(asyncio.create_task(files.upload("", Upload(document=document, purpose=FilePurpose.BATCH))))
        try:
            async with asyncio.timeout(20):
                assert b"".join([piece async for piece in files.content(stored)]) == b"x"
                assert not any(task.done() for task in coming)
        finally:
            for path in endless:
                await asyncio.to_thread(path.write_bytes, b"\xff\n")
        for task in coming:
            with pytest.raises(InvalidFileFormat):
                await task
