"""Requests that may come twice and shall be done once: `Idempotency-Key`."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated

from fastapi import Header

from octavo.api.errors import Complaint, InvalidBody
from octavo.domain.file import Repeatable

HEADER = "idempotency-key"
_KEY = re.compile(r"[\x20-\x7e]{1,255}")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Of the caller's choice, up to 255 printable characters. For 24 hours the same key with the same "
        "request is answered with what the first one made, and with another request by 409.",
    ),
]


def repeatable(key: str | None, *told: object) -> Repeatable | None:
    """The request as something that may come again; None where no key was sent.

    Args:
        key: the header.
        told: all that the request says, as values that JSON can hold; begin with what kind of request it is.

    Raises:
        InvalidBody: the key is empty, too long or not printable.
    """
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        message = "The key should have 1 to 255 printable ASCII characters"
        raise InvalidBody([Complaint(type="idempotency_key", loc=["header", HEADER], msg=message)])
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return Repeatable(key=key, body=digest)
