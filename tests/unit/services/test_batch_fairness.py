"""Batch jobs beside each other: what is wrong with one holds up no other, and one has bounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import text
from test_batch_work import House, Script, house, line

from made_service import make_service
from octavo.api.app import create_app
from octavo.api.batch_lines import LineReader
from octavo.api.schemas.batch import BatchJobIn, BatchLine
from octavo.database.ledger import SqlLedger
from octavo.documents.fetching.fetcher import Fetcher
from octavo.domain.batch import BatchJob, BatchStatus, JobFilter, Lease, Span
from octavo.domain.errors import (
    DatabaseFailed,
    LimitExceeded,
    OctavoError,
    OutOfSpace,
    Overloaded,
    StorageFailed,
    WorkerEvicted,
)
from octavo.domain.file import Listing
from octavo.domain.model import ModelCard
from octavo.executors.inline import InlineExecutor
from octavo.pipeline.page import PagePipeline
from octavo.services import batches, cleaning, dispatcher, finisher, loops, outcomes, planner
from octavo.services.batches import Order
from octavo.services.models import ModelCatalog

pytestmark = pytest.mark.anyio
ALL = JobFilter()
MODEL = ModelCard(id="octavo-test", aliases=("mistral-ocr-latest",), description="None.", created=1_790_000_000)
SOMEBODY = "00000000-0000-4000-8000-{:012}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "PAUSE", 0.05)
    monkeypatch.setattr(outcomes, "GATHER", 0.01)
    monkeypatch.setattr(planner, "PAUSE", 0.05, raising=False)
    monkeypatch.setattr(finisher, "PAUSE", 0.05, raising=False)


async def job_of(here: House, *file_ids: str) -> BatchJob:
    return await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=file_ids))


async def lost(here: House, text: str) -> str:
    """A file whose bytes are gone."""
    file_id = await here.upload(text)
    here.blobs.delete((await here.files.get("alice", file_id)).blob.name)
    return file_id


async def test_a_job_has_so_many_lines_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_LINES", 5, raising=False)
    async with house(tmp_path, Script()) as here:
        ids = [await here.upload("\n".join(map(line, range(number)))) for number in (2, 3, 1)]
        with pytest.raises(LimitExceeded, match=r"6 requests .* several jobs"):
            await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=tuple(ids)))
        assert await here.batches.list("alice", ALL, Listing()) == ((), 0)
        job = await here.batches.create(Order(owner="alice", endpoint="/v1/ocr", file_ids=tuple(ids[:2])))
        assert job.total == 5


@pytest.mark.parametrize(
    "ids", [[SOMEBODY.format(number) for number in range(101)], [SOMEBODY.format(1)] * 2], ids=["many", "twice"]
)
def test_input_files_are_few_and_each_is_named_once(ids: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        BatchJobIn.model_validate({"endpoint": "/v1/ocr", "input_files": ids})
    assert [error["loc"] for error in refused.value.errors()] == [("input_files",)]


def test_a_hundred_input_files_are_taken() -> None:
    ids = [SOMEBODY.format(number) for number in range(100)]
    assert len(BatchJobIn.model_validate({"endpoint": "/v1/ocr", "input_files": ids}).input_files or ()) == 100


async def test_an_input_that_is_lost_holds_up_nobody(tmp_path: Path) -> None:
    async with house(tmp_path, Script()) as here:
        bad = await job_of(here, await lost(here, f"{line(0)}\n{line(1)}"))
        of_alice, of_bob = await here.job(line(2)), await here.job(line(3), owner="bob")
        await here.until(of_bob, BatchStatus.SUCCESS)
        await here.until(of_alice, BatchStatus.SUCCESS)
        job = await here.until(bad, BatchStatus.FAILED)
        assert (job.total, job.succeeded, job.failed, job.output_file, job.error_file) == (2, 0, 0, None, None)
        ((message, count),) = job.errors
        assert count == 2
        assert "could not be read" in message


async def test_a_job_that_lost_an_input_fails_with_what_is_done(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path, Script()) as here:
        ids = [await here.upload(line(0)), await lost(here, line(1)), await here.upload(line(2))]
        job = await here.until(await job_of(here, *ids), BatchStatus.FAILED)
        assert await here.text("alice", job.output_file) == [line(0), line(2)]
        assert (job.total, job.succeeded, [count for _, count in job.errors]) == (3, 2, [1])
        assert f"input 2 of job {job.id} is given up" in caplog.text
        await here.batches.delete("alice", job.id)


async def test_an_input_that_is_back_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "TRIES", 10**6, raising=False)
    async with house(tmp_path, Script()) as here:
        made = await job_of(here, await lost(here, line(0)))
        await here.until(await here.job(line(1)), BatchStatus.SUCCESS)
        here.blobs.put(made.inputs[0].blob.name, iter([line(0).encode()]))
        job = await here.until(made, BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == [line(0)]


async def test_owners_have_their_lines_found_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "BLOCK", 1)
    async with house(tmp_path, Script()) as here:
        await here.work.stop()
        for owner in ("alice", "alice", "bob"):
            await here.job(line(0), line(1), line(2), owner=owner)
        planning = planner.Planner(ledger=here.work.ledger, files=here.files)
        await planning.step()
        assert sorted(owner for owner, _ in here.work.ledger.queues()) == ["alice", "bob"]


async def test_a_result_that_is_lost_holds_up_no_other_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finisher, "LOST", 10**6)
    script = Script()
    script.says = lambda text, _: script.gate.wait() if text == line(1) else None
    async with house(tmp_path, script) as here:
        bad = await here.job(line(0), line(1))
        await here.when(bad, lambda job: job.succeeded == 1)
        (result,) = set(here.blobs.names()) - {bad.inputs[0].blob.name}
        kept = b"".join(here.blobs.read(result))
        here.blobs.delete(result)
        script.gate.set()
        await here.when(bad, lambda job: job.succeeded == 2)
        await here.until(await here.job(line(2), owner="bob"), BatchStatus.SUCCESS)
        assert (await here.batches.get("alice", bad.id)).status is BatchStatus.RUNNING
        here.blobs.put(result, iter([kept]))
        job = await here.until(bad, BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == [line(0), line(1)]


@pytest.mark.parametrize(
    ("trouble", "entered"),
    [
        (OutOfSpace("full"), False),
        (DatabaseFailed("gone"), False),
        (DatabaseFailed("gone"), True),
        (RuntimeError("a bug"), False),
    ],
)
async def test_a_job_that_is_finished_at_last_has_one_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception, *, entered: bool
) -> None:
    finish, tries = SqlLedger.finish, 0

    def trying(*args: object) -> bool:
        nonlocal tries
        tries += 1
        if tries <= 4 and not entered:
            raise trouble
        done = finish(*args)  # type: ignore[arg-type]
        if tries == 1:
            raise trouble
        return done

    monkeypatch.setattr(SqlLedger, "finish", trying)
    async with house(tmp_path, Script()) as here:
        job = await here.until(await here.job(line(0)), BatchStatus.SUCCESS)
        assert await here.text("alice", job.output_file) == [line(0)]
        here.files.sweep()
        async with asyncio.timeout(60):
            while len(list(here.blobs.names())) != 2:  # noqa: ASYNC110  the input and the output
                await asyncio.sleep(0.01)


async def test_a_job_that_is_cancelled_while_it_is_finished_leaves_one_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, before = SqlLedger.finish, []

    def late(ledger: SqlLedger, job_id: str, *args: object) -> bool:
        if not before:
            before.append(ledger.cancel("alice", job_id).status)
        return finish(ledger, job_id, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(SqlLedger, "finish", late)
    async with house(tmp_path, Script()) as here:
        job = await here.until(await here.job(line(0)), BatchStatus.CANCELLED)
        assert before == [BatchStatus.CANCELLATION_REQUESTED]
        assert await here.text("alice", job.output_file) == [line(0)]
        here.files.sweep()
        assert len(list(here.blobs.names())) == 2


@pytest.mark.parametrize("trouble", [Overloaded("no room"), StorageFailed("lost"), WorkerEvicted("evicted")])
async def test_a_line_that_must_wait_holds_up_its_job_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: OctavoError
) -> None:
    monkeypatch.setattr(dispatcher, "PAUSE", 10**6)  # who waits for it is never done
    script = Script(says=lambda text, _: trouble if text == line(0) else None)
    async with house(tmp_path, script) as here:
        bad = await here.job(line(0))
        async with asyncio.timeout(60):
            while not script.asked:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await here.until(await here.job(*map(line, range(1, 60)), owner="bob"), BatchStatus.SUCCESS)
        assert script.asked.count(line(0)) == 1
        await here.until(await here.job(line(99)), BatchStatus.SUCCESS)
        assert script.asked.count(line(0)) == 1
        await here.batches.cancel("alice", bad.id)
        await here.until(bad, BatchStatus.CANCELLED)


async def test_a_line_for_which_there_is_never_room_fails_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "PAUSE", 0.01)
    monkeypatch.setattr(dispatcher, "REFUSALS", 3, raising=False)
    monkeypatch.setattr(dispatcher, "REFUSED", 0.0, raising=False)
    script = Script(says=lambda text, _: Overloaded("no room") if text == line(1) else None)
    async with house(tmp_path, script) as here:
        job = await here.until(await here.job(line(0), line(1), line(2)), BatchStatus.SUCCESS)
        assert (job.succeeded, job.errors) == (2, (("Overloaded", 1),))
        assert script.asked.count(line(1)) == 3


async def test_a_spool_that_is_full_for_a_short_while_fails_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "PAUSE", 0.01)
    monkeypatch.setattr(dispatcher, "REFUSALS", 1, raising=False)

    def says(_: str, lease: Lease) -> Exception | None:
        return Overloaded("no room") if lease.attempt <= 3 else None

    async with house(tmp_path, Script(says=says)) as here:
        job = await here.until(await here.job(line(0)), BatchStatus.SUCCESS)
        assert (job.succeeded, job.failed) == (1, 0)


def lines_known(here: House) -> int:
    with here.database.reading() as connection:
        return connection.scalar(text("SELECT count(*) FROM tasks")) or 0


async def test_who_deletes_a_job_need_not_wait_for_what_others_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines of a deleted job go after it; when that fails, the sweeper removes them, however long jobs are kept."""
    clear, troubles = SqlLedger.clear, [DatabaseFailed("gone")]

    def clearing(ledger: SqlLedger) -> None:
        if troubles:
            raise troubles.pop()
        clear(ledger)

    monkeypatch.setattr(SqlLedger, "clear", clearing)
    async with house(tmp_path, Script()) as here:
        job = await here.until(await here.job(line(0), line(1)), BatchStatus.SUCCESS)
        await here.batches.delete("alice", job.id)
        assert here.dropped == [job.id]
        assert lines_known(here) == 2
        await here.batches.sweep(0)
        assert lines_known(here) == 0
        other = await here.until(await here.job(line(0), line(1)), BatchStatus.SUCCESS)
        await here.batches.delete("alice", other.id)
        assert lines_known(here) == 0


async def test_a_ledger_forgets_at_once_and_clears_after(tmp_path: Path) -> None:
    async with house(tmp_path, Script()) as here:
        job = await here.until(await here.job(line(0), line(1)), BatchStatus.SUCCESS)
        here.work.ledger.delete("alice", job.id)
        assert lines_known(here) == 2
        here.work.ledger.clear()
        assert lines_known(here) == 0


async def test_a_blob_that_cannot_be_removed_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "BLOCK", 2)
    async with house(tmp_path, Script()) as here:
        ids = [await here.upload(line(number)) for number in range(8)]
        names = [(await here.files.get("alice", file_id)).blob.name for file_id in ids]
        stuck, delete = set(names[:3]), here.blobs.delete

        def delete_some(name: str) -> None:
            if name in stuck:
                raise StorageFailed("not this one")
            delete(name)

        monkeypatch.setattr(here.blobs, "delete", delete_some)
        for file_id in ids:
            with pytest.raises(StorageFailed, match="not this one"):
                await here.files.delete("alice", file_id)
        assert set(here.blobs.names()) == stuck
        stuck.clear()
        here.files.sweep()
        assert list(here.blobs.names()) == []


def nothing(**_: object) -> PagePipeline:
    """Nobody reads a page."""
    raise NotImplementedError


def app_of(here: House, folder: Path) -> FastAPI:
    ocr = make_service(Fetcher(10**6), InlineExecutor(nothing, {}), folder)
    return create_app(ocr=ocr, models=ModelCatalog((MODEL,)), files=here.files, batches=here.batches)


@asynccontextmanager
async def client_of(here: House, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the API, who has no key and is known by that; nothing is read."""
    transport = httpx.ASGITransport(app_of(here, folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


@pytest.mark.parametrize(
    "query",
    [
        {f"k{number}": "v" for number in range(1500)},
        {f"k{number}": "v" for number in range(65)},
        {"k" * 33: "v"},
        {"k": "v" * 513},
    ],
    ids=["very many", "many", "long key", "long value"],
)
async def test_metadata_that_no_job_can_have_selects_none(tmp_path: Path, query: dict[str, str]) -> None:
    async with house(tmp_path, Script()) as here, client_of(here, tmp_path) as client:
        answer = await client.get("/v1/batch/jobs", params=query)
        assert (answer.status_code, answer.json()) == (200, {"object": "list", "data": [], "total": 0})


async def test_all_the_metadata_of_a_job_selects_it(tmp_path: Path) -> None:
    metadata = {f"{number:032}": "v" * 512 for number in range(64)}
    async with house(tmp_path, Script()) as here, client_of(here, tmp_path) as client:
        answer = await client.post(
            "/v1/batch/jobs",
            json={"endpoint": "/v1/ocr", "metadata": metadata, "requests": [{"body": {"document": {}}}]},
        )
        found = await client.get("/v1/batch/jobs", params=metadata)
        assert [job["id"] for job in found.json()["data"]] == [answer.json()["id"]], answer.text


async def test_pages_of_the_list_are_bounded(tmp_path: Path) -> None:
    async with house(tmp_path, Script()) as here, client_of(here, tmp_path) as client:
        assert (await client.get("/v1/batch/jobs", params={"page": 1_000_000})).status_code == 200
        assert (await client.get("/v1/batch/jobs", params={"page": 1_000_001})).status_code == 422


async def test_too_many_lines_are_refused_as_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_LINES", 1)
    async with house(tmp_path, Script()) as here, client_of(here, tmp_path) as client:
        upload = {"file": ("a.jsonl", f"{line(0)}\n{line(1)}")}
        sent = await client.post("/v1/files", files=upload, data={"purpose": "batch"})
        body = {"endpoint": "/v1/ocr", "input_files": [sent.json()["id"]]}
        answer = await client.post("/v1/batch/jobs", json=body)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "input_files"]
        assert "There are 2 requests" in answer.json()["message"]


async def test_requests_that_come_again_are_kept_once(tmp_path: Path) -> None:
    body = {"endpoint": "/v1/ocr", "requests": [{"body": {"document": {}}}]}
    async with house(tmp_path, Script()) as here, client_of(here, tmp_path) as client:

        async def sent(key: str, **more: object) -> httpx.Response:
            return await client.post("/v1/batch/jobs", json={**body, **more}, headers={"Idempotency-Key": key})

        await here.work.stop()
        answers = [await sent("one") for _ in range(3)]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert len(list(here.blobs.names())) == 1
        assert (await sent("one", timeout_hours=5)).status_code == 409
        assert len(list(here.blobs.names())) == 1
        assert (await sent("two")).status_code == 200
        assert len(list(here.blobs.names())) == 2


@pytest.mark.parametrize(
    ("custom_id", "name"),
    [
        ("x" * 8192, "x" * 8192),
        ({"a": [1]}, '{"a": [1]}'),
        (7, "7"),
        (None, None),
    ],
    ids=["string", "object", "number", "none"],
)
def test_names_of_lines_are_bounded(custom_id: object, name: str | None) -> None:
    assert BatchLine.model_validate({"custom_id": custom_id}).name == name


@pytest.mark.parametrize("custom_id", ["x" * 8193, list(range(2000))], ids=["string", "list"])
async def test_a_line_with_a_very_long_name_fails_and_says_why(tmp_path: Path, custom_id: object) -> None:
    async with house(tmp_path, Script()) as here:
        app = app_of(here, tmp_path)
        text = json.dumps({"custom_id": custom_id, "body": {}}).encode()
        lease = Lease(
            job_id="j",
            owner="o",
            model=None,
            endpoint="/v1/ocr",
            number=1,
            attempt=1,
            line=Span(blob="", offset=0, length=1),
        )
        (tmp_path / "line").mkdir()
        result = await LineReader(app.state.wiring).answer(lease, iter([text]), tmp_path / "line")
        assert result.custom_id is None
        assert isinstance(result.content, bytes)
        assert json.loads(result.content)["custom_id"] is None
        assert b"at most 8192 characters" in result.content
