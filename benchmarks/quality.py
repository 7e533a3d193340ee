"""Quality on collections of documents that lie outside of this project: their program asks a server of its own.

The folder holds `evaluate.py`, which sends each document to a server and scores the answers, and `dev/` with the
documents, their truth and `manifest.json`. Only scores leave it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bars import COLLECTIONS, Collection
from kept_runs import Row
from live_server import FIRST, NO_LIMIT, SLOTS, live

Scores = dict[str, dict[str, float]]
"""What `evaluate.py` found, by folder."""
PATIENCE = 4 * 3600


@dataclass(frozen=True)
class Evaluation:
    """Where the documents are, and which are wanted.

    Attributes:
        folder: of `evaluate.py`.
        python: an interpreter that has what it needs.
        only: folders of documents; empty for all that have a name in `bars.py`.
        limit: documents of each; 0 is all.
    """

    folder: Path
    python: str
    only: tuple[str, ...] = ()
    limit: int = 0

    @property
    def collections(self) -> list[Collection]:
        """Those that are measured: a pool of folders with all of them, or not at all."""
        return [each for each in COLLECTIONS if not self.only or set(each.folders) <= set(self.only)]

    def items(self, category: str) -> list[dict[str, Any]]:
        """The documents of one folder, in their order."""
        listed = json.loads((self.folder / "dev" / "manifest.json").read_text(encoding="utf-8"))["items"]
        return [item for item in listed if item["category"] == category][: self.limit or None]

    def files(self, category: str) -> list[Path]:
        """The same as files."""
        return [self.folder / "dev" / item["file"] for item in self.items(category)]


def measured(evaluation: Evaluation) -> tuple[Row, ...]:
    """Ask a server that keeps nothing for all documents; the scores of each collection, beside their bars."""
    with live(RETENTION="none", **NO_LIMIT) as server, tempfile.TemporaryDirectory(prefix="quality-") as name:
        out = Path(name) / "scores.json"
        folders = [folder for each in evaluation.collections for folder in each.folders]
        command = [evaluation.python, str(evaluation.folder / "evaluate.py"), "--base-url", server.url]
        command += ["--api-key", FIRST, "--jobs", str(SLOTS), "--limit", str(evaluation.limit), "--out", str(out)]
        subprocess.run([*command, "--only", *folders], check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
        told = json.loads(out.read_text(encoding="utf-8"))
    for failure in told["failures"]:
        print(f"not read: {failure['id']}: {failure['problem']}", file=sys.stderr)
    return tuple(row for each in evaluation.collections for row in rows_of(each, told["scores"], evaluation))


def rows_of(collection: Collection, scores: Scores, evaluation: Evaluation) -> Iterator[Row]:
    """The scores of a collection; of several folders, as if their tests lay in one."""
    found = {folder: scores[folder] for folder in collection.folders if folder in scores}
    failed = sum(round(each["failed"] * each["n"]) for each in found.values())
    tests = {folder: tests_of(evaluation, folder) for folder in found}
    for measure in collection.measures:
        parts = {folder: each[measure.score] for folder, each in found.items() if each.get(measure.score) is not None}
        if parts:
            yield Row(
                category=collection.name,
                metric=measure.name,
                value=_pooled(parts, {folder: tests[folder][measure.score] for folder in parts}),
                bar=measure.bar,
                demand=measure.demand,
                documents=sum(int(each["n"]) for each in found.values()),
                counts=_counts(failed=failed, tests=sum(each[measure.score] for each in tests.values())),
            )


def _pooled(parts: dict[str, float], tests: dict[str, int]) -> float:
    """The share of all tests: the mean of each folder, weighed by how many tests it has."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    return sum(parts[folder] * count for folder, count in tests.items()) / sum(tests.values())


def _counts(**counts: int) -> dict[str, int]:
    """Those that are not nought."""
    return {name: count for name, count in counts.items() if count}


def tests_of(evaluation: Evaluation, folder: str) -> Counter[str]:
    """How many unit tests the documents of a folder have, by the score that they count for; empty without any."""
    counted: Counter[str] = Counter()
    for item in evaluation.items(folder):
        if "tests.jsonl" not in item["gt"]:
            continue
        lines = (evaluation.folder / "dev" / item["gt"]["tests.jsonl"]).read_text(encoding="utf-8").splitlines()
        counted.update(_scores(json.loads(line) for line in lines if line.strip()))
    return counted


def _scores(tests: Iterable[dict[str, Any]]) -> Iterator[str]:
    for test in tests:
        kinds: Sequence[str] = ("all", test["type"])
        if test.get("checked") == "verified":
            kinds = (*kinds, "verified", f"verified_{test['type']}")
        yield from (f"unit_{kind}" for kind in kinds)
