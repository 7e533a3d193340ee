"""Parts of the benchmark that try a server for long or treat it badly: all kinds of requests, kills, hostile files."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import hostile as files
from findings import Finding, exactly, most, told
from interruptions import sent
from live_server import FIRST, MEGABYTE, NO_LIMIT, Live, body_of, children, live
from made_documents import scanned_document, small_image, text_document
from watch import open_files, rss, watching

SERVER_GROWTH = 10.0
WORKER_GROWTH = 0.2
FILE_GROWTH = 5


def steady(*, quick: bool) -> Iterator[Finding]:
    """Memory and open files after few and after many requests of all kinds."""
    few, many = (20, 200) if quick else (50, 2000)
    with live() as server:
        statuses = _asked(server, range(few))
        sooner = _held(server)
        statuses += _asked(server, range(few, many // 2))
        halfway = _held(server)
        statuses += _asked(server, range(many // 2, many))
        later = _held(server)
        replaced = server.numbers()['octavo_workers_replaced_total{reason="died"}']
    way = f"after {few}, {many // 2} and {many} requests"
    for name, growth in (
        ("server", SERVER_GROWTH),
        ("workers", WORKER_GROWTH * sooner["workers"]),
        ("files", FILE_GROWTH),
    ):
        numbers = ", ".join(f"{held[name]:.0f}" for held in (sooner, halfway, later))
        unit = "open files of all processes" if name == "files" else f"RSS of the {name}, MB"
        yield told("steady", f"{unit} {way}", numbers)
        yield most("steady", f"{unit}: growth", later[name] - sooner[name], growth)
    yield told("steady", "answers", ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())))
    yield exactly("steady", "workers that died", replaced, 0)


def _held(server: Live) -> dict[str, float]:
    """Megabytes and open files, once nothing is read any more."""
    server.settle()
    workers = server.workers
    return {
        "server": rss(server.pid) / MEGABYTE,
        "workers": sum(map(rss, workers)) / MEGABYTE,
        "files": sum(map(open_files, [server.pid, *workers])),
    }


def _asked(server: Live, numbers: range) -> Counter[str]:
    with ThreadPoolExecutor(4) as threads:
        return Counter(threads.map(lambda number: _mixed(server, number), numbers))


def _mixed(server: Live, number: int) -> str:
    """One of ten requests: half of them good, some wrong, some from clients that leave."""
    match number % 10:
        case 0 | 1 | 2:
            body = body_of(text_document.__wrapped__(1, f"steady {number}"), include_image_base64=True)
        case 3 | 4:
            body = body_of(small_image(f"steady {number}"))
        case 5:
            body = body_of(b"%PDF-1.7\n" + os.urandom(5000))
        case 6:
            body = b'{"document": {"document_url": "data:;base64,?'
        case 7:
            body = body_of(scanned_document.__wrapped__(1, f"steady {number}"), model="gpt-9")
        case _:
            whole = body_of(text_document.__wrapped__(3, f"left {number}"))
            return _left(server, whole if number % 2 else whole[:1000], len(whole), number % 7 / 20)
    return str(server.ask(body).status_code)


def _left(server: Live, begun: bytes, length: int, after: float) -> str:
    """A client that hangs up, with its request sent or half sent."""
    with sent(server, begun, length):
        time.sleep(after)
    return "left"


def kills(*, quick: bool) -> Iterator[Finding]:
    """Workers are killed while ten callers read."""
    count, pages, pause = (3, 4, 2.0) if quick else (10, 12, 3.0)
    bodies = [body_of(scanned_document(pages, f"caller {number}")) for number in range(count)]
    seen: set[int] = set()
    with live(**NO_LIMIT) as server, ThreadPoolExecutor(count) as threads:
        reading = [threads.submit(server.ask, body) for body in bodies]
        killed, chance = 0, random.Random(1)
        while not all(one.done() for one in reading):
            time.sleep(chance.uniform(0.5, 1.5) * pause)
            seen |= set(children(server.pid))
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(server.workers), signal.SIGKILL)
                killed += 1
        answers = [one.result() for one in reading]
        server.settle()
        seen |= set(children(server.pid))
        well = server.ask(body_of(small_image("afterwards"))).status_code
        died = server.numbers()['octavo_workers_replaced_total{reason="died"}']
        server.end()
    found = [page for answer in answers if answer.is_success for page in answer.json()["pages"]]
    failed = sum(bool((page.get("octavo") or {}).get("error_code")) for page in found)
    read = sum("thanks" in page["markdown"] for page in found)
    yield told("kills", f"workers killed while {count} callers read {pages} pages each", f"{killed}, {died:.0f} warm")
    yield exactly("kills", "answers with 200", sum(answer.is_success for answer in answers), count)
    yield exactly("kills", f"pages read ({read}) or said to have failed ({failed})", read + failed, count * pages)
    yield exactly("kills", "status of a request afterwards", well, 200)
    yield exactly("kills", "processes left behind", sum(Path(f"/proc/{pid}").exists() for pid in seen), 0)


def hostile(folder: Path) -> Callable[..., Iterator[Finding]]:
    """The part that sends every file of a folder."""

    def part(*, quick: bool) -> Iterator[Finding]:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())[: 10 if quick else None]
        if not paths:
            raise FileNotFoundError(f"There are no files in {folder}.")
        with live(RETENTION="none") as server:
            asked = files.Server(server.url, FIRST, timeout=300)
            with watching(server) as seen:
                trials = [files.attempt(asked, path) for path in paths]
        worst = max(trials, key=lambda trial: trial.seconds)
        outcomes = Counter(trial.outcome for trial in trials).most_common()
        for trial in trials:
            if not (trial.clean and trial.alive):
                yield exactly("hostile", f"{trial.name}: {trial.outcome}, clean and server well", 0, 1)
        yield exactly(
            "hostile", f"files of {len(trials)} with a clean answer", sum(one.clean for one in trials), len(trials)
        )
        yield exactly("hostile", "times that the server was unwell", sum(not one.alive for one in trials), 0)
        yield told("hostile", f"slowest, s ({worst.name[:40]})", worst.seconds)
        for outcome, count in outcomes:
            yield told("hostile", f"answers: {outcome}", count)
        yield seen.health("hostile")
        yield told("hostile", "peak PSS of all processes, MB", seen.peak / MEGABYTE)

    return part
