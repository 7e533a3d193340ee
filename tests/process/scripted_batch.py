"""Servers with the scripted engine, and lines of batch jobs that say what it is to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from batch_client import Caller, Job, by_id, data_uri, line
from octavo_server import eventually
from watched_server import WatchedServer

from typeset import Sheets

SETTINGS = {"ENGINES__MODEL": "scripted", "EXECUTOR__WORKERS": "2", "EXECUTOR__PAGE_TIMEOUT": "600"}


def script(commands: str, more: str = "") -> str:
    """The address of a page with these commands, and with words that make it another page."""
    sheets = Sheets((1000, 200))
    sheets.text(20, 50, commands)
    sheets.text(20, 100, more)
    return data_uri(sheets.data())


def lines(commands: str, numbers: Iterable[int]) -> list[object]:
    """Lines named by their numbers, each with a page of its own."""
    return [line(str(number), script(commands, f"page {number}")) for number in numbers]


def notes(folder: Path) -> list[str]:
    """What pages noted."""
    path = folder / "notes"
    return path.read_text().split() if path.exists() else []


def noted(folder: Path, number: int) -> bool:
    """Whether so much was noted, within a while."""
    return eventually(lambda: len(notes(folder)) >= number)


def whole(caller: Caller, job: Job, names: Iterable[object]) -> dict[str, Any]:
    """Results of a job that succeeded, one for each of these names, none of them failed."""
    assert job["status"] == "SUCCESS", job
    results = by_id(caller.results(job))
    assert results.keys() == {str(name) for name in names}
    assert {result["response"]["status_code"] for result in results.values()} == {200}, job
    return results


def begun(server: WatchedServer, job: Job) -> list[int]:
    """Numbers of its lines, as often as this server has begun them."""
    return [event.number for event in server.journal if (event.what, event.job_id) == ("begun", job["id"])]


def held_up(caller: Caller, folder: Path, total: int = 40) -> Job:
    """A job of so many lines, some of them done, whose next ones keep both workers busy until there is a file `gate`.

    At least five lines are recorded, and at least two are begun and not.
    """
    job = caller.submit([*lines("note free", range(10)), *lines("note held wait gate", range(10, total))])
    assert eventually(lambda: notes(folder).count("held") == 2)
    done = notes(folder).count("free")
    assert done >= 5
    return caller.until(job["id"], lambda now: now["completed_requests"] == done)
