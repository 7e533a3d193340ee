"""The bytes of a file as an answer, in constant memory."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from urllib.parse import quote

from starlette.responses import Response

from octavo.api.checked_answer import CheckedAnswer
from octavo.domain.file import StoredFile


class Octets(Response):
    """Bytes of whatever kind; clients of Mistral take no other label for the content of a file."""

    media_type = "application/octet-stream"


class FileAnswer(CheckedAnswer):
    """Sends a file."""

    media_type = Octets.media_type

    def __init__(self, file: StoredFile, content: Callable[[], AsyncIterator[bytes]]) -> None:
        super().__init__(content)
        self.headers["content-length"] = str(file.blob.size)
        self.headers["content-disposition"] = disposition(file.name)
        digest = base64.b64encode(bytes.fromhex(file.blob.sha256)).decode("ascii")
        self.headers["repr-digest"] = f"sha-256=:{digest}:"  # RFC 9530


def disposition(name: str) -> str:
    """To be saved under its name, whatever is in that (RFC 6266): plain for old clients, and whole for all others."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
