"""What the system says of writing to disk, as errors of ours."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from octavo.domain.errors import OutOfSpace, StorageFailed

FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""Numbers of errors that say that the disk, or what may be taken of it, is full."""

NO_SPACE = (
    "The server has no space left on its disk for documents. Try again later; whoever runs it has to make room in its "
    "data folder (OCTAVO_DATA_DIR)."
)


@contextmanager
def space_on_disk(full: str = NO_SPACE) -> Iterator[None]:
    """Around whatever writes; `full` is what is said of a full disk.

    Raises:
        OutOfSpace: instead of the system's error when the disk, or what we may take of it, is full.
        StorageFailed: instead of any other error of the system.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise OutOfSpace(full) from error
        raise StorageFailed(
            f"The server cannot write to its data folder ({error.strerror}). Try again later; whoever runs it has to "
            "see to the folder (OCTAVO_DATA_DIR) and start it again."
        ) from error
