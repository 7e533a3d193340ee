"""Where the CPU time of a page goes, stage by stage, in the pipeline alone: many short looks at what it is doing.

Each look counts for the CPU time since the last one, and for the innermost part of Octavo that belongs to a stage; so
what is done in C counts for the stage that asked for it. Needs a system with interval timers (no Windows).
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

import octavo

SOURCE = Path(octavo.__file__).parent
EACH = 0.001
"""Seconds between looks."""
REST, WAITING, IN_ALL = "the rest", "threads of models", "in all"

STAGES = {
    "documents/pdf": "PDF opened; rules, drawings, forms",
    "documents/pdf/text.py": "words of the text layer",
    "documents/pdf/characters.py": "words of the text layer",
    "documents/pdf/styles.py": "words of the text layer",
    "documents/pdf/accents.py": "words of the text layer",
    "documents/pdf/glyphs.py": "glyphs for formulas",
    "documents/pdf/sketch.py": "page in small, with and without text",
    "documents/pdf/sheets.py": "pixels of the page",
    "documents/images": "pixels of the page",
    "pipeline/text_layer.py": "text layer against ink",
    "pipeline/sampling.py": "text layer against ink",
    "pipeline/composite.py": "text layer against ink",
    "pipeline/unread.py": "text layer against ink",
    "structure/sketch": "text layer against ink",
    "structure/text/plausibility.py": "text layer against ink",
    "engines/crew.py": WAITING,
    "engines": "models: orientation, layout",
    "engines/text_detection.py": "models: lines found",
    "engines/text_lines.py": "models: lines read",
    "engines/text_recognition.py": "models: lines read",
    "engines/text_words.py": "models: lines read",
    "engines/table_cells.py": "models: tables",
    "engines/table_structure.py": "models: tables",
    "structure/equations": "formulas",
    "structure/tables": "tables",
    "pipeline/seen.py": "tables",
    "structure": "lines, columns, paragraphs, kinds",
    "pipeline/figures.py": "pictures as JPEG",
    "pipeline/document.py": "all pages together",
    "structure/blocks/breaks.py": "all pages together",
    "structure/order/furniture.py": "all pages together",
    "structure/blocks/headings.py": "all pages together",
    "rendering": "Markdown",
    "domain/portable.py": "page to bytes and back",
}
"""Files and folders of `src/octavo`, and the stage that they are; the closest name counts."""
ORDER = [*dict.fromkeys(STAGES.values()), REST, IN_ALL]


def milliseconds(read: Callable[[], int], rounds: int) -> dict[str, float]:
    """CPU time a page, by stage and in all, in the order of `ORDER`.

    Args:
        read: reads documents in this thread; how many pages there were.
        rounds: how often; one more goes before and does not count.
    """
    read()
    with looking() as seen:
        pages = sum(read() for _ in range(rounds))
    seen[IN_ALL] = sum(seen.values())
    return {stage: 1000 * seen[stage] / pages for stage in ORDER if seen[stage]}


@contextmanager
def looking() -> Iterator[Counter[str]]:
    """Seconds of CPU time by stage, of what the main thread does meanwhile, or has others do."""
    seen: Counter[str] = Counter()
    last = time.process_time()

    def look(_number: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.process_time()
        seen[stage_now(frame)] += now - last
        last = now

    former = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, EACH, EACH)
    try:
        yield seen
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def stage_now(frame: FrameType | None) -> str:
    """The stage that the main thread is at; where it waits for other threads, that of one of these."""
    if (stage := stage_of(frame)) != WAITING:
        return stage
    others = {ident: each for ident, each in sys._current_frames().items() if ident != threading.get_ident()}  # noqa: SLF001
    return next((stage for stage in map(stage_of, others.values()) if stage not in (REST, WAITING)), WAITING)


def stage_of(frame: FrameType | None) -> str:
    """The stage that a call belongs to: of the innermost caller that has one."""
    while frame is not None:
        if stage := stage_of_file(frame.f_code.co_filename):
            return stage
        frame = frame.f_back
    return REST


@cache
def stage_of_file(name: str) -> str:
    """The stage that a source file belongs to; empty if none."""
    path = Path(name)
    if not path.is_relative_to(SOURCE):
        return ""
    inside = path.relative_to(SOURCE)
    return next((STAGES[part.as_posix()] for part in (inside, *inside.parents) if part.as_posix() in STAGES), "")
