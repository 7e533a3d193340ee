"""Which fonts write which script, by the characters that they have."""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

_UNFIT = re.compile(
    r"emoji|symbol|music|math|ornament|dingbat|icon|keyboard|nastaliq|duployan|signwriting|braille|barcode|awesome"
    r"|Thin|ExtraLight|LastResort|unifont|marlett|webdings|UKIJ|KhmerOSfasthand|StamAshkenaz|StamSefarad",
    re.IGNORECASE,
)
_HELD_OUT = 5
"""One of so many families of a script is kept for the test."""

Face = tuple[str, int]
"""File and number in the file."""


def families(folder: Path, words: dict[str, list[str]]) -> dict[str, dict[str, list[Face]]]:
    """By script and family, the faces that have nearly all letters of the script's words."""
    wanted = {script: _letters(texts) for script, texts in words.items()}
    found: dict[str, dict[str, list[Face]]] = defaultdict(lambda: defaultdict(list))
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() not in {".ttf", ".otf", ".ttc"} or _UNFIT.search(file.name):
            continue
        for number, letters in enumerate(_faces(file)):
            for script, needed in wanted.items():
                if len(needed & letters) >= 0.9 * len(needed):
                    found[script][_family(file)].append((str(file), number))
    return found


def parted(script: str, faces: dict[str, list[Face]]) -> tuple[dict[str, list[Face]], dict[str, list[Face]]]:
    """Families to train with, and families to test with: always the same, and never one in both."""
    names = sorted(faces, key=lambda name: hashlib.sha256(f"{script} {name}".encode()).hexdigest())
    kept = max(1, len(names) // _HELD_OUT) if len(names) > 1 else 0
    return {name: faces[name] for name in names[kept:]}, {name: faces[name] for name in names[:kept]}


def any_face(faces: dict[str, list[Face]]) -> Face:
    """A family first, then one of its faces: many weights make no family more frequent."""
    return random.choice(faces[random.choice(list(faces))])


@cache
def letters_of(face: Face) -> frozenset[str]:
    """The characters that a face has: what it lacks would be an empty box, alike in all scripts."""
    return frozenset(map(chr, _faces(Path(face[0]))[face[1]]))


def _letters(texts: list[str]) -> set[int]:
    """The letters that the script cannot do without: the most frequent ones."""
    counted: dict[str, int] = defaultdict(int)
    for text in texts:
        for letter in text:
            counted[letter] += letter.isalpha()
    most = sorted(counted, key=counted.__getitem__, reverse=True)[:400]
    total = sum(counted.values())
    return {ord(letter) for letter in most if counted[letter] > total / 2000 or len(counted) > 1000}


def _faces(file: Path) -> list[set[int]]:
    try:
        if file.suffix.lower() == ".ttc":
            return [set(font.getBestCmap() or ()) for font in TTCollection(str(file), lazy=True).fonts]
        return [set(TTFont(str(file), lazy=True).getBestCmap() or ())]
    except (TTLibError, AssertionError, KeyError, AttributeError):
        return []


def _family(file: Path) -> str:
    """`NotoSerif` of `NotoSerif-BoldItalic.ttf`: a family is a design, whatever its weight."""
    name = re.split(r"[-_.0-9 ]", file.stem)[0]
    return re.sub(r"(Bold|Italic|Oblique|Regular|Book|Medium|Light|Black|Roman|Mono)+$", "", name) or name
