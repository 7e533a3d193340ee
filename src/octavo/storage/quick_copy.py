"""Files that the system copies by itself: the bytes do not pass through the process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from octavo.domain.disk import FULL, NO_SPACE
from octavo.domain.errors import OutOfSpace
from octavo.storage.blob_checks import READ_ONLY


def copied(source: BinaryIO, size: int, path: Path) -> bool:
    """Make `path` a copy of an open file; where the disk can, both share their room until one of them is changed.

    `path` is there whole, or as it was before.

    Args:
        source: read from its beginning.
        size: of the source.
        path: where it is copied to.

    Returns:
        False where the system cannot copy from there to here.

    Raises:
        OutOfSpace: the disk is full.
    """
    half = path.with_name(f"{path.name}.{token_hex(8)}")
    try:
        with half.open("xb") as file:
            whole = _copy(source.fileno(), file.fileno(), size)
        if whole:
            half.chmod(READ_ONLY)
            half.replace(path)
    except OSError as error:
        if error.errno in FULL:
            raise OutOfSpace(NO_SPACE) from error
        return False
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return whole


def _copy(source: int, target: int, size: int) -> bool:
    """Whether there were so many bytes, and the system can."""
    if sys.platform != "linux":
        return False
    done = 0
    while done < size and (some := os.copy_file_range(source, target, size - done, offset_src=done)):
        done += some
    return done == size
