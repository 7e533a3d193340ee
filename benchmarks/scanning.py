"""Part of the benchmark: scans read by Octavo and its peers, side by side, each page by one after the other.

Numbers are medians of the pages, but for errors, which are means; how much faster is the median of the ratios page by
page, so that what else a busy machine does falls on both sides alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from dense_scans import Scan
from kept_runs import Row
from scan_readers import API, BARE, RAPIDOCR, TESSERACT, Read, Reading, readers
from word_scores import Score, scores

COST = 2.5
"""Seconds of CPU time that a dense page may cost."""
FASTER = {TESSERACT: 2.0, RAPIDOCR: 6.0}
"""So many times as fast Octavo must be."""


@dataclass(frozen=True)
class Column:
    """What one reader made of all pages.

    Attributes:
        name: of the reader.
        readings: of the pages, in their order.
        scores: of the same.
    """

    name: str
    readings: Sequence[Reading]
    scores: Sequence[Score]

    @property
    def words(self) -> float:
        """Mean F1 of words."""
        return fmean(score.words for score in self.scores)

    @property
    def edits(self) -> float:
        """Mean edit distance."""
        return fmean(score.edits for score in self.scores)


def measured(scans: Sequence[Scan], rounds: int, peers: str | None, judge: Path | None, scorer: str) -> Iterator[Row]:
    """Rows of all readers; all scans are of one kind. The first page is read once more, before it counts."""
    with readers(peers) as found:
        for read in found.values():
            read(scans[0].file)
        turns = [[(name, _best(read, scan, rounds)) for name, read in found.items()] for scan in scans]
    columns = [
        _column(name, scans, [dict(turn)[name] for turn in turns], judge, scorer)
        for name in (name for name, _ in turns[0])
    ]
    yield from rows(columns, scans[0].kind)


def _best(read: Read, scan: Scan, rounds: int) -> Reading:
    """The quickest of some readings: what a page takes, less what others took of the machine."""
    return min((read(scan.file) for _ in range(rounds)), key=lambda reading: reading.seconds)


def _column(name: str, scans: Sequence[Scan], readings: Sequence[Reading], judge: Path | None, scorer: str) -> Column:
    texts = [(scan, reading.text) for scan, reading in zip(scans, readings, strict=True)]
    return Column(name, readings, scores(texts, judge, scorer))


def rows(columns: Sequence[Column], kind: str) -> Iterator[Row]:
    """A column of the table after the other; Octavo's own cost and errors have bars, and how much faster it is."""
    octavo = columns[0]
    others = [column for column in columns if column.name not in (API, BARE)]
    most = min((column.edits for column in others), default=None)
    least = max((column.words for column in others), default=None)
    for column in columns:
        ours = column is octavo
        told = (
            ("seconds waited", median(each.seconds for each in column.readings), None, "<="),
            ("CPU seconds", median(each.cpu for each in column.readings), COST if ours else None, "<="),
            ("word F1", column.words, least if ours else None, ">="),
            ("edit distance", column.edits, most if ours else None, "<="),
        )
        for name, value, bar, demand in told:
            yield _row(column, f"{name}, {kind}", value, bar, demand)
        if column in others:
            yield _row(column, f"Octavo is faster, times, {kind}", _ratio(octavo, column), FASTER[column.name], ">=")


def _ratio(octavo: Column, other: Column) -> float:
    pairs = zip(other.readings, octavo.readings, strict=True)
    return median(theirs.seconds / ours.seconds for theirs, ours in pairs)


def _row(column: Column, metric: str, value: float, bar: float | None, demand: str) -> Row:
    count = len(column.readings)
    return Row(category=column.name, metric=metric, value=value, bar=bar, demand=demand, documents=count)
