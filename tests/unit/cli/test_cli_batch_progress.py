from __future__ import annotations

import logging
from dataclasses import replace
from io import StringIO

from rich.console import Console

from octavo.cli.batch_api import Job
from octavo.cli.batch_errand import Seldom
from octavo.cli.batch_progress import EVERY, Pace, Watch
from octavo.cli.batch_tables import fields_of, table_of
from octavo.domain.batch import BatchStatus

JOB = Job(
    id="3f9c0000-0000-4000-8000-000000000000",
    status=BatchStatus.RUNNING,
    total=1200,
    succeeded=100,
    failed=0,
    pages=300,
    errors=(),
    output_file=None,
    error_file=None,
    told={"metadata": {"octavo-from": "scans"}, "created_at": 1_700_000_000},
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_pace_counts_from_where_the_job_was_first_seen() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.tell(JOB) == "100 of 1,200 requests, 300 pages, 0 failed"
    clock.now += 10
    later = replace(JOB, succeeded=198, failed=2, pages=550)
    assert pace.tell(later) == "200 of 1,200 requests, 550 pages, 25.0 pages/s, 2 failed, 0:01:40 left"
    over = replace(later, succeeded=1198, status=BatchStatus.SUCCESS, pages=3300)
    assert pace.tell(over) == "1,200 of 1,200 requests, 3,300 pages, 300.0 pages/s, 2 failed"


def test_where_the_server_tells_no_pages_requests_are_counted() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.tell(replace(JOB, pages=None))
    clock.now += 10
    told = pace.tell(replace(JOB, pages=None, succeeded=150))
    assert told == "150 of 1,200 requests, 5.0 requests/s, 0 failed, 0:03:30 left"


def test_where_nobody_watches_a_line_comes_now_and_then() -> None:
    clock, out = Clock(), StringIO()
    with Watch(Console(file=out, force_terminal=False), clock) as watch:
        watch.begin("Reading", 10)
        for done in range(5):
            watch.show(done, f"{done} done")
            clock.now += EVERY / 2
        watch.show(10, "10 done", last=True)
        watch.begin("Looking")
        watch.show(1, "1 seen")
    lines = ["Reading: 0 done", "Reading: 2 done", "Reading: 4 done", "Reading: 10 done", "Looking: 1 seen"]
    assert out.getvalue().splitlines() == lines


def test_on_a_terminal_a_bar_moves_and_leaves_nothing() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=100)
    with Watch(console) as watch:
        watch.begin("Reading", 10)
        watch.show(3, "3 of 10 requests")
        watch.say("a line that stays")
    assert "3 of 10 requests" in out.getvalue()
    assert "a line that stays" in out.getvalue()


def test_jobs_are_a_table() -> None:
    head, row = table_of([JOB])
    assert head.split() == ["ID", "STATUS", "DONE", "FAILED", "CREATED", "FROM"]
    assert row.split()[:4] == [JOB.id, "RUNNING", "100/1,200", "0"]
    assert row.endswith("scans")
    assert list(table_of([])) == [" ".join(head.split()).replace(" ", "  ")]
    long = replace(JOB, told={"metadata": {"octavo-from": "a" * 100}})
    assert list(table_of([long]))[1].endswith("…" + "a" * 39)


def test_all_that_is_known_of_a_job_is_told() -> None:
    lines = list(fields_of(replace(JOB, errors=(("HTTP Error, status code: 400 (corrupt_document)", 3),))))
    assert f"id:           {JOB.id}" in lines
    assert "requests:     100 of 1,200 done, 0 failed" in lines
    assert "octavo-from:  scans" in lines
    assert lines[-1] == "      3 x HTTP Error, status code: 400 (corrupt_document)"


def test_the_reason_why_lines_wait_is_told_seldom() -> None:
    def record(number: int, reason: str, level: int = logging.INFO) -> logging.LogRecord:
        told = (number, "job", reason)
        return logging.LogRecord("octavo.services.dispatcher", level, "", 0, "line %d of job %s waits: %s", told, None)

    seldom = Seldom()
    assert [seldom.filter(record(number, "The disk is full.")) for number in range(3)] == [True, False, False]
    assert seldom.filter(record(4, "There is no worker."))
    assert all(seldom.filter(record(number, "It broke.", logging.ERROR)) for number in range(2))
    late = record(5, "The disk is full.")
    late.created += 61
    assert seldom.filter(late)
