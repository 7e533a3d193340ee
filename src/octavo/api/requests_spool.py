"""The body of a batch job while it arrives: its `requests` become lines of a file, and what is left of it is small.

The scanner knows strings, brackets and commas. It copies each request to the file, and a skeleton of it, without its
long strings, to a real parser, which judges it; the rest of the body is kept for the same parser.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from octavo.api.errors import Complaint, InvalidBody
from octavo.api.json_spool import not_json
from octavo.domain.errors import FileTooLarge

LONG = 1024
"""Bytes of a string from which on the parser does not see it: a request may be a small picture."""
LARGEST_REST = 1024 * 1024
"""Bytes of the body beside its requests."""
LARGEST_SKELETON = 1024 * 1024
"""Bytes of a request without its long strings."""
LARGEST_SUM = 16 * 1024 * 1024
"""Bytes of all requests without their long strings."""

_UNIT = 6
"""Bytes of the longest escape, `\\u00e9`."""
_CONTENT = re.compile(rb'(?:[^"\\]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*')
"""Of a string, as many whole escapes and other bytes as there are."""
_MARK = re.compile(rb"[\[\]{},:]")
_CONTROL = re.compile(rb"[\x00-\x1f]")
_BREAKS = bytes.maketrans(b"\r\n", b"  ")


class RequestsSpool:
    """Takes a body piece by piece.

    Attributes:
        count: requests that came so far.
    """

    def __init__(self, write: Callable[[bytes], None], most: int) -> None:
        """Nothing is read yet.

        Args:
            write: takes the lines, in pieces.
            most: requests.
        """
        self.count = 0
        self._write = write
        self._most = most
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._rest = b""
        self._depth = 0
        self._string: bytearray | None = None
        self._long = False
        self._last_string = b""
        self._key = b""
        self._in_list = False
        self._lists = 0
        self._body = bytearray()
        self._element = bytearray()
        self._line = bytearray()
        self._after_comma = False
        self._sum = 0

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            InvalidBody: it is no JSON, a request in it is none, or there are too many.
            FileTooLarge: it is too large without its long strings.
            Overloaded, OutOfSpace: there is no room for the lines.
        """
        try:
            self._decoder.decode(piece)
        except UnicodeDecodeError:
            raise not_json("invalid UTF-8") from None
        data, place = self._rest + piece, 0
        self._rest = b""
        while place < len(data):
            place = self._between(data, place) if self._string is None else self._inside(data, place)
        self._flush()

    def close(self) -> bytes:
        """The body without its requests, when all has come; one that breaks off is no JSON, as the body was none."""
        if self._string is not None:
            self._keep(b'"')
        return bytes(self._body)

    def _inside(self, data: bytes, place: int) -> int:
        """Take a string up to its end, to the end of data, or to an escape that breaks off there."""
        assert self._string is not None  # noqa: S101  asked for inside of one only
        found = _CONTENT.match(data, place)
        end = found.end() if found else place
        content = data[place:end]
        if _CONTROL.search(content):
            raise not_json("control character in a string")
        if self._in_list:
            self._line += content
        self._long = self._long or len(self._string) + len(content) > LONG
        if not self._long or not self._in_list:
            self._string += content
        if len(self._string) > LARGEST_REST:
            raise _too_much()
        if end == len(data):
            return end
        if data[end : end + 1] != b'"':
            self._rest = data[end:]
            if len(self._rest) >= _UNIT:
                raise not_json("invalid escape in a string")
            return len(data)
        self._end_string()
        return end + 1

    def _end_string(self) -> None:
        content = b"" if self._long and self._in_list else bytes(self._string or b"")
        self._string, self._long, self._last_string = None, False, content
        if self._in_list:
            self._line += b'"'
        self._keep(b'"%b"' % content)

    def _between(self, data: bytes, place: int) -> int:
        """Take all up to the next string."""
        quote = data.find(b'"', place)
        end = len(data) if quote < 0 else quote
        for mark in _MARK.finditer(data, place, end):
            self._copy(data[place : mark.start()])
            self._mark(mark[0])
            place = mark.end()
        self._copy(data[place:end])
        if quote < 0:
            return end
        self._begin_string()
        return quote + 1

    def _begin_string(self) -> None:
        self._string = bytearray()
        if self._in_list:
            self._line += b'"'

    def _mark(self, mark: bytes) -> None:
        """A bracket, a comma or a colon outside of strings."""
        if self._in_list and self._depth == 2 and mark in b",]":
            self._end_request(last=mark == b"]")
            return
        if self._in_list and self._depth == 2 and mark == b"}":
            raise not_json("`}` without `{` in `requests`")
        if mark == b":" and self._depth == 1:
            self._key = self._last_string
        begins = mark == b"[" and self._depth == 1 and self._key == b"requests" and not self._in_list
        self._copy(mark)
        if mark in b"[{":
            self._depth += 1
        elif mark in b"]}":
            self._depth -= 1
        elif mark == b"," and self._depth == 1:
            self._key = b""
        if begins:
            self._begin_list()

    def _begin_list(self) -> None:
        self._lists += 1
        if self._lists > 1:
            raise _wrong("`requests` stands there twice")
        self._in_list = True

    def _copy(self, content: bytes) -> None:
        """What is no string: to the request or to the rest."""
        if self._in_list:
            if self._depth == 2 and not self._element:
                content = content.lstrip()
            self._line += content.translate(_BREAKS)
        self._keep(content)

    def _keep(self, content: bytes) -> None:
        """For the parser."""
        kept = self._element if self._in_list else self._body
        kept += content
        if len(self._body) > LARGEST_REST or len(self._element) > LARGEST_SKELETON:
            raise _too_much()

    def _end_request(self, *, last: bool) -> None:
        """A comma or the end of the list."""
        if self._element.strip():
            self._finish_request()
        elif not last or self._after_comma:
            raise not_json("expected value in `requests`")
        self._after_comma = not last
        if last:
            self._in_list, self._depth = False, 1
            self._keep(b"]")

    def _finish_request(self) -> None:
        if self.count >= self._most:
            raise _wrong(f"more than {self._most} requests; upload them as a file with purpose=batch")
        _check(bytes(self._element), self.count)
        self._sum += len(self._element)
        if self._sum > LARGEST_SUM:
            raise _too_much()
        self._element.clear()
        self._line += b"\n"
        self._flush()
        self.count += 1

    def _flush(self) -> None:
        if self._line:
            self._write(bytes(self._line))
            self._line.clear()


def _check(request: bytes, number: int) -> None:
    """A request is an object with a `body`; what is in there is seen when its turn comes.

    Raises:
        InvalidBody: it is none.
    """
    try:
        value: Any = from_json(request)
    except ValueError as error:
        raise not_json(f"{error} of request {number}") from None
    if not isinstance(value, dict) or not isinstance(value.get("body"), dict):
        raise _wrong("Input should be an object with `custom_id` and an object `body`", str(number))
    if not isinstance(value.get("custom_id"), str | None):
        raise _wrong("Input should be a valid string", str(number), "custom_id")


def _wrong(message: str, *place: str) -> InvalidBody:
    return InvalidBody([Complaint(type="value_error", loc=["body", "requests", *place], msg=message)])


def _too_much() -> FileTooLarge:
    return FileTooLarge(
        f"More than {LARGEST_REST} bytes of the body or of one of its requests, or {LARGEST_SUM} of all requests "
        "together, are no documents. Upload the lines as a file with purpose=batch."
    )
