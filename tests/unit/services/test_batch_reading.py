"""A document of a batch: what its pages lose for others' sake is not its own failure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_ocr import Watched, executor, inner, pdf, service

from octavo.documents.page_ranges import parse_pages
from octavo.domain.errors import DatabaseFailed, EngineFailed, NoWorker, OctavoError, Overloaded, WorkerEvicted
from octavo.domain.work import AnswerOptions, ReadOptions, ReadRequest
from octavo.services.ocr import OcrService

__all__ = ["executor", "inner", "service"]
pytestmark = pytest.mark.anyio


async def warnings_of_pages(service: OcrService, job: str | None) -> list[Sequence[str]]:
    """What is said of each of three pages."""
    request = ReadRequest(
        document=pdf(3),
        pages=parse_pages(None),
        read=ReadOptions(model="octavo-fake", dpi=72),
        answer=AnswerOptions(),
        job=job,
    )
    async with service.read(request) as result:
        return [page.warnings for page in result.pages]


@pytest.mark.parametrize(
    "error", [NoWorker("none"), WorkerEvicted("for others"), Overloaded("busy"), DatabaseFailed("gone")]
)
async def test_it_is_read_again_though_other_pages_could_be_read(
    service: OcrService, executor: Watched, error: OctavoError
) -> None:
    executor.failing = {1: error}
    with pytest.raises(type(error)):
        await warnings_of_pages(service, "job")
    executor.failing = {}
    before = len(executor.tasks)
    assert await warnings_of_pages(service, "job") == [(), (), ()]
    assert 1 in {task.index for task in executor.tasks[before:]}


async def test_a_page_that_fails_on_its_own_fails_alone(service: OcrService, executor: Watched) -> None:
    executor.failing = {1: EngineFailed("a bug")}
    first, second, third = await warnings_of_pages(service, "job")
    assert (first, third) == ((), ())
    assert second


async def test_whoever_waits_for_an_answer_gets_what_there_is(service: OcrService, executor: Watched) -> None:
    executor.failing = {1: NoWorker("none")}
    _, second, _ = await warnings_of_pages(service, None)
    assert second
