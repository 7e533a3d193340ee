"""Milliseconds a page of digital PDFs, nothing kept, one caller: through the API, in the bare pipeline, and by peers.

    python benchmarks/pages.py
    python benchmarks/pages.py --pages 12 --rounds 3
    python benchmarks/pages.py --peers .venvs/peers/bin/python   # made by `sh scripts/client-envs peers`

The documents are made: pages of about 2 000 characters in one PDF, the same with a picture each, and PDFs of one page,
each its own request. The server has one core (where the system lets a process choose) and one worker; whoever asks
uses another. Ways take turns within a round; numbers are medians of the rounds, and in a round the median of the
documents. The table is Markdown; the exit code is 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import findings
import httpx
from findings import Finding, most, told
from live_server import HERE, PATIENCE, Live, body_of, children, eventually
from made_documents import text_document
from octavo_server import serving

from octavo.bootstrap import build_pipeline
from octavo.domain.document import SpooledDocument
from octavo.domain.portable import from_bytes, to_bytes
from octavo.domain.ports import Pipeline
from octavo.domain.result import RecognizedPage
from octavo.domain.work import AnswerOptions, PageTask, ReadOptions
from octavo.executors.share import Allowance
from octavo.pipeline.document import assemble

BARS = {"text": 20.0, "figures": 60.0, "one page": 30.0, "opendataloader-bench": 30.0}
"""Milliseconds a page, by kind of document; the last is a collection of one-page PDFs (`bench.py`)."""
BOTH = 2
"""Workers: the one that reads, and the spare."""
WARM = 3
"""Rounds that do not count; fewer where there are few."""
ONE_CORE = {"EXECUTOR__WORKERS": "1", "EXECUTOR__THREADS": "1", "RETENTION": "none", "ENGINES__MODEL": "octavo-1"}

IN_ALL, COMPUTED = "in all", "of CPU time"
Timed = Callable[[list[Path]], dict[str, float]]
"""Reads documents; milliseconds a page, by what was measured."""


@dataclass(frozen=True)
class Timing:
    """The median of some rounds.

    Attributes:
        kind: of the documents.
        way: in which they were read: `api`, `bare` or a peer.
        what: was measured: `IN_ALL` or `COMPUTED`.
        documents: how many.
        value: milliseconds a page.
    """

    kind: str
    way: str
    what: str
    documents: int
    value: float

    @property
    def bar(self) -> float | None:
        """Milliseconds that it may be, where something is demanded: of the time that a caller waits."""
        return BARS.get(self.kind) if (self.way, self.what) == ("api", IN_ALL) else None

    @property
    def row(self) -> Finding:
        """As a row of the table."""
        label = f"{self.way}: ms {self.what} a page"
        return told(self.kind, label, self.value) if self.bar is None else most(self.kind, label, self.value, self.bar)


def main() -> int:
    """Parse the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has some of the peers installed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        documents = made(Path(name), options.pages)
        rows = [timing.row for timing in measured(Path(name), documents, options.rounds, options.peers)]
    print(findings.head())
    print("\n".join(row.row for row in rows))
    return 0 if all(row.met for row in rows) else 1


def measured(folder: Path, documents: dict[str, list[Path]], rounds: int, peers: str | None) -> Iterator[Timing]:
    """All documents, given by kind, in all ways."""
    warm = max(1, min(WARM, rounds - 1))
    with served(folder) as (client, pid):
        ways: dict[str, Timed] = {"api": partial(api, client, pid), "bare": partial(bare, pipeline(), folder)}
        ways |= {name: partial(peer, peers, name) for name in (installed(peers) if peers else ())}
        for kind, files in documents.items():
            found: dict[tuple[str, str], list[float]] = {}
            for number in range(warm + rounds):
                for way, read in ways.items():
                    for what, value in read(files).items():
                        found.setdefault((way, what), []).extend([value] if number >= warm else [])
            yield from (Timing(kind, *name, len(files), statistics.median(each)) for name, each in found.items())


def made(folder: Path, pages: int) -> dict[str, list[Path]]:
    """Documents by kind, as files."""
    kinds = {
        "text": [text_document(pages, "text", figures=0, tables=0)],
        "figures": [text_document(pages, "figures", figures=1, tables=0)],
        "one page": [text_document(1, f"card {number}", figures=0, tables=0) for number in range(pages)],
    }
    files: dict[str, list[Path]] = {}
    for kind, documents in kinds.items():
        for number, document in enumerate(documents):
            files.setdefault(kind, []).append(folder / f"{kind} {number}.pdf")
            files[kind][-1].write_bytes(document)
    return files


@contextmanager
def served(folder: Path) -> Iterator[tuple[httpx.Client, int]]:
    """A client of a warm server with one core, and the server's process id."""
    with on_one_core():
        server = serving(folder, **ONE_CORE)
        running = server.__enter__()
    try:
        with httpx.Client(base_url=running.url, timeout=PATIENCE, trust_env=False) as client:
            eventually(lambda: Live(running).numbers()["octavo_workers"] == BOTH)
            yield client, running.process.pid
        running.stop()
    finally:
        server.__exit__(None, None, None)


@contextmanager
def on_one_core() -> Iterator[None]:
    """What is started meanwhile has one core for all its processes, if the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def api(client: httpx.Client, pid: int, files: list[Path]) -> dict[str, float]:
    """Through the server: seconds that a caller waits, and what all processes of the server compute."""
    bodies = [body_of(file.read_bytes(), include_image_base64=True) for file in files]
    waited, pages, before = [], 0, cpu(pid)
    for body in bodies:
        began = time.monotonic()
        answer = client.post("/v1/ocr", content=body).raise_for_status()
        seconds, count = time.monotonic() - began, len(answer.json()["pages"])
        waited.append(seconds / count)
        pages += count
    return {IN_ALL: 1000 * statistics.median(waited), COMPUTED: 1000 * (cpu(pid) - before) / pages}


def cpu(pid: int) -> float:
    """Seconds that a process and its children, ended ones as well, have computed, where the system tells; else nan."""
    ticks = 0
    for each in [pid, *children(pid)]:
        with suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else float("nan")


def pipeline() -> Pipeline:
    """What a worker works with; models wait until a page needs them."""
    return build_pipeline(model="octavo-1", max_pixels=10**9, eager=False, share=Allowance(1))


def bare(pipeline: Pipeline, folder: Path, files: list[Path]) -> dict[str, float]:
    """The pipeline in this process: pages read, packed and put together, without a server around it."""
    waited, pages, computed = [], 0, time.process_time()
    for file in files:
        began = time.monotonic()
        count = read_bare(pipeline, folder, file)
        waited.append((time.monotonic() - began) / count)
        pages += count
    computed = time.process_time() - computed
    return {IN_ALL: 1000 * statistics.median(waited), COMPUTED: 1000 * computed / pages}


def read_bare(pipeline: Pipeline, folder: Path, file: Path) -> int:
    """Read one document to its end; how many pages it has."""
    document = SpooledDocument(path=file, name=file.name, size=file.stat().st_size, sha256="")
    count = pipeline.inspect(document, None).page_count
    tasks = (PageTask(path=file, index=index, options=READING, figures_dir=folder) for index in range(count))
    read = [from_bytes(to_bytes(pipeline.recognize(task)), RecognizedPage) for task in tasks]
    return len(list(assemble([partial(_itself, page) for page in read], AnswerOptions(), "", 0).pages))


READING = ReadOptions(model="octavo-1")


def _itself(page: RecognizedPage) -> RecognizedPage:
    return page


def installed(python: str) -> list[str]:
    """The peers that an interpreter has."""
    return json.loads(_peers(python, "installed"))


def peer(python: str, name: str, files: list[Path]) -> dict[str, float]:
    """A peer in a process of its own; loading it does not count, nor does a first reading."""
    return {IN_ALL: statistics.median(json.loads(_peers(python, name, *map(str, files))))}


def _peers(python: str, *arguments: str) -> str:
    command = [python, str(HERE / "peers.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
