"""Batch jobs when what is stored vanishes, disks fill at a bad moment, and others finish first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from test_batch_work import PATIENCE, Script, house, line

from octavo.domain.batch import BatchStatus, Lease
from octavo.domain.errors import EngineFailed, OutOfSpace, Overloaded, WorkerEvicted
from octavo.services import dispatcher as dispatching
from octavo.services import loops, outcomes
from octavo.services.outcomes import LineResult

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "PAUSE", 0.05)
    monkeypatch.setattr(dispatching, "TRIES", 2)
    monkeypatch.setattr(dispatching, "LOOK", 0.0)
    monkeypatch.setattr(dispatching, "CLOSING", 0.2, raising=False)
    monkeypatch.setattr(loops, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "GATHER", 0.01)


async def test_results_whose_blob_was_swept_away_are_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, Script()) as here:
        put, swept = here.blobs.put, []

        def put_and_sweep(name: str, chunks: Iterator[bytes]) -> object:
            blob = put(name, chunks)
            if not swept and here.script.asked:
                # As when the machine slept for a day between the two.
                with here.database.writing() as connection:
                    connection.execute(text("UPDATE blobs SET since = 1 WHERE uses = 0"))
                swept.append(name)
                here.files.sweep()
            return blob

        made = await here.job(line(0), line(1))
        monkeypatch.setattr(here.blobs, "put", put_and_sweep)
        job = await here.until(made, BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == [line(0), line(1)]
        assert swept
        assert swept[0] not in here.blobs.names()


async def test_a_disk_that_fills_between_both_files_keeps_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(says=lambda asked, _: EngineFailed("no") if asked == line(1) else None)
    async with house(tmp_path, script) as here:
        put, full = here.blobs.put, asyncio.Event()

        def put_what_fits(name: str, chunks: Iterator[bytes]) -> object:
            data = b"".join(chunks)
            if data == b"failed\n" and not full.is_set():
                raise OutOfSpace("The disk is full.")
            return put(name, iter([data]))

        made = await here.job(line(0), line(1))
        monkeypatch.setattr(here.blobs, "put", put_what_fits)
        await here.when(made, lambda job: job.succeeded + job.failed == 2)
        before = len(list(here.blobs.names()))
        await asyncio.sleep(0.5)
        assert len(list(here.blobs.names())) <= before + 1
        full.set()
        job = await here.until(made, BatchStatus.SUCCESS)
        async with asyncio.timeout(PATIENCE):
            # Input, output and errors; the results go a moment after the job is over.
            while len(list(here.blobs.names())) != 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await here.text("alice", job.error_file) == ["failed"]


async def test_doubts_are_counted_and_leases_are_not(tmp_path: Path) -> None:
    def says(_: str, lease: Lease) -> Exception | None:
        if lease.attempt <= 5:
            return Overloaded("later")
        return WorkerEvicted("for others") if lease.attempt == 6 else None

    async with house(tmp_path, Script(says=says)) as here:
        job = await here.until(await here.job(line(0)), BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed) == (1, 0)


async def test_why_lines_wait_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def says(_: str, lease: Lease) -> Exception | None:
        return OutOfSpace("The disk is full.") if lease.attempt <= 4 else None

    with caplog.at_level("INFO"):
        async with house(tmp_path, Script(says=says)) as here:
            await here.until(await here.job(*map(line, range(6))), BatchStatus.SUCCESS)
    assert caplog.text.count("waits: The disk is full.") == 1
    assert caplog.text.count("lines go on") == 1


async def test_it_ends_though_results_cannot_be_written(tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        async with house(tmp_path, Script()) as here:
            made = await here.job(*map(line, range(4)))
            here.blobs.full = True
            await here.when(made, lambda _: len(here.script.asked) == 4)
        async with house(tmp_path, Script(), "server 2") as here:
            await here.until(made, BatchStatus.SUCCESS)


class Forgetful(Script):
    """Loses the first large result."""

    async def answer(self, lease: Lease, line: Iterator[bytes], folder: Path) -> LineResult:
        result = await super().answer(lease, line, folder)
        if isinstance(result.content, Path) and lease.attempt == 1:
            result.content.rename(folder / "elsewhere")
        return result


async def test_a_result_that_cannot_be_written_holds_nobody_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path, Forgetful()) as here:
        job = await here.until(await here.job("large", *map(line, range(4))), BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed) == (5, 0)
    assert "could not be written" in caplog.text
