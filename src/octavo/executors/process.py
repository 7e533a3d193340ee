"""One worker process as the server sees it: a thread that reads its answers, and one that writes to it.

The processes are started as fresh interpreters (`Popen`), never forked, and not by `multiprocessing` either: that would
import the caller's main program in each worker, before the environment could say how many threads numpy may start, and
would break scripts without a `__main__` guard.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from queue import SimpleQueue
from typing import IO

from octavo.executors import system
from octavo.executors.failures import refused
from octavo.executors.messages import Answer, Babble, Failure, Grant, Stop, pack, receive_answer

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
)
_HEAP = {
    "MALLOC_MMAP_THRESHOLD_": str(16 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(32 * 1024**2),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""How glibc keeps memory (others pass over it): pixels of a scan come from the system and go back at once, so that they
leave no holes; and in large pages, where the system grants them, which spares a fault for each 4 KiB."""
_PATIENCE = 5.0
"""Seconds after a kill until a process that the system does not end is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What a worker tells; each is called on the event loop.

    Attributes:
        warm: it is ready for its first call.
        answered: the call that ran has ended.
        ended: the process is gone, or was given up; the last event.
    """

    warm: Callable[[WorkerProcess], None]
    answered: Callable[[WorkerProcess, Answer], None]
    ended: Callable[[WorkerProcess], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Too much memory was taken.

    Attributes:
        call: number of the call that took it.
        held: bytes that the worker held.
        together: bytes that all workers held, where that was too much; None where this worker alone took too much.
    """

    call: int
    held: int
    together: int | None = None


class WorkerProcess:
    """One worker. Every method returns at once and is called on the event loop; what any thread may call says so.

    Attributes:
        born: when it was started, on the event loop's clock.
        calls: how many it was given.
        memory: bytes that it held after its last answer; None where that cannot be told.
        shields: what keeps it from doing harm, in words; known once it is warm.
        excess: what it was killed for, if it took too much memory.
        answers: number of the last call that was answered.
        killed_for: number of the call whose fault its end is, where that is known.
        start_failure: why it could not start.
        how: how the process ended, in words.
        doomed: it was told to end, so it gets no more work.
    """

    def __init__(self, setup: bytes, events: Events) -> None:
        """Start it.

        Args:
            setup: the packed `Setup`.
            events: whom to tell.
        """
        self.calls = 0
        self.answers = 0
        self.memory: int | None = None
        self.shields: tuple[str, ...] = ()
        self.excess: Excess | None = None
        self.killed_for: int | None = None
        self.start_failure: Failure | None = None
        self.how = "it could not be started"
        self.doomed = False
        self._events = events
        self._loop = asyncio.get_running_loop()
        self.born = self._loop.time()
        self._gone = False
        self._granted = 1
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._outbox.put(setup)
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._live, name="octavo-worker", daemon=True).start()

    def call(self, message: bytes) -> None:
        """Hand it one packed `Call`; `Events.answered` follows, or `Events.ended`."""
        self.calls += 1
        self._outbox.put(message)

    def grant(self, threads: int) -> None:
        """Tell it how many threads it may use from now on."""
        if threads != self._granted:
            self._granted = threads
            self._outbox.put(pack(Grant(threads=threads)))

    def stop(self) -> None:
        """Let it end after what it was given."""
        self.doomed = True
        self._outbox.put(pack(Stop()))

    def cpu_seconds(self) -> float | None:
        """CPU time that it has used so far; None where that cannot be told."""
        process = self._process
        return None if process is None else system.cpu_seconds(process.pid)

    def terminate(self) -> None:
        """Ask it to end now."""
        self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        """End it now; any thread. One that the system does not end within some seconds counts as ended."""
        self._end(system.kill)
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits
            self._loop.call_soon_threadsafe(self._loop.call_later, _PATIENCE, self._give_up)

    def kill_for(self, excess: Excess) -> None:
        """End it for the memory that a call took; any thread."""
        if not self.doomed:
            self.excess, self.killed_for = excess, excess.call
            self.kill()

    @property
    def current(self) -> int | None:
        """Number of the call that it works on, from 1 on; any thread."""
        calls = self.calls
        return calls if calls > self.answers else None

    def resident(self) -> int:
        """Bytes of memory that it holds now; 0 where that cannot be told; any thread."""
        process = self._process
        return 0 if process is None or process.returncode is not None else system.resident_memory(process.pid) or 0

    def _end(self, blow: Callable[[subprocess.Popen[bytes]], None]) -> None:
        """Never waits for the thread that starts it: that one looks at `doomed` once there is a process."""
        self.doomed = True
        if self._process is not None:
            blow(self._process)

    def _give_up(self) -> None:
        if not self._gone:
            self.how = "it could not be ended"
            self._report_end()

    def _report_end(self) -> None:
        if not self._gone:
            self._gone = True
            self._events.ended(self)

    def _live(self) -> None:
        """Thread: start the process, listen until it is gone.

        Linux ends a process with the *thread* that started it, so this thread stays as long as the process.
        """
        try:
            self._attend(self._start())
        except OSError as error:
            self.how = f"it could not be started ({error})"
        finally:
            self._tell(self._report_end)

    def _start(self) -> subprocess.Popen[bytes]:
        program, variables = system.interpreter()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [program, "-P", "-m", "octavo.executors.worker", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=worker_environment() | variables,
            **system.spawn_options(),
        )
        if self.doomed:
            system.kill(self._process)
        return self._process

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        """Thread: from the first message to the last."""
        commands, answers = process.stdin, process.stdout
        if commands is None or answers is None:
            raise RuntimeError("a worker was started without pipes")
        writer = threading.Thread(target=self._write, args=(commands,), name="octavo-worker-commands", daemon=True)
        writer.start()
        babble = None
        try:
            self._listen(process, answers)
        except Babble as error:
            babble = str(error)
        except (EOFError, OSError):
            pass  # it is gone
        finally:
            system.kill(process)
            end = system.describe_exit(process.wait())
            self.how = babble or end
            self._outbox.put(None)
            writer.join()
            answers.close()

    def _listen(self, process: subprocess.Popen[bytes], answers: IO[bytes]) -> None:
        first = receive_answer(answers)
        if first.failure is not None:
            self.start_failure = first.failure
            return
        self.shields = tuple(first.value or ())
        self._tell(self._events.warm, self)
        while True:
            try:
                answer = receive_answer(answers)
            except UnpicklingError as error:
                answer = Answer(failure=refused(error), number=self.calls)
            if answer.number != self.current:
                self.killed_for = self.answers
                raise Babble("it answered what nobody had asked")
            self.answers = answer.number
            self.memory = system.resident_memory(process.pid)
            self._tell(self._events.answered, self, answer)

    def _write(self, commands: IO[bytes]) -> None:
        """Thread: a worker that does not read blocks this thread and nothing else."""
        try:
            while (message := self._outbox.get()) is not None:
                commands.write(message)
                commands.flush()
        except OSError:
            pass  # it is gone, as the other thread notices
        finally:
            with contextlib.suppress(OSError):
                commands.close()

    def _tell(self, event: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(event, *arguments)
        except RuntimeError:  # the loop was closed without `close()`: nobody is left to work for
            self.kill()


def worker_environment() -> dict[str, str]:
    """The server's environment for a worker: same modules, one thread for each library, and no settings or keys."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCTAVO_")}
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return kept | dict.fromkeys(_ONE_THREAD, "1") | _HEAP | {"PYTHONPATH": path}
