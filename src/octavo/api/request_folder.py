"""A folder for what lies on disk of a request's body."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends

from octavo.api.wiring import Wired
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.disk import space_on_disk


async def request_folder(wired: Wired) -> AsyncIterator[Path]:
    """A new folder in the spool; removed after the last byte of the answer.

    Raises:
        OutOfSpace: the disk is full.
    """
    with space_on_disk():
        folder = Path(tempfile.mkdtemp(prefix="body-", dir=wired.ocr.spool_dir))
    try:
        yield folder
    finally:
        await unbroken(shutil.rmtree, folder, ignore_errors=True)


Folder = Annotated[Path, Depends(request_folder)]
