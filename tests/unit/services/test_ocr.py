from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from made_service import make_service
from octavo.documents.fetching.fetcher import Fetcher
from octavo.documents.page_ranges import parse_pages
from octavo.documents.reader import open_document
from octavo.domain.document import DataUriRef, DocumentFacts, DocumentRef, PageSelection, SpooledDocument
from octavo.domain.errors import (
    CorruptDocument,
    EncryptedDocument,
    EngineFailed,
    EngineTimeout,
    InvalidDocumentReference,
    InvalidPageRange,
    TooManyPages,
)
from octavo.domain.result import OcrResult, RecognizedPage, RenderedPage
from octavo.domain.work import AnswerOptions, PageTask, ReadOptions, ReadRequest
from octavo.engines.fake import FakeEngine
from octavo.executors.inline import InlineExecutor
from octavo.pipeline.page import PagePipeline
from octavo.services.ocr import OcrService
from octavo.services.progress import FinishedPage, OpenedDocument
from typeset import Sheets


def build(**_: object) -> PagePipeline:
    """Real documents, read by the engine that reads nothing."""
    return PagePipeline(open_document, FakeEngine(None))


@dataclass
class Watched:
    """An executor that notes what it is asked, and fails where it is told to."""

    inner: InlineExecutor
    capacity: int = 3
    failing: Mapping[int, Exception] = field(default_factory=dict)
    tasks: list[PageTask] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:
        return await self.inner.inspect(document, password)

    async def recognize(self, task: PageTask) -> RecognizedPage:
        self.tasks.append(task)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0)
            if task.index in self.failing:
                raise self.failing[task.index]
            return await self.inner.recognize(task)
        finally:
            self.running -= 1


def pdf(pages: int, password: str | None = None) -> DataUriRef:
    sheets = Sheets((100, 100), password=password)
    for number in range(pages):
        sheets.text(10, 50, f"page {number}")
        sheets.next_page()
    return DataUriRef(uri="data:application/pdf;base64," + b64encode(sheets.data()).decode())


@pytest.fixture(scope="module")
def inner():
    executor = InlineExecutor(build, {})
    yield executor
    asyncio.run(executor.close())


@pytest.fixture
def executor(inner):
    return Watched(inner)


@pytest.fixture
def service(tmp_path, executor):
    return make_service(Fetcher(max_bytes=10**7), executor, tmp_path, max_pages=500)


def read(
    service: OcrService, document: DocumentRef, pages: object = None, *, progress=None, password=None
) -> OcrResult:
    """The answer; nothing is left in the spool, whatever happens."""
    request = ReadRequest(
        document=document,
        pages=parse_pages(pages),
        read=ReadOptions(model="octavo-fake", dpi=72),
        answer=AnswerOptions(),
        password=password,
    )

    async def main() -> OcrResult:
        try:
            async with service.read(request, progress) as result:
                pages = tuple(result.pages)
                pictures = [image.path for page in pages for image in page.images]
                assert all(path is not None and path.is_file() for path in pictures)
                return replace(result, pages=pages)
        finally:
            await service.reader.finished()  # as a server does before its event loop ends

    try:
        return asyncio.run(main())
    finally:
        assert list(Path(service.spool_dir).iterdir()) == []


def indices(result: OcrResult) -> list[int]:
    return [page.index for page in result.pages]


def test_one_page_of_four_hundred_is_one_page_read(service, executor):
    result = read(service, pdf(400), [0])
    assert [task.index for task in executor.tasks] == [0]
    assert (indices(result), result.pages_processed) == ([0], 1)


def test_all_pages_are_read_when_nothing_is_asked(service, executor):
    result = read(service, pdf(5))
    assert sorted(task.index for task in executor.tasks) == [0, 1, 2, 3, 4]
    assert (indices(result), result.pages_processed) == ([0, 1, 2, 3, 4], 5)


@pytest.mark.parametrize(("pages", "read_pages"), [("4,0-1", [4, 0, 1]), ([2, 2, 1], [2, 1]), ("3", [3])])
def test_pages_come_in_the_order_asked_for_each_once(service, executor, pages, read_pages):
    result = read(service, pdf(5), pages)
    assert indices(result) == read_pages
    assert sorted(task.index for task in executor.tasks) == sorted(read_pages)


def test_a_page_outside_the_document_reads_nothing(service, executor):
    with pytest.raises(InvalidPageRange, match="Page 5 is out of range"):
        read(service, pdf(5), "3-5")
    assert executor.tasks == []


def test_the_page_limit_counts_the_whole_document(service, executor):
    with pytest.raises(TooManyPages, match=r"11 pages.*maximum allowed of 10"):
        read(replace(service, max_pages=10), pdf(11), [0])
    assert executor.tasks == []
    assert read(replace(service, max_pages=11), pdf(11), [0]).pages_processed == 1


def test_as_many_pages_are_read_at_once_as_the_executor_takes(service, executor):
    read(service, pdf(9))
    assert executor.most == 3


def test_a_page_that_fails_does_not_fail_the_others(service, executor):
    executor.failing = {1: EngineTimeout("Reading took too long.")}
    result = read(service, pdf(4))
    assert indices(result) == [0, 1, 2, 3]
    assert result.pages_processed == 3
    failures = [page.failure for page in result.pages]
    assert [failure and failure.code for failure in failures] == [None, "engine_timeout", None, None]
    assert failures[1].reason == "Reading took too long."


def test_when_every_page_fails_the_error_is_raised(service, executor):
    executor.failing = dict.fromkeys(range(3), EngineFailed("Reading broke down."))
    with pytest.raises(EngineFailed, match="Reading broke down"):
        read(service, pdf(3))


def test_an_error_that_nobody_planned_is_raised(service, executor):
    executor.failing = {1: ZeroDivisionError()}
    with pytest.raises(ExceptionGroup) as caught:
        read(service, pdf(3))
    assert caught.group_contains(ZeroDivisionError)
    assert executor.running == 0


@dataclass
class Listener:
    """Remembers what it is told, and loads each page at once, as long as it surely can be."""

    documents: list[OpenedDocument] = field(default_factory=list)
    pages: list[FinishedPage] = field(default_factory=list)
    rendered: list[RenderedPage] = field(default_factory=list)

    def opened(self, document: OpenedDocument) -> None:
        assert self.pages == []
        self.documents.append(document)

    def finished(self, page: FinishedPage) -> None:
        self.pages.append(page)
        self.rendered.append(page.rendered(AnswerOptions()))


def test_progress_is_told_of_the_document_and_of_each_page(service, executor):
    executor.failing = {1: EngineFailed("Reading broke down.")}
    document, told = pdf(4), Listener()
    result = read(service, document, "2,0-1", progress=told)
    assert told.documents == [OpenedDocument(indices=(2, 0, 1), page_count=4, size=result.doc_size_bytes)]
    assert [(page.done, page.pages) for page in told.pages] == [(1, 3), (2, 3), (3, 3)]
    assert sorted(page.index for page in told.rendered) == [0, 1, 2]
    (failure,) = [page.failure for page in told.rendered if page.failure]
    assert (failure.index, failure.reason) == (1, "Reading broke down.")


def test_nothing_is_told_of_a_document_that_cannot_be_read(service):
    told = Listener()
    with pytest.raises(InvalidPageRange):
        read(service, pdf(2), "7", progress=told)
    assert (told.documents, told.pages) == ([], [])


def test_options_and_password_reach_every_page(service, executor):
    result = read(service, pdf(2, password="tea"), password="tea")
    assert result.pages_processed == 2
    assert {(task.password, task.options.dpi) for task in executor.tasks} == {("tea", 72)}


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (pdf(1, password="tea"), EncryptedDocument),
        (DataUriRef(uri="data:application/pdf;base64," + b64encode(b"%PDF-1.7\n").decode()), CorruptDocument),
        (DataUriRef(uri="data:application/pdf;base64,%%%"), InvalidDocumentReference),
    ],
)
def test_a_document_that_cannot_be_had_is_told(service, executor, document, error):
    with pytest.raises(error):
        read(service, document)
    assert executor.tasks == []


def test_the_answer_knows_the_size_of_the_document(service):
    document = pdf(1)
    assert read(service, document).doc_size_bytes == len(b64decode(document.uri.partition(",")[2]))


def test_a_caller_that_goes_away_leaves_nothing_behind(service, executor):
    all_wait = asyncio.Event()

    async def wait(task: PageTask) -> RecognizedPage:
        executor.tasks.append(task)
        if len(executor.tasks) == 3:
            all_wait.set()
        return await asyncio.Future()

    executor.recognize = wait
    request = ReadRequest(document=pdf(3), pages=PageSelection(), read=ReadOptions(model="m"), answer=AnswerOptions())

    async def main() -> None:
        async def ask() -> None:
            async with service.read(request):
                raise AssertionError

        asking = asyncio.create_task(ask())
        await all_wait.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(main())
    assert list(Path(service.spool_dir).iterdir()) == []
