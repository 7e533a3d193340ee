"""A backup that is being made: `manifest.json`, `SHA256SUMS`, `octavo.db` and `blobs/`, in a folder or a .tar file.

It grows in a folder beside its place, hidden and locked as long as its maker lives, and gets its name when it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from itertools import chain
from pathlib import Path

from octavo.domain.backup import Manifest
from octavo.domain.errors import InvalidRequest
from octavo.domain.file import Blob
from octavo.storage.blob_checks import PIECE
from octavo.storage.blob_tree import BlobTree, blob_in, place_of, settle
from octavo.storage.half_files import sync_folder

DATABASE = "octavo.db"
BLOBS = "blobs"
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
_PREFIX = ".octavo-backup-"


class NewBackup:
    """A backup that gets the name `target` in the end; a .tar file if that ends so.

    Attributes:
        blobs: those of the backup.
        database: where the copy of the database belongs.

    Raises:
        InvalidRequest: there is something of this name, or no folder to put it into.
        OSError: nothing can be written there.
    """

    def __init__(self, target: Path) -> None:
        self._target = target.absolute()
        self._refuse_taken()
        parent = self._target.parent
        if not parent.is_dir():
            raise InvalidRequest(f"There is no folder {parent}. Make it, or name another place for the backup.")
        _remove_left(parent)
        self._stage = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self._lock = _open_lock(self._stage)
        with suppress(OSError):  # some network disks lock nothing; then what is left stays, too
            _lock(self._lock)
        self._root = self._stage / "backup"
        self._root.mkdir(mode=0o700)
        self.blobs = BlobTree(self._root / BLOBS)
        self.database = self._root / DATABASE
        self._sums = (self._root / SUMS).open("xb")
        self._digest = sha256()
        self._listed = 0

    @property
    def sums(self) -> str:
        """Digest of the list of digests, as far as it is written."""
        return self._digest.hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all that is listed."""
        return self._listed

    def list_database(self) -> None:
        """Enter the digest of the database, which is written."""
        with self.database.open("rb") as file:
            self._list(DATABASE, blob_in(DATABASE, iter(lambda: file.read(PIECE), b"")))

    def list_blob(self, blob: Blob) -> None:
        """Enter the digest of a blob, which is there."""
        self._list(f"{BLOBS}/{place_of(blob.name)}", blob)

    def finish(self, manifest: Manifest) -> None:
        """Give the backup its name, once all of it has reached the disk.

        Raises:
            InvalidRequest: meanwhile somebody else took the name.
            OSError: it cannot be written.
        """
        self._sums.close()
        (self._root / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        whole = self._root
        if self._target.suffix == ".tar":
            whole = self._stage / "backup.tar"
            self._pack(whole)
        settle(self._stage)
        self._refuse_taken()
        whole.rename(self._target)
        sync_folder(self._target.parent)

    def close(self) -> None:
        """What was not finished goes."""
        self._sums.close()
        os.close(self._lock)
        shutil.rmtree(self._stage, ignore_errors=True)

    def _list(self, path: str, blob: Blob) -> None:
        line = f"{blob.sha256}  {path}\n".encode()
        self._sums.write(line)
        self._digest.update(line)
        self._listed += blob.size

    def _refuse_taken(self) -> None:
        if os.path.lexists(self._target):
            raise InvalidRequest(
                f"{self._target} is there already. Name a folder or a .tar file that is not there yet."
            )

    def _pack(self, whole: Path) -> None:
        """Move everything into one file, in the order of the list; each part takes its room only once."""
        number = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(number, "wb") as file, tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for path in chain((MANIFEST, SUMS), self._listed_paths()):
                _add(tar, f"{self._target.stem}/{path}", self._root / path)
                if path != SUMS:
                    (self._root / path).unlink()

    def _listed_paths(self) -> Iterator[str]:
        with (self._root / SUMS).open(encoding="ascii") as lines:
            for line in lines:
                yield line.rstrip("\n").partition("  ")[2]


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    info = tarfile.TarInfo(name)
    with path.open("rb") as file:
        info.size, info.mode, info.mtime = path.stat().st_size, 0o600, int(path.stat().st_mtime)
        tar.addfile(info, file)
    tar.members = []  # type: ignore[attr-defined]  # it would remember all of them


def _open_lock(stage: Path) -> int:
    return os.open(stage / "lock", os.O_RDWR | os.O_CREAT, 0o600)


def _lock(number: int) -> None:
    """Lock an open file for as long as this process lives.

    Raises:
        OSError: somebody else has, or the disk locks nothing.
    """
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove_left(parent: Path) -> None:
    """Remove what killed processes left; on Windows nobody can tell whether they live."""
    if sys.platform == "win32":
        return
    for stage in parent.glob(f"{_PREFIX}*/lock"):
        with suppress(OSError):  # its maker has just removed it
            number = os.open(stage, os.O_RDWR)
            try:
                _lock(number)
                shutil.rmtree(stage.parent, ignore_errors=True)
            finally:
                os.close(number)
