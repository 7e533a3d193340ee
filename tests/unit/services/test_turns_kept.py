"""Whatever breaks while a document is opened or a page is read, the turn is given to the next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_ocr import Watched, inner, pdf

from made_service import make_service
from octavo.documents.fetching.fetcher import Fetcher
from octavo.documents.page_ranges import parse_pages
from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.errors import OutOfSpace
from octavo.domain.work import AnswerOptions, ReadOptions, ReadRequest
from octavo.executors.inline import InlineExecutor
from octavo.services.ocr import OcrService
from octavo.storage.pages import PageFolders

__all__ = ["inner"]
pytestmark = pytest.mark.anyio


class Mistake(Exception):
    """No error of ours."""


@dataclass
class Opener(Watched):
    """Fails to open documents as often as it is told to."""

    mistakes: int = 0

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:
        if self.mistakes:
            self.mistakes -= 1
            raise Mistake
        return await super().inspect(document, password)


class Full(PageFolders):
    """A disk that is full for some of the notes that jobs make."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, keeps=60, max_bytes=10**9)
        self.good = 10**9
        self.full = 0

    def hold(self, key: str, job: str | None = None) -> None:
        super().hold(key, job)
        self.good -= 1
        if self.good < 0 and self.full:
            self.full -= 1
            raise OutOfSpace("full")


@pytest.fixture
def executor(inner: InlineExecutor) -> Opener:
    return Opener(inner)


async def read(service: OcrService, job: str | None = None) -> int:
    request = ReadRequest(
        document=pdf(3),
        pages=parse_pages(None),
        read=ReadOptions(model="octavo-fake", dpi=72),
        answer=AnswerOptions(),
        job=job,
    )
    async with asyncio.timeout(20), service.read(request) as result:
        return result.pages_processed


@pytest.mark.parametrize("job", [None, "job"])
async def test_documents_that_break_whoever_opens_them_cost_no_turn(
    executor: Opener, tmp_path: Path, job: str | None
) -> None:
    service = make_service(Fetcher(10**8), executor, tmp_path)
    executor.mistakes = 2 * executor.capacity
    for _ in range(2 * executor.capacity):
        with pytest.raises(Mistake):
            await read(service, job)
    assert await read(service, job) == 3


async def test_a_full_disk_when_a_page_is_begun_costs_no_turn(executor: Opener, tmp_path: Path) -> None:
    service = make_service(Fetcher(10**8), executor, tmp_path)
    service.reader.store = store = Full(tmp_path / "full")
    for _ in range(executor.capacity):
        store.good, store.full = 3, 1
        with pytest.raises(OutOfSpace):
            await read(service, "job")
        store.drop("job")
    store.good = 10**9
    assert await read(service, "other") == 3
