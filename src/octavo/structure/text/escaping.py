r"""Plain text as Markdown that reads the same: only what a reader would take for a mark gets a `\`.

After CommonMark 0.31, with the strikethrough of GitHub and the `$` of Pandoc; marks at the start of a line are the
renderer's affair, for they depend on the kind of block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FORMULA = "\ufdd0"
"""Stands for a formula while the text around it is escaped: a code that is no character."""

_BACKSLASH = re.compile(rf"\\(?=[!-/:-@\[-`{{-~\n{FORMULA}]|$)")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]{1,31};)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=\()")
_RUNS = {mark: re.compile(pattern) for mark, pattern in {"*": r"\*+", "_": "_+", "~": "~~+", "$": r"\$+"}.items()}


def escape(text: str, formulas: Sequence[str] = ()) -> str:
    """The text of one block as inline Markdown.

    Raw HTML cannot begin (`<` before a letter becomes `&lt;`); `*`, `_`, `~~`, `$` and backticks are escaped only
    where they pair up.

    Args:
        text: as it stands on the page, line breaks included.
        formulas: LaTeX between dollar signs, in the order of the `FORMULA`s in the text that they stand in for.
    """
    text = _BACKSLASH.sub(r"\\\\", text)
    text = _TAG.sub("&lt;", _ENTITY.sub("&amp;", text))
    for mark, runs in _RUNS.items():
        if mark in text:
            text = text.replace("$", r"\$") if mark == "$" and formulas else _unpaired(text, runs)
    if text.count("`") > 1:
        text = text.replace("`", r"\`")
    text = _LINK.sub(r"\\]", text)
    for formula in formulas:
        text = text.replace(FORMULA, formula, 1)
    return text


def _unpaired(text: str, runs: re.Pattern[str]) -> str:
    """The text with every run of a mark escaped that could open or close something, if one opens before one closes."""
    found = list(runs.finditer(text))
    opening = [run.start() for run in found if _opens(text, run)]
    closing = [run.start() for run in found if _closes(text, run)]
    if not opening or not closing or opening[0] >= closing[-1]:
        return text
    active = {*opening, *closing}
    return runs.sub(lambda run: re.sub(r"(.)", r"\\\1", run[0]) if run.start() in active else run[0], text)


def _opens(text: str, run: re.Match[str]) -> bool:
    after = text[run.end() : run.end() + 1]
    return bool(after) and not after.isspace() and not _is_inside_word(text, run)


def _closes(text: str, run: re.Match[str]) -> bool:
    before, after = text[: run.start()][-1:], text[run.end() : run.end() + 1]
    if run[0] == "$" and after.isdigit():
        return False
    return bool(before) and not before.isspace() and not _is_inside_word(text, run)


def _is_inside_word(text: str, run: re.Match[str]) -> bool:
    """Whether underscores are part of a name, as in `snake_case`."""
    around = text[: run.start()][-1:], text[run.end() : run.end() + 1]
    return run[0][0] == "_" and all(side.isalnum() for side in around)
