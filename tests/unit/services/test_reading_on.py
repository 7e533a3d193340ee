"""Pages are read once: by requests that run at the same time, that come again, and whose clients have left."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from made_service import make_service
from octavo.documents.fetching.fetcher import Fetcher
from octavo.documents.page_ranges import parse_pages
from octavo.domain.block import Block, BlockKind, Figure
from octavo.domain.document import DataUriRef, DocumentFacts, SpooledDocument
from octavo.domain.errors import (
    EngineFailed,
    EngineTimeout,
    OctavoError,
    OutOfSpace,
    PageQuarantined,
    RequestTimeout,
    ShuttingDown,
    StorageFailed,
    WorkerEvicted,
    WorkerLost,
)
from octavo.domain.geometry import BBox, Size
from octavo.domain.ports import WorkerStats
from octavo.domain.result import OcrResult, RecognizedPage
from octavo.domain.work import AnswerOptions, PageTask, ReadOptions, ReadRequest
from octavo.services.folder import RequestFolder
from octavo.services.ocr import OcrService
from octavo.services.pages import Asker

pytestmark = pytest.mark.anyio

PAGES = 12


@dataclass
class Stepwise:
    """An executor whose pages end when they are let, each with one picture.

    Attributes:
        tasks: every page that began.
        troubles: what happens to a page, attempt by attempt; nothing more happens after the last one.
        gate: pages wait for it.
        pace: seconds that a page takes, then.
    """

    capacity: int = 2
    tasks: list[PageTask] = field(default_factory=list)
    troubles: dict[int, list[OctavoError]] = field(default_factory=dict)
    trouble_opening: list[OctavoError] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    opened: int = 0
    pace: float = 0
    media_type: str = "application/pdf"

    def __post_init__(self) -> None:
        self.gate.set()

    async def start(self) -> None: ...
    async def ready(self) -> None: ...
    async def close(self) -> None: ...
    def stats(self) -> WorkerStats:
        return WorkerStats(workers=self.capacity, busy=0)

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:  # noqa: ARG002
        self.opened += 1
        if self.trouble_opening:
            raise self.trouble_opening.pop(0)
        assert document.path.is_file()
        return DocumentFacts(media_type=self.media_type, page_count=PAGES)

    async def recognize(self, task: PageTask) -> RecognizedPage:
        self.tasks.append(task)
        async with self.changed:
            self.changed.notify_all()
        await self.gate.wait()
        await asyncio.sleep(self.pace)
        assert task.path.is_file()
        if trouble := self.troubles.get(task.index):
            raise trouble.pop(0)
        picture = task.figures_dir / "picture.jpeg"
        picture.write_bytes(b"picture")
        figure = Block(
            kind=BlockKind.IMAGE, box=BBox(0, 0, 5, 5), figure=Figure(path=picture, width=5, height=5), text=""
        )
        return RecognizedPage(index=task.index, size=Size(10, 10), dpi=72, blocks=(figure,))

    async def begun(self, count: int) -> None:
        """Wait until so many pages have begun."""
        async with self.changed:
            await self.changed.wait_for(lambda: len(self.tasks) >= count)

    @property
    def times(self) -> Counter[int]:
        """How often each page began."""
        return Counter(task.index for task in self.tasks)


@pytest.fixture
async def executor() -> Stepwise:
    return Stepwise()


Make = Callable[..., OcrService]


@pytest.fixture
def make(tmp_path: Path, executor: Stepwise) -> Make:
    return lambda keeps=3600.0, fingerprint="": make_service(
        Fetcher(max_bytes=10**6), executor, tmp_path, keeps=keeps, fingerprint=fingerprint
    )


def request(
    content: str = "a document",
    pages: object = None,
    *,
    owner: str = "",
    seconds: float | None = None,
    job: str | None = None,
    password: str | None = None,
    **read,
):
    return ReadRequest(
        document=DataUriRef(uri="data:application/pdf;base64," + b64encode(content.encode()).decode()),
        pages=parse_pages(pages),
        read=ReadOptions(model="test", **read),
        answer=AnswerOptions(),
        owner=owner,
        deadline=None if seconds is None else time.monotonic() + seconds,
        job=job,
        password=password,
    )


async def answer(service: OcrService, asked: ReadRequest) -> OcrResult:
    """The whole answer; every picture was there."""
    async with service.read(asked) as result:
        pages = tuple(result.pages)
        assert all(image.path.read_bytes() == b"picture" for page in pages for image in page.images)
        return replace(result, pages=pages)


def spooled(service: OcrService) -> list[Path]:
    return list(service.spool_dir.iterdir())


def kept(service: OcrService) -> list[Path]:
    return list((service.spool_dir.parent / "pages").iterdir())


async def settled() -> None:
    """Let every request come as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0.005)


# Again


async def test_the_same_request_again_reads_nothing(make: Make, executor: Stepwise) -> None:
    service = make()
    first, second = await answer(service, request()), await answer(service, request())
    assert set(executor.times.values()) == {1}
    assert second == first
    assert (first.pages_processed, spooled(service)) == (PAGES, [])


@pytest.mark.parametrize(
    "other", [request("another"), request(owner="bob"), request(dpi=100), request(languages=("fr",))]
)
async def test_what_differs_in_document_owner_or_reading_is_read_anew(
    make: Make, executor: Stepwise, other: ReadRequest
) -> None:
    service = make()
    await answer(service, request(pages=[0]))
    await answer(service, replace(other, pages=parse_pages([0])))
    assert executor.times == {0: 2}


async def test_the_form_of_the_answer_makes_no_difference(make: Make, executor: Stepwise) -> None:
    service = make()
    await answer(service, request(pages=[0, 1]))
    await answer(service, replace(request(pages="1"), answer=AnswerOptions(include_image_base64=True)))
    assert executor.times == {0: 1, 1: 1}


async def test_nor_does_the_password_that_opened_it(make: Make, executor: Stepwise) -> None:
    service = make()
    await answer(service, request(pages=[0], password="one"))
    await answer(service, request(pages=[0], password="two"))
    assert (executor.times, executor.opened) == ({0: 1}, 2)


@pytest.mark.parametrize(("media_type", "times"), [("image/png", 1), ("application/pdf", 2)])
async def test_an_image_has_the_pixels_that_it_has(make: Make, executor: Stepwise, media_type: str, times: int) -> None:
    executor.media_type = media_type
    service = make()
    for dpi in (100, 200):
        await answer(service, request(pages=[0], dpi=dpi))
    assert executor.times == {0: times}


async def test_what_others_than_we_read_is_read_anew(make: Make, executor: Stepwise) -> None:
    for fingerprint in ("old", "new", "new"):
        await answer(make(fingerprint=fingerprint), request(pages=[0]))
    assert executor.times == {0: 2}


async def test_nothing_is_kept_where_nothing_is_to_be_kept(make: Make, executor: Stepwise) -> None:
    service = make(keeps=0)
    await answer(service, request(pages=[0]))
    assert (spooled(service), kept(service)) == ([], [])
    await answer(service, request(pages=[0]))
    assert executor.times == {0: 2}


async def test_a_restart_forgets_nothing(make: Make, executor: Stepwise) -> None:
    await answer(make(), request())
    await answer(make(), request())
    assert set(executor.times.values()) == {1}


# Out of time


async def test_a_long_document_is_read_in_three_calls_no_page_twice(make: Make, executor: Stepwise) -> None:
    service = make()
    for stop in (5, 9):
        executor.gate.clear()
        reading = asyncio.create_task(answer(service, request(seconds=0.5)))
        while len(executor.tasks) < stop and not reading.done():
            await executor.begun(len(executor.tasks) + 1)
            executor.gate.set()
            await asyncio.sleep(0)
            if len(executor.tasks) < stop:
                await asyncio.sleep(0)
            else:
                executor.gate.clear()
        with pytest.raises(RequestTimeout, match=r"of 12 pages are read\. Send the same request again.* 60 minutes"):
            await reading
        executor.gate.set()
        await service.reader.finished()
    result = await answer(service, request(seconds=60))
    assert (result.pages_processed, executor.times) == (PAGES, Counter(range(PAGES)))
    assert spooled(service) == []


async def test_where_nothing_is_kept_the_message_says_so(make: Make, executor: Stepwise) -> None:
    executor.gate.clear()
    with pytest.raises(RequestTimeout, match=r"0 of 12 pages are read\. It cannot go on.*OCTAVO_RETENTION=none"):
        await answer(make(keeps=0), request(seconds=0.05))
    executor.gate.set()


async def test_a_request_whose_turn_never_came_is_told_to_come_again(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    hog = asyncio.create_task(answer(service, request("long")))
    await executor.begun(2)
    with pytest.raises(RequestTimeout, match="the document is not open yet"):
        await answer(service, request("short", seconds=0.05))
    executor.gate.set()
    await hog


# Together


async def test_identical_requests_are_joined_page_by_page(make: Make, executor: Stepwise) -> None:
    service = make()
    results = await asyncio.gather(*(answer(service, request()) for _ in range(5)))
    assert executor.times == Counter(range(PAGES))
    assert all(result == results[0] for result in results)


async def test_they_are_joined_where_nothing_is_kept_too(make: Make, executor: Stepwise) -> None:
    service = make(keeps=0)
    executor.gate.clear()
    both = [asyncio.create_task(answer(service, request(pages=[3]))) for _ in range(2)]
    await executor.begun(1)
    await settled()
    executor.gate.set()
    await asyncio.gather(*both)
    assert executor.times == {3: 1}
    assert kept(service) == []


async def test_one_page_is_not_starved_by_four_hundred(make: Make, executor: Stepwise) -> None:
    executor.pace = 0.02
    service = make()
    executor.gate.clear()
    hog = asyncio.create_task(answer(service, request("long")))
    await executor.begun(2)
    short = asyncio.create_task(answer(service, request("short", pages=[0], dpi=100)))
    await settled()
    assert sum(service.reader.turns.waiting) == 1
    executor.gate.set()
    await short
    assert [task.options.dpi for task in executor.tasks].index(100) < 7  # of 13
    await hog


# Hung up


async def test_work_stops_after_the_pages_at_hand(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    reading = asyncio.create_task(answer(service, request()))
    await executor.begun(2)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    assert spooled(service) != []  # the pages at hand are still read from there
    executor.gate.set()
    await service.reader.finished()
    assert (len(executor.tasks), spooled(service)) == (2, [])
    await answer(service, request(pages=[0, 1]))
    assert len(executor.tasks) == 2  # what was finished for nobody serves the next


async def test_somebody_else_who_waits_gets_the_page(make: Make, executor: Stepwise) -> None:
    service = make(keeps=0)
    executor.gate.clear()
    leaving = asyncio.create_task(answer(service, request(pages=[0])))
    await executor.begun(1)
    staying = asyncio.create_task(answer(service, request(pages=[0])))
    await settled()
    leaving.cancel()
    executor.gate.set()
    assert (await staying).pages_processed == 1
    with suppress(asyncio.CancelledError):
        await leaving
    assert (executor.times, spooled(service), kept(service)) == ({0: 1}, [], [])


# For batch jobs


async def test_lines_of_a_job_and_requests_share_pages(make: Make, executor: Stepwise) -> None:
    service = make()
    line, other, found = [
        await answer(service, each)
        for each in (request(pages=[0, 1], job="one"), request(pages=[1, 2], job="two"), request(pages=[0, 1, 2]))
    ]
    assert executor.times == {0: 1, 1: 1, 2: 1}
    assert (line.pages_processed, other.pages_processed, found.pages_processed) == (2, 2, 3)


async def test_pages_of_a_job_stay_until_it_is_dropped(make: Make) -> None:
    await answer(make(), request(pages=[0, 1], job="one"))
    service = make()
    await answer(service, request(pages=[1, 2], job="two"))
    service.reader.store.drop("one")
    assert len(kept(service)) == 2
    service.reader.store.drop("two")
    assert (kept(service), service.reader.store.jobs()) == ([], ())


async def test_nothing_is_kept_for_a_job_where_nothing_is_to_be_kept(make: Make) -> None:
    service = make(keeps=0)
    await answer(service, request(pages=[0], job="one"))
    assert (spooled(service), kept(service)) == ([], [])


async def test_a_job_that_is_dropped_while_a_line_is_read_keeps_nothing(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    reading = asyncio.create_task(answer(service, request(pages=[0, 1, 2], job="one")))
    await executor.begun(2)
    service.reader.store.drop("one")
    executor.gate.set()
    assert (await reading).pages_processed == 3
    assert (kept(service), service.reader.store.jobs()) == ([], ())


async def test_a_line_whose_job_has_left_leaves_its_pages_to_the_job(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    reading = asyncio.create_task(answer(service, request(job="one")))
    await executor.begun(2)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    executor.gate.set()
    await service.reader.finished()
    assert len(kept(service)) == 2
    service.reader.store.drop("one")
    assert kept(service) == []


async def test_lines_stand_behind_requests_but_requests_never_behind_lines(make: Make, executor: Stepwise) -> None:
    executor.capacity = 1
    service = make()
    folder = RequestFolder(service.spool_dir)
    document = folder.path / "document"
    document.touch()

    def ask(index: int, asker: Asker) -> asyncio.Task[None]:
        task = PageTask(path=document, index=index, options=ReadOptions(model="test"), figures_dir=folder.path)
        service.reader.store.hold(str(index), asker.job)
        return asyncio.create_task(service.reader.read(str(index), task, asker))

    line, waited_for = Asker(owner="alice", folder=folder, job="one"), Asker(owner="alice", folder=folder)
    async with folder.held():
        executor.gate.clear()
        asked = [ask(0, line)]
        await executor.begun(1)
        asked += [ask(index, line) for index in (1, 2, 3)]
        await settled()
        asked += [ask(index, waited_for) for index in (7, 3, 0)]
        await settled()
        executor.gate.set()
        await asyncio.gather(*asked)
    assert [task.index for task in executor.tasks] == [0, 7, 3, 1, 2]


async def test_lines_open_their_documents_behind_requests_too(make: Make, executor: Stepwise) -> None:
    executor.capacity = 1
    service = make()
    opened = []
    inspect = executor.inspect
    executor.inspect = lambda document, password: opened.append(document.size) or inspect(document, password)
    executor.gate.clear()
    first = asyncio.create_task(answer(service, request("first", pages=[0])))
    await executor.begun(1)
    others = [asyncio.create_task(answer(service, request("a line", pages=[1], job="one")))]
    await settled()
    others.append(asyncio.create_task(answer(service, request("a request", pages=[1]))))
    await settled()
    executor.gate.set()
    await asyncio.gather(first, *others)
    assert opened == [len("first"), len("a request"), len("a line")]


async def test_a_line_joins_a_page_that_a_request_is_reading(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    reading = asyncio.create_task(answer(service, request(pages=[3])))
    await executor.begun(1)
    line = asyncio.create_task(answer(service, request(pages=[3], job="one")))
    await settled()
    executor.gate.set()
    assert await reading == await line
    assert (executor.times, service.reader.store.jobs()) == ({3: 1}, ("one",))


# Trouble


async def test_a_page_whose_worker_died_is_tried_once_more(make: Make, executor: Stepwise) -> None:
    executor.troubles = {1: [WorkerLost("The worker died.")]}
    result = await answer(make(), request(pages=[0, 1]))
    assert (result.pages_processed, executor.times) == (2, {0: 1, 1: 2})


async def test_a_page_that_kills_two_workers_fails_alone_and_is_left_alone(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.troubles = {1: [WorkerLost("The worker died.") for _ in range(9)]}
    first, second = [await answer(service, request(pages=[0, 1])) for _ in range(2)]
    assert (executor.times, first.pages_processed) == ({0: 1, 1: 2}, 1)
    assert [page.failure and page.failure.code for page in first.pages] == [None, "worker_lost"]
    assert [page.failure and page.failure.code for page in second.pages] == [None, "page_quarantined"]
    with pytest.raises(PageQuarantined, match="Page 1 is not tried again"):
        await answer(service, request(pages=[1]))


async def test_a_page_ended_for_others_sake_is_not_to_blame(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.troubles = {0: [WorkerEvicted("No memory.") for _ in range(4)]}
    for _ in range(2):
        with pytest.raises(WorkerEvicted):
            await answer(service, request(pages=[0]))
    assert (await answer(service, request(pages=[0]))).pages_processed == 1
    assert executor.times == {0: 5}


async def test_a_page_that_hangs_is_not_tried_twice_for_one_request(make: Make, executor: Stepwise) -> None:
    executor.troubles = {0: [EngineTimeout("Too slow.")]}
    with pytest.raises(EngineTimeout):
        await answer(make(), request(pages=[0]))
    assert executor.times == {0: 1}


async def test_a_document_that_kills_two_workers_is_not_opened_again(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.trouble_opening = [WorkerLost("The worker died.") for _ in range(9)]
    with pytest.raises(WorkerLost):
        await answer(service, request())
    with pytest.raises(PageQuarantined, match="This document is not tried again"):
        await answer(service, request())
    assert executor.opened == 2


async def test_a_failure_of_the_engine_may_be_tried_again(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.troubles = {0: [EngineFailed("Broke."), EngineFailed("Broke.")]}
    for _ in range(2):
        with pytest.raises(EngineFailed):
            await answer(service, request(pages=[0]))
    assert (await answer(service, request(pages=[0]))).pages_processed == 1


@pytest.mark.parametrize("trouble", [ShuttingDown("Soon."), OutOfSpace("Full."), StorageFailed("Gone.")])
async def test_what_is_no_fault_of_a_page_fails_the_request(
    make: Make, executor: Stepwise, trouble: OctavoError
) -> None:
    executor.troubles = {7: [trouble]}
    service = make()
    with pytest.raises(type(trouble)):
        await answer(service, request())
    assert (await answer(service, request())).pages_processed == PAGES


# The end


async def test_a_server_that_ends_lets_requests_finish(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    reading = asyncio.create_task(answer(service, request()))
    await executor.begun(2)
    draining = asyncio.create_task(service.drain(60))
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        await answer(service, request("late"))
    executor.gate.set()
    assert (await reading).pages_processed == PAGES
    await draining


async def test_requests_that_take_too_long_are_told_to_come_back(make: Make, executor: Stepwise) -> None:
    service = make()
    executor.gate.clear()
    reading = [asyncio.create_task(answer(service, request(str(each), seconds=60))) for each in range(3)]
    await executor.begun(2)
    await service.drain(0.05)
    for each in reading:
        with pytest.raises(ShuttingDown):
            await each
    executor.gate.set()
    await service.reader.finished()
    assert spooled(service) == []
