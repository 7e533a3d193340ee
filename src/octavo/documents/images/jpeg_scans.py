"""How often a JPEG draws its picture: each scan of a progressive one costs the time of a whole decoding."""

from __future__ import annotations

import mmap
from pathlib import Path

from octavo.domain.errors import CorruptDocument

MOST_SCANS = 50
LEAST_SCANS = 15
"""Encoders write about ten, optimisers at most twenty: so many are read of pictures of any size."""

_MOST_WORK = 3_000_000_000
"""Scans times pixels: about ten seconds."""


_START_OF_SCAN = b"\xff\xda"


def check_scans(path: Path, pixels: int) -> None:
    """Count the scans of a picture of so many pixels; previews inside the file count, too.

    Raises:
        CorruptDocument: there are too many.
    """
    most = min(MOST_SCANS, max(LEAST_SCANS, _MOST_WORK // pixels))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = -1
        for _ in range(most + 1):
            place = data.find(_START_OF_SCAN, place + 1)
            if place < 0:
                return
    raise CorruptDocument(
        f"The JPEG draws its picture more than {most} times over, as no camera or scanner does. "
        "Save it anew as JPEG or PNG."
    )
