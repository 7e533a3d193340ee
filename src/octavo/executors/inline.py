"""Pages are read in this process: for the library and for one small file, where starting workers would take longer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pickle import UnpicklingError
from typing import Any, TypeVar

from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.errors import OctavoError
from octavo.domain.ports import Pipeline, WorkerStats
from octavo.domain.result import RecognizedPage
from octavo.domain.work import PageTask
from octavo.executors import system
from octavo.executors.failures import closing, error_of, failure_of, refused, start_failure
from octavo.executors.messages import cross
from octavo.executors.share import Allowance

_LOG = logging.getLogger(__name__)
Made = TypeVar("Made")


class InlineExecutor:
    """An `Executor` with one thread of this process, which builds the pipeline with the first call.

    It can be used from one event loop after the other. Nothing shields the process: a page has no limit of time or
    memory, for a thread cannot be ended; a document that takes over a library has all that the caller has; and a crash
    of a library is a crash of the caller. Documents of strangers belong in `LocalExecutor`.
    """

    def __init__(
        self, builder: Callable[..., Pipeline], arguments: Mapping[str, Any], *, cpus: int | None = None
    ) -> None:
        """Nothing starts yet.

        Args:
            builder: called as `builder(**arguments, share=CpuShare)`.
            arguments: of the builder.
            cpus: how many may be used; None is all that are usable.
        """
        self._builder = builder
        self._arguments = arguments
        self._share = Allowance(cpus or system.usable_cpus())
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="octavo-inline")
        self._pipeline: Pipeline | None = None
        self._busy = False
        self._calls = 0
        self._pages = 0
        self._open = True

    @property
    def capacity(self) -> int:
        """One page at a time."""
        return 1

    async def start(self) -> None:
        """Nothing to do: the first call builds the pipeline."""

    async def ready(self) -> None:
        """Build the pipeline.

        Raises:
            EngineFailed: it cannot be built.
        """
        await self._run(self._prepare)

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:
        """Tell what the document is."""
        return await self._run(lambda: self._ensure().inspect(document, password))

    async def recognize(self, task: PageTask) -> RecognizedPage:
        """Read one page."""
        return await self._run(lambda: self._read(task))

    def stats(self) -> WorkerStats:
        """Numbers of this moment."""
        return WorkerStats(
            workers=int(self._pipeline is not None),
            busy=int(self._busy),
            waiting=max(0, self._calls - self._busy),
            pages=self._pages,
        )

    async def close(self) -> None:
        """Waiting calls get `ShuttingDown`; the page at hand is finished first, for a thread cannot be ended."""
        if self._open:
            self._open = False
            await asyncio.get_running_loop().run_in_executor(self._thread, self._release)
            self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], Made]) -> Made:
        """Do the work in the thread, after what was asked before.

        Raises:
            OctavoError: and no other.
        """
        if not self._open:
            raise error_of(closing())
        self._calls += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._in_turn, work)
        except OctavoError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever breaks on a page is that page's failure
            failure = refused(error) if isinstance(error, UnpicklingError) else failure_of(error)
            _LOG.error("a call failed: %s", failure.detail)  # no traceback, for it may quote the document
            raise error_of(failure) from None
        finally:
            self._calls -= 1

    def _in_turn(self, work: Callable[[], Made]) -> Made:
        """Thread: the work, unless the executor was closed while it waited."""
        if not self._open:
            raise error_of(closing())
        self._busy = True
        try:
            return cross(work())
        finally:
            self._busy = False

    def _ensure(self) -> Pipeline:
        """Thread: the pipeline, built with the first call."""
        if self._pipeline is None:
            try:
                pipeline = self._builder(**self._arguments, share=self._share)
                pipeline.warm_up()
            except Exception as error:
                raise error_of(start_failure(error)) from error
            self._pipeline = pipeline
        return self._pipeline

    def _prepare(self) -> None:
        self._ensure()

    def _read(self, task: PageTask) -> RecognizedPage:
        pipeline = self._ensure()
        self._pages += 1
        return pipeline.recognize(task)

    def _release(self) -> None:
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None
