"""Addresses behind areas of a page: those that may be shown, for a reader may make links of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOISE = re.compile(r"[\x00-\x20\x7f-\xa0]")
_HARMFUL = re.compile(r"(?:javascript|vbscript|data|blob|file):", re.IGNORECASE)
"""What a browser would run, or open on the reader's own disk; it overlooks blanks and control characters."""


def without_harmful(addresses: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """The addresses that may be shown, and how many others there were."""
    told = tuple(addresses)
    kept = tuple(address for address in told if not _HARMFUL.match(_NOISE.sub("", address)))
    return kept, len(told) - len(kept)
