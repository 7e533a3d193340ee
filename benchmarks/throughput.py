"""The same images one by one, by eight callers, as a batch, and by the bare pipeline: what a server costs and gains.

    python benchmarks/throughput.py                  # 100 images, three rounds: about half an hour on two cores
    python benchmarks/throughput.py --images 20 --rounds 1
    python benchmarks/throughput.py --ways bare batch
    python benchmarks/throughput.py --threads 1      # one thread a page, so that a page alone uses one core

Each way starts `octavo serve` (or the workers alone) with the engine that ships and an empty data folder, and keeps no
finished pages. The ways take turns within a round; ratios are medians of those of the rounds. The table is Markdown;
the exit code is 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import findings
import httpx
from findings import Finding, told
from live_server import FIRST, PATIENCE, SLOTS, Live, live
from made_documents import scan_page

from octavo.bootstrap import build_executor
from octavo.documents.spooling.spool import spool_bytes
from octavo.domain.ports import Executor
from octavo.domain.work import PageTask, ReadOptions
from octavo.settings import Settings

CALLERS = 8
NOTHING_KEPT = {"RETENTION": "none"}
BARS = {"batch / bare": 0.95, "batch / loop": 1.0}
BAR_OF_ONE_THREAD = 1.8
"""A batch against the loop, where a page may use one core of two."""


def main() -> int:
    """Parse the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="CPUs that one page may use; 0 is all")
    parser.add_argument("--ways", nargs="+", metavar="WAY", help="only these: bare, loop, callers, batch")
    options = parser.parse_args()
    images = [scan_page(f"page {number}") for number in range(options.images)]
    ways: dict[str, Callable[[list[bytes], int], float]] = {
        "bare": bare,
        "loop": loop,
        "callers": callers,
        "batch": batch,
    }
    ways = {name: ways[name] for name in options.ways or ways}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(options.rounds):
        for name, way in ways.items():
            rates[name].append(len(images) / way(images, options.threads))
            print(f"round {number + 1}: {name} {rates[name][-1]:.2f} images/s", file=sys.stderr)
    rows = list(table(rates, options.threads))
    print(findings.head())
    print("\n".join(row.row for row in rows))
    return 0 if all(row.met for row in rows) else 1


def table(rates: dict[str, list[float]], threads: int) -> Iterator[Finding]:
    """Medians of speeds, and of ratios within a round."""
    for name, found in rates.items():
        yield told(name, f"images/s, median of {len(found)}", statistics.median(found))
    bars = BARS | ({"batch / loop": BAR_OF_ONE_THREAD} if threads == 1 else {})
    for pair in (*bars, "callers / loop", "callers / bare"):
        one, other = pair.split(" / ")
        if not {one, other} <= rates.keys():
            continue
        ratio = statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))
        bar = bars.get(pair)
        shown = "" if bar is None else f">= {bar:g}"
        yield Finding("ratio", pair, f"{ratio:.3f}", shown, bar is None or ratio >= bar)


def bare(images: list[bytes], threads: int) -> float:
    """Seconds that the workers take, asked for one page after the other as soon as they are free."""
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        settings = Settings(data_dir=Path(folder), executor={"threads": threads})
        return asyncio.run(_bare(build_executor(settings, Path(folder)), images, Path(folder)))


async def _bare(executor: Executor, images: list[bytes], folder: Path) -> float:
    documents = [spool_bytes(image, folder, name="image", max_bytes=10**9) for image in images]
    waiting = iter(documents)
    await executor.start()
    while executor.stats().spare < 1:  # noqa: ASYNC110  nothing tells
        await asyncio.sleep(0.1)

    async def work() -> None:
        for document in waiting:
            await executor.inspect(document)
            task = PageTask(path=document.path, index=0, options=ReadOptions(model="octavo-1"), figures_dir=folder)
            await executor.recognize(task)

    begun = time.monotonic()
    await asyncio.gather(*(work() for _ in range(executor.capacity)))
    seconds = time.monotonic() - begun
    await executor.close()
    return seconds


def loop(images: list[bytes], threads: int) -> float:
    """Seconds that one caller takes who asks for one image after the other, over one connection."""
    with serving(threads) as (_, client):
        begun = time.monotonic()
        for image in images:
            client.post("/v1/ocr", json=body_of(image)).raise_for_status()
        return time.monotonic() - begun


def callers(images: list[bytes], threads: int) -> float:
    """Seconds that eight callers take."""
    with serving(threads) as (_, client), ThreadPoolExecutor(CALLERS) as pool:
        begun = time.monotonic()
        for answer in pool.map(lambda image: client.post("/v1/ocr", json=body_of(image)), images):
            answer.raise_for_status()
        return time.monotonic() - begun


def batch(images: list[bytes], threads: int, workers: int = SLOTS) -> float:
    """Seconds from the upload of the lines to the last byte of the output."""
    with serving(threads, workers) as (_, client):
        begun = time.monotonic()
        lines = "\n".join(json.dumps({"custom_id": str(n), "body": body_of(image)}) for n, image in enumerate(images))
        uploaded = client.post("/v1/files", data={"purpose": "batch"}, files={"file": ("batch.jsonl", lines)}).json()
        job = client.post("/v1/batch/jobs", json={"endpoint": "/v1/ocr", "input_files": [uploaded["id"]]}).json()
        while job["status"] in {"QUEUED", "RUNNING"}:
            time.sleep(0.5)
            job = client.get(f"/v1/batch/jobs/{job['id']}").json()
        output = client.get(f"/v1/files/{job['output_file']}/content").text
        seconds = time.monotonic() - begun
        assert job["status"] == "SUCCESS"
        assert len(output.splitlines()) == len(images)
        return seconds


@contextmanager
def serving(threads: int, workers: int = SLOTS) -> Iterator[tuple[Live, httpx.Client]]:
    """A server that keeps nothing, and a client of it."""
    with live(EXECUTOR__THREADS=str(threads), EXECUTOR__WORKERS=str(workers), **NOTHING_KEPT) as server:
        headers = {"Authorization": f"Bearer {FIRST}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE, trust_env=False) as client:
            yield server, client


def body_of(image: bytes) -> dict[str, object]:
    """The request of the cookbook."""
    uri = "data:image/jpeg;base64," + base64.b64encode(image).decode()
    return {"document": {"type": "image_url", "image_url": uri}, "include_image_base64": True}


if __name__ == "__main__":
    sys.exit(main())
