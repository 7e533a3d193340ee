"""What is lost or invented of the text of pages that we make: `python benchmarks/coverage.py --help`.

Every word of the answer (Markdown, `header`, `footer`, `tables` together) is held against every word that was written
on the pages, as multisets: order, markup, hyphens, ligatures and the marks around words do not count. Formulas count
by their letters and digits. The bar: less than 0.5 % of the words lost or invented, and a warning in each such case.

Of scans, a word that came back with other letters, or as one with its neighbour, is misread: that is told apart.
"""

from __future__ import annotations

import argparse
import difflib
import html
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from covered_pages import ARABIC, NAMES, Made, made
from covered_scans import SCANS, scan

from octavo import Octavo

BAR = 0.005
_GREEK = {unicodedata.name(chr(code)).split()[-1].lower(): chr(code) for code in range(0x3B1, 0x3CA) if code != 0x3C2}
_GREEK["lambda"] = "λ"
_PLACEHOLDER = re.compile(r"!?\[((?:img|tbl)-\d+\.\w+)\]\(\1\)")
_TAG = re.compile(r"</?(?:table|thead|tbody|tr|t[hd]|br|sup|sub)\b[^>]*>")
_ARRAY = re.compile(r"\\begin\{(\w+\*?)\}(?:\{[lcr|]*\})?|\\end\{\w+\*?\}")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$", re.DOTALL)
_SIGN = re.compile(
    r"\\(?:text|mathrm|operatorname\*?)\{(?P<words>[^{}]*)\}|\\(?P<command>[A-Za-z]+)|[^\W\d_]|\d+",
)
_CUT = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\s*\n?\s*(?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_KEPT = {"sin", "cos", "tan", "log", "ln", "exp", "lim", "max", "min", "det"}
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
SHORT = 3
"""Runs of fewer letters count letter by letter, for formulas set them apart or together."""


def words_of(text: str) -> Counter[str]:
    """The words of plain text."""
    text = _CUT.sub("", unicodedata.normalize("NFKC", text))
    return Counter(part for run in _WORD.findall(text) for part in _parts(run))


def _parts(run: str) -> Iterable[str]:
    return run if len(run) < SHORT or _UNSPACED.search(run) else (run,)


def plain(markdown: str) -> str:
    """Markdown, HTML tables and LaTeX as the words that they show."""
    text = _TAG.sub("\n", _PLACEHOLDER.sub(" ", markdown))
    text = _FORMULA.sub(lambda found: " " + _spelled(found[1] or found[2]) + " ", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", html.unescape(text))


def _spelled(latex: str) -> str:
    """The letters, digits and words of a formula."""
    return " ".join(_meaning(found) for found in _SIGN.finditer(_ARRAY.sub(" ", latex)))


def _meaning(found: re.Match[str]) -> str:
    if found["command"] is None:
        return found["words"] or found[0]
    name = found["command"].removeprefix("var")
    if name.lower() in _GREEK:
        letter = _GREEK[name.lower()]
        return letter.upper() if name[0].isupper() else letter
    return name if name in _KEPT else ""


@dataclass
class Tally:
    """What became of the words of one kind of page.

    Attributes:
        documents: that were read.
        pages: of them.
        words: that stand on them.
        misread: words of scans that come back otherwise.
        lost: words that do not come back.
        invented: words of the answer that stand nowhere.
        cases: documents with either.
        told: cases with a warning.
    """

    documents: int = 0
    pages: int = 0
    words: int = 0
    misread: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    told: int = 0

    @property
    def wrong(self) -> int:
        return self.lost.total() + self.invented.total()

    @property
    def share(self) -> float:
        """Lost and invented words, of those that were written."""
        return self.wrong / max(1, self.words)

    def add(self, other: Tally) -> None:
        for name in ("documents", "pages", "words", "misread", "cases", "told"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lost += other.lost
        self.invented += other.invented

    def row(self, name: str) -> str:
        numbers = (self.documents, self.pages, self.words, self.misread, self.lost.total(), self.invented.total())
        told = f"{self.told} of {self.cases}" if self.cases else ""
        return f"| {name:34} | " + " | ".join(f"{n:8}" for n in numbers) + f" | {self.share:8.3%} | {told:9} |"


HEAD = (
    f"| {'kind':34} | documents |    pages |    words |  misread |     lost | invented |    share | warned of |\n"
    f"| {'-' * 34} | {' | '.join(['-' * 8] * 7)} | --------- |"
)


def measured(reader: Octavo, document: Made) -> Tally:
    """One document, read as by default, but with header and footer apart."""
    answer = reader.ocr(document.data, extract_header=True, extract_footer=True)
    texts = [
        text
        for page in answer.pages
        for text in (page.header or "", page.markdown, page.footer or "", *(each.content for each in page.tables or []))
    ]
    meant, heard = words_of(document.said), sum((words_of(plain(text)) for text in texts), Counter())
    lost, invented = meant - heard, heard - meant
    misread = 0
    if document.scanned:
        lost, invented, misread = told_apart(lost, invented)
    tally = Tally(1, document.pages, meant.total(), misread, lost, invented)
    tally.cases = int(tally.wrong > 0)
    warned = any(page.warnings for page in answer.pages)
    tally.told = int(tally.cases and warned)
    return tally


LIKE = 0.5
"""Words that are as like as this are one, misread."""


def told_apart(lost: Counter[str], invented: Counter[str]) -> tuple[Counter[str], Counter[str], int]:
    """What is lost, what is invented, and how many words are neither: they came back otherwise."""
    missing, found = sorted(lost.elements(), key=len, reverse=True), sorted(invented.elements(), key=len, reverse=True)
    misread = 0
    for word in tuple(missing):
        like = max(found, key=lambda other, word=word: _likeness(word, other), default="")
        if like and _likeness(word, like) >= LIKE:
            missing.remove(word)
            misread += 1
            rest = like.replace(word, " ", 1).split() if word in like else []
            found.remove(like)
            found += rest
    for other in tuple(found):
        if any(other in word for word in lost):
            found.remove(other)
    return Counter(missing), Counter(found), misread


def _likeness(word: str, other: str) -> float:
    return 1.0 if word in other else difflib.SequenceMatcher(None, word, other).ratio()


def kinds(reader: Octavo, names: Iterable[str], each: int, first: int) -> Iterator[tuple[str, Tally]]:
    """The tally of every kind; what is wrong is told on standard error as it is found."""
    for name in names:
        tally = Tally()
        for seed in range(first, first + each):
            one = measured(reader, scan(name, seed) if name in SCANS else made(name, seed))
            tally.add(one)
            if one.wrong:
                print(f"{name} {seed}: lost {dict(one.lost)}, invented {dict(one.invented)}", file=sys.stderr)
        yield name, tally


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--each", type=int, default=20, help="documents of each kind (20)")
    options.add_argument("--seed", type=int, default=0, help="of the first; others give other documents (0)")
    options.add_argument(
        "--kind", action="append", choices=(*NAMES, *SCANS), help="only this kind; may be given several times"
    )
    options.add_argument("--scans", action="store_true", help="all kinds of scans, instead of the other kinds")
    given = options.parse_args()
    names = given.kind or (SCANS if given.scans else NAMES)
    total = Tally()
    print(HEAD)
    with Octavo() as reader:
        for name, tally in kinds(reader, names, given.each, given.seed):
            print(tally.row(name), flush=True)
            total.add(tally)
    print(total.row("all"))
    if not ARABIC.is_file():
        print(f"No Arabic pages: {ARABIC} is not there.")
    print(f"Bar: less than {BAR:.1%} of the words lost or invented: {'met' if total.share < BAR else 'NOT met'}.")
    return int(total.share >= BAR)


if __name__ == "__main__":
    sys.exit(main())
