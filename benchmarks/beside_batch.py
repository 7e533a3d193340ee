"""A small request while a batch keeps all workers busy: it may wait for one page, and not for the batch.

    python benchmarks/beside_batch.py
    python benchmarks/beside_batch.py --asks 5

One server with the engine that ships. The table is Markdown; the exit code is 1 when the bar is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator

import findings
import httpx
from findings import Finding, most, told
from live_server import FIRST, NO_LIMIT, PATIENCE, Live, live
from made_documents import scan_page, small_image
from throughput import body_of

LINES = 60


def main() -> int:
    """Parse the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asks", type=int, default=15)
    asks = parser.parse_args().asks
    with live(RETENTION="none", **NO_LIMIT) as server:
        headers = {"Authorization": f"Bearer {FIRST}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE, trust_env=False) as client:
            rows = list(measured(server, client, asks))
    print(findings.head())
    print("\n".join(row.row for row in rows))
    return 0 if all(row.met for row in rows) else 1


def measured(server: Live, client: httpx.Client, asks: int) -> Iterator[Finding]:
    """Alone, then beside a batch."""
    alone = [ask(client, f"alone {number}") for number in range(asks)]
    yield told("alone", "a small request, s, median", statistics.median(alone))
    lines = [{"custom_id": str(n), "body": body_of(scan_page(f"page {n}"))} for n in range(LINES)]
    job = client.post("/v1/batch/jobs", content=json.dumps({"endpoint": "/v1/ocr", "requests": lines})).json()
    before = server.numbers()
    time.sleep(5)
    beside = [ask(client, f"beside {number}") for number in range(asks)]
    after, running = server.numbers(), client.get(f"/v1/batch/jobs/{job['id']}").json()
    assert running["status"] == "RUNNING", "the batch was over too soon"
    page = mean("read", before, after, fewer=(asks, sum(alone)))
    yield told("batch", "a page of it, s, mean", page)
    yield most("beside", "a small request, s, median", statistics.median(beside), statistics.median(alone) + page)
    yield told("beside", "a small request, s, slowest", max(beside))
    client.post(f"/v1/batch/jobs/{job['id']}/cancel")


def ask(client: httpx.Client, name: str) -> float:
    """Seconds that it takes."""
    begun = time.monotonic()
    client.post("/v1/ocr", json=body_of(small_image(name))).raise_for_status()
    return time.monotonic() - begun


def mean(stage: str, before: dict[str, float], after: dict[str, float], fewer: tuple[int, float]) -> float:
    """Seconds of the batch's pages in a stage: of all pages, without the small requests between them."""
    names = [f'octavo_stage_seconds_{what}{{stage="{stage}"}}' for what in ("sum", "count")]
    seconds, pages = (after[name] - before[name] for name in names)
    return max(0.0, seconds - fewer[1]) / max(1, pages - fewer[0])


if __name__ == "__main__":
    sys.exit(main())
