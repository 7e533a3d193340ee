"""Whether a file can be the input of a batch: looked through once, in constant memory but for one line."""

from __future__ import annotations

import codecs
import threading
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pydantic_core import from_json

from octavo.domain.errors import InvalidFileFormat
from octavo.services.lines import LineCount, Lines

LONGEST = 70 * 1024 * 1024
"""Bytes of a line that is looked at; a longer one may be an object, and no body of `/v1/ocr` is."""
MOST_VALUES = 100_000
"""Commas of a line that is looked at: they bound how many values a parser has to build."""
MOST_COMPLAINTS = 20
MOST_LOOKED_AT = 1_000_000
"""Lines that are looked at in search of an object; a file with more of them is taken, and its lines fail one by one."""
_PIECE = 1 << 20

_ONE_AT_A_TIME = threading.Lock()
"""Held while a long line is in memory."""
_LONG = 1 << 20


def count_lines(path: Path) -> int:
    """Lines of a batch's input that are not blank.

    Raises:
        InvalidFileFormat: it is empty, not UTF-8, or no line is a JSON object.
    """
    with path.open("rb") as file:
        count = _counted(file)
    with path.open("rb") as file, path.open("rb") as other:
        _find_object(file, other)
    return count


def _counted(file: BinaryIO) -> int:
    """Lines that are not blank.

    Raises:
        InvalidFileFormat: it is not UTF-8; the line is told.
    """
    lines, decoder, ended = LineCount(), codecs.getincrementaldecoder("utf-8")(), 0
    while piece := file.read(_PIECE):
        _check_text(decoder, piece, ended)
        lines.feed(piece)
        ended += piece.count(b"\n")
    _check_text(decoder, b"", ended, final=True)
    return lines.close()


def _find_object(file: BinaryIO, other: BinaryIO) -> None:
    """Look for one; `other` is the same file.

    Raises:
        InvalidFileFormat: there is none; the first lines are told.
    """
    lines = Lines()
    complaints: list[tuple[int, str]] = []
    for looked_at, (offset, length) in enumerate(lines.of(iter(partial(file.read, _PIECE), b""))):
        reason = None if looked_at >= MOST_LOOKED_AT else _complaint(other, offset, length)
        if reason is None:
            return
        if len(complaints) < MOST_COMPLAINTS:
            complaints.append((lines.number, reason))
    raise InvalidFileFormat(lines=complaints or [(1, "The file is empty.")])


def _check_text(decoder: codecs.IncrementalDecoder, piece: bytes, ended: int, *, final: bool = False) -> None:
    held = len(decoder.getstate()[0])
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError as error:
        before = piece.count(b"\n", 0, max(0, error.start - held))
        raise InvalidFileFormat(lines=[(ended + before + 1, "The line is not UTF-8.")]) from None


def _complaint(file: BinaryIO, offset: int, length: int) -> str | None:
    """Why the line is no JSON object; None if it is one, or may be one and is too long to tell."""
    file.seek(offset)
    start = file.read(min(length, _LONG))
    begun = start.lstrip()[:1]
    if begun and begun != b"{":
        return "The line is no JSON object."
    if length > LONGEST:
        return None
    if length <= _LONG:
        return _parsed(start)
    with _ONE_AT_A_TIME:
        return _parsed(start + file.read(length - len(start)))


def _parsed(line: bytes) -> str | None:
    if line.count(b",") > MOST_VALUES:
        return None
    try:
        from_json(line, cache_strings=False)
    except ValueError as error:
        return f"The line is no JSON: {str(error)[:200]}"
    return None
