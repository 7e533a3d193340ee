"""Whether a file can be the input of a batch: looked through once, in constant memory but for one line."""

from __future__ import annotations

import codecs
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pydantic_core import from_json

from octavo.domain.errors import InvalidFileFormat
from octavo.services.lines import Lines

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
    lines, found = 0, False
    complaints: list[tuple[int, str]] = []
    with path.open("rb") as file, path.open("rb") as other:
        for number, offset, length in _numbered(file):
            lines += 1
            if found or lines > MOST_LOOKED_AT:
                found = True
                continue
            reason = _complaint(other, offset, length)
            found = reason is None
            if reason is not None and len(complaints) < MOST_COMPLAINTS:
                complaints.append((number, reason))
    if not found:
        raise InvalidFileFormat(complaints or [(1, "The file is empty.")])
    return lines


def _numbered(file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Number (from 1, blank lines counted), offset and length of the lines that are not blank.

    Raises:
        InvalidFileFormat: it is not UTF-8; the line is told.
    """
    lines, decoder, ended = Lines(), codecs.getincrementaldecoder("utf-8")(), 0
    while piece := file.read(_PIECE):
        _check_text(decoder, piece, ended)
        for offset, length in lines.feed(piece):
            yield lines.number, offset, length
        ended += piece.count(b"\n")
    _check_text(decoder, b"", ended, final=True)
    for offset, length in lines.close():
        yield lines.number, offset, length


def _check_text(decoder: codecs.IncrementalDecoder, piece: bytes, ended: int, *, final: bool = False) -> None:
    held = len(decoder.getstate()[0])
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError as error:
        before = piece.count(b"\n", 0, max(0, error.start - held))
        raise InvalidFileFormat([(ended + before + 1, "The line is not UTF-8.")]) from None


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
