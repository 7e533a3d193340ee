"""A data folder that is being restored: it grows in a hidden folder inside, and is there when it is whole."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from octavo.domain.errors import InvalidRequest
from octavo.storage.blob_tree import BlobTree, settle
from octavo.storage.half_files import sync_folder
from octavo.storage.new_backup import BLOBS, DATABASE

_PREFIX = ".octavo-restore-"
LOCK = f"{DATABASE}.lock"
_NOBODYS = {LOCK, "lost+found"}


def refuse_used(folder: Path) -> None:
    """Insist on a data folder that is empty or missing; what a killed restore left does not count.

    Raises:
        InvalidRequest: something is in it.
    """
    try:
        found = {path.name for path in folder.iterdir()} if os.path.lexists(folder) else set()
    except NotADirectoryError:
        raise InvalidRequest(f"{folder} is no folder. Name one that is empty, or not there yet.") from None
    if used := sorted(name for name in found if name not in _NOBODYS and not name.startswith(_PREFIX)):
        raise InvalidRequest(
            f"The data folder {folder} is not empty: there is {used[0]}. Nothing is overwritten: restore into another "
            "folder with --data-dir, or stop the server and move this one away."
        )


class NewData:
    """A data folder, ours alone.

    Attributes:
        stage: where the database is prepared.
        blobs: those that are restored.

    Raises:
        OSError: nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for left in folder.glob(f"{_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        self.stage = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        self.blobs = BlobTree(self.stage / BLOBS)

    def finish(self) -> None:
        """Put everything in its place, once it has reached the disk; the database comes last.

        Raises:
            OSError: it cannot be done.
        """
        settle(self.stage)
        self._hand_over()
        for name in (BLOBS, DATABASE):
            (self.stage / name).rename(self._folder / name)
            sync_folder(self._folder)

    def _hand_over(self) -> None:
        """What root restores belongs to whom the folder belongs, so that a server of that user can work with it."""
        if sys.platform == "win32" or os.geteuid() != 0:
            return
        owner = self._folder.stat()
        for root, folders, files in os.walk(self.stage):
            for name in (*folders, *files):
                os.chown(Path(root) / name, owner.st_uid, owner.st_gid)
        os.chown(self._folder / LOCK, owner.st_uid, owner.st_gid)

    def close(self) -> None:
        """What was not finished goes."""
        shutil.rmtree(self.stage, ignore_errors=True)
