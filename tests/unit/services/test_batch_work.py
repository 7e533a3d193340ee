"""Jobs from their making to their files, on the real ledger and blobs; lines are answered by a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from octavo.database.connection import Database
from octavo.database.files import SqlFiles
from octavo.database.ledger import SqlLedger
from octavo.database.open import open_database
from octavo.documents.spooling.spool import spool_bytes
from octavo.domain.batch import BatchJob, BatchStatus, Lease
from octavo.domain.errors import EngineFailed, IllegalMove, InvalidRequest, OutOfSpace, Overloaded, WorkerEvicted
from octavo.domain.file import Blob, FilePurpose
from octavo.services import dispatcher as dispatching
from octavo.services import loops, outcomes, planner
from octavo.services.batch_work import BatchWork
from octavo.services.batches import BatchService, Order
from octavo.services.files import FileService, Upload
from octavo.services.outcomes import LineResult
from octavo.storage.local_blobs import LocalBlobs

pytestmark = pytest.mark.anyio
PATIENCE = 60


class FullBlobs(LocalBlobs):
    """A store whose disk can be full."""

    full = False

    def put(self, name: str, chunks: Iterator[bytes]) -> Blob:  # type: ignore[override]
        if self.full:
            raise OutOfSpace("The disk is full.")
        return super().put(name, chunks)


@dataclass
class Script:
    """Answers lines: what it says, and what it was asked."""

    says: Callable[[str, Lease], object] = lambda *_: None
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    busy: int = 0
    most: int = 0

    async def answer(self, lease: Lease, line: Iterator[bytes], folder: Path) -> LineResult:
        text = b"".join(line).decode()
        self.asked.append(text)
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            said = self.says(text, lease)
            if asyncio.iscoroutine(said):
                said = await said
        finally:
            self.busy -= 1
        if isinstance(said, Exception):
            if isinstance(said, EngineFailed) and not isinstance(said, WorkerEvicted):
                return self.failure(lease, said)
            raise said
        content: bytes | Path = f"{text}\n".encode()
        if text.startswith("large"):
            content = folder / "large"
            content.write_text(f"{text}\n")
        return LineResult(lease=lease, custom_id=text, error=None, content=content)

    def failure(self, lease: Lease, error: Exception) -> LineResult:
        return LineResult(lease=lease, custom_id=None, error=type(error).__name__, content=b"failed\n")


@dataclass
class House:
    """Services on a folder."""

    folder: Path
    script: Script
    database: Database
    blobs: FullBlobs
    files: FileService
    work: BatchWork
    batches: BatchService
    dropped: list[str]

    async def job(self, *texts: str, owner: str = "alice", hours: int = 24) -> BatchJob:
        """A job of these lines."""
        uploaded = await self.upload("\n".join(texts), owner)
        order = Order(owner=owner, endpoint="/v1/ocr", file_ids=(uploaded,), timeout_hours=hours)
        return await self.batches.create(order)

    async def upload(self, text: str, owner: str = "alice", purpose: FilePurpose = FilePurpose.BATCH) -> str:
        spool = self.folder / "uploads"
        spool.mkdir(exist_ok=True)
        document = spool_bytes(text.encode(), spool, name="a", max_bytes=10**9)
        return (await self.files.upload(owner, Upload(document=document, purpose=purpose))).id

    async def until(self, job: BatchJob, *statuses: BatchStatus) -> BatchJob:
        """The job, once it is there."""
        return await self.when(job, lambda now: now.status in statuses)

    async def when(self, job: BatchJob, happened: Callable[[BatchJob], bool]) -> BatchJob:
        """The job, once something has happened to it."""
        async with asyncio.timeout(PATIENCE):
            while not happened(now := await self.batches.get(job.owner, job.id)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return now

    async def text(self, owner: str, file_id: str | None) -> list[str]:
        """The lines of a file."""
        assert file_id is not None
        file = await self.files.get(owner, file_id)
        return b"".join([piece async for piece in self.files.content(file)]).decode().split("\n")[:-1]


@asynccontextmanager
async def house(folder: Path, script: Script, holder: str = "server 1", capacity: int = 2) -> AsyncIterator[House]:
    database = open_database(folder / "octavo.db")
    blobs = FullBlobs(folder / "blobs")
    (folder / "spool").mkdir(exist_ok=True)
    files = FileService(files=SqlFiles(database), blobs=blobs)
    ledger = SqlLedger(database)
    work = BatchWork(ledger=ledger, files=files, holder=holder, spool_dir=folder / "spool", capacity=capacity)
    dropped: list[str] = []
    batches = BatchService(ledger=ledger, files=files, work=work, dropped=dropped.append)
    try:
        async with work.going_on(script):
            yield House(folder, script, database, blobs, files, work, batches, dropped)
    finally:
        files.close()
        database.close()


def line(number: object) -> str:
    return json.dumps({"custom_id": str(number)})


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "PAUSE", 0.05)
    monkeypatch.setattr(dispatching, "TRIES", 2)
    monkeypatch.setattr(dispatching, "LOOK", 0.0)
    monkeypatch.setattr(loops, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "GATHER", 0.01)


async def test_the_output_has_the_lines_in_order_and_the_errors_apart(tmp_path: Path) -> None:
    texts = [line(number) for number in range(50)]
    script = Script(says=lambda text, _: EngineFailed("no") if text in (line(7), line(30)) else None)
    async with house(tmp_path, script) as here:
        made = await here.job(*texts)
        assert (made.total, made.status) == (50, BatchStatus.QUEUED)
        job = await here.until(made, BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed, job.errors) == (48, 2, (("EngineFailed", 2),))
        assert await here.text("alice", job.output_file) == [text for n, text in enumerate(texts) if n not in (7, 30)]
        assert await here.text("alice", job.error_file) == ["failed", "failed"]
        assert sorted(script.asked) == sorted(texts)


async def test_large_results_and_blocks_of_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "BLOCK", 3)
    monkeypatch.setattr(outcomes, "MOST", 4)
    texts = [line(0), *(f"large {n}" for n in range(10)), line(1)]
    async with house(tmp_path, Script()) as here:
        job = await here.until(await here.job(*texts), BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == texts
        assert job.error_file is None


async def test_several_inputs_are_one_row_of_lines(tmp_path: Path) -> None:
    async with house(tmp_path, Script()) as here:
        ids = tuple([await here.upload(f"{line(n)}\n\n{line(n + 1)}") for n in (0, 2, 4)])
        made = await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=ids))
        job = await here.until(made, BatchStatus.SUCCESS)
        assert job.total == 6
        assert await here.text("alice", job.output_file) == [line(n) for n in range(6)]


async def test_a_cancelled_job_keeps_what_is_done_and_asks_for_no_more(tmp_path: Path) -> None:
    script = Script()
    script.says = lambda text, _: script.gate.wait() if text != line(0) else None
    async with house(tmp_path, script) as here:
        made = await here.job(*map(line, range(40)))
        await here.when(made, lambda job: job.succeeded >= 1)
        assert (await here.batches.cancel("alice", made.id)).status is BatchStatus.CANCELLATION_REQUESTED
        job = await here.until(made, BatchStatus.CANCELLED)
        asked = len(script.asked)
        assert (job.succeeded, job.failed) == (1, 0)
        assert await here.text("alice", job.output_file) == [line(0)]
        other = await here.job(line("after"))
        script.gate.set()
        await here.until(other, BatchStatus.SUCCESS)
        assert len(script.asked) == asked + 1


async def test_what_concerns_no_line_is_waited_out(tmp_path: Path) -> None:
    def says(_: str, lease: Lease) -> Exception | None:
        return Overloaded("later") if lease.attempt <= 3 else None

    async with house(tmp_path, Script(says=says)) as here:
        job = await here.until(await here.job(line(0), line(1)), BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed) == (2, 0)


async def test_what_may_concern_the_line_is_not_tried_for_ever(tmp_path: Path) -> None:
    script = Script(says=lambda text, _: WorkerEvicted("again") if text == line(0) else None)
    async with house(tmp_path, script) as here:
        job = await here.until(await here.job(line(0), line(1)), BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed) == (1, 1)
        assert script.asked.count(line(0)) == dispatching.TRIES


async def test_what_breaks_on_a_line_is_that_lines_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    script = Script(says=lambda text, _: RuntimeError("a bug") if text == line(1) else None)
    async with house(tmp_path, script) as here:
        job = await here.until(await here.job(line(0), line(1), line(2)), BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed, job.errors) == (2, 1, (("RuntimeError", 1),))
    assert "broke down" in caplog.text


async def test_a_full_disk_is_waited_out(tmp_path: Path) -> None:
    script = Script()
    async with house(tmp_path, script) as here:
        made = await here.job(*map(line, range(8)))
        here.blobs.full = True
        await here.until(made, BatchStatus.RUNNING)
        await asyncio.sleep(0.3)
        assert (await here.batches.get("alice", made.id)).status is BatchStatus.RUNNING
        here.blobs.full = False
        job = await here.until(made, BatchStatus.SUCCESS)
        assert job.succeeded == 8
        assert sorted(script.asked) == sorted(map(line, range(8)))


async def test_the_next_server_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    first = Script()
    first.says = lambda text, _: first.gate.wait() if int(json.loads(text)["custom_id"]) >= 10 else None
    async with house(tmp_path, first) as here:
        made = await here.job(*map(line, range(30)))
        await here.when(made, lambda job: job.succeeded >= 10)
    second = Script()
    async with house(tmp_path, second, "server 2") as here:
        job = await here.until(made, BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == [line(n) for n in range(30)]
        assert sorted(second.asked) == sorted(map(line, range(10, 30)))


async def test_owners_take_turns(tmp_path: Path) -> None:
    script = Script()
    async with house(tmp_path, script, capacity=1) as here:
        script.says = lambda _text, _: script.gate.wait()
        await here.job(*(line(f"a{n}") for n in range(100)))
        await asyncio.sleep(0.1)
        small = await here.job(*(line(f"b{n}") for n in range(4)), owner="bob")
        async with asyncio.timeout(PATIENCE):
            while ("bob", small.id) not in here.work.ledger.queues():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        script.gate.set()
        await here.until(small, BatchStatus.SUCCESS)
        assert max(place for place, text in enumerate(script.asked) if text.startswith('{"custom_id": "b')) < 30


async def test_lines_stand_in_a_bounded_number_of_hands(tmp_path: Path) -> None:
    script = Script(says=lambda _text, _: asyncio.sleep(0.002))
    async with house(tmp_path, script) as here:
        await here.until(await here.job(*map(line, range(60))), BatchStatus.SUCCESS)
        assert script.most == 6


async def test_an_input_must_be_for_batches(tmp_path: Path) -> None:
    async with house(tmp_path, Script()) as here:
        other = await here.upload("hello", purpose=FilePurpose.OCR)
        with pytest.raises(InvalidRequest, match="purpose=batch"):
            await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=(other,)))


async def test_failed_lines_are_tried_again_in_a_job_of_their_own(tmp_path: Path) -> None:
    script = Script(says=lambda text, _: EngineFailed("no") if text in (line(2), line(4)) else None)
    async with house(tmp_path, script) as here:
        old = await here.until(await here.job(*map(line, range(6))), BatchStatus.SUCCESS)
        script.says = lambda _text, _: None
        new = await here.batches.retry("alice", old.id)
        assert (new.total, new.id != old.id) == (2, True)
        job = await here.until(new, BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == [line(2), line(4)]
        with pytest.raises(IllegalMove):
            await here.batches.retry("alice", job.id)


async def test_a_deleted_job_leaves_nothing_on_disk(tmp_path: Path) -> None:
    async with house(tmp_path, Script()) as here:
        made = await here.job(line(0), line(1))
        job = await here.until(made, BatchStatus.SUCCESS)
        for file_id in (job.inputs[0].file_id, job.output_file):
            assert file_id is not None
            await here.files.delete("alice", file_id)
        assert list(here.blobs.names()) == [job.inputs[0].blob.name]
        await here.batches.delete("alice", job.id)
        assert list(here.blobs.names()) == []
        assert here.dropped == [job.id]


async def test_a_running_job_cannot_be_deleted(tmp_path: Path) -> None:
    script = Script()
    script.says = lambda _text, _: script.gate.wait()
    async with house(tmp_path, script) as here:
        made = await here.job(line(0))
        await here.until(made, BatchStatus.RUNNING)
        with pytest.raises(IllegalMove):
            await here.batches.delete("alice", made.id)
        script.gate.set()
        await here.until(made, BatchStatus.SUCCESS)


async def test_the_input_may_go_while_the_job_runs(tmp_path: Path) -> None:
    script = Script()
    script.says = lambda _text, _: script.gate.wait()
    async with house(tmp_path, script) as here:
        made = await here.job(*map(line, range(20)))
        file_id = made.inputs[0].file_id
        assert file_id is not None
        await here.files.delete("alice", file_id)
        script.gate.set()
        job = await here.until(made, BatchStatus.SUCCESS)
        assert len(await here.text("alice", job.output_file)) == 20
