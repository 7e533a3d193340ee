"""Signatures that let whoever shows one read one file for a while (HMAC-SHA256, RFC 2104)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import Enum

_MEANING = "octavo: content of a file"
"""A part of what is signed, so that no signature for one thing is good for another."""


class Seal(Enum):
    """What a signature is worth."""

    GOOD = "good"
    EXPIRED = "expired"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs ids of files and checks signatures; `secret` is the installation's own."""

    secret: bytes = field(repr=False)

    def sign(self, file_id: str, expires: int) -> str:
        """In hex; `expires`: seconds since 1970."""
        told = f"{_MEANING}\n{file_id}\n{expires}"
        return hmac.new(self.secret, told.encode(), hashlib.sha256).hexdigest()

    def check(self, file_id: str, expires: int, signature: str, *, now: float) -> Seal:
        """Whether it is ours, for this file and this time, and still good."""
        ours = self.sign(file_id, expires)
        if not hmac.compare_digest(ours.encode(), signature.encode("utf-8", "surrogateescape")):
            return Seal.FOREIGN
        return Seal.GOOD if now < expires else Seal.EXPIRED
