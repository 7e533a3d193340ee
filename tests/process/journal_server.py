"""`octavo serve` that writes down which lines of batch jobs it begins and answers; it works as it always does.

journal_server.py JOURNAL serve [OPTIONS]
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from octavo.api.batch_lines import LineReader
from octavo.cli.main import run
from octavo.domain.batch import Lease
from octavo.services import batch_work, dispatcher
from octavo.services.outcomes import LineResult


def watch(journal: Path) -> None:
    """Note each line when it is begun and when it is answered: one write each, so that a kill cuts none in two."""
    answer = LineReader.answer
    file = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(event: str, lease: Lease) -> None:
        os.write(file, f"{event} {os.getpid()} {lease.job_id} {lease.number}\n".encode())

    async def watched(self: LineReader, lease: Lease, line: Iterator[bytes], folder: Path) -> LineResult:
        note("begun", lease)
        result = await answer(self, lease, line, folder)
        note("answered", lease)
        return result

    LineReader.answer = watched  # type: ignore[method-assign]


def mend_sleep() -> None:
    """libfaketime breaks Python's `sleep`; workers, which tell no time of day, do without it."""
    if os.environ.pop("LD_PRELOAD", None):
        time.sleep = threading.Event().wait  # type: ignore[assignment]


def hasten(seconds: float) -> None:
    """Give signs of life more often, and be taken for gone sooner."""
    batch_work.HEARTBEAT = seconds
    dispatcher.LASTING = 3 * seconds


if __name__ == "__main__":
    hasten(float(os.environ.pop("HEARTBEAT", "15")))
    mend_sleep()
    watch(Path(sys.argv[1]))
    sys.argv = ["octavo", *sys.argv[2:]]
    run()
