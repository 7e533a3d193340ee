"""The worker process: builds its pipeline, then works on one call at a time until the server is done or gone.

The main thread works; another one listens, so that grants of threads arrive while a page is read, and so that the
process ends with the server: the pipe then ends, whatever killed it.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from importlib import import_module
from queue import SimpleQueue
from typing import IO

from octavo.domain.ports import Pipeline
from octavo.executors import system
from octavo.executors.failures import failure_of, start_failure
from octavo.executors.messages import Answer, Call, Grant, Setup, Stop, pack, receive_command
from octavo.executors.share import Allowance


class Worker:
    """One worker's life."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._commands = commands
        self._answers = answers
        self._allowance = Allowance()
        self._calls: SimpleQueue[Call | Stop] = SimpleQueue()

    def run(self) -> None:
        """Work until told to stop."""
        setup = receive_command(self._commands)
        if not isinstance(setup, Setup):
            raise TypeError(f"expected a Setup, got {type(setup).__name__}")
        threading.Thread(target=self._listen, name="octavo-commands", daemon=True).start()
        try:
            pipeline = self._build(setup)
        except Exception as error:  # noqa: BLE001 - the server tells its user why
            self._answer(Answer(failure=start_failure(error)))
            return
        self._answer(Answer())
        while isinstance(call := self._calls.get(), Call):
            self._answer(_work(pipeline, call))
        pipeline.close()

    def _build(self, setup: Setup) -> Pipeline:
        module, _, name = setup.builder.partition(":")
        builder = getattr(import_module(module), name)
        pipeline: Pipeline = builder(**setup.arguments, share=self._allowance)
        pipeline.warm_up()
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
            message = pack(Answer(failure=failure_of(error)))
        self._answers.write(message)
        self._answers.flush()


def _work(pipeline: Pipeline, call: Call) -> Answer:
    try:
        return Answer(value=getattr(pipeline, call.method)(*call.arguments))
    except Exception as error:  # noqa: BLE001 - whatever breaks on a page is that page's failure
        return Answer(failure=failure_of(error))


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
    system.guard_worker(int(sys.argv[1]))
    commands, answers = _take_pipes()
    code = 1
    try:
        Worker(commands, answers).run()
        code = 0
    except (EOFError, BrokenPipeError):
        pass  # the server is gone
    except Exception:  # noqa: BLE001 - the process ends with it
        traceback.print_exc()
    os._exit(code)  # without waiting for threads of libraries: the server has all that it needs


if __name__ == "__main__":
    main()
