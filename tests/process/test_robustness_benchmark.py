"""`benchmarks/robustness.py` in small: it runs, its table has its form, and its exit code says what the table says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "robustness.py"
PATIENCE = 600

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def run(*arguments: str) -> tuple[int, list[list[str]]]:
    """The exit code, and the cells of the table below its head."""
    command = [sys.executable, str(SCRIPT), "--quick", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    head, ruler, *rows = done.stdout.splitlines()
    assert head.split() == ["|", "part", "|", "measured", "|", "number", "|", "bar", "|", "met", "|"]
    assert re.fullmatch(r"(\| -+ ){5}\|", ruler)
    return done.returncode, [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.slow
def test_its_table_and_its_exit_code_say_the_same() -> None:
    code, rows = run("text400", "hangup")
    assert {len(row) for row in rows} == {5}
    assert {row[0] for row in rows} == {"text400", "hangup"}
    assert all(number and (met in {"yes", "NO"}) == bool(bar) for _, _, number, bar, met in rows)
    counted = {measured: met for _, measured, _, bar, met in rows if bar.startswith("=")}
    assert counted == {"pages of 20 that were read": "yes"}
    assert code == any(met == "NO" for *_, met in rows)


def test_a_part_that_breaks_off_is_a_miss(tmp_path: Path) -> None:
    code, rows = run("--hostile", str(tmp_path), "hostile")
    assert [(part, met) for part, *_, met in rows] == [("hostile", "NO")]
    assert code == 1


def test_a_part_that_is_not_there_is_told() -> None:
    command = [sys.executable, str(SCRIPT), "hostile"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, "without --hostile" in done.stderr) == (2, True)
