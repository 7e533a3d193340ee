"""Which lines of a page are in a script that the model of lines cannot read: all lines of the page vote.

One line alone proves nothing: a logo, a stamp or a blurred word may look like any script. A script is there when
several lines show it plainly, and make a fair share of what is written; then each line is weighed with that in mind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from octavo.domain.scripts import SCRIPTS, script_of_language
from octavo.engines.pixels import Floats

READ_WELL = 0.94
"""The model of lines is hardly ever so sure of a script that it cannot read, and nearly always of one that it can."""

PLAIN = 0.9
"""A line shows a script plainly with this probability,"""
LONG = 3.0
"""when it is longer than so many times its height."""
_FEWEST = 2
"""So many lines must show a script,"""
_SHARE = 0.15
"""and it must make this share of all that is written on the page."""
_LONGEST = 12.0
"""Lines count by their length, up to so many times their height."""
_ALONE = 0.98
"""A line that stands alone on its page must be as plain as this."""
_RARE = 0.01
"""What a script counts that no line has shown, when lines are weighed."""
_READABLE = ("Latin", "Han")
"""What the model of lines reads; a line that was read well is taken for the first, and needs nothing else."""
_NOTHING = "none"
_MOST = 0.5
"""A script that makes more than this of a page is that of the page, and of its unclear lines, too."""
_STRANGE, _DOUBTED = 0.7, 0.8
"""A page is strange that has so much foreign writing, and so much that was not read well, although no script is plain.
(Of 90 scans, handwriting among them, those in Latin, Chinese and Japanese have .58 at most, the others .8 and more.)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEvidence:
    """What is known of a line.

    Attributes:
        scripts: probability of each script, in the order of the classifier's names; None for a line that was read well.
        length: width over height.
    """

    scripts: Floats | None
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the lines of a page are written in.

    Attributes:
        scripts: of each line the foreign script; None for lines that the model of lines reads.
        looks_like: the scripts that the page may be in, where that is not clear but it is foreign.
    """

    scripts: list[str | None]
    looks_like: tuple[str, ...] = ()


def foreign_scripts(names: Sequence[str], lines: Sequence[LineEvidence], languages: Sequence[str] = ()) -> Verdict:
    """What is written in scripts that the model of lines cannot read.

    Args:
        names: scripts in the order of the evidence.
        lines: all lines of the page.
        languages: BCP 47 codes that the caller expects; only their scripts are looked for then.
    """
    asked = [script_of_language(language) for language in languages]
    if not lines or (languages and not any(asked)):
        return Verdict(scripts=[None] * len(lines))
    sure = np.array([name == _READABLE[0] for name in names], dtype=np.float32)
    seen = np.stack([sure if line.scripts is None else line.scripts for line in lines])
    mass = _mass(names, lines, seen)
    here = {script.name for script in asked if script} or _shown(names, lines, seen, mass)
    strange = () if here or len(lines) < _FEWEST else _strange(names, lines, mass)
    here = here or set(strange if len(strange) == 1 else ())
    if not here:
        return Verdict(scripts=[None] * len(lines), looks_like=strange)
    return Verdict(scripts=_chosen(names, seen, mass, here))


def plainly_foreign(names: Sequence[str], lines: Sequence[LineEvidence], languages: Sequence[str] = ()) -> list[int]:
    """Lines that are foreign whatever the model of lines makes of them: plain ones, on a page that has more of them.

    Args:
        names: scripts in the order of the evidence.
        lines: lines of the page, by their looks alone.
        languages: BCP 47 codes that the caller expects.

    Returns:
        Their places in `lines`; none where they make half of the lines or less.
    """
    scripts = foreign_scripts(names, lines, languages).scripts
    plain = [
        place
        for place, (line, script) in enumerate(zip(lines, scripts, strict=True))
        if script and line.scripts is not None and line.scripts[names.index(script)] >= PLAIN and line.length >= LONG
    ]
    return plain if len(plain) > _MOST * len(lines) else []


def _mass(names: Sequence[str], lines: Sequence[LineEvidence], seen: Floats) -> Floats:
    """How much of all lines each script makes, 0 to 1; what is no writing makes nothing."""
    weights = _weights(lines)
    mass = (weights[:, None] * seen).sum(axis=0) / weights.sum()
    mass[names.index(_NOTHING)] = 0.0
    return np.asarray(mass, dtype=np.float32)


def _weights(lines: Sequence[LineEvidence]) -> Floats:
    return np.array([min(line.length, _LONGEST) for line in lines], dtype=np.float32)


def _shown(names: Sequence[str], lines: Sequence[LineEvidence], seen: Floats, mass: Floats) -> set[str]:
    """The foreign scripts that several lines show plainly."""
    long = np.array([line.length >= LONG for line in lines])
    plain = (seen >= PLAIN) & long[:, None]
    enough = (plain.sum(axis=0) >= _FEWEST) if len(lines) > 1 else (seen[0] >= _ALONE) & long[0]
    found = enough & (mass >= _SHARE)
    return {name for name, good in zip(names, found, strict=True) if good and name in SCRIPTS}


def _strange(names: Sequence[str], lines: Sequence[LineEvidence], mass: Floats) -> tuple[str, ...]:
    """The most likely scripts of a page that is hardly readable: one if it is clear, or two; none if it is readable."""
    weights = _weights(lines)
    doubted = weights[[line.scripts is not None for line in lines]].sum() / weights.sum()
    foreign = sorted(((float(share), name) for share, name in zip(mass, names, strict=True) if name in SCRIPTS))
    if doubted < _DOUBTED or sum(share for share, _ in foreign) < _STRANGE:
        return ()
    (_, other), (first, name) = foreign[-2:]
    return (name,) if first > _MOST else (name, other)


def _chosen(names: Sequence[str], seen: Floats, mass: Floats, here: set[str]) -> list[str | None]:
    """Each line weighed with what is on the page in mind."""
    ours = np.array([name in here for name in names])
    share = np.where(ours, mass, 0.0)
    strangers = ~ours & np.array([name not in _READABLE for name in names])
    prior = _RARE + np.where(strangers, 0.0, mass)
    if share.sum() > _MOST:
        # Digits of the script's own and letters that stand alone look like anything: they belong to what is around.
        unclear = (seen * strangers).sum(axis=1, keepdims=True)
        seen = np.where(strangers, 0.0, seen) + unclear * share / share.sum()
    best = [names[int(weighed.argmax())] for weighed in seen * prior]
    return [name if name in here else None for name in best]
