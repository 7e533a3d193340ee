"""Reads many documents side by side; one that fails is told at the end and stops none of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from octavo.cli.exits import CANNOT_WRITE, exit_code, exit_code_of_page
from octavo.cli.inputs import Input
from octavo.cli.outputs import Output
from octavo.domain.document import PageSelection, SpooledDocument
from octavo.domain.errors import OctavoError
from octavo.domain.result import OcrResult
from octavo.domain.work import AnswerOptions, ReadOptions, ReadRequest
from octavo.services.ocr import OcrService
from octavo.services.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of every document.

    Attributes:
        pages: which ones.
        read: how to read them.
        answer: what form the answer has.
        password: opens those that are protected.
    """

    pages: PageSelection
    read: ReadOptions
    answer: AnswerOptions
    password: str | None = None

    def request(self, document: SpooledDocument) -> ReadRequest:
        """The same for one document."""
        return ReadRequest(
            document=document, pages=self.pages, read=self.read, answer=self.answer, password=self.password
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to tell at the end: a failure, or (with exit code 0) a warning."""

    document: str
    text: str
    page: int | None = None
    exit_code: int = 0

    def __str__(self) -> str:
        place = self.document if self.page is None else f"{self.document}, page {self.page}"
        return f"{place}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Reads inputs with one service and hands each answer to one output."""

    service: OcrService
    plan: Plan
    output: Output
    progress: Callable[[int], Progress]

    async def read_all(self, inputs: Sequence[Input]) -> list[Remark]:
        """Everything there is to tell, in the order of the inputs.

        Raises:
            ExceptionGroup: of `BrokenPipeError`, when nobody reads what is printed.
        """
        # One more than can be read at a time, so that the next is open when a worker falls idle.
        gate = asyncio.Semaphore(self.service.executor.capacity + 1)
        pen = asyncio.Lock()

        async def one(number: int, source: Input) -> list[Remark]:
            async with gate:
                return await self._read(number, source, pen)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(number, source)) for number, source in enumerate(inputs)]
        return [remark for task in tasks for remark in task.result()]

    async def _read(self, number: int, source: Input, pen: asyncio.Lock) -> list[Remark]:
        try:
            with TemporaryDirectory(prefix="input-", dir=self.service.spool_dir, ignore_cleanup_errors=True) as folder:
                document = await source.load(Path(folder), self.service.fetcher)
                async with self.service.read(self.plan.request(document), self.progress(number)) as streamed, pen:
                    result = replace(streamed, pages=await asyncio.to_thread(tuple, streamed.pages))
                    await asyncio.to_thread(self.output.put, number, source, document, result)
            return _remarks(source, result)
        except OctavoError as error:
            remark = Remark(document=source.name, text=str(error), exit_code=exit_code(type(error)))
        except BrokenPipeError:
            raise  # nobody reads what is printed: `octavo ocr ... | head`
        except OSError as error:
            remark = Remark(document=source.name, text=f"cannot be written: {error}", exit_code=CANNOT_WRITE)
        async with pen:
            self.output.skip(number)
        return [remark]


def _remarks(source: Input, result: OcrResult) -> list[Remark]:
    """Pages that failed and what was doubtful about the others."""
    failed = [
        Remark(
            document=source.name,
            page=page.index,
            text=page.failure.reason,
            exit_code=exit_code_of_page(page.failure.code),
        )
        for page in result.pages
        if page.failure
    ]
    doubtful = [
        Remark(document=source.name, page=page.index, text=warning)
        for page in result.pages
        if not page.failure
        for warning in page.warnings
    ]
    return [*failed, *doubtful]
