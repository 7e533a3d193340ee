"""Names to addresses, in threads of their own: a name server that stalls holds up nothing but other look-ups."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeAlias

THREADS = 32
"""Look-ups at a time. The system's resolver may take a minute for one that stalls, and cannot be stopped."""

LookUp: TypeAlias = Callable[..., Sequence[tuple[Any, ...]]]
_Asked: TypeAlias = "tuple[Future[Sequence[str]], str, int]"


class LookUps:
    """Asks the system, which also understands the odd spellings of IPv4 (`0177.1`, `2130706433`, `0x7f.1`).

    The threads start with the first look-ups and stay. They are daemons: one that stalls does not keep the program from
    ending. For any number of event loops.
    """

    def __init__(self, threads: int = THREADS, look_up: LookUp = socket.getaddrinfo) -> None:
        """No thread is started yet.

        Args:
            threads: at most.
            look_up: as `socket.getaddrinfo`.
        """
        self._most = threads
        self._look_up = look_up
        self._asked: SimpleQueue[_Asked] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The host's addresses, each once. A caller who gives up while waiting in line is not looked up any more.

        Raises:
            OSError, UnicodeError: there are none.
        """
        answer: Future[Sequence[str]] = Future()
        with self._lock:
            if self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._work, name="octavo-look-up", daemon=True).start()
        self._asked.put((answer, host, port))
        return await asyncio.wrap_future(answer)

    def _work(self) -> None:
        while True:
            answer, host, port = self._asked.get()
            if answer.set_running_or_notify_cancel():
                self._answer(answer, host, port)

    def _answer(self, answer: Future[Sequence[str]], host: str, port: int) -> None:
        try:
            found = self._look_up(host, port, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except Exception as error:  # noqa: BLE001  whoever asked gets to know it
            answer.set_exception(error)
