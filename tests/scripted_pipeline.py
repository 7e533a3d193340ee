"""A pipeline that does what its document says, one command a line; for tests of executors."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np

from octavo.domain import errors
from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.geometry import Size
from octavo.domain.ports import CpuShare
from octavo.domain.result import RecognizedPage
from octavo.domain.work import PageTask, ReadOptions


def build(*, share: CpuShare, trouble: str = "", journal: Path | None = None) -> ScriptedPipeline:
    """The pipeline; `trouble` is a command for the start, `journal` a file that tells what became of it."""
    pipeline = ScriptedPipeline(share, journal)
    pipeline.obey([trouble] if trouble else [])
    return pipeline


def build_in_vain(**_: object) -> ScriptedPipeline:
    """A builder that finds something missing."""
    raise errors.EngineNotInstalled("The file layout.onnx is missing. Install Octavo again.")


class ScriptedPipeline:
    """Answers with the warnings that its commands left."""

    def __init__(self, share: CpuShare, journal: Path | None) -> None:
        self._share = share
        self._journal = journal
        self._said: list[str] = []
        self._held: list[bytes] = []

    def warm_up(self) -> None:
        self._note("warm")

    def close(self) -> None:
        self._note("closed")

    def _note(self, event: str) -> None:
        if self._journal is not None:
            with self._journal.open("a") as file:
                file.write(f"{event} {os.getpid()}\n")

    def inspect(self, document: SpooledDocument, password: str | None) -> DocumentFacts:
        lines = document.path.read_text().splitlines()
        self.obey(lines)
        return DocumentFacts(media_type="text/plain", page_count=len(lines), encrypted=password is not None)

    def recognize(self, task: PageTask) -> RecognizedPage:
        self._said = []
        self.obey(task.path.read_text().splitlines())
        return RecognizedPage(index=task.index, size=Size(1, 1), dpi=72, warnings=tuple(self._said))

    def obey(self, lines: list[str]) -> None:
        for line in lines:
            verb, *words = line.split()
            getattr(self, f"_do_{verb}")(*words)

    def _do_say(self, *words: str) -> None:
        self._said.append(" ".join(words))

    def _do_pid(self) -> None:
        self._said.append(str(os.getpid()))

    def _do_thread(self) -> None:
        self._said.append(str(threading.get_ident()))

    def _do_env(self, name: str) -> None:
        self._said.append(os.environ.get(name, "unset"))

    def _do_print(self, *words: str) -> None:
        print(*words, flush=True)  # noqa: T201 - what careless libraries do

    def _do_touch(self, path: str) -> None:
        Path(path).touch()

    def _do_wait(self, path: str) -> None:
        while not Path(path).exists():
            time.sleep(0.005)

    def _do_raise(self, kind: str, *words: str) -> None:
        raise getattr(errors, kind, ValueError)(" ".join(words))

    def _do_kill(self, name: str) -> None:
        os.kill(os.getpid(), signal.Signals[name])
        time.sleep(0.2)

    def _do_exit(self, code: str) -> None:
        os._exit(int(code))

    def _do_segfault(self) -> None:
        ctypes.string_at(0)

    def _do_hang(self) -> None:
        threading.Event().wait()

    def _do_hang_in_c(self) -> None:
        """Like a library that loops without ever letting another thread of Python run."""
        ctypes.PyDLL(None).sleep(100_000)

    def _do_ignore_sigterm(self) -> None:
        """Like a library that thinks it knows better."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def _do_hold(self, mebibytes: str) -> None:
        self._held.append(os.urandom(1024) * (1024 * int(mebibytes)))

    def _do_threads(self, report: str, gate: str) -> None:
        """Report the share whenever it changes, until the gate opens."""
        seen: int | None = None
        while not Path(gate).exists():
            if (now := self._share.threads()) != seen:
                Path(report).with_suffix(".new").write_text(str(now))
                Path(report).with_suffix(".new").replace(report)
                seen = now
            time.sleep(0.002)

    def _do_answer(self, what: str) -> None:
        """Say something that is no string."""
        strange = {"lambda": lambda: None, "foreign": Foreign(), "number": np.float32(0.5)}
        self._said.append(strange[what])  # type: ignore[arg-type]


class Foreign:
    """Pickles, but is no noun of the domain."""


def page_task(path: Path, *commands: object, index: int = 0) -> PageTask:
    """A page of a document with these commands, written to `path`."""
    path.write_text("\n".join(map(str, commands)))
    return PageTask(path=path, index=index, options=ReadOptions(model="m"), figures_dir=path.parent)


def document(path: Path, *commands: object) -> SpooledDocument:
    """A document with these commands, written to `path`."""
    path.write_text("\n".join(map(str, commands)))
    data = path.read_bytes()
    return SpooledDocument(path=path, name=path.name, size=len(data), sha256=sha256(data).hexdigest())


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds; the test fails when it never does."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - files and processes tell no event
            await asyncio.sleep(0.005)
