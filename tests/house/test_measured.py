"""What `scripts/bench` keeps: numbers beside their bars, and tables that say the same."""

from __future__ import annotations

import importlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
KEPT = sorted(RESULTS.glob("*.json"))
FIELDS = {"machine", "version", "commit", "date", "others", "rows"}
ROW_FIELDS = {"category", "metric", "value", "bar", "demand", "documents", "counts"}


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The modules of the benchmark."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    names = ("kept_runs", "tables", "bars", "quality", "noise", "stages")
    return SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def run(bench: SimpleNamespace) -> object:
    """One that met a bar and missed another."""
    counts = {"failed": 1, "tests": 9}
    rows = (
        bench.kept_runs.Row(category="letters", metric="word F1", value=0.9876543, bar=0.98, documents=7),
        bench.kept_runs.Row(category="letters", metric="edit distance", value=0.2, bar=0.15, demand="<=", documents=7),
        bench.kept_runs.Row(category="stamps", metric="word F1", value=0.5, documents=2, counts=counts),
    )
    return bench.kept_runs.Run(machine="2 cores", version="1.2", commit="abc", date="2026-01-31", rows=rows)


def test_runs_of_machines_lie_beside_each_other_and_the_newest_of_one_stays(bench, run, tmp_path):
    file = tmp_path / "new" / "quality.json"
    other = replace(run, machine="8 cores", others=0.25)
    for each in (run, other, newer := replace(run, date="2026-02-01")):
        bench.kept_runs.keep(file, each)
    kept = bench.kept_runs.read(file)
    assert [(each.machine, each.date) for each in kept] == [("8 cores", "2026-01-31"), ("2 cores", "2026-02-01")]
    assert (kept[0].noisy, kept[1].noisy) == (True, False)
    assert kept[1].rows[1:] == newer.rows[1:]
    assert kept[1].rows[0].value == 0.987654
    assert [len(line.split('"category"')) for line in file.read_text().splitlines()].count(2) == 6  # a row, a line


def test_misses_are_shown_as_misses(bench, run):
    head, _, *rows, _verdict = (lines := list(bench.tables.quality([run])))
    assert head == "| collection | documents | measure | bar | 2 cores |"
    assert rows == [
        "| letters | 7 | word F1 | ≥ 0.98 | 0.988 |",
        "| letters | 7 | edit distance | ≤ 0.15 | **0.200** (missed) |",
    ]
    assert "1 of 2 bars are met. Missed: letters, edit distance (0.200; ≤ 0.15)." in lines[-1]
    assert "| stamps | 2 (9 tests, 1 failed) | word F1 |  | 0.500 |" in list(bench.tables.details([run]))


def test_a_number_that_is_only_rounded_to_its_bar_is_a_miss(bench):
    row = bench.kept_runs.Row(category="letters", metric="word F1", value=0.97999, bar=0.98)
    assert not row.met
    assert not bench.kept_runs.Row(category="all", metric="share", value=0.005, bar=0.005, demand="<").met


def test_machines_are_columns_and_what_one_did_not_measure_is_empty(bench, run):
    other = replace(run, machine="8 cores", rows=run.rows[:1])
    assert list(bench.tables.quality([run, other]))[2:4] == [
        "| letters | 7 | word F1 | ≥ 0.98 | 0.988 | 0.988 |",
        "| letters | 7 | edit distance | ≤ 0.15 | **0.200** (missed) |  |",
    ]


def test_readers_are_rows_kinds_of_documents_columns_and_noise_is_told(bench, run):
    row = bench.kept_runs.Row(category="text", metric="us", value=0.0301, bar=0.03, demand="<=")
    rows = (row, replace(row, metric="peer", value=0.004, bar=None), replace(row, category="scans", bar=None))
    caption, *table = bench.tables.speed([replace(run, rows=rows, others=0.5)])
    assert "other programs took 50% of the machine" in caption
    assert table == [
        "|  | text | scans |",
        "| --- | ---: | ---: |",
        "| us | **0.0301** (missed) | 0.030 |",
        "| peer | 0.004 |  |",
        "| bar | ≤ 0.03 |  |",
    ]


def test_words_that_were_lost_are_told_in_a_sentence(bench, run):
    counts = {"pages": 3, "words": 1000, "lost": 4, "invented": 2, "cases": 3, "warned": 1}
    row = bench.kept_runs.Row(category="all", metric="share", value=0.006, bar=0.005, demand="<", counts=counts)
    (told,) = bench.tables.coverage([replace(run, rows=(replace(row, category="one column"), row))])
    assert told.startswith("Of 1000 words on 3 pages")
    assert "4 were lost and 2 invented: 0.600% (**missed**); the bar is less than 0.5%." in told
    assert "Of 3 documents with such words, 1 warn of it." in told


def test_what_was_not_measured_is_said(bench, tmp_path):
    assert [list(lines(tmp_path)) for lines in bench.tables.PARTS.values()] == [["Not measured."]] * 12


def test_tests_of_several_folders_are_pooled_by_their_number(bench, tmp_path):
    listed = []
    for folder, count in (("a", 1), ("b", 3)):
        (tmp_path / "dev" / folder).mkdir(parents=True)
        tests = [{"type": "present", "checked": "verified"}] * count + [{"type": "table", "checked": None}]
        (tmp_path / "dev" / folder / "tests").write_text("\n".join(map(json.dumps, tests)))
        listed.append({"category": folder, "file": f"{folder}/1.pdf", "gt": {"tests.jsonl": f"{folder}/tests"}})
    (tmp_path / "dev" / "manifest.json").write_text(json.dumps({"items": listed}))
    measures = tuple(bench.bars.Measure(score, score) for score in ("unit_verified", "unit_all", "unit_verified_table"))
    scores = {
        "a": {"n": 1, "failed": 1.0, "unit_verified": 0.0, "unit_all": 0.0},
        "b": {"n": 1, "failed": 0.0, "unit_verified": 1.0, "unit_all": 0.75},
    }
    rows = bench.quality.rows_of(
        bench.bars.Collection("both", ("a", "b"), measures), scores, bench.quality.Evaluation(tmp_path, sys.executable)
    )
    assert [(row.metric, row.value, row.documents, row.counts) for row in rows] == [
        ("unit_verified", 3 / 4, 2, {"failed": 1, "tests": 4}),
        ("unit_all", 3 / 6, 2, {"failed": 1, "tests": 6}),
    ]


def test_every_stage_is_a_part_of_octavo(bench):
    source = bench.stages.SOURCE
    assert [name for name in bench.stages.STAGES if not (source / name).exists()] == []
    assert bench.stages.stage_of_file(str(source / "structure" / "tables" / "find.py")) == "tables"
    assert bench.stages.stage_of_file(str(source / "structure" / "lines.py")) == "lines, columns, paragraphs, kinds"
    assert bench.stages.stage_of_file(json.__file__) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="has no interval timers")
def test_time_counts_for_the_stage_that_asked_for_it(bench):
    from octavo.domain.geometry import BBox
    from octavo.domain.portable import to_bytes

    many = tuple(BBox(float(n), 0.0, n + 1.0, 1.0) for n in range(20_000))
    found = bench.stages.milliseconds(lambda: len(to_bytes(many)) and 1, 5)
    assert found["page to bytes and back"] > 0.5 * found["in all"] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_others_take_of_the_machine_is_a_share(bench):
    noise = bench.noise.Noise()
    sum(range(3_000_000))
    assert 0 <= (noise.others() or 0) <= 1


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.name)
def test_numbers_are_kept_and_no_text_of_documents(file: Path):
    runs = json.loads(file.read_text(encoding="utf-8"))["runs"]
    assert len({run["machine"] for run in runs}) == len(runs) > 0
    for each in runs:
        assert each.keys() <= FIELDS
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", each["date"])
        for row in each["rows"]:
            assert row.keys() <= ROW_FIELDS
            assert isinstance(row["value"], int | float)
            assert max(len(row["category"]), len(row["metric"])) < 60
            assert all(isinstance(count, int) for count in row.get("counts", {}).values())


@pytest.mark.parametrize("name", ["README.md", "docs/quality.md", "docs/performance.md"])
def test_tables_say_what_is_kept(bench, name: str):
    page = (ROOT / name).read_text(encoding="utf-8")
    parts = re.findall(r"<!-- begin (measured \w+) -->\n\n(.*?)\n\n<!-- end \1 -->", page, re.DOTALL)
    assert parts
    assert [(part, text) for part, text in parts if text != "\n".join(bench.tables.PARTS[part]()).strip()] == []


def test_bars_of_what_is_kept_are_the_bars_that_are_demanded(bench):
    demanded = {(each.name, measure.name): measure.bar for each in bench.bars.COLLECTIONS for measure in each.measures}
    kept = [row for run in bench.kept_runs.read(RESULTS / "quality.json") for row in run.rows]
    assert kept
    assert {(row.category, row.metric): row.bar for row in kept}.items() <= demanded.items()
