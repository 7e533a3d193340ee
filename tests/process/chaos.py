"""Kills servers and workers at random moments of batch jobs, and looks whether anything was lost or done for nothing.

chaos.py [--kills N] [--size REQUESTS] [--seed SEED]

Each batch is done undisturbed first. Then a server with an empty data folder does it again, while at random moments it,
one of its workers, or both are killed and it is started again; further batches follow until there were so many kills.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chaos_papers
from batch_client import OVER, Job, by_id
from octavo_server import eventually
from watched_server import Event, WatchedServer, watched

SERVER, WORKER, BOTH = "server", "worker", "both"
LONGEST = 9.0
"""Seconds from one kill to the next, at most."""
WHILE_STARTING = 0.15
"""How often the server is killed before it is ready again."""
SAME = 1e-3
"""How much two confidences may differ."""
_SETTINGS = {"ENGINES__MODEL": "octavo-1", "EXECUTOR__WORKERS": "2"}
_DAY = 86_400


@dataclass
class Kill:
    """One row of the table.

    Attributes:
        at: seconds since the job was made.
        before, after: lines that were recorded when it happened, and those that the next server told first.
        lost: lines that were begun then and not recorded: those that may be done twice.
        again: of these, those that were answered already.
    """

    number: int
    batch: int
    what: str
    at: float
    before: int
    after: int = 0
    lost: int = 0
    again: int = 0


@dataclass
class Round:
    """One batch with its kills.

    Attributes:
        recorded: numbers of lines that the ledger had when the process of this id was killed.
    """

    number: int
    size: int
    server: WatchedServer
    dice: random.Random
    tell: Callable[[str], None]
    kills: list[Kill] = field(default_factory=list)
    recorded: dict[int, set[int]] = field(default_factory=dict)

    def run(self, expected: Mapping[str, Any], most: int, first: int) -> None:
        """Do the batch, with so many kills at most.

        Args:
            expected: results of the undisturbed run.
            most: kills.
            first: number of the first one.
        """
        caller = self.server.start()
        job = caller.submit(chaos_papers.batch(self.number, self.size))
        began = time.monotonic()
        while len(self.kills) < most and self._still_runs(job, self.dice.uniform(0.1, LONGEST)):
            self._kill(job, first + len(self.kills), time.monotonic() - began)
        job = self.server.caller.over(job["id"])
        self._check(job, expected)
        self._check_journal(job["id"])
        self._check_folders()

    def _still_runs(self, job: Job, seconds: float) -> bool:
        """Wait; whether the job is not over then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.server.caller.job(job["id"])["status"] in OVER:
                return False
            time.sleep(0.05)
        return True

    def _kill(self, job: Job, number: int, at: float) -> None:
        what = self.dice.choice((SERVER, WORKER, BOTH))
        kill = Kill(number, self.number, what, at, self._progress(job["id"]))
        self.kills.append(kill)
        if what in {WORKER, BOTH}:
            self._kill_worker()
        if what in {SERVER, BOTH}:
            self._kill_server(kill, job["id"])
            if len(self.kills) < 2 or self.dice.random() > WHILE_STARTING:
                self.server.start()
            else:
                self._kill_while_starting(kill)
        kill.after = self._progress(job["id"])
        assert kill.after >= kill.before, f"lines got lost: {kill}"
        self.tell(row_of(kill))

    def _kill_worker(self) -> None:
        with suppress(ProcessLookupError, IndexError):  # it has just ended by itself
            os.kill(self.dice.choice(self.server.workers), signal.SIGKILL)

    def _kill_server(self, kill: Kill, job_id: str) -> None:
        pid = self.server.pid
        self.server.end(signal.SIGKILL)
        recorded = self._in_ledger(job_id)
        self.recorded[pid] = recorded
        kill.before = max(kill.before, len(recorded))
        mine = [event for event in self.server.journal if event.pid == pid]
        kill.lost = len({event.number for event in mine if event.what == "begun"} - recorded)
        kill.again = len({event.number for event in mine if event.what == "answered"} - recorded)

    def _kill_while_starting(self, kill: Kill) -> None:
        """The next one does not come to anything."""
        self.server.launch()
        time.sleep(self.dice.uniform(0.1, 4.0))
        pid = self.server.pid
        self.server.end(signal.SIGKILL)
        self.recorded[pid] = set()
        kill.what += ", and when it started"
        self.server.start()

    def _progress(self, job_id: str) -> int:
        return int(self.server.caller.job(job_id)["completed_requests"])

    def _in_ledger(self, job_id: str) -> set[int]:
        """Numbers of the lines that are recorded; only while no server runs."""
        rows = "SELECT number FROM tasks JOIN jobs ON job = seq WHERE id = ? AND result_blob IS NOT NULL"
        with closing(sqlite3.connect(self.server.data / "octavo.db")) as ledger:
            return {number for (number,) in ledger.execute(rows, [job_id])}

    def _check(self, job: Job, expected: Mapping[str, Any]) -> None:
        """Every line once, as in the undisturbed run."""
        assert job["status"] == "SUCCESS", job
        assert job["completed_requests"] == job["total_requests"] == self.size, job
        assert job["failed_requests"] == sum(map(chaos_papers.fails, range(self.size))), job
        found = results_of(self.server.caller.results(job))
        assert found.keys() == expected.keys()
        for name, result in found.items():
            assert (where := difference(expected[name], result)) is None, f"{name}: {where}"

    def _check_journal(self, job_id: str) -> None:
        """A line is begun a second time only if the server was killed before it was recorded."""
        begun: dict[int, list[Event]] = {}
        for event in self.server.journal:
            if event.what == "begun" and event.job_id == job_id:
                begun.setdefault(event.number, []).append(event)
        assert begun.keys() == set(range(1, self.size + 1))
        for number, events in begun.items():
            for event in events[:-1]:
                assert event.pid in self.recorded, f"line {number} was begun twice without a kill: {events}"
                assert number not in self.recorded[event.pid], f"line {number} was recorded, and begun again: {events}"
            assert len({event.pid for event in events}) == len(events), f"one server began line {number} twice"
        twice = sum(len(events) - 1 for events in begun.values())
        assert twice <= sum(kill.lost for kill in self.kills), "more was done twice than was lost"

    def _check_folders(self) -> None:
        """Nothing is left in the spool, and of the blobs only the files, once those are old that kills have left."""
        spool = self.server.data / "spool" / "0"
        assert eventually(lambda: not list(spool.iterdir())), list(spool.iterdir())
        assert "broke down" not in self.server.log, self.server.log
        self.server.end()
        self._check_blobs()

    def _check_blobs(self) -> None:
        """Nothing is unknown to the ledger; what is unused goes with the first sweep after a day."""
        with closing(sqlite3.connect(self.server.data / "octavo.db")) as ledger:
            known = {name for (name,) in ledger.execute("SELECT name FROM blobs")}
            used = {blob for (blob,) in ledger.execute("SELECT blob FROM files UNION SELECT blob FROM job_inputs")}
            assert self._blobs() <= known, "blobs that no sweep will ever find"
            ledger.execute("UPDATE blobs SET since = since - ? WHERE uses = 0 AND since > 0", [_DAY + 1])
            ledger.commit()
        self.server.start()
        assert eventually(lambda: self._blobs() == used), self._blobs() - used
        assert not list((self.server.data / "blobs" / "half").iterdir())
        self.server.end()

    def _blobs(self) -> set[str]:
        return {path.name for path in (self.server.data / "blobs").glob("??/*")}


def results_of(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What was answered to each request."""
    return {name: result["response"] for name, result in by_id(lines).items()}


def difference(one: Any, other: Any, place: str = "") -> str | None:
    """Where two answers differ; None if they are the same but for confidences."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(one[key], other[key], f"{place}.{key}") for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(*both, f"{place}[{n}]") for n, both in enumerate(zip(one, other, strict=True))]
    elif one == other or ("confidence" in place and isinstance(one, float) and abs(one - other) <= SAME):
        return None
    else:
        return f"{place}: {one!r} is {other!r}"
    return next(filter(None, (difference(*pair) for pair in pairs)), None)


def undisturbed(folder: Path, number: int, size: int) -> dict[str, Any]:
    """The results of a batch on a server of its own."""
    with watched(folder, settings=_SETTINGS) as server:
        caller = server.start()
        job = caller.over(caller.submit(chaos_papers.batch(number, size))["id"])
        results = results_of(caller.results(job))
        server.end()
    assert len(results) == size
    return results


HEAD = "kill  batch  what is killed             second  recorded  after  lost  answered of these"


def row_of(kill: Kill) -> str:
    """A line of the table."""
    return (
        f"{kill.number:4}  {kill.batch:5}  {kill.what:25}  {kill.at:6.2f}  {kill.before:8}  {kill.after:5}  "
        f"{kill.lost:4}  {kill.again:17}"
    )


def unleash(folder: Path, *, kills: int, size: int, seed: int, tell: Callable[[str], None]) -> list[Kill]:
    """So many kills, over as many batches as that takes; every kill, told when it happens."""
    dice, done = random.Random(seed), list[Kill]()
    tell(f"seed {seed}")
    tell(HEAD)
    number = 0
    while len(done) < kills:
        number += 1
        place = folder / str(number)
        (place / "calm").mkdir(parents=True)
        expected = undisturbed(place / "calm", number, size)
        with watched(place, settings=_SETTINGS) as server:
            attempt = Round(number, size, server, dice, tell)
            attempt.run(expected, kills - len(done), len(done) + 1)
            twice = sum(event.what == "begun" for event in server.journal) - size
        done += attempt.kills
        tell(f"batch {number}: SUCCESS, {size} lines once each, as undisturbed; {twice} were begun a second time")
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="octavo-chaos-") as folder:
        unleash(Path(folder), kills=asked.kills, size=asked.size, seed=asked.seed, tell=_say)
    _say("Nothing was lost.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
