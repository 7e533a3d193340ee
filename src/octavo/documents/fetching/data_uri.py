"""Documents inside the request: `data:<type>;base64,...`, percent-encoded data URIs (RFC 2397), and bare base64.

The type is not believed. Lax where the meaning is clear: line breaks and blanks inside, the URL-safe alphabet, missing
padding, percent-encoded base64. The text is decoded piece by piece; its length is checked before.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote_to_bytes

from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import check_size, spool_stream
from octavo.domain.document import DataUriRef, SpooledDocument, SpooledText
from octavo.domain.errors import InvalidDocumentReference

EXPECTED = (
    "Document content must be a URL (starting with 'https') or base64 encoded document "
    "(starting with 'data:application/<format>;base64,')"
)
"""How Mistral begins its message; clients look for it."""

PIECE = 1 << 18
LONGEST_HEADER = 1024
_BLANKS = b" \t\n\r\f\v"
_STANDARD_ALPHABET = bytes.maketrans(b"-_", b"+/")


class Text(Protocol):
    """The text of a document, wherever it is; places in it are counted in units of its own.

    Attributes:
        start: first place that is no blank.
        end: place after the last.
    """

    start: int
    end: int

    def head(self, start: int) -> str:
        """Units from `start` on, as many as a header has at most, one character for each."""
        ...

    def pieces(self, start: int) -> Iterator[bytes]:
        """All from `start` on, in UTF-8."""
        ...


class TextInMemory:
    """Units are characters."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.start = len(text) - len(text.lstrip())
        self.end = len(text)

    def head(self, start: int) -> str:
        """The first characters."""
        return self._text[start : start + LONGEST_HEADER]

    def pieces(self, start: int) -> Iterator[bytes]:
        """Base64 has no other characters than ASCII; a data URI that is not base64 means UTF-8."""
        for place in range(start, self.end, PIECE):
            yield self._text[place : place + PIECE].encode("utf-8", "surrogatepass")


class TextOnDisk:
    """Units are bytes; blanks at both ends do not count."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.start = self.end = 0
        place = 0
        for piece in self._read(0):
            if bare := piece.strip(_BLANKS):
                self.start = self.start if self.end else place + piece.index(bare[:1])
                self.end = place + len(piece.rstrip(_BLANKS))
            place += len(piece)

    def head(self, start: int) -> str:
        """The first bytes; those that are not ASCII stand for themselves."""
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(LONGEST_HEADER).decode("latin-1")

    def pieces(self, start: int) -> Iterator[bytes]:
        """The file up to the blanks at its end."""
        left = self.end - start
        for piece in self._read(start):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    def _read(self, start: int) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(start)
            while piece := file.read(PIECE):
                yield piece


def spool_data_uri(
    ref: DataUriRef | SpooledText, folder: Path, max_bytes: int, budget: SpoolBudget | None = None
) -> SpooledDocument:
    """Decode the document into a new file in `folder`.

    Raises:
        InvalidDocumentReference: it is empty, or not base64.
        FileTooLarge: it has more than `max_bytes`; found before decoding where its length tells.
        Overloaded: all files of the server together would take too much.
        OutOfSpace: the disk is full.
    """
    text: Text = TextInMemory(ref.uri) if isinstance(ref, DataUriRef) else TextOnDisk(ref.path)
    start, is_base64 = _payload(text)
    if text.end - start > max_bytes:
        check_size(_least_size(text.pieces(start), is_base64=is_base64), max_bytes)
    pieces: Iterator[bytes] = text.pieces(start)
    if any(b"%" in piece for piece in text.pieces(start)):
        pieces = _percent_decoded(pieces)
    if is_base64:
        pieces = _base64_decoded(pieces)
    return spool_stream(_not_empty(pieces), folder, name=ref.name or "document", max_bytes=max_bytes, budget=budget)


def _payload(text: Text) -> tuple[int, bool]:
    """Where the content starts, and whether it is base64."""
    head = text.head(text.start)
    if head[:5].lower() != "data:":
        return text.start, True
    comma = head.find(",")
    if comma < 0:
        raise InvalidDocumentReference(f"{EXPECTED}. The data URI has no comma before its content.")
    parameters = head[:comma].lower().split(";")[1:]
    return text.start + comma + 1, "base64" in (parameter.strip() for parameter in parameters)


def _least_size(pieces: Iterable[bytes], *, is_base64: bool) -> int:
    """Bytes that the content has at least, from counting characters alone."""
    size = codes = blanks = 0
    for piece in pieces:
        size += len(piece)
        codes += piece.count(b"%")
        blanks += sum(piece.count(blank) for blank in _BLANKS + b"=")
    # What does not count: blanks, padding, and two of the three characters of a percent code.
    if not is_base64:
        return size - 2 * codes
    # A percent code may stand for a blank or for padding, too.
    return max(0, size - blanks - 3 * codes) * 3 // 4


def _percent_decoded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Percent codes replaced by their bytes, also those that lie across two pieces."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = text.find(b"%", max(0, len(text) - 2))
        text, rest = (text, b"") if cut < 0 else (text[:cut], text[cut:])
        yield unquote_to_bytes(text)
    yield unquote_to_bytes(rest)


def _base64_decoded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes behind base64 (RFC 4648, sections 4 and 5)."""
    rest, ended = b"", False
    for piece in pieces:
        text = piece.translate(_STANDARD_ALPHABET, _BLANKS)
        bare = text.rstrip(b"=")
        if b"=" in bare or (ended and bare):
            raise _not_base64("it goes on after its padding")
        ended = ended or len(bare) < len(text)
        text = rest + bare
        whole = len(text) // 4 * 4
        rest = text[whole:]
        yield _decoded(text[:whole])
    if len(rest) == 1:
        raise _not_base64("it breaks off in the middle, so a part of the document is missing")
    yield _decoded(rest.ljust(4, b"=") if rest else b"")


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise _not_base64("it has characters that base64 does not know") from error


def _not_base64(reason: str) -> InvalidDocumentReference:
    return InvalidDocumentReference(f"{EXPECTED}. What was sent is not valid base64: {reason}.")


def _not_empty(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces; an error when there is not a byte in them."""
    found = False
    for piece in pieces:
        found = found or bool(piece)
        yield piece
    if not found:
        raise InvalidDocumentReference(f"{EXPECTED}. What was sent is empty.")
