"""The folder of one request in the spool, removed with the last one who needs it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.disk import space_on_disk


class RequestFolder:
    """A new folder, mode 0700, that lives while it is held: by its request, and by pages that are still read from it.

    Attributes:
        path: where it is.
    """

    def __init__(self, spool: Path) -> None:
        """Make it in `spool`.

        Raises:
            OutOfSpace: the disk is full.
        """
        with space_on_disk():
            self.path = Path(tempfile.mkdtemp(prefix="request-", dir=spool))
        self._holders = 0

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Path]:
        """While entered, the folder stays; the last one to leave removes it, whatever is in it."""
        self._holders += 1
        try:
            yield self.path
        finally:
            self._holders -= 1
            if not self._holders:
                await unbroken(shutil.rmtree, self.path, ignore_errors=True)
