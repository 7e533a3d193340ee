"""Two servers on one PostgreSQL and one folder of blobs: each line is done by one of them."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from batch_client import Job
from octavo_server import eventually
from scripted_batch import SETTINGS, begun, lines, notes, whole
from watched_server import WatchedServer, watched

from ports.databases import Postgres, postgres

__all__ = ["postgres"]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]


HASTE = {"HEARTBEAT": "2"}
"""Seconds between two signs of life, else 15; when another may take its lines, the tests tell."""


@dataclass
class Pair:
    """Both, running.

    Attributes:
        address: of their database.
    """

    first: WatchedServer
    second: WatchedServer
    postgres: Postgres
    address: str
    folder: Path

    def begun(self, job: Job) -> tuple[list[int], list[int]]:
        """Numbers of lines that each has begun."""
        return begun(self.first, job), begun(self.second, job)

    def held_up(self) -> Job:
        """A job that both work on, all of whose pages wait for a file `gate`."""
        job = self.first.caller.submit(lines("note held wait gate", range(80)))
        assert eventually(lambda: notes(self.folder).count("held") == 4)
        assert all(self.begun(job))
        return job

    def let_leases_of_first_run_out(self, job: Job) -> None:
        """As a minute does, by the database's clock."""
        number = begun(self.first, job)[0]
        holder = f"(SELECT holder FROM tasks WHERE number = {number})"
        self.postgres.say(self.address, f"UPDATE tasks SET until = 0 WHERE state = 1 AND holder = {holder}")

    def open_gate(self) -> None:
        (self.folder / "gate").touch()

    def check_blobs(self) -> None:
        """No blob is left but those of files."""
        used = len(self.first.caller.told("GET", "/v1/files")["data"])
        assert eventually(lambda: len(list((self.folder / "blobs").glob("??/*"))) == used)


@pytest.fixture
def pair(tmp_path: Path, postgres: Postgres) -> Iterator[Pair]:
    address = postgres.new()
    settings = {**SETTINGS, "DATABASE__URL": address, "STORAGE__URL": str(tmp_path / "blobs")}
    with (
        watched(tmp_path, "first", settings=settings, variables=HASTE) as first,
        watched(tmp_path, "second", settings=settings, variables=HASTE) as other,
    ):
        first.launch()
        other.launch()
        first.await_ready()
        other.await_ready()
        yield Pair(first, other, postgres, address, tmp_path)


def test_both_work_on_a_job_and_no_line_is_done_by_both(pair: Pair) -> None:
    job = pair.first.caller.submit(lines("note a last 0.01", range(300)))
    whole(pair.second.caller, pair.second.caller.over(job["id"]), range(300))
    ours, theirs = pair.begun(job)
    assert min(len(ours), len(theirs)) > 0
    assert sorted([*ours, *theirs]) == list(range(1, 301))
    pair.check_blobs()


def test_one_finishes_what_a_killed_one_had_leased(pair: Pair) -> None:
    job = pair.held_up()
    pair.first.end(signal.SIGKILL)
    lost, before = pair.begun(job)
    pair.let_leases_of_first_run_out(job)
    pair.open_gate()
    whole(pair.second.caller, pair.second.caller.over(job["id"]), range(80))
    _, after = pair.begun(job)
    assert sorted(after) == list(range(1, 81))
    assert set(lost) <= set(after[len(before) :])


def test_one_that_slept_too_long_records_nothing_twice(pair: Pair) -> None:
    job = pair.held_up()
    pair.first.signal(signal.SIGSTOP)
    in_hand, _ = pair.begun(job)
    pair.let_leases_of_first_run_out(job)
    pair.open_gate()
    over = pair.second.caller.over(job["id"])
    results = whole(pair.second.caller, over, range(80))
    time.sleep(3 * float(HASTE["HEARTBEAT"]))
    pair.first.signal(signal.SIGCONT)
    other = pair.first.caller.submit(lines("note a", range(100, 140)))
    whole(pair.first.caller, pair.first.caller.over(other["id"]), range(100, 140))
    assert eventually(lambda: answered(pair.first, job) == sorted(in_hand))
    assert pair.begun(job)[0] == in_hand, "it begins what it has no right to any more"
    assert pair.first.caller.job(job["id"]) == over
    assert whole(pair.first.caller, over, range(80)) == results
    assert "broke down" not in pair.first.log
    pair.check_blobs()


def answered(server: WatchedServer, job: Job) -> list[int]:
    return sorted(event.number for event in server.journal if (event.what, event.job_id) == ("answered", job["id"]))


def test_one_that_is_asked_to_end_leaves_its_lines_to_the_other_at_once(pair: Pair) -> None:
    job = pair.held_up()
    pair.first.end()
    pair.open_gate()
    whole(pair.second.caller, pair.second.caller.over(job["id"]), range(80))
