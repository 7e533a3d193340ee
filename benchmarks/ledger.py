"""A job of very many lines on a real server with the fake engine: what the ledger takes, and how quick it stays.

    python benchmarks/ledger.py                    # 100 000 lines: about half an hour on two cores
    python benchmarks/ledger.py --lines 1000000
    python benchmarks/ledger.py --jobs 100000      # and so many small jobs in the list before
    python benchmarks/ledger.py --lines 2000 --jobs 100

Every line names the same tiny image, so that hardly anything is read. Needs Linux. The table is Markdown.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import findings
import httpx
from findings import Finding, most, told
from live_server import MEGABYTE, PATIENCE
from octavo_server import Server, serving
from PIL import Image

GROWTH = 64.0
"""Megabytes that the server may grow by while a job runs, however many lines it has."""
QUICK = 0.25
"""Seconds that a look at a job, or at a page of the list, may take in the median."""


def main() -> int:
    """Parse the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=0, help="small jobs that are made first")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="ledger-") as folder,
        serving(Path(folder)) as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as client,
    ):
        rows = list(measured(server, client, options.lines, options.jobs))
    print(findings.head())
    print("\n".join(row.row for row in rows))
    return 0 if all(row.met for row in rows) else 1


def measured(server: Server, client: httpx.Client, lines: int, jobs: int) -> Iterator[Finding]:
    """Everything."""
    if jobs:
        yield told("jobs", f"made a second, {jobs} of one line", jobs / made_jobs(client, jobs))
        yield most("jobs", "page of 100 of the list, s", median_of(lambda: client.get("/v1/batch/jobs")), QUICK)
        last = {"page": str((jobs - 1) // 100)}
        yield told("jobs", "the last page, s", median_of(lambda: client.get("/v1/batch/jobs", params=last)))
    begun = time.monotonic()
    uploaded = upload(client, lines)
    yield told("upload", f"MB/s of {uploaded['bytes'] / MEGABYTE:.0f} MB", uploaded["bytes"] / MEGABYTE / since(begun))
    before, begun = memory_of(server), time.monotonic()
    body = {"endpoint": "/v1/ocr", "input_files": [uploaded["id"]], "metadata": {"kind": "large"}}
    job = client.post("/v1/batch/jobs", json=body).json()
    yield most("job", "until it is made, s", since(begun), 1.0)
    yield Finding("job", "lines in the very first answer", str(job["total_requests"]), str(lines), True)
    polls, lists, peak = [], [], 0.0
    while job["status"] in {"QUEUED", "RUNNING"}:
        time.sleep(1)
        polls.append(timed(partial(client.get, f"/v1/batch/jobs/{job['id']}")))
        lists.append(timed(lambda: client.get("/v1/batch/jobs", params={"kind": "large"})))
        job, peak = client.get(f"/v1/batch/jobs/{job['id']}").json(), max(peak, memory_of(server))
        print(f"\r{job['completed_requests']} of {lines}", end="", file=sys.stderr)
    seconds = since(begun)
    assert (job["status"], job["succeeded_requests"]) == ("SUCCESS", lines), job
    yield told("job", "lines a second, from its making to its end", lines / seconds)
    yield most("job", "memory that the server grew by, MB", peak - before, GROWTH)
    yield told("job", "memory of the server at its peak, MB", peak)
    yield most("job", "a look at it, s, median", statistics.median(polls), QUICK)
    yield told("job", "a look at it, s, slowest", max(polls))
    yield most("job", "the list by metadata, s, median", statistics.median(lists), QUICK)
    yield from downloaded(client, job["output_file"], lines)


def downloaded(client: httpx.Client, file_id: str, lines: int) -> Iterator[Finding]:
    """The output, line by line, as it comes."""
    begun, names = time.monotonic(), 0
    with client.stream("GET", f"/v1/files/{file_id}/content") as answer:
        for number, line in enumerate(answer.iter_lines()):
            assert json.loads(line)["custom_id"] == str(number)
            names += 1
    yield Finding("output", "lines, in the order of the input", str(names), f"= {lines}", names == lines)
    yield told("output", "s to download", since(begun))


def made_jobs(client: httpx.Client, number: int) -> float:
    """Seconds that it takes to make small jobs."""
    body = {"endpoint": "/v1/ocr", "requests": [{"custom_id": "0", "body": {"document": tiny()}}]}
    begun = time.monotonic()
    for _ in range(number):
        client.post("/v1/batch/jobs", json=body).raise_for_status()
    seconds = since(begun)
    while client.get("/v1/batch/jobs", params={"status": ["QUEUED", "RUNNING"]}).json()["total"]:
        time.sleep(1)
    return seconds


def upload(client: httpx.Client, lines: int) -> dict[str, Any]:
    """The file of the input."""
    document = json.dumps(tiny()).encode()
    with tempfile.TemporaryFile() as file:
        for number in range(lines):
            file.write(b'{"custom_id":"%d","body":{"document":%b}}\n' % (number, document))
        file.seek(0)
        return client.post("/v1/files", data={"purpose": "batch"}, files={"file": ("a.jsonl", file)}).json()


def tiny() -> dict[str, str]:
    """An image of four pixels."""
    file = io.BytesIO()
    Image.new("1", (2, 2)).save(file, "PNG")
    return {"type": "image_url", "image_url": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()}


def memory_of(server: Server) -> float:
    """Resident megabytes of the process that listens."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def median_of(ask: Callable[[], httpx.Response]) -> float:
    """Seconds, of seven."""
    return statistics.median(timed(ask) for _ in range(7))


def timed(ask: Callable[[], httpx.Response]) -> float:
    begun = time.monotonic()
    ask().raise_for_status()
    return since(begun)


def since(begun: float) -> float:
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
