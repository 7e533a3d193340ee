"""The measurement of lost and invented words: it finds what is wrong, and finds nothing on a page of each kind."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def coverage(monkeypatch):
    """The program as a module; the package of the same name that measures tests is another thing."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    spec = importlib.util.spec_from_file_location("coverage_of_pages", BENCHMARKS / "coverage.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_what_is_lost_or_invented_is_found(coverage):
    made = coverage.made("one column with headings", 1)
    words = made.said.split()
    other = replace(made, said=" ".join([*words[1:], "zeppelin"]))
    with coverage.Octavo() as reader:
        assert coverage.measured(reader, made).wrong == 0
        tally = coverage.measured(reader, other)
    assert tally.lost == Counter(["zeppelin"])
    assert tally.invented == coverage.words_of(words[0])
    assert (tally.cases, tally.told) == (1, 0)


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("**Quay** \\*and\\* [a](b)", "Quay and a b"),
        ("<table><tr><th>Fish &amp; tide</th></tr></table>", "Fish tide"),
        ("![img-0.jpeg](img-0.jpeg)\n\nBoat", "Boat"),
        ("so $\\lambda_{12} = \\frac{a}{b}$ holds", "so λ 12 a b holds"),
        ("$$\n\\sin x \\quad \\text{if dry} \\tag{3}\n$$", "sin x if dry 3"),
        ("well-known experi-\nment", "wellknown experiment"),
        ("ﬁnal 毎朝", "final 朝毎"),
    ],
)
def test_markdown_counts_by_the_words_that_it_shows(coverage, markdown, said):
    assert coverage.words_of(coverage.plain(markdown)) == coverage.words_of(said)


HARD = {"titles on a curve", "titles drawn as shapes", "words beyond the edges"}
"""Of these not all can be read."""


@pytest.mark.slow
def test_a_page_of_each_kind_comes_back_whole_or_says_that_it_does_not():
    command = [sys.executable, str(BENCHMARKS / "coverage.py"), "--each", "1"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert told.returncode == 0, told.stdout + told.stderr
    assert set(re.findall(r"^(.+) \d+: lost", told.stderr, re.MULTILINE)) <= HARD
    cases = re.findall(r"\| +(\d+) of (\d+) +\|$", told.stdout, re.MULTILINE)
    assert cases
    assert all(warned == wrong for warned, wrong in cases)
