"""Lines of a batch's output and error files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from octavo.api.errors import Fault, answer
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import SpoolFile
from octavo.domain.batch import Lease

SMALL = 256 * 1024
"""Bytes of a line up to which it stays in memory until it is written down."""


def line_of(lease: Lease, custom_id: str | None, status: int, body: Iterable[bytes]) -> Iterator[bytes]:
    """One line in pieces, with its line break; `body` is JSON in one line (`in_one_line`).

    Its id tells the job and the number of the line, counted from 1, and is the same however often the line is read.
    """
    number = f"{lease.job_id[:8]}-{lease.number}"
    digest = sha256(f"{lease.job_id} {lease.number}".encode()).hexdigest()[:8]
    head = {"id": f"batch-{number}-{digest}", "custom_id": custom_id}
    yield json.dumps(head).encode()[:-1] + b', "response": {"status_code": %d, "body": ' % status
    yield from body
    yield b'}, "error": null}\n'


def error_line(
    lease: Lease, custom_id: str | None, fault: Fault, message: str, detail: list[dict[str, Any]] | None = None
) -> bytes:
    """The line of a request that failed: its body is the error that `/v1/ocr` answers, as a string."""
    body = bytes(answer(fault, message, detail).body).decode()
    return b"".join(line_of(lease, custom_id, fault.status, [json.dumps(body).encode()]))


def kept(pieces: Iterable[bytes], folder: Path, budget: SpoolBudget) -> bytes | Path:
    """All pieces, in memory or, once there is much, in a file; it blocks.

    Raises:
        Overloaded, OutOfSpace: there is no room for the file.
    """
    buffer = bytearray()
    flowing = iter(pieces)
    for piece in flowing:
        buffer += piece
        if len(buffer) > SMALL:
            with SpoolFile(folder, budget) as file:
                file.write(bytes(buffer))
                for rest in flowing:
                    file.write(rest)
            return file.path
    return bytes(buffer)
