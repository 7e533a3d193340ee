"""The parts of `benchmarks/bench.py` that read scans, in small: on one page that is made."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PATIENCE = 900

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]


def rows_of(part: str, folder: Path) -> list[dict[str, object]]:
    """What a part keeps."""
    command = [sys.executable, str(BENCHMARKS / "bench.py"), "--quick", "--parts", part, "--results", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert told.returncode in {0, 1}, told.stderr
    (run,) = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))["runs"]
    return run["rows"]


def test_scans_are_read_side_by_side(tmp_path: Path) -> None:
    rows = rows_of("scanning", tmp_path)
    found = {(row["category"], str(row["metric"]).partition(",")[0]): row for row in rows}
    readers = {"Octavo through the API", "Octavo, in process"} | (
        {"Tesseract 5"} if shutil.which("tesseract") else set()
    )
    assert {reader for reader, _ in found} == readers
    for reader in readers:
        assert found[reader, "word F1"]["value"] > 0.9
        assert found[reader, "edit distance"]["value"] < 0.1
        assert found[reader, "seconds waited"]["value"] > 0
    assert found["Octavo through the API", "CPU seconds"]["bar"] == 2.5
    if len(readers) > 2:
        assert found["Tesseract 5", "Octavo is faster"]["bar"] == 2.0
        assert found["Octavo through the API", "word F1"]["bar"] == found["Tesseract 5", "word F1"]["value"]


def test_more_doubt_costs_more(tmp_path: Path) -> None:
    rows = rows_of("doubts", tmp_path)
    shares = [row["value"] for row in rows if "read with care" in str(row["category"])]
    assert shares[0] == 1.0
    assert shares[-1] == 0.0
    assert shares == sorted(shares, reverse=True)
    cost = {row["metric"]: row["value"] for row in rows if "CPU" in str(row["category"])}
    assert 0 < cost["never with care"] < cost["0 (all with care)"]
    assert all(row["value"] < 0.1 for row in rows if "words wrong" in str(row["category"]))


def test_a_server_is_measured_from_its_start_to_its_memory(tmp_path: Path) -> None:
    rows = {(row["category"], row["metric"]): row for row in rows_of("serving", tmp_path)}
    assert {category for category, _ in rows} == {"start", "one page", "a batch", "memory of a worker"}
    assert all(row["value"] > 0 for row in rows.values())
    assert rows["memory of a worker", "MB at most"]["bar"] == 600.0
    most, rest = (rows["memory of a worker", metric]["value"] for metric in ("MB at most", "MB at rest, new"))
    assert most >= rest


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import word_scores

    return word_scores


def test_edits_are_the_fewest(words: ModuleType) -> None:
    def fewest(one: str, other: str) -> int:
        row = list(range(len(other) + 1))
        for place, letter in enumerate(one, 1):
            above, row[0] = row[0], place
            for column, found in enumerate(other, 1):
                above, row[column] = row[column], min(above + (letter != found), row[column] + 1, row[column - 1] + 1)
        return row[-1]

    chance = random.Random(1)
    for _ in range(500):
        one, other = ("".join(chance.choices("abc", k=chance.randrange(9))) for _ in range(2))
        assert words.distance(one, other) == fewest(one, other), (one, other)


def test_words_are_counted_as_often_as_they_stand(words: ModuleType) -> None:
    assert words.f1(["a", "b", "b"], ["b", "b", "a"]) == 1.0
    assert words.f1(["a", "b", "b"], ["b"]) == 0.5
    assert words.f1([], []) == 0.0
    assert words.score("Item 7\nsold", "# Item 7\n\n| sold |").edits == 0.0
