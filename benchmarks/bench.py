"""Quality, speed, scanning, coverage and the profile, in one run: the tables of README.md and docs/ come from here.

    scripts/bench                                # what needs nothing: documents are made
    scripts/bench --evaluation FOLDER            # also quality, confidence, speed on the collection of one-page PDFs
    scripts/bench --quick                        # a smoke test; nothing is kept
    scripts/bench --evaluation FOLDER --parts quality --only 05_odl_bench --limit 3     # nor here

FOLDER holds `evaluate.py` and the documents in `dev/`; they are no part of this project, and only scores are kept, as
JSON in benchmarks/results, one run for each machine. Tables are printed as they will stand in the documentation. Times
are for a machine that does nothing else: what other programs took of it is kept with them. The exit code is 1 when a
bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import coverage
import dense_scans
import doubts
import pages
import reliability
import scanning
import serving
import stages
import tables
from kept_runs import RESULTS, Row, Run, commit, keep, today
from live_server import SLOTS
from made_documents import scan_page
from noise import Noise
from quality import Evaluation, measured

from octavo import Octavo, __version__

ONE_PAGE = ("opendataloader-bench", "05_odl_bench")
"""The collection whose PDFs have one page each: its name, and its folder."""
SCANS = {
    "04_scans_isri": "ISRI scans",
    "04_receipts_sroie": "SROIE receipts",
    "07_french_typescript": "TapusCorpus",
}
"""Collections of scans: their folders and names; peers read the first."""
READERS = {"api": "Octavo through the API", "bare": "Octavo, pipeline alone"}
SHOWN = {
    "speed": ("speed",),
    "profile": ("stages",),
    "scanning": ("scanning", "scanning_told"),
    "doubts": ("doubts",),
    "serving": ("serving",),
    "coverage": ("kinds", "coverage"),
    "scans": ("scans",),
    "quality": ("details", "verdicts"),
    "confidence": ("confidence",),
}
"""Tables of each part."""


def main() -> int:
    """Parse the command line; the exit code."""
    options = parsed()
    results = options.results or (None if options.quick or options.limit or options.only else RESULTS)
    met, where = True, commit()
    for part in options.parts:
        print(f"{part} ...", file=sys.stderr, flush=True)
        run = timed(options.machine, where, partial(PARTS[part], options))
        print("\n".join(["", *(line for table in SHOWN[part] for line in getattr(tables, table)([run]))]), flush=True)
        met = met and all(row.met for row in run.rows)
        if results:
            keep(results / f"{part}.json", run)
    return 0 if met else 1


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, metavar="FOLDER", help="of evaluate.py and its documents")
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="only these")
    parser.add_argument("--only", nargs="+", default=[], metavar="CATEGORY", help="only these folders of documents")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only so many documents of each")
    parser.add_argument(
        "--rounds", type=int, default=7, metavar="N", help="of speed and profile (7); at most 3 of scanning and serving"
    )
    parser.add_argument("--quick", action="store_true", help="few pages, few rounds")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has some of the peers")
    parser.add_argument(
        "--scorer", metavar="PYTHON", default=sys.executable, help="one that has what evaluate.py needs"
    )
    parser.add_argument("--machine", default=f"{SLOTS} cores", metavar="WORDS", help="what this machine is called")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="where the JSON goes")
    options = parser.parse_args()
    options.parts = options.parts or [part for part in PARTS if part not in OUTSIDE or options.evaluation]
    if not OUTSIDE.isdisjoint(options.parts) and not options.evaluation:
        parser.error("quality and confidence are measured on documents from outside: name their folder (--evaluation).")
    if options.evaluation and not (options.evaluation / "evaluate.py").is_file():
        parser.error(f"There is no evaluate.py in {options.evaluation.absolute()}.")
    return options


def timed(machine: str, where: str, measure: Callable[[], tuple[Row, ...]]) -> Run:
    """A run of one part, with what other programs took of the machine meanwhile."""
    noise, date = Noise(), today()
    rows = measure()
    return Run(machine=machine, version=__version__, commit=where, date=date, others=noise.others(), rows=rows)


def evaluation(options: argparse.Namespace) -> Evaluation:
    """Where the documents from outside are."""
    return Evaluation(options.evaluation, options.scorer, tuple(options.only), options.limit)


def quality(options: argparse.Namespace) -> tuple[Row, ...]:
    """Scores of all collections."""
    return measured(evaluation(options))


def confidence(options: argparse.Namespace) -> tuple[Row, ...]:
    """Whether words are as often right as is said of them."""
    return reliability.measured(evaluation(options))


def documents(options: argparse.Namespace, folder: Path) -> dict[str, list[Path]]:
    """PDFs by kind: those that are made, and the collection of one-page PDFs."""
    found = pages.made(folder, 4 if options.quick else 30)
    if options.evaluation:
        name, category = ONE_PAGE
        found[name] = evaluation(options).files(category)[: 2 if options.quick else None]
    return found


def speed(options: argparse.Namespace) -> tuple[Row, ...]:
    """Seconds a page, Octavo's and its peers'."""
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        kinds = documents(options, Path(name))
        return tuple(
            map(_speed, pages.measured(Path(name), kinds, 1 if options.quick else options.rounds, options.peers))
        )


def _speed(timing: pages.Timing) -> Row:
    computed = ", CPU time" if timing.what == pages.COMPUTED else ""
    return Row(
        category=timing.kind,
        metric=READERS.get(timing.way, timing.way) + computed,
        value=timing.value / 1000,
        bar=timing.bar and timing.bar / 1000,
        demand="<=",
        documents=timing.documents,
    )


def profile(options: argparse.Namespace) -> tuple[Row, ...]:
    """Milliseconds of CPU time a page, by stage."""
    with tempfile.TemporaryDirectory(prefix="profile-") as name:
        kinds = documents(options, Path(name)) | {"scan": letters(Path(name), 1 if options.quick else 4)}
        rows = [row for kind, files in kinds.items() for row in _profile(kind, files, Path(name), options)]
    return tuple(sorted(rows, key=lambda row: stages.ORDER.index(row.metric)))


def letters(folder: Path, count: int) -> list[Path]:
    """Letters of one page, as JPEG."""
    files = [folder / f"scan {number}.jpg" for number in range(count)]
    for file in files:
        file.write_bytes(scan_page(file.stem))
    return files


def _profile(kind: str, files: list[Path], folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    pipeline = pages.pipeline()
    read = lambda: sum(pages.read_bare(pipeline, folder, file) for file in files)  # noqa: E731
    for stage, value in stages.milliseconds(read, 1 if options.quick else options.rounds).items():
        yield Row(category=kind, metric=stage, value=value, documents=len(files))
    pipeline.close()


def dense(options: argparse.Namespace, folder: Path, categories: Sequence[str]) -> list[dense_scans.Scan]:
    """Scans of the evaluation whose text is known; without one, those that are made."""
    if not options.evaluation:
        return dense_scans.made(folder, 1 if options.quick else 6)
    outside, found = evaluation(options), []
    for category in categories:
        items = outside.items(category)[: 2 if options.quick else None]
        found += dense_scans.evaluated(options.evaluation, SCANS[category], items)
    return found


def read_side_by_side(options: argparse.Namespace) -> tuple[Row, ...]:
    """Scans read by Octavo, Tesseract and RapidOCR, side by side."""
    with tempfile.TemporaryDirectory(prefix="scanning-") as name:
        found = dense(options, Path(name), [*SCANS][:1])
        rounds = 1 if options.quick else min(3, options.rounds)
        return tuple(scanning.measured(found, rounds, options.peers, options.evaluation, options.scorer))


def doubted(options: argparse.Namespace) -> tuple[Row, ...]:
    """Cost and errors of reading lines."""
    with tempfile.TemporaryDirectory(prefix="doubts-") as name:
        return tuple(doubts.measured(dense(options, Path(name), [*SCANS])))


def served(options: argparse.Namespace) -> tuple[Row, ...]:
    """Start, speed and memory of a server that reads dense scans."""
    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        files = [scan.file for scan in dense_scans.made(Path(name), 1 if options.quick else 3)]
        rounds = 1 if options.quick else min(3, options.rounds)
        return tuple(serving.measured(files, rounds=rounds, pages=6 if options.quick else 60))


def covered(options: argparse.Namespace) -> tuple[Row, ...]:
    """Words lost or invented, by kind of page and of all."""
    return _all_covered(coverage.NAMES, 1 if options.quick else 20)


def scanned(options: argparse.Namespace) -> tuple[Row, ...]:
    """The same of pages that are scanned, copied, faxed and photographed."""
    return _all_covered(tuple(coverage.SCANS), 1 if options.quick else 6)


def _all_covered(names: tuple[str, ...], each: int) -> tuple[Row, ...]:
    with Octavo() as reader:
        found = dict(coverage.kinds(reader, names, each, 0))
    total = coverage.Tally()
    for tally in found.values():
        total.add(tally)
    return tuple(_covered(name, tally) for name, tally in (found | {tables.TOTAL: total}).items())


def _covered(kind: str, tally: coverage.Tally) -> Row:
    return Row(
        category=kind,
        metric="share of words lost or invented",
        value=tally.share,
        bar=coverage.BAR if kind == tables.TOTAL else None,
        demand="<",
        documents=tally.documents,
        counts={
            "pages": tally.pages,
            "words": tally.words,
            "misread": tally.misread,
            "lost": tally.lost.total(),
            "invented": tally.invented.total(),
            "cases": tally.cases,
            "warned": tally.told,
        },
    )


PARTS: dict[str, Callable[[argparse.Namespace], tuple[Row, ...]]] = {
    "speed": speed,
    "profile": profile,
    "scanning": read_side_by_side,
    "doubts": doubted,
    "serving": served,
    "coverage": covered,
    "scans": scanned,
    "quality": quality,
    "confidence": confidence,
}
OUTSIDE = {"quality", "confidence"}
"""Parts that are measured on documents from outside."""


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    sys.exit(code)
