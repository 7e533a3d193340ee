"""Lines to inline Markdown: spaces, hyphens at line ends, characters that Markdown would take for marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from octavo.domain.block import Word
from octavo.structure.equations import pieces_of
from octavo.structure.lines import Line, join_words

_UNSPACED = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0e7f"
_ENDS_UNSPACED = re.compile(rf"[{_UNSPACED}]$")
_BEGINS_UNSPACED = re.compile(rf"^[{_UNSPACED}]")
_HYPHENATED = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
_GOES_ON = re.compile(r"^[^\W\d_]")
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S[^*_\n]*\1(?!\w))")
_DOLLARS = re.compile(r"(?<!\\)\$(?=\S[^$\n]*\S\$(?!\d))|(?<!\\)\$(?=\S\$(?!\d))")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=\()")


def escape(text: str) -> str:
    r"""Plain text as Markdown that reads the same: only what a reader would take for a mark gets a `\`.

    Raw HTML cannot begin (`<` before a letter becomes `&lt;`), `$` and `*` are escaped only where they pair up.
    """
    text = _TAG.sub("&lt;", text)
    if "$" in text:
        text = _DOLLARS.sub(r"\\$", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\\\1", text)
    return _LINK.sub(r"\\]", text).replace("`", r"\`")


def line_text(words: Sequence[Word]) -> str:
    """The words of one line as Markdown: formulas as they are, everything else escaped."""
    if not any(word.math for word in words):
        return escape(join_words(words))
    pieces = [
        piece.text if piece.is_math else escape(piece.text).replace("\\$", "$").replace("$", r"\$")
        for piece in pieces_of(words)
    ]
    return "".join(pieces)


def inline_text(lines: Sequence[Line], breaks: Sequence[bool]) -> str:
    """The lines as one paragraph of Markdown; a line break stays where `breaks` says that the writer made it."""
    parts = [line_text(line.words) for line in lines]
    out = parts[0] if parts else ""
    for place, (before, after) in enumerate(pairwise(parts)):
        if breaks[place]:
            out += "\n" + after
        else:
            out = _joined(out, before, after)
    return out.replace("\u00ad", "")


def plain_text(lines: Sequence[Line]) -> str:
    """The lines as they stand, one a line, nothing escaped: for code."""
    return "\n".join(join_words(line.words) for line in lines)


def _joined(out: str, before: str, after: str) -> str:
    if _HYPHENATED.search(before) and _GOES_ON.match(after) and after[0].islower():
        return out[:-1] + after
    if _ENDS_UNSPACED.search(before) and _BEGINS_UNSPACED.match(after):
        return out + after
    return out + " " + after
