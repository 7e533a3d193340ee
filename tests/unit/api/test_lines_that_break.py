"""What is told of a line of a batch that could not be worked on, after its name was read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_reading import FakeExecutor
from fastapi import FastAPI

from kept_files import blobs_in, kept_files
from made_service import make_service
from octavo.api import batch_lines
from octavo.api.batch_lines import LineReader
from octavo.documents.fetching.fetcher import Fetcher
from octavo.documents.spooling.spool import spool_bytes
from octavo.domain.batch import Lease, Span
from octavo.domain.errors import DatabaseFailed, StorageFailed
from octavo.domain.file import FilePurpose
from octavo.services.files import FileService, Upload
from octavo.services.outcomes import LineResult

pytestmark = pytest.mark.anyio

LEASE = Lease(
    job_id="0a1b2c3d-0000-0000-0000-000000000000",
    owner="",
    model=None,
    endpoint="/v1/ocr",
    number=7,
    line=Span(blob="b", offset=0, length=1),
    attempt=1,
)


def line_of(custom_id: object, file_id: str) -> Iterator[bytes]:
    document = {"type": "file", "file_id": file_id}
    yield json.dumps({"custom_id": custom_id, "body": {"document": document}}).encode()


def told(result: LineResult) -> tuple[str | None, str | None]:
    """The name, and the name in the line itself."""
    assert isinstance(result.content, bytes)
    return result.custom_id, json.loads(result.content)["custom_id"]


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
def reader(make_app: Callable[..., FastAPI], files: FileService, executor: FakeExecutor, tmp_path: Path) -> LineReader:
    """Reads documents that were uploaded."""
    wired = make_app(files=files).state.wiring
    (tmp_path / "reads").mkdir()
    service = make_service(Fetcher(10**6, uploads=files), executor, tmp_path / "reads")
    return LineReader(replace(wired, ocr=service))


@pytest.fixture
async def uploaded(files: FileService, tmp_path: Path) -> str:
    document = spool_bytes(b"%PDF-1.7", tmp_path, name="a.pdf", max_bytes=10)
    return (await files.upload("", Upload(document=document, purpose=FilePurpose.OCR))).id


@pytest.mark.parametrize(("custom_id", "name"), [("mine", "mine"), ([1], "[1]"), (None, None)])
async def test_a_line_whose_document_is_lost_keeps_its_name(
    reader: LineReader, uploaded: str, tmp_path: Path, custom_id: object, name: str | None
) -> None:
    for path in blobs_in(tmp_path):
        path.unlink()
    for _ in range(2):
        with pytest.raises(StorageFailed) as lost:
            await reader.answer(LEASE, line_of(custom_id, uploaded), tmp_path / "spool")
    assert told(reader.failure(LEASE, lost.value)) == (name, name)


async def test_a_line_that_breaks_down_keeps_its_name(
    reader: LineReader, uploaded: str, tmp_path: Path, executor: FakeExecutor
) -> None:
    executor.inspecting = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await reader.answer(LEASE, line_of("mine", uploaded), tmp_path / "spool")
    assert told(reader.failure(replace(LEASE, number=8), ZeroDivisionError())) == (None, None)
    assert told(reader.failure(LEASE, ZeroDivisionError())) == ("mine", "mine")
    assert told(reader.failure(LEASE, ZeroDivisionError())) == (None, None)


async def test_a_name_that_was_read_once_is_known_though_the_line_is_lost(
    reader: LineReader, uploaded: str, tmp_path: Path, executor: FakeExecutor
) -> None:
    executor.inspecting = DatabaseFailed("It is gone.")
    with pytest.raises(DatabaseFailed):
        await reader.answer(LEASE, line_of("mine", uploaded), tmp_path / "spool")

    def lost() -> Iterator[bytes]:
        raise StorageFailed("It is lost.")
        yield b""

    with pytest.raises(StorageFailed) as error:
        await reader.answer(LEASE, lost(), tmp_path / "spool")
    assert told(reader.failure(LEASE, error.value)) == ("mine", "mine")


async def test_names_of_lines_that_are_over_are_forgotten(
    reader: LineReader, uploaded: str, tmp_path: Path, executor: FakeExecutor
) -> None:
    folder = tmp_path / "spool"
    result = await reader.answer(LEASE, line_of("mine", uploaded), folder)
    assert (result.custom_id, result.error) == ("mine", None)
    assert told(reader.failure(LEASE, ZeroDivisionError())) == (None, None)

    executor.gate.clear()
    working = asyncio.create_task(reader.answer(LEASE, line_of("mine", uploaded), folder))
    executor.asked.clear()
    await executor.asked.wait()
    working.cancel()
    executor.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert told(reader.failure(LEASE, ZeroDivisionError())) == (None, None)


async def test_the_names_of_many_lines_are_remembered_in_bounded_memory(
    reader: LineReader, uploaded: str, tmp_path: Path, executor: FakeExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_lines, "MOST_NAMES", 3)
    executor.inspecting = DatabaseFailed("It is gone.")
    leases = [replace(LEASE, number=number) for number in range(5)]
    for lease in leases:
        with pytest.raises(DatabaseFailed):
            await reader.answer(lease, line_of(f"name {lease.number}", uploaded), tmp_path / "spool")
    names = [told(reader.failure(lease, DatabaseFailed("It is gone.")))[0] for lease in leases]
    assert names == [None, None, "name 2", "name 3", "name 4"]
