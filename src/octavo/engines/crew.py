"""Pieces of one page's work on as many threads as this worker may use at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

from octavo.domain.ports import CpuShare

Item = TypeVar("Item")
Made = TypeVar("Made")


class Crew:
    """Threads that share one page's work; how many is asked again before each piece."""

    def __init__(self, share: CpuShare) -> None:
        """`share` tells how many threads may run; none is started before it is needed."""
        self._share = share
        self._threads = ThreadPoolExecutor(thread_name_prefix="octavo-page")

    def map(self, work: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
        """`work` of every item, in the order of the items. An error ends it once the pieces begun are done."""
        futures: list[Future[Made]] = []
        running: set[Future[Made]] = set()
        for item in items:
            while len(running) >= max(1, self._share.threads()):
                running = wait(running, return_when=FIRST_COMPLETED).not_done
            future = self._threads.submit(work, item)
            futures.append(future)
            running.add(future)
        wait(futures)
        return [future.result() for future in futures]

    def begin(self, work: Callable[[], Made]) -> Callable[[], Made]:
        """Work that a thread without other work begins now, or else whoever first asks for what comes of it."""
        if self._share.threads() > 1:
            return self._threads.submit(work).result
        return cache(work)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=True)
