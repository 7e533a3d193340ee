"""Part of the benchmark: what a server makes of scans. Its start, one page alone and among others, one worker and all,
and the memory of workers that have read pages of many kinds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from kept_runs import Row
from live_server import MEGABYTE, NO_LIMIT, SLOTS, Live, body_of, live
from made_documents import photograph_page, scan_page, scanned_document, table_page, text_document
from octavo_server import serving
from pages import cpu
from probe import memory
from throughput import batch

FIRST_ANSWER = 2.0
"""Seconds from the moment that a server says it is ready to the answer for its first scan."""
CORES = 0.75
"""Of all cores that a page alone has at work, one moment with another."""
GAIN = 0.9
"""Of the number of workers: so many times as many pages they read as one."""
MEMORY = 600.0
"""MB that a worker holds at most."""
NOTHING_KEPT = {"RETENTION": "none", **NO_LIMIT}
START, ALONE, TOGETHER, HELD = "start", "one page", "a batch", "memory of a worker"


def measured(scans: Sequence[Path], *, rounds: int, pages: int) -> Iterator[Row]:
    """All of it.

    Args:
        scans: dense ones.
        rounds: of all but memory.
        pages: that are read before memory is looked at.
    """
    yield from started(scans[0], rounds)
    yield from alone(scans, rounds)
    yield from together(scans, rounds)
    yield from held(scans, pages)


def started(scan: Path, rounds: int) -> Iterator[Row]:
    """Seconds until a server is ready, and then until its first scan is answered; workers still start meanwhile."""
    found = [_started(body_of(scan.read_bytes())) for _ in range(rounds)]
    ready, computed, first = (statistics.median(column) for column in zip(*found, strict=True))
    yield Row(category=START, metric="seconds until it is ready", value=ready, documents=rounds)
    yield Row(category=START, metric="CPU seconds until it is ready", value=computed, documents=rounds)
    told = {"value": first, "bar": FIRST_ANSWER, "demand": "<=", "documents": rounds}
    yield Row(category=START, metric="seconds to the first answer, a dense scan", **told)


def _started(body: bytes) -> tuple[float, float, float]:
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="start-") as folder,
        serving(Path(folder), ENGINES__MODEL="octavo-1", **NOTHING_KEPT) as server,
    ):
        ready, computed = time.monotonic(), cpu(server.process.pid)
        Live(server).ask(body).raise_for_status()
        answered = time.monotonic()
        server.stop()
    return ready - began, computed, answered - ready


def alone(scans: Sequence[Path], rounds: int) -> Iterator[Row]:
    """One page on a server without other work, and the same pages while as many are read as there are workers."""
    bodies = [body_of(scan.read_bytes()) for scan in scans]
    with live(**NOTHING_KEPT) as server:
        server.ask(bodies[0])
        before = cpu(server.pid)
        single = [_timed(server, body) for body in bodies * rounds]
        computed = cpu(server.pid) - before
        with ThreadPoolExecutor(SLOTS) as callers:
            busy = list(callers.map(partial(_timed, server), bodies * rounds * SLOTS))
    cores = computed / sum(single)
    yield Row(category=ALONE, metric="seconds, alone", value=statistics.median(single), documents=len(single))
    yield Row(category=ALONE, metric="seconds, all workers busy", value=statistics.median(busy), documents=len(busy))
    yield Row(category=ALONE, metric="cores at work, alone", value=cores, bar=CORES * SLOTS, documents=len(single))


def _timed(server: Live, body: bytes) -> float:
    began = time.monotonic()
    server.ask(body).raise_for_status()
    return time.monotonic() - began


def together(scans: Sequence[Path], rounds: int) -> Iterator[Row]:
    """A batch read by one worker and by all, each page by one thread; speeds are medians, their ratio is, too."""
    # What a file has behind its picture makes it another document: of the same one, one reading serves all.
    images = [scan.read_bytes() + bytes(1 + turn) for turn in range(2 * SLOTS) for scan in scans]
    rates: dict[int, list[float]] = {1: [], SLOTS: []}
    for _ in range(rounds):
        for workers, found in rates.items():
            found.append(len(images) / batch(images, 1, workers))
    for workers, found in rates.items():
        metric = f"pages/s, {workers} worker{'s' * (workers > 1)}"
        yield Row(category=TOGETHER, metric=metric, value=statistics.median(found), documents=len(images))
    ratio = statistics.median(many / one for one, many in zip(rates[1], rates[SLOTS], strict=True))
    bar = GAIN * SLOTS if SLOTS > 1 else None
    yield Row(category=TOGETHER, metric=f"{SLOTS} workers over one", value=ratio, bar=bar, documents=len(images))


def held(scans: Sequence[Path], pages: int) -> Iterator[Row]:
    """Memory of the worker that holds most, after pages of many kinds, asked for by as many callers as are read."""
    with live(**NOTHING_KEPT) as server:
        rest = max(map(resident, server.workers))
        with ThreadPoolExecutor(SLOTS) as callers:
            for answer in callers.map(lambda number: server.ask(_mixed(scans, number)), range(pages)):
                answer.raise_for_status()
        server.settle()
        workers = server.workers
        most, after = max(map(peak, workers)), max(map(resident, workers))
        shared = max(memory(pid).get("Pss", 0) / MEGABYTE for pid in workers)
    yield Row(category=HELD, metric="MB at rest, new", value=rest, documents=pages)
    yield Row(category=HELD, metric="MB at most", value=most, bar=MEMORY, demand="<=", documents=pages)
    yield Row(category=HELD, metric="MB afterwards", value=after, bar=MEMORY, demand="<=", documents=pages)
    yield Row(category=HELD, metric="MB afterwards, its share of what is shared", value=shared, documents=pages)


def _mixed(scans: Sequence[Path], number: int) -> bytes:
    """One document of six kinds; three in six are dense scans."""
    kinds: tuple[Callable[[], bytes], ...] = (
        scans[number // 2 % len(scans)].read_bytes,
        lambda: text_document(1, f"mixed {number}", figures=1, tables=1),
        scans[number // 2 % len(scans)].read_bytes,
        lambda: table_page(f"mixed {number}"),
        lambda: photograph_page(scans[number % len(scans)], f"mixed {number}"),
        lambda: scanned_document(1, f"mixed {number}") if number % 12 < 6 else scan_page(f"mixed {number}"),
    )
    return body_of(kinds[number % len(kinds)](), include_image_base64=True)


def resident(pid: int) -> float:
    """MB that a process holds."""
    return memory(pid).get("Rss", 0) / MEGABYTE


def peak(pid: int) -> float:
    """MB that a process held at most."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / MEGABYTE
