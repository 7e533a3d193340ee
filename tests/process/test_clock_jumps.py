"""The clock of the system jumps by a day while a job runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from scripted_batch import SETTINGS, begun, held_up, lines, whole
from watched_server import WatchedServer, watched

from ports.databases import KINDS, new_database, postgres

__all__ = ["postgres"]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="libfaketime is preloaded")]
DAY = 86_400
SHOW = "import time; print(time.time() - time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic())"


def library() -> str:
    """libfaketime, where Debian puts it."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed here (apt-get install faketime)")
    return str(found[0])


def faked(folder: Path) -> dict[str, str]:
    """Variables with which a process believes in the clock of `set_clock`, and in no other monotonic one than ours."""
    return {
        "LD_PRELOAD": library(),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def set_clock(folder: Path, seconds: int) -> None:
    """The clock goes so much ahead."""
    passing = folder / "clock.new"
    passing.write_text(f"{seconds:+}\n")
    passing.replace(folder / "clock")


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WatchedServer]:
    """One whose clock can be set."""
    settings = dict(SETTINGS)
    if request.param == "postgresql":
        settings["DATABASE__URL"] = new_database(request.param, request.getfixturevalue, tmp_path)
    set_clock(tmp_path, 0)
    with watched(tmp_path, settings=settings, variables=faked(tmp_path)) as made:
        made.start()
        yield made


def test_the_clock_of_a_process_can_be_set_and_no_other(tmp_path: Path) -> None:
    def shown() -> tuple[float, float]:
        said = subprocess.run(
            [sys.executable, "-c", SHOW], env=faked(tmp_path), capture_output=True, text=True, check=True
        )
        wall, monotonic = map(float, said.stdout.split())
        return wall, monotonic

    set_clock(tmp_path, 0)
    before = shown()
    set_clock(tmp_path, DAY)
    after = shown()
    assert round(after[0] - before[0], -1) == DAY
    assert after[1] - before[1] < DAY / 2


def told_by_log(server: WatchedServer, row: int) -> float:
    """The time of day of a row of the log, in seconds since 1970."""
    said = [json.loads(text) for text in server.log.splitlines() if text.startswith("{")]
    return datetime.fromisoformat(said[row]["time"]).timestamp()


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_job_goes_on_and_nothing_is_done_twice(server: WatchedServer, tmp_path: Path, jump: int) -> None:
    caller = server.caller
    job = held_up(caller, tmp_path)
    short = caller.submit(lines("note short", range(100, 110)), timeout_hours=1)
    set_clock(tmp_path, jump)
    assert caller.job(job["id"])["status"] == "RUNNING"
    (tmp_path / "gate").touch()
    whole(caller, caller.over(job["id"]), range(40))
    whole(caller, caller.over(short["id"]), range(100, 110))
    assert sorted(begun(server, job)) == list(range(1, 41))
    assert sorted(begun(server, short)) == list(range(1, 11))
    assert len(caller.told("GET", "/v1/files")["data"]) == 4  # none has run out of time
    assert round(told_by_log(server, -1) - told_by_log(server, 0), -3) == round(jump, -3), "the clock did not jump"


def test_after_a_start_with_another_clock_it_ends_as_well(server: WatchedServer, tmp_path: Path) -> None:
    job = held_up(server.caller, tmp_path)
    server.end()
    set_clock(tmp_path, -DAY)
    (tmp_path / "gate").touch()
    caller = server.start()
    whole(caller, caller.over(job["id"]), range(40))
