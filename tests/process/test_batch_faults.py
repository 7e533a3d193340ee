"""Batch jobs when disks fill, databases stop, servers end and workers die."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from batch_client import Caller, Job, line
from octavo_server import PATIENCE, eventually
from scripted_batch import SETTINGS, begun, held_up, lines, noted, notes, script, whole
from watched_server import WatchedServer, watched

from octavo.cli.serve import DRAIN
from ports.databases import Postgres, postgres

__all__ = ["postgres"]
IN_HAND = 6
"""Lines that a server with two workers works on at the same time."""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WatchedServer]:
    """With the scripted engine; not started yet."""
    with watched(tmp_path, settings=SETTINGS) as made:
        yield made


def warnings_of(server: WatchedServer) -> list[str]:
    """What it warned of."""
    said = [json.loads(row) for row in server.log.splitlines() if row.startswith("{")]
    return [str(row["message"]) for row in said if row["level"] == "warning"]


def recorded(server: WatchedServer, job: Job) -> set[int]:
    """Numbers of its lines that stand in the ledger."""
    rows = "SELECT number FROM tasks JOIN jobs ON job = seq WHERE id = ? AND result_blob IS NOT NULL"
    with closing(sqlite3.connect(server.data / "octavo.db")) as ledger:
        return {number for (number,) in ledger.execute(rows, [job["id"]])}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[WatchedServer, Path]]:
    """A server whose data folder is a small disk of its own, and the way to it from here."""
    mount = 'mkdir -p "$0" && mount -t tmpfs -o size=12m,mode=700 tmpfs "$0" && exec "$@"'
    try:
        subprocess.run(["unshare", "-rm", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no namespaces here")
    wrapper = ("unshare", "-rm", "sh", "-c", mount, str(tmp_path / "server-data"))
    with watched(tmp_path, settings=SETTINGS, wrapper=wrapper) as made:
        made.start()
        yield made, Path(f"/proc/{made.pid}/root{made.data}")


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def test_a_full_disk_is_told_and_waited_out(small: tuple[WatchedServer, Path], tmp_path: Path) -> None:
    server, disk = small
    caller = Caller(server.url)
    job = held_up(caller, tmp_path)
    filler = fill(disk)
    (tmp_path / "gate").touch()
    assert eventually(lambda: any("space" in said for said in warnings_of(server)))

    refused = caller.ask("POST", "/v1/files", data={"purpose": "ocr"}, files={"file": ("a", bytes(5_000_000))})
    assert refused.status_code == 503
    assert "no space left" in refused.json()["message"]
    assert "Retry-After" in refused.headers
    time.sleep(8)  # in which everything is tried again
    assert caller.job(job["id"])["status"] == "RUNNING"
    said = [one for one in warnings_of(server) if "space" in one]
    assert len(said) == len({one.partition(":")[0] for one in said}) <= 4, said

    filler.unlink()
    whole(caller, caller.over(job["id"]), range(40))
    assert "broke down" not in server.log
    assert len(begun(server, job)) - 40 <= IN_HAND, "what was answered is done again"


def test_a_server_with_a_full_disk_ends_when_it_is_told_to(small: tuple[WatchedServer, Path], tmp_path: Path) -> None:
    server, disk = small
    held_up(Caller(server.url), tmp_path)
    fill(disk)
    (tmp_path / "gate").touch()
    assert eventually(lambda: any("space" in said for said in warnings_of(server)))
    assert server.end() in {-signal.SIGTERM, 128 + signal.SIGTERM}


def test_a_locked_database_is_waited_for(server: WatchedServer, tmp_path: Path) -> None:
    caller = server.start()
    job = held_up(caller, tmp_path)
    with closing(sqlite3.connect(server.data / "octavo.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (tmp_path / "gate").touch()
        assert caller.job(job["id"])["status"] == "RUNNING"
        refused = caller.ask("POST", "/v1/batch/jobs", json={"endpoint": "/v1/ocr", "requests": lines("a", [1])})
        assert refused.status_code == 503, refused.text
        assert "Retry-After" in refused.headers
        other.execute("ROLLBACK")
    whole(caller, caller.over(job["id"]), range(40))
    assert sorted(begun(server, job)) == list(range(1, 41))


def test_a_database_that_stops_and_comes_back_loses_nothing(tmp_path: Path, postgres: Postgres) -> None:
    settings = {**SETTINGS, "DATABASE__URL": postgres.new()}
    with watched(tmp_path, settings=settings) as server:
        caller = server.start()
        files = [caller.upload(_pdf(number), "ocr") for number in range(20)]
        asked = [
            {"custom_id": str(number), "body": {"document": {"type": "file", "file_id": file_id}}}
            for number, file_id in enumerate(files)
        ]
        job = caller.submit([*lines("note a wait gate", range(20, 24)), *asked, *lines("note a", range(24, 60))])
        assert noted(tmp_path, 2)
        postgres.stop()
        try:
            (tmp_path / "gate").touch()
            refused = caller.ask("GET", f"/v1/batch/jobs/{job['id']}")
            assert refused.status_code == 503, refused.text
            assert "Retry-After" in refused.headers
            time.sleep(10)
        finally:
            postgres.start()
        whole(caller, caller.over(job["id"]), range(60))
        assert "broke down" not in server.log
        mine = [number for number in begun(server, job) if not 4 < number <= 24]
        assert sorted(mine) == [1, 2, 3, 4, *range(25, 61)], "what needs no database to be read is read once"


def test_documents_among_the_files_wait_for_the_database_too(tmp_path: Path, postgres: Postgres) -> None:
    settings = {**SETTINGS, "DATABASE__URL": postgres.new()}
    with watched(tmp_path, settings=settings) as server:
        caller = server.start()
        files = [caller.upload(_pdf(number), "ocr") for number in range(30)]
        asked = [
            {"custom_id": str(number), "body": {"document": {"type": "file", "file_id": file_id}}}
            for number, file_id in enumerate(files)
        ]
        job = caller.submit(asked)
        caller.until(job["id"], lambda now: now["completed_requests"] > 0)
        postgres.kill()
        time.sleep(3)
        postgres.start()
        whole(caller, caller.over(job["id"]), range(30))


def test_the_input_may_be_deleted_while_the_job_runs(server: WatchedServer, tmp_path: Path) -> None:
    caller = server.start()
    job = caller.submit(lines("note a wait gate", range(20)))
    assert noted(tmp_path, 2)
    assert caller.ask("DELETE", f"/v1/files/{job['input_files'][0]}").status_code == 200
    (tmp_path / "gate").touch()
    whole(caller, caller.over(job["id"]), range(20))


def test_cancelling_stops_work_and_keeps_what_is_done(server: WatchedServer, tmp_path: Path) -> None:
    caller = server.start()
    job = held_up(caller, tmp_path)
    assert caller.cancel(job["id"])["status"] in {"CANCELLATION_REQUESTED", "CANCELLED"}
    over = caller.until(job["id"], lambda now: now["status"] == "CANCELLED")  # though the pages still run
    before = begun(server, job)
    assert over["completed_requests"] == len(caller.results(over)) == job["completed_requests"]
    (tmp_path / "gate").touch()
    other = caller.submit(lines("note a", range(100, 110)))
    whole(caller, caller.over(other["id"]), range(100, 110))
    assert begun(server, job) == before
    assert caller.job(job["id"]) == over


def test_asked_to_end_it_leaves_the_rest_for_the_next_start(server: WatchedServer, tmp_path: Path) -> None:
    caller = server.start()
    job = held_up(caller, tmp_path)
    done = recorded(server, job)
    since = time.monotonic()
    assert server.end() in {-signal.SIGTERM, 128 + signal.SIGTERM}
    assert time.monotonic() - since < DRAIN, "lines of a batch hold it up"
    (tmp_path / "gate").touch()
    first = begun(server, job)
    caller = server.start()
    whole(caller, caller.over(job["id"]), range(40))
    again = begun(server, job)[len(first) :]
    assert sorted(again) == sorted(set(range(1, 41)) - done)


def test_a_page_that_kills_its_workers_fails_alone(server: WatchedServer, tmp_path: Path) -> None:
    caller = server.start()
    poison = line("poison", script("note x die"))
    job = caller.submit([*lines("note a", range(8)), poison, *lines("note a last 0.05", range(8, 40))])
    job = caller.over(job["id"])
    assert (job["status"], job["succeeded_requests"], job["failed_requests"]) == ("SUCCESS", 40, 1)
    (failed,) = [one for one in caller.results(job) if one["response"]["status_code"] != 200]
    assert failed["custom_id"] == "poison"
    assert "worker" in str(failed["response"]["body"])
    assert notes(tmp_path).count("x") == 2
    assert sorted(begun(server, job)) == list(range(1, 42))


@pytest.mark.parametrize("patience", [0, 11])
def test_a_worker_that_is_killed_from_outside_costs_no_line(
    server: WatchedServer, tmp_path: Path, patience: float
) -> None:
    caller = server.start()
    job = caller.submit(lines("note pid wait gate", range(10)))
    assert noted(tmp_path, 2)
    time.sleep(patience)  # longer than a page is tried again for somebody who waits
    for pid in notes(tmp_path):
        os.kill(int(pid), signal.SIGKILL)
    assert noted(tmp_path, 4)
    (tmp_path / "gate").touch()
    whole(caller, caller.over(job["id"]), range(10))


def test_whoever_waits_for_an_answer_waits_for_one_page_of_the_batch(server: WatchedServer, tmp_path: Path) -> None:
    caller = server.start()
    job = caller.submit(lines("note batch take token", range(40)))
    assert noted(tmp_path, 2)
    asking = threading.Thread(target=ask, args=(caller, script("note me")))
    asking.start()
    assert eventually(lambda: waiting_requests(caller) == 1)
    (tmp_path / "token").touch()  # one page of the batch comes to its end, and no other
    asking.join(PATIENCE)
    assert notes(tmp_path)[:3] == ["batch", "batch", "me"]
    (tmp_path / "gate").touch()
    whole(caller, caller.over(job["id"]), range(40))


def ask(caller: Caller, uri: str) -> None:
    caller.told("POST", "/v1/ocr", json={"document": {"type": "document_url", "document_url": uri}})


def waiting_requests(caller: Caller) -> float:
    """Pages, and documents to open, of requests that wait for their turn."""
    rows = caller.ask("GET", "/metrics").text.splitlines()
    return next(float(row.split()[1]) for row in rows if row.startswith('octavo_pages_waiting{work="request"}'))


def _pdf(number: int) -> bytes:
    import base64

    return base64.b64decode(script("note a", f"file {number}").partition(",")[2])
