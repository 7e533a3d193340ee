"""Kept runs as the tables of README.md and docs/: Markdown that says what the JSON holds, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kept_runs import RESULTS, Row, Run, read

SIGNS = {">=": "≥", "<=": "≤", "<": "<"}
TOTAL = "all"
"""The category of a total."""

Lines = Callable[[Sequence[Run]], Iterator[str]]


def quality(runs: Sequence[Run]) -> Iterator[str]:
    """What has a bar, and after it which bars are missed."""
    yield from _side_by_side(runs, lambda row: row.bar is not None)
    yield from verdicts(runs)


def verdicts(runs: Sequence[Run]) -> Iterator[str]:
    """Of each run: how many bars are met, and which are missed."""
    yield from map(_verdict, runs)


def details(runs: Sequence[Run]) -> Iterator[str]:
    """Everything that was measured of the collections, with or without a bar."""
    yield from _side_by_side(runs, lambda _: True)


def _side_by_side(runs: Sequence[Run], wanted: Callable[[Row], bool]) -> Iterator[str]:
    """A row for each number, a column for each run."""
    yield _row("collection", "documents", "measure", "bar", *(run.machine for run in runs))
    yield _row(*["---"] * 4, *["---:"] * len(runs))
    found = [{(row.category, row.metric): row for row in run.rows if wanted(row)} for run in runs]
    for place in dict.fromkeys(place for rows in found for place in rows):
        row = next(rows[place] for rows in found if place in rows)
        cells = (_shown(rows[place]) if place in rows else "" for rows in found)
        yield _row(row.category, _documents(row), row.metric, _bar(row), *cells)


def _documents(row: Row) -> str:
    told = ", ".join(f"{row.counts[name]} {name}" for name in ("tests", "failed") if name in row.counts)
    return f"{row.documents} ({told})" if told else f"{row.documents}"


def _shown(row: Row) -> str:
    return _number(row) if row.met else f"**{_number(row)}** (missed)"


def _number(row: Row) -> str:
    """With three decimals, and more where a miss would look as if it met the bar."""
    told = (f"{row.value:.{digits}f}" for digits in (3, 4, 5, 6))
    return next((each for each in told if row.met or float(each) != row.bar), str(row.value))


def _bar(row: Row) -> str:
    return "" if row.bar is None else f"{SIGNS[row.demand]} {row.bar:g}"


def _verdict(run: Run) -> str:
    barred = [row for row in run.rows if row.bar is not None]
    short = [f"{row.category}, {row.metric} ({_number(row)}; {_bar(row)})" for row in barred if not row.met]
    missed = f" Missed: {'; '.join(short)}." if short else ""
    return f"\n{_measured(run)} {len(barred) - len(short)} of {len(barred)} bars are met.{missed}"


def _measured(run: Run) -> str:
    at = f" ({run.commit})" if run.commit else ""
    return f"Measured on {run.machine}, Octavo {run.version}{at}, {run.date}."


def coverage(runs: Sequence[Run]) -> Iterator[str]:
    """Of all made pages: a sentence for each run."""
    for run in runs:
        for row in run.rows:
            if row.category == TOTAL:
                counts = row.counts
                warned = f" Of {counts['cases']} documents with such words, {counts['warned']} warn of it."
                yield (
                    f"Of {counts['words']} words on {counts['pages']} pages that are made to be understood, "
                    f"{counts['lost']} were lost and {counts['invented']} invented: {row.value:.3%}"
                    f"{'' if row.met else ' (**missed**)'}; the bar is less than {row.bar:.1%}."
                    f"{warned if counts['cases'] else ''} {_measured(run)}"
                )


def kinds(runs: Sequence[Run]) -> Iterator[str]:
    """Of all made pages: a table for each run, a row for each kind of page."""
    for run in runs:
        yield f"\n{_measured(run)}\n"
        yield _row("kind of page", "documents", "pages", "words", "lost", "invented", "share", "warned of")
        yield _row("---", *["---:"] * 7)
        for row in run.rows:
            yield _row(row.category, str(row.documents), *_counted(row, "pages", "words", "lost", "invented"))


def scans(runs: Sequence[Run]) -> Iterator[str]:
    """Of all made scans: a table for each run, a row for each kind of scan."""
    for run in runs:
        yield f"\n{_measured(run)}\n"
        yield _row("kind of scan", "pages", "words", "misread", "lost", "invented", "lost or invented", "warned of")
        yield _row("---", *["---:"] * 7)
        for row in run.rows:
            counted = _counted(row, "pages", "words", "misread", "lost", "invented")
            yield _row(row.category.removeprefix("scans: "), *counted)


def _counted(row: Row, *names: str) -> Iterator[str]:
    """Counts of made pages, the share of words that were lost or invented, and how many documents warn of it."""
    yield from (str(row.counts[name]) for name in names)
    yield f"{row.value:.3%}"
    yield f"{row.counts['warned']} of {row.counts['cases']}" if row.counts["cases"] else ""


def confidence(runs: Sequence[Run]) -> Iterator[str]:
    """What is said of words, and how many are right: a table for each run, and what it comes to."""
    for run in runs:
        yield f"\n{_measured(run)}\n"
        yield _row("said", "words", "said on average", "right", "")
        yield _row("---", *["---:"] * 3, "---")
        totals = [row for row in run.rows if "thousandths" not in row.counts]
        for row in run.rows:
            if row not in totals:
                said = f"{row.counts['thousandths'] / 1000:.3f}"
                yield _row(row.metric, str(row.counts["words"]), said, f"{row.value:.3f}", "▪" * round(40 * row.value))
        told = (f"{row.metric}: {_shown(row)} ({row.counts['words']} words{_demanded(row)})" for row in totals)
        yield f"\n{'; '.join(told)}."


def _demanded(row: Row) -> str:
    return f"; {_bar(row)}" if row.bar is not None else ""


def speed(runs: Sequence[Run]) -> Iterator[str]:
    """Seconds a page: a table for each run, a row for each reader, a column for each kind of document."""
    yield from _crossed(runs, _shown, "bar")


def stages(runs: Sequence[Run]) -> Iterator[str]:
    """Milliseconds of CPU time a page: a table for each run, a row for each stage."""
    yield from _crossed(runs, lambda row: f"{row.value:.1f}")


def scanning(runs: Sequence[Run]) -> Iterator[str]:
    """Scans read by several programs: a table for each run, a column for each program, with bars in its cells."""
    yield from _crossed(runs, _shown_beside_its_bar)


def scanning_told(runs: Sequence[Run]) -> Iterator[str]:
    """How much faster than each of its peers Octavo reads scans: a sentence for each run."""
    for run in runs:
        told = {row.category: row for row in run.rows if row.metric.startswith("Octavo is faster")}
        faster = " and ".join(f"{row.value:.1f} times as fast as {name}" for name, row in told.items())
        missed = sum(not row.met for row in run.rows)
        yield (
            f"\nScans are read {faster or 'without a peer to compare with'}"
            f"{f'; {missed} bars are missed' if missed else ''}. {_measured(run)}"
        )


def doubts(runs: Sequence[Run]) -> Iterator[str]:
    """Cost and errors of reading lines: a table for each run, a row for each doubt."""
    yield from _crossed(runs, lambda row: f"{row.value:.4f}")


def serving(runs: Sequence[Run]) -> Iterator[str]:
    """What a server makes of scans: a table for each run."""
    for run in runs:
        yield _captioned(run)
        yield _row("", "measure", "", "bar")
        yield _row("---", "---", "---:", "---")
        for row in run.rows:
            yield _row(row.category, row.metric, _short(row), _bar(row))


def _short(row: Row) -> str:
    """Megabytes without decimals, all else with two."""
    number = f"{row.value:.0f}" if row.metric.startswith("MB") else f"{row.value:.2f}"
    return number if row.met else f"**{number}** (missed)"


def _shown_beside_its_bar(row: Row) -> str:
    return _shown(row) if row.bar is None else f"{_shown(row)} ({SIGNS[row.demand]} {row.bar:.3g})"


def _crossed(runs: Sequence[Run], shown: Callable[[Row], str], bars: str = "") -> Iterator[str]:
    for run in runs:
        yield _captioned(run)
        found = {(row.category, row.metric): row for row in run.rows}
        columns, names = (dict.fromkeys(place[which] for place in found) for which in (0, 1))
        yield _row("", *columns)
        yield _row("---", *["---:"] * len(columns))
        for name in names:
            rows = (found.get((column, name)) for column in columns)
            yield _row(name, *(shown(row) if row else "" for row in rows))
        if bars:
            yield _row(bars, *(_bars(row for row in run.rows if row.category == column) for column in columns))


def _bars(rows: Iterable[Row]) -> str:
    return " ".join(_bar(row) for row in rows if row.bar is not None)


def _captioned(run: Run) -> str:
    taken = f" **Noisy**: other programs took {run.others:.0%} of the machine meanwhile, so times are too long."
    return f"\n{_measured(run)}{taken if run.noisy else ''}\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rendered(name: str, lines: Lines, folder: Path = RESULTS) -> Iterator[str]:
    """The lines of one part from its file of results."""
    runs = read(folder / name)
    return lines(runs) if runs else iter(["Not measured."])


PARTS: dict[str, Callable[..., Iterator[str]]] = {
    "measured quality": partial(_rendered, "quality.json", quality),
    "measured details": partial(_rendered, "quality.json", details),
    "measured coverage": partial(_rendered, "coverage.json", coverage),
    "measured kinds": partial(_rendered, "coverage.json", kinds),
    "measured scans": partial(_rendered, "scans.json", scans),
    "measured confidence": partial(_rendered, "confidence.json", confidence),
    "measured speed": partial(_rendered, "speed.json", speed),
    "measured stages": partial(_rendered, "profile.json", stages),
    "measured scanning": partial(_rendered, "scanning.json", scanning),
    "measured faster": partial(_rendered, "scanning.json", scanning_told),
    "measured doubts": partial(_rendered, "doubts.json", doubts),
    "measured serving": partial(_rendered, "serving.json", serving),
}
"""The generated parts of README.md and docs/, by the name in their markers; each takes the folder of results."""
