"""Documents inside the request: `data:<type>;base64,...`, percent-encoded data URIs (RFC 2397), and bare base64.

The type is not believed. Lax where the meaning is clear: line breaks and blanks inside, the URL-safe alphabet, missing
padding, percent-encoded base64. The text is decoded piece by piece; its length is checked before.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from octavo.documents.spool import check_size, spool_stream
from octavo.domain.document import DataUriRef, SpooledDocument
from octavo.domain.errors import InvalidDocumentReference

EXPECTED = (
    "Document content must be a URL (starting with 'https') or base64 encoded document "
    "(starting with 'data:application/<format>;base64,')"
)
"""How Mistral begins its message; clients look for it."""

PIECE = 1 << 20
LONGEST_HEADER = 1024
_BLANKS = b" \t\n\r\f\v"
_STANDARD_ALPHABET = bytes.maketrans(b"-_", b"+/")


def spool_data_uri(ref: DataUriRef, folder: Path, max_bytes: int) -> SpooledDocument:
    """Decode the document into a new file in `folder`.

    Raises:
        InvalidDocumentReference: it is empty, or not base64.
        FileTooLarge: it has more than `max_bytes`; found before decoding where its length tells.
    """
    start, is_base64 = _payload(ref.uri)
    if len(ref.uri) - start > max_bytes:
        check_size(_least_size(ref.uri, start, is_base64=is_base64), max_bytes)
    pieces: Iterator[bytes] = _pieces(ref.uri, start)
    if "%" in ref.uri:
        pieces = _percent_decoded(pieces)
    if is_base64:
        pieces = _base64_decoded(pieces)
    return spool_stream(_not_empty(pieces), folder, name=ref.name or "document", max_bytes=max_bytes)


def _payload(uri: str) -> tuple[int, bool]:
    """Where the content starts, and whether it is base64."""
    lead = len(uri) - len(uri.lstrip())
    if uri[lead : lead + 5].lower() != "data:":
        return lead, True
    comma = uri.find(",", lead, lead + LONGEST_HEADER)
    if comma < 0:
        raise InvalidDocumentReference(f"{EXPECTED}. The data URI has no comma before its content.")
    parameters = uri[lead:comma].lower().split(";")[1:]
    return comma + 1, "base64" in (parameter.strip() for parameter in parameters)


def _least_size(uri: str, start: int, *, is_base64: bool) -> int:
    """Bytes that the content has at least, from counting characters alone."""
    # What does not count: blanks, padding, and two of the three characters of a percent code.
    idle = 2 * uri.count("%", start)
    if not is_base64:
        return len(uri) - start - idle
    idle += sum(uri.count(blank, start) for blank in " \t\n\r\f\v=")
    # A percent code may stand for a blank or for padding, too.
    return max(0, len(uri) - start - idle - uri.count("%", start)) * 3 // 4


def _pieces(uri: str, start: int) -> Iterator[bytes]:
    for place in range(start, len(uri), PIECE):
        # Base64 has no other characters; a data URI that is not base64 means UTF-8.
        yield uri[place : place + PIECE].encode("utf-8", "surrogatepass")


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
