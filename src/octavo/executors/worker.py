"""The worker process: builds its pipeline, then works on one call at a time until the server is done or gone.

The main thread works; another one listens, so that grants of threads arrive while a page is read, and so that the
process ends with the server: the pipe then ends, whatever killed it.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import threading
import traceback
from dataclasses import replace
from importlib import import_module
from queue import SimpleQueue
from typing import IO

from octavo.domain.ports import Pipeline, Viewer
from octavo.executors import landlock, sandbox, system
from octavo.executors.failures import failure_of, start_failure
from octavo.executors.messages import LONGEST, Answer, Call, Grant, Setup, Stop, pack, receive_command
from octavo.executors.share import Allowance

_GRACE = 10.0
"""Seconds after which a worker ends itself when a call has taken too long and nobody has killed it."""

_YOUNG = 20_000
"""Objects more, after which garbage is looked for: a page makes some thousands, nearly none of them in circles."""

_LONGEST_CLOCK = 1e6
"""Seconds that such a clock may run."""


class Worker:
    """One worker's life."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes], shields: tuple[str, ...] = ()) -> None:
        """`shields` tells, in words, what is in force already."""
        self._commands = commands
        self._answers = answers
        self._shields = list(shields)
        self._allowance = Allowance()
        self._calls: SimpleQueue[Call | Stop] = SimpleQueue()

    def run(self) -> None:
        """Work until told to stop."""
        setup = receive_command(self._commands)
        if not isinstance(setup, Setup):
            raise TypeError(f"expected a Setup, got {type(setup).__name__}")
        try:
            self._confine(setup)
            threading.Thread(target=self._listen, name="octavo-commands", daemon=True).start()
            pipeline = self._build(setup)
        except Exception as error:  # noqa: BLE001 - the server tells its user why
            self._answer(Answer(failure=start_failure(error)))
            return
        self._answer(Answer(value=tuple(self._shields)))
        number = 0
        while isinstance(call := self._calls.get(), Call):
            number += 1
            self._answer(replace(_work(pipeline, call), number=number))
        pipeline.close()

    def _confine(self, setup: Setup) -> None:
        """Before there are other threads: Landlock holds for the one that asks for it."""
        version = landlock.confine(setup.folders)
        if version is not None:
            what = "files" if setup.folders else "other processes"
            self._shields.append(f"{what} by Landlock ABI {version}")

    def _build(self, setup: Setup) -> Pipeline | Viewer:
        """Load everything; from then on, and before the first document, the system forbids all that no page needs."""
        module, _, name = setup.builder.partition(":")
        builder = getattr(import_module(module), name)
        pipeline: Pipeline | Viewer = builder(**setup.arguments, share=self._allowance)
        pipeline.warm_up()
        gc.freeze()  # what is there now stays, and to look for garbage in it takes as long as a page
        gc.set_threshold(_YOUNG)
        if sandbox.forbid_calls():
            self._shields.append("no network and no new programs (seccomp)")
        return pipeline

    def _listen(self) -> None:
        """Thread: take commands until the server is gone, then end at once, also in the middle of a page."""
        try:
            while True:
                command = receive_command(self._commands)
                if isinstance(command, Grant):
                    self._allowance.grant(command.threads)
                elif isinstance(command, Call | Stop):
                    self._calls.put(command)
        except (EOFError, OSError):
            os._exit(0)

    def _answer(self, answer: Answer) -> None:
        try:
            message = pack(answer)
        except Exception as error:  # noqa: BLE001 - an answer that cannot travel is a failed page, not a dead worker
            message = pack(Answer(failure=failure_of(error), number=answer.number))
        self._answers.write(message)
        self._answers.flush()


def _work(pipeline: Pipeline | Viewer, call: Call) -> Answer:
    """The server kills what takes too long; where it is gone, a clock of this process does, even if Python stands."""
    if call.seconds is not None:
        faulthandler.dump_traceback_later(min(LONGEST * call.seconds + _GRACE, _LONGEST_CLOCK), exit=True, file=2)
    try:
        return Answer(value=getattr(pipeline, call.method)(*call.arguments))
    except Exception as error:  # noqa: BLE001 - whatever breaks on a page is that page's failure
        return Answer(failure=failure_of(error))
    finally:
        faulthandler.cancel_dump_traceback_later()


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the server, out of reach of libraries that print: stdout becomes stderr, stdin is empty."""
    commands, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # the server has no stderr
        os.dup2(nothing, 1)
    os.close(nothing)
    return commands, answers


def main() -> None:
    """Entry point: `python -m octavo.executors.worker PID`, with the server's process id."""
    unprivileged = system.guard_worker(int(sys.argv[1]))
    commands, answers = _take_pipes()
    code = 1
    try:
        Worker(commands, answers, ("no new privileges",) if unprivileged else ()).run()
        code = 0
    except (EOFError, BrokenPipeError):
        pass  # the server is gone
    except Exception:  # noqa: BLE001 - the process ends with it
        traceback.print_exc()
    os._exit(code)  # without waiting for threads of libraries: the server has all that it needs


if __name__ == "__main__":
    main()
