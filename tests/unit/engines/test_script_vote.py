"""Lines of a page vote on what is written in a script that the model of lines cannot read."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.engines.script_vote import LineEvidence, foreign_scripts

NAMES = ("Latin", "Cyrillic", "Thai", "Han", "none")


READ_WELL = LineEvidence(scripts=None, length=10.0)


def line(script, probability=0.97, *, length=10.0):
    """A line that the classifier takes for `script`; the rest is shared among the other scripts."""
    shares = np.full(len(NAMES), (1 - probability) / (len(NAMES) - 1), np.float32)
    shares[NAMES.index(script)] = probability
    return LineEvidence(scripts=shares, length=length)


def told(*lines, languages=()):
    return foreign_scripts(NAMES, lines, languages).scripts


def test_a_page_in_one_foreign_script_is_foreign():
    assert told(*[line("Cyrillic")] * 5) == ["Cyrillic"] * 5


def test_a_page_without_lines_is_nothing():
    assert told() == []


@pytest.mark.parametrize("count", [1, 2])
def test_a_few_odd_lines_of_a_page_that_is_read_well_stay(count):
    lines = [READ_WELL] * 30 + [line("Thai")] * count
    assert told(*lines) == [None] * len(lines)


def test_lines_that_look_like_several_scripts_prove_none():
    lines = [line("Thai", 0.5), line("Cyrillic", 0.6)] * 4
    assert told(*lines) == [None] * 8


def test_on_a_mixed_page_each_line_goes_its_way():
    lines = [line("Cyrillic"), READ_WELL] * 4
    assert told(*lines) == ["Cyrillic", None] * 4


def test_an_unclear_line_follows_its_page():
    lines = [*[line("Cyrillic")] * 6, line("Latin", 0.6)]
    assert told(*lines)[-1] == "Cyrillic"


def test_unclear_lines_of_a_foreign_page_belong_to_it():
    assert told(*[line("Thai")] * 6, line("none", length=2.0), READ_WELL)[-2:] == ["Thai", None]


@pytest.mark.parametrize(
    ("lines", "looks_like"),
    [
        ([line("Thai", 0.75), line("Cyrillic", 0.8)] * 4, {"Thai", "Cyrillic"}),
        ([line("Latin", 0.5), line("Cyrillic", 0.6)] * 4, set()),
        ([line("Thai", 0.5), line("Cyrillic", 0.6), READ_WELL] * 4, set()),
    ],
)
def test_a_page_that_looks_foreign_is_told(lines, looks_like):
    verdict = foreign_scripts(NAMES, lines)
    assert set(verdict.looks_like) == looks_like
    assert verdict.scripts == [None] * len(lines)


def test_many_unclear_lines_of_one_script_are_enough():
    assert told(*[line("Thai", 0.8)] * 6) == ["Thai"] * 6


def test_a_line_alone_must_be_plain():
    assert told(line("Thai", 0.999)) == ["Thai"]
    assert told(line("Thai", 0.95)) == [None]
    assert told(line("Thai", 0.999, length=1.5)) == [None]


def test_languages_that_the_model_reads_switch_the_vote_off():
    assert told(*[line("Cyrillic")] * 5, languages=("fr", "en")) == [None] * 5


def test_languages_say_which_scripts_to_look_for():
    lines = [line("Cyrillic", 0.7), READ_WELL]
    assert told(*lines, languages=("ru", "en")) == ["Cyrillic", None]
    assert told(*lines, languages=("th",)) == [None, None]
