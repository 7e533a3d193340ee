"""Whether confidences are honest: of all words of scans that are said to be right with .9, how many are?

Words of the answer are held against the truth of each document by alignment; those that the alignment leaves over may
stand elsewhere (columns and tables have many orders). Case and marks around words do not count. A word that was cut at
the end of a line is right whole or in its parts.
"""

from __future__ import annotations

import difflib
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from coverage import plain
from kept_runs import Row
from quality import Evaluation

from octavo import Octavo

FOLDERS = (
    "04_scans_isri",
    "04_scans_scribe",
    "04_receipts_sroie",
    "04_forms_funsd",
    "07_french_typescript",
    "07_french_handwriting",
    "07_derived_geometry",
    "07_multilingual_digital",
    "07_multilingual_photo",
)
"""Scans and photographs; of the last two, those in Latin script."""
OTHER_SCRIPTS = frozenset({"ar", "ru", "th", "zh", "ja"})
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.001)
LOW = 0.5
BELOW, ERROR = "right, of words below 0.5", "mean distance from the truth"
CATEGORY = "words on scans"
_MARKS = "()[]{}<>:;,.!?\"'*=_-|/\\~#«»“”‘’"
_CUT = re.compile(r"(\S+)-\s*\n\s*(\S+)")

Judged = tuple[float, bool]
"""What is said of a word, and whether it is right."""


def measured(evaluation: Evaluation) -> tuple[Row, ...]:
    """How many words there are, and are right, by what is said of them."""
    wanted = [folder for folder in FOLDERS if not evaluation.only or folder in evaluation.only]
    items = [item for folder in wanted for item in evaluation.items(folder) if item.get("lang") not in OTHER_SCRIPTS]
    with Octavo() as reader:
        judged = [word for item in items for word in judged_words(reader, evaluation, item)]
    return tuple(rows_of(judged, len(items)))


def judged_words(reader: Octavo, evaluation: Evaluation, item: dict[str, Any]) -> Iterator[Judged]:
    """The words of one document."""
    print(item["id"], file=sys.stderr, flush=True)
    dev = evaluation.folder / "dev"
    truth = dev / next(item["gt"][name] for name in ("gt.txt", "gt.md") if name in item["gt"])
    answer = reader.ocr(dev / item["file"], confidence_scores_granularity="word")
    scores = [score for page in answer.pages for score in page.confidence_scores.word_confidence_scores or []]
    text = truth.read_text(encoding="utf-8")
    right = rightness([score.text for score in scores], plain(text) if truth.suffix == ".md" else text)
    for score, is_right in zip(scores, right, strict=True):
        if is_right is not None:
            yield score.confidence, is_right


def rightness(found: Sequence[str], truth: str) -> list[bool | None]:
    """Of each word whether it is right; None for marks alone."""
    words, meant = [bare(plain(word)) for word in found], [word for word in map(bare, truth.split()) if word]
    same = difflib.SequenceMatcher(None, words, meant, autojunk=False).get_matching_blocks()
    aligned = {block.a + step: block.b + step for block in same for step in range(block.size)}
    left = Counter(meant) - Counter(meant[place] for place in aligned.values())
    left.update(bare(cut[1] + cut[2]) for cut in _CUT.finditer(truth))
    return [_is_right(word, place in aligned, left) if word else None for place, word in enumerate(words)]


def _is_right(word: str, aligned: bool, left: Counter[str]) -> bool:
    if not aligned and left[word] > 0:
        left[word] -= 1
        return True
    return aligned


def bare(word: str) -> str:
    """A word without case and the marks around it."""
    return unicodedata.normalize("NFKC", word).strip().lower().strip(_MARKS)


def rows_of(judged: Iterable[Judged], documents: int) -> Iterator[Row]:
    """One row for each stretch of confidences, and what they come to."""
    words = sorted(judged)
    apart = 0.0
    for low, high in pairwise(EDGES):
        part = [word for word in words if low <= word[0] < high]
        if not part:
            continue
        said, right = sum(word[0] for word in part) / len(part), sum(word[1] for word in part)
        apart += abs(said * len(part) - right)
        counts = {"words": len(part), "right": right, "thousandths": round(1000 * said)}
        yield _row(f"{low:g} to {min(high, 1.0):g}", right / len(part), documents, counts=counts)
    low_words = [is_right for said, is_right in words if said < LOW]
    share = sum(low_words) / len(low_words) if low_words else 0.0
    yield _row(BELOW, share, documents, bar=LOW, demand="<=", counts={"words": len(low_words)})
    yield _row(ERROR, apart / max(1, len(words)), documents, counts={"words": len(words)})


def _row(metric: str, value: float, documents: int, **more: Any) -> Row:
    return Row(category=CATEGORY, metric=metric, value=value, documents=documents, **more)
