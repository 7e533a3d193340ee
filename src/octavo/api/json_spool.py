"""JSON while it arrives: its long strings go to disk, and what is left of it is small.

The scanner knows strings and nothing else of JSON. It copies all that comes to a skeleton, which a real parser judges
in the end; of a string that grows long it puts the text on disk instead, escapes resolved, and a placeholder in its
place. A placeholder cannot be forged, for it has a number that is drawn for this one body.
"""

from __future__ import annotations

import codecs
import re
import secrets
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic_core import from_json

from octavo.api.errors import Complaint, InvalidBody
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import SpoolFile
from octavo.domain.errors import FileTooLarge

LONG = 64 * 1024
"""Bytes from which on a string is long."""
SHORT = 1024
"""Bytes up to which strings are copied all at once; to look through longer ones for nothing takes a while."""
LARGEST_SKELETON = 1024 * 1024
MOST_TEXTS = 8
"""Long strings of one body; a request has one document."""

_PLACEHOLDER = 2048
"""Letters of a placeholder: more than any field takes but those that may hold a document."""
_UNIT = 12
"""Bytes of the longest escape, `\\ud83d\\ude00`."""
_CONTENT = re.compile(
    rb'(?:[^"\\]++|\\[^u]|\\u(?!d[89ab])[^"\\]{4}|\\ud[89ab][^"\\]{2}\\u[^"\\]{4})*', re.DOTALL | re.IGNORECASE
)
"""Of a string, as many whole escapes and other bytes as there are."""


class JsonSpool:
    """Takes a body piece by piece; a context that closes its files.

    Attributes:
        texts: the files of the long strings, by their placeholders.
    """

    def __init__(self, folder: Path, budget: SpoolBudget | None = None, *, long: int = LONG) -> None:
        """Nothing is read yet.

        Args:
            folder: where the long strings go.
            budget: what all files of the server may take together; None is no limit.
            long: bytes from which on a string is long.
        """
        self.texts: dict[str, Path] = {}
        self._folder = folder
        self._budget = budget
        self._long = long
        self._short = _short_strings(min(long, SHORT))
        self._secret = secrets.token_hex(16)
        self._skeleton = bytearray()
        self._string: _String | None = None
        self._rest = b""

    def write(self, piece: bytes) -> None:
        """Take the next piece of the body.

        Raises:
            InvalidBody: it is no JSON, as far as that can be seen yet, or has too many long strings.
            FileTooLarge: it is too large without its long strings.
            Overloaded, OutOfSpace: there is no room for a long string.
        """
        data = self._rest + piece
        place, end = -1, 0
        while place < end < len(data):
            place = end
            end = self._outside(data, place) if self._string is None else self._inside(data, place, self._string)
        self._rest = data[end:]
        if len(self._rest) > _UNIT:
            raise not_json("invalid escape in a string")

    def close(self) -> bytes:
        """The skeleton, when all has come; one that breaks off is no JSON, as the body was none.

        Raises:
            InvalidBody: a long string breaks off.
        """
        if self._string is not None:
            if self._string.file is not None:
                raise not_json("EOF while parsing a string")
            self._keep(b'"' + self._string.start + self._rest)
        return bytes(self._skeleton)

    def _outside(self, data: bytes, place: int) -> int:
        """Copy up to the next string, or all there is; the place to go on from."""
        short = self._short.match(data, place)
        quote = data.find(b'"', short.end() if short else place)
        self._keep(data[place:] if quote < 0 else data[place:quote])
        if quote < 0:
            return len(data)
        self._string = _String()
        return quote + 1

    def _inside(self, data: bytes, place: int, string: _String) -> int:
        """Take the string up to its end, to the end of data, or to an escape that breaks off there."""
        end = data.find(b'"', place)
        end = len(data) if end < 0 else end
        if data.find(b"\\", place, end) >= 0:
            found = _CONTENT.match(data, place)
            end = found.end() if found else place
        string.write(data[place:end])
        if string.file is None and len(string.start) > self._long:
            self._check_number()
            string.to_disk(SpoolFile(self._folder, self._budget))
        if data[end : end + 1] != b'"':
            return end
        self._finish(string)
        return end + 1

    def _finish(self, string: _String) -> None:
        content = bytes(string.start)
        if string.file is not None:
            placeholder = f"{self._secret}-{len(self.texts)}".ljust(_PLACEHOLDER, ".")
            self.texts[placeholder] = string.close()
            content = placeholder.encode()
        self._string = None
        self._keep(b'"%b"' % content)

    def _keep(self, content: bytes) -> None:
        self._skeleton += content
        if len(self._skeleton) > LARGEST_SKELETON:
            _check_start(bytes(self._skeleton))
            raise FileTooLarge(
                f"The request has more than {LARGEST_SKELETON} bytes beside its document. Send the document as one "
                "string of JSON, in base64, or as the part `file` of a form."
            )

    def _check_number(self) -> None:
        if len(self.texts) >= MOST_TEXTS:
            message = f"More than {MOST_TEXTS} strings are longer than {self._long} bytes"
            raise InvalidBody([Complaint(type="too_many_long_strings", loc=["body"], msg=message)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._string is not None and self._string.file is not None:
            self._string.file.__exit__(kind, error, trace)


class _String:
    """A string on its way.

    Attributes:
        start: its content as it came, as long as it is short.
        file: where its text goes once it is long.
    """

    def __init__(self) -> None:
        self.start = bytearray()
        self.file: SpoolFile | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def write(self, content: bytes) -> None:
        """More of it: whole escapes and other bytes; characters may be cut."""
        if self.file is None:
            self.start += content
            return
        try:
            # The parser that reads the skeleton reads this, too: what is JSON is decided in one place.
            text: str = from_json('"' + self._decoder.decode(content) + '"')
        except ValueError as error:
            raise not_json("invalid character or escape in a string") from error
        self.file.write(text.encode())

    def to_disk(self, file: SpoolFile) -> None:
        """It has become long."""
        self.file = file
        self.write(bytes(self.start))
        self.start.clear()

    def close(self) -> Path:
        """The file of a long one, finished."""
        assert self.file is not None  # noqa: S101  nobody asks for another
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise not_json("a character breaks off in a string") from error
        with self.file:
            return self.file.path


@cache
def _short_strings(length: int) -> re.Pattern[bytes]:
    """Whole short strings, and what is between them, all at once, for there may be very many.

    With many escapes in them they may be twice as long as others that are short; where each ends is all that matters.
    What repeats groups is not possessive: Python 3.11.2, which Debian 12 has, goes on behind one that failed half way.
    """
    run = max(1, min(64, length))
    return re.compile(rb'(?:[^"]*+"(?:[^"\\]{1,%d}+|\\.){0,%d}")*' % (run, length // run), re.DOTALL)


def _check_start(skeleton: bytes) -> None:
    """Look whether this may be the start of JSON at all: something else should not be told to become shorter.

    Raises:
        InvalidBody: it may not.
    """
    try:
        from_json(skeleton, allow_partial=True)
    except ValueError as error:
        raise not_json(str(error)) from error


def not_json(reason: str) -> InvalidBody:
    """A body that is no JSON, as pydantic says it."""
    return InvalidBody([Complaint(type="json_invalid", loc=["body"], msg=f"Invalid JSON: {reason}")])
