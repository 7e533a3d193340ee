"""An engine that does what its page says, one command a line; for tests of batch jobs."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.domain.block import Block, BlockKind
from octavo.domain.geometry import BBox
from octavo.domain.result import RecognizedPage, TextSource

if TYPE_CHECKING:
    from octavo.domain.document import Page
    from octavo.domain.ports import CpuShare
    from octavo.domain.work import ReadOptions


def make(share: CpuShare) -> ScriptedEngine:
    """The factory of the entry point."""
    del share
    return ScriptedEngine()


class ScriptedEngine:
    """A `PageRecognizer`; its Markdown is the words of the page.

    Commands: `note WORD` adds a word (or `pid`, its own) to the file `notes`, `wait FILE` waits until there is one,
    `take FILE` waits for one, too, and removes it, so that it lets one page go on, unless there is a file `gate`,
    `last SECONDS` takes so long, `die` ends the worker.
    Files lie in the folder in which the server runs.
    """

    def warm_up(self) -> None:
        """There is nothing to load."""

    def recognize(self, page: Page, options: ReadOptions, figures_dir: Path) -> RecognizedPage:
        """Obey, and answer with what was written there."""
        del figures_dir
        words = [word.text for word in page.words]
        for verb, word in zip(words, [*words[1:], ""], strict=True):
            self._obey(verb, word)
        block = Block(kind=BlockKind.TEXT, box=BBox(0, 0, 10, 10), text=" ".join(words))
        return RecognizedPage(
            index=page.index, size=page.size, dpi=options.dpi, blocks=(block,), source=TextSource.TEXT_LAYER
        )

    def close(self) -> None:
        """There is nothing to release."""

    def _obey(self, verb: str, word: str) -> None:
        if verb == "note":
            with Path("notes").open("a") as file:
                file.write(f"{os.getpid() if word == 'pid' else word}\n")
        elif verb == "wait":
            while not Path(word).exists():
                threading.Event().wait(0.005)
        elif verb == "take":
            _take(Path(word))
        elif verb == "last":
            threading.Event().wait(float(word))
        elif verb == "die":
            os.kill(os.getpid(), signal.SIGKILL)


def _take(path: Path) -> None:
    while not Path("gate").exists():
        with suppress(FileNotFoundError):
            path.unlink()
            return
        threading.Event().wait(0.005)
