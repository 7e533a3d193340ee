"""Pages are read, or shown, by worker processes on this machine."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.errors import InvalidSettings
from octavo.domain.ports import Pipeline, Viewer, WorkerStats
from octavo.domain.result import RecognizedPage
from octavo.domain.view import PageView, ViewTask
from octavo.domain.work import PageTask
from octavo.executors import system
from octavo.executors.failures import READ, SHOWN, closing, died, error_of, overran, too_large, too_large_together
from octavo.executors.landlock import Folders
from octavo.executors.messages import LONGEST, Answer, Call, Failure, Setup, pack
from octavo.executors.pool import Pool, WorkerLimits
from octavo.executors.process import Events, Excess, WorkerProcess
from octavo.executors.share import divide
from octavo.executors.watch import MemoryWatch

Builder: TypeAlias = Callable[..., Pipeline | Viewer]
_LOG = logging.getLogger(__name__)
_AT_WORK = 0.1
"""A call that used less than this share of the time hangs."""
_STEP = 0.1


@dataclass(slots=True, eq=False, kw_only=True)
class _Request:
    """One call and whoever waits for it.

    Attributes:
        call: packed, as it crosses to the worker.
        is_page: it reads or shows a page.
        subject: what it is about, in words.
        deed: what is done to it.
        limit: seconds it may take, once a worker has it.
        setting: the name of that limit.
        reply: gets the answer, and is cancelled when the caller leaves.
        context: the caller's, for the log.
        verdict: what the caller is told when the worker is killed for this call.
        timer: runs out after `limit`.
        begun: when a worker got it, on the clock of the event loop.
        cpu: CPU seconds that the worker had used before.
        is_second_try: its first worker was killed for the call before it.
    """

    call: bytes
    is_page: bool
    subject: str
    deed: str
    limit: float
    setting: str
    reply: asyncio.Future[Answer]
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    verdict: Failure | None = None
    timer: asyncio.TimerHandle | None = None
    begun: float = 0.0
    cpu: float | None = None
    is_second_try: bool = False


class LocalExecutor:
    """An `Executor`, or a `PageRenderer`, of spawned processes, one page at a time in each; for one event loop.

    Calls wait in the order in which they came. A call whose caller has left is dropped while it waits, and finished
    unheard once it runs. The CPUs are divided evenly among the calls that run (and the workers that start, one CPU
    each); when another one comes, the others' threads shrink with their next piece of work, so that for the length of
    that piece (one line, one table) more threads than CPUs may run.
    """

    def __init__(
        self,
        builder: Builder,
        arguments: Mapping[str, Any],
        *,
        workers: int | None = None,
        cpus: int | None = None,
        limits: WorkerLimits = WorkerLimits(),  # noqa: B008 - frozen
        folders: Folders | None = None,
        memory: int | None = None,
    ) -> None:
        """Nothing starts yet.

        Args:
            builder: called in each worker as `builder(**arguments, share=CpuShare)`; a function of a module, which
                is imported there by its name.
            arguments: picklable.
            workers: pages at a time; None is one for each CPU, and there are never more than CPUs.
            cpus: how many may be used; None is all that are usable.
            limits: what one worker may take.
            folders: where the workers work, if the system can keep them out of others; None leaves all files free.
            memory: bytes that all workers may take together; None is three quarters of the machine's.

        Raises:
            InvalidSettings: the builder cannot be imported by a worker, or an argument cannot be pickled.
        """
        self._cpus = cpus or system.usable_cpus()
        self._capacity = min(workers or self._cpus, self._cpus)
        self._limits = limits
        self._setup = _pack_setup(builder, arguments, folders)
        self._shields: tuple[str, ...] = ()
        self._events = Events(warm=self._on_warm, answered=self._on_answer, ended=self._on_end)
        self._pool = Pool(size=self._capacity, limits=limits, launch=self._launch)
        self._watch = MemoryWatch(lambda: self._pool.workers, limits.max_memory, memory or _spare_memory())
        self._waiting: deque[_Request] = deque()
        self._busy: dict[WorkerProcess, _Request] = {}
        self._pages = 0
        self._open = False

    @property
    def capacity(self) -> int:
        """Pages that can be read at the same time."""
        return self._capacity

    @property
    def shields(self) -> tuple[str, ...]:
        """What keeps workers from doing harm, in words; known once one is warm."""
        return self._shields

    async def start(self) -> None:
        """Begin to start workers; once closed, an executor stays closed."""
        self._open = not self._pool.closed
        if self._open:
            self._watch.start()
        self._pool.replenish()

    async def ready(self) -> None:
        """Wait until one worker is warm.

        Raises:
            EngineFailed: no worker can be started, and why; another try is made by and by.
        """
        while self._open:
            await self._pool.settled.wait()
            if self._pool.warm:
                return
            if self._pool.outage is not None:
                raise error_of(self._pool.outage)
        raise error_of(closing())

    async def inspect(self, document: SpooledDocument, password: str | None = None) -> DocumentFacts:
        """Tell what the document is, in a worker."""
        call = Call(method="inspect", arguments=(document, password), seconds=self._limits.inspect_timeout)
        return cast(DocumentFacts, await self._ask(call, "The document", "OCTAVO_EXECUTOR__INSPECT_TIMEOUT"))

    async def recognize(self, task: PageTask) -> RecognizedPage:
        """Read one page, in a worker."""
        call = Call(method="recognize", arguments=(task,), seconds=self._limits.page_timeout)
        return cast(RecognizedPage, await self._ask(call, f"Page {task.index}", "OCTAVO_EXECUTOR__PAGE_TIMEOUT"))

    async def render(self, task: ViewTask) -> PageView:
        """Make the image of one page, in a worker."""
        call = Call(method="render", arguments=(task,), seconds=self._limits.page_timeout)
        return cast(PageView, await self._ask(call, f"Page {task.view.index}", "OCTAVO_EXECUTOR__VIEW_TIMEOUT"))

    def stats(self) -> WorkerStats:
        """Numbers of this moment."""
        return WorkerStats(
            workers=self._pool.warm,
            busy=len(self._busy),
            waiting=sum(not request.reply.done() for request in self._waiting),
            spare=max(0, self._pool.warm - self._capacity),
            restarts=self._pool.restarts,
            recycled=self._pool.recycled,
            pages=self._pages,
        )

    async def close(self) -> None:
        """End every worker; waiting calls get `ShuttingDown`."""
        self._open = False
        for request in (*self._waiting, *self._busy.values()):
            _reply(request, Answer(failure=closing()))
        self._waiting.clear()
        self._watch.stop()
        await self._pool.close()

    async def _ask(self, call: Call, subject: str, setting: str) -> object:
        """Wait for a worker, then for its answer."""
        failure = self._pool.outage if self._open else closing()
        if failure is not None:
            raise error_of(failure)
        request = _Request(
            call=pack(call),
            is_page=call.method != "inspect",
            subject=subject,
            deed=SHOWN if call.method == "render" else READ,
            limit=call.seconds or math.inf,
            setting=setting,
            reply=asyncio.get_running_loop().create_future(),
        )
        self._waiting.append(request)
        self._dispatch()
        answer = await request.reply
        if answer.failure is not None:
            raise error_of(answer.failure)
        return answer.value

    def _dispatch(self) -> None:
        """Pair waiting calls with warm workers and share out the CPUs anew."""
        begun: list[WorkerProcess] = []
        while len(self._busy) < self._capacity and (request := self._next_request()):
            worker = self._pool.take()
            if worker is None:
                self._waiting.appendleft(request)
                break
            self._busy[worker] = request
            begun.append(worker)
        free = self._cpus - self._pool.starting
        for worker, threads in zip(self._busy, divide(free, len(self._busy)), strict=True):
            worker.grant(min(threads, self._limits.max_threads or threads))
        for worker in begun:
            self._begin(worker, self._busy[worker])

    def _next_request(self) -> _Request | None:
        """The oldest one whose caller still waits."""
        while self._waiting:
            request = self._waiting.popleft()
            if not request.reply.done():
                return request
        return None

    def _begin(self, worker: WorkerProcess, request: _Request) -> None:
        worker.call(request.call)
        loop = asyncio.get_running_loop()
        request.begun, request.cpu = loop.time(), worker.cpu_seconds()
        request.timer = loop.call_later(request.limit, self._on_overrun, worker, request)

    def _launch(self) -> WorkerProcess:
        asyncio.get_running_loop().call_soon(self._dispatch)  # it takes a CPU from the calls that run
        return WorkerProcess(self._setup, self._events)

    def _on_warm(self, worker: WorkerProcess) -> None:
        self._shields = worker.shields
        self._pool.warmed(worker)
        self._dispatch()

    def _on_answer(self, worker: WorkerProcess, answer: Answer) -> None:
        if worker not in self._busy:  # nobody asked: what it says next would be taken for another page
            worker.kill()
            return
        self._finish(worker, answer)
        self._pool.put_back(worker)
        self._dispatch()

    def _on_overrun(self, worker: WorkerProcess, request: _Request) -> None:
        if (more := _time_left(worker, request)) > 0:
            loop = asyncio.get_running_loop()
            request.timer = loop.call_later(max(more, _STEP), self._on_overrun, worker, request)
            return
        request.verdict = overran(request.subject, request.limit, request.setting, request.deed)
        worker.kill()

    def _on_end(self, worker: WorkerProcess) -> None:
        self._finish(worker, None)
        self._pool.ended(worker)
        if self._pool.outage is not None:
            while request := self._next_request():
                _reply(request, Answer(failure=self._pool.outage))
        self._dispatch()

    def _finish(self, worker: WorkerProcess, answer: Answer | None) -> None:
        """End the call that the worker had, if any; without an answer the worker has died of it."""
        request = self._busy.pop(worker, None)
        if request is None:
            return
        if request.timer is not None:
            request.timer.cancel()
        if answer is None and worker.killed_for not in {None, worker.calls} and not request.is_second_try:
            request.is_second_try = True
            self._waiting.appendleft(request)
            return
        self._pages += request.is_page
        answer = answer or Answer(failure=request.verdict or self._verdict(request, worker))
        if answer.failure is not None and answer.failure.detail:
            level = logging.DEBUG if request.reply.done() else logging.ERROR
            request.context.run(_LOG.log, level, "%s failed: %s", request.subject, answer.failure.detail)
        _reply(request, answer)

    def _verdict(self, request: _Request, worker: WorkerProcess) -> Failure:
        match worker.excess:
            case Excess(held=held, together=None):
                return too_large(request.subject, held, self._limits.max_memory, request.deed)
            case Excess(held=held, together=int(together)):
                return too_large_together(request.subject, held, together)
        return died(request.subject, worker.how, request.deed)


def _spare_memory() -> int | None:
    """Three quarters: the server, the system and the files that it caches need some, too."""
    usable = system.usable_memory()
    return None if usable is None else usable * 3 // 4


def _time_left(worker: WorkerProcess, request: _Request) -> float:
    """Seconds more for a call that others kept from the CPU; none for one that does not work, or has worked enough."""
    cpu = worker.cpu_seconds()
    if cpu is None or request.cpu is None:
        return 0.0
    used, elapsed = cpu - request.cpu, asyncio.get_running_loop().time() - request.begun
    if used < _AT_WORK * elapsed:
        return 0.0
    return min(request.limit - used, LONGEST * request.limit - elapsed)


def _reply(request: _Request, answer: Answer) -> None:
    if not request.reply.done():
        request.reply.set_result(answer)


def _pack_setup(builder: Builder, arguments: Mapping[str, Any], folders: Folders | None) -> bytes:
    """The setup, packed once; also the proof that it can travel."""
    module, name = getattr(builder, "__module__", "__main__"), getattr(builder, "__qualname__", "")
    if module == "__main__" or not name.isidentifier():
        raise InvalidSettings(f"A worker cannot import {module}:{name}; the builder must be a function of a module.")
    try:
        return pack(Setup(builder=f"{module}:{name}", arguments=dict(arguments), folders=folders))
    except Exception as error:
        raise InvalidSettings(f"An argument of {module}:{name} cannot cross to a worker: {error}") from error
