"""A pipeline that does what its document says, one command a line; for tests of executors."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import numpy as np

from octavo.domain import errors
from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.geometry import Size
from octavo.domain.ports import CpuShare
from octavo.domain.result import RecognizedPage
from octavo.domain.view import PageView, ViewTask
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

    def render(self, task: ViewTask) -> PageView:
        self._said = []
        self.obey(lines := task.path.read_text().splitlines())
        return PageView(jpeg="\n".join(self._said).encode(), page_count=len(lines))

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

    def _do_eat(self) -> None:
        """Like a decoder that never has enough."""
        while True:
            self._do_hold("16")
            time.sleep(0.01)

    def _do_full(self, name: str) -> None:
        """Like a disk that is full, met by a library that tells it in its own way."""
        cause = OSError(getattr(errno, name), "no room for the secret")
        raise RuntimeError("a picture with a secret could not be written") from cause

    def _do_write(self, path: str, mebibytes: str = "0") -> None:
        with self._told(), Path(path).open("wb") as file:
            file.writelines(bytes(1024 * 1024) for _ in range(int(mebibytes)))

    def _do_write_all(self, path: str, mebibytes: str) -> None:
        with Path(path).open("wb") as file:
            file.writelines(bytes(1024 * 1024) for _ in range(int(mebibytes)))

    def _do_read(self, path: str) -> None:
        with self._told():
            Path(path).read_bytes()

    def _do_list(self, path: str) -> None:
        with self._told():
            list(Path(path).iterdir())

    def _do_socket(self, family: str) -> None:
        with self._told():
            socket.socket(getattr(socket, family)).close()

    def _do_connect(self, path: str) -> None:
        with self._told(), socket.socket(socket.AF_UNIX) as there:
            there.connect(path)

    def _do_socketpair(self) -> None:
        with self._told():
            for end in socket.socketpair():
                end.close()

    def _do_run(self, program: str) -> None:
        with self._told():
            subprocess.run([program], check=False)

    def _do_exec(self, program: str) -> None:
        with self._told():
            os.execv(program, [program])

    def _do_fork(self) -> None:
        with self._told():
            if os.fork() == 0:
                os._exit(0)

    def _do_signal(self, pid: str) -> None:
        with self._told():
            os.kill(int(pid), 0)

    def _do_chmod(self, path: str) -> None:
        with self._told():
            Path(path).chmod(0o777)

    def _do_call(self, number: str) -> None:
        """A system call without arguments."""
        ctypes.set_errno(0)
        ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(int(number)), 0, 0, 0, 0, 0, 0)
        self._said.append(errno.errorcode.get(ctypes.get_errno(), "allowed"))

    def _do_start_thread(self) -> None:
        thread = threading.Thread(target=self._said.append, args=("from a thread",))
        thread.start()
        thread.join()

    def _do_babble(self, what: str) -> None:
        """Write to the server past the worker, as one that was taken over might."""
        body = b"\0" * 1000
        lies = {
            "huge": struct.pack(">Q", 1 << 40),
            "noise": struct.pack(">Q", len(body)) + body,
            "torrent": os.urandom(1 << 16),
        }
        os.write(_pipe_to_server(), lies[what])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say whether it worked."""
        try:
            yield
        except OSError as error:
            self._said.append(type(error).__name__)
        else:
            self._said.append("done")

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


def _pipe_to_server() -> int:
    """The one that this process may write to, besides the usual three."""
    import fcntl  # Windows has none

    for number in range(3, 20):
        with suppress(OSError):
            if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                return number
    raise AssertionError("there is no pipe to the server")


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
