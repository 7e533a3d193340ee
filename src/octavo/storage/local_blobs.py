"""Blobs as files in a folder, in subfolders named for the beginning of the digest of each name.

They are plain files of ours: the store library renames a file before its bytes are known to be on the disk, so that a
power cut could leave half a blob under its name.
"""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import FileIO
from pathlib import Path

from octavo.domain.errors import BlobLost, InvalidSettings, StorageFailed
from octavo.domain.file import Blob
from octavo.storage.blob_checks import LOST, PIECE, Tally, check_name, check_range, is_name, write_checked
from octavo.storage.half_files import half_file, make_folder, remove_half_files, sync_folder
from octavo.storage.quick_copy import copied

REMEMBERED = 10_000
"""Blobs whose digest was checked, and is not again as long as the file stays what it is."""
_HALF = "half"
_SUBFOLDER = re.compile(r"[0-9a-f]{2}")


class LocalBlobs:
    """The `BlobStore` in a folder; several processes may share it.

    Raises:
        InvalidSettings: the folder cannot be made or written to.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._start = str(self._root) + os.sep
        self._half = self._root / _HALF
        self._checked = _Checked()
        try:
            make_folder(self._half)
            self._root.chmod(0o700)
            for number in range(256):
                (self._root / f"{number:02x}").mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._root)
            remove_half_files(self._half)
        except OSError as error:
            reason = f"The folder {root} for files cannot be used: {error.strerror}."
            raise InvalidSettings(f"{reason} Name another one with OCTAVO_STORAGE__URL.") from None

    def put(self, name: str, chunks: Iterable[bytes]) -> Blob:
        """Write a new blob."""
        path, tally = self._path(name), Tally()
        with half_file(self._half) as file:
            for chunk in tally.of(chunks):
                file.write(chunk)
            file.finish(path)
        blob = tally.blob(name)
        with suppress(OSError):  # it was deleted already
            self._checked.remember(blob, path.stat())
        return blob

    def read(self, name: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes, in pieces; what is not there is told at once."""
        check_range(offset, length)
        pieces = _pieces(self._place(name), offset, length)
        next(pieces)  # opens the file; from here on the end of the iterator closes it, however it comes
        return pieces

    def bring(self, blob: Blob, folder: Path) -> Path:
        """A copy, checked as long as nobody knows that the file still is what was put or checked."""
        path, brought = self._path(blob.name), folder / blob.name
        with _told(), path.open("rb") as file:
            before = os.fstat(file.fileno())
            if self._checked.knows(blob, before) and copied(file, blob.size, brought):
                return brought
        write_checked(self.read(blob.name), blob, brought)
        self._checked.remember(blob, before)
        return brought

    def delete(self, name: str) -> None:
        """Remove it."""
        path = self._path(name)
        with _told(), suppress(FileNotFoundError):
            path.unlink()
            sync_folder(path.parent)

    def names(self) -> Iterator[str]:
        """All blobs."""
        with _told(), os.scandir(self._root) as folders:
            for folder in folders:
                if _SUBFOLDER.fullmatch(folder.name):
                    with os.scandir(folder) as files:
                        yield from (file.name for file in files if is_name(file.name))

    def reach(self) -> None:
        """Look at one blob."""
        next(self.names(), None)

    def _path(self, name: str) -> Path:
        return Path(self._place(name))

    def _place(self, name: str) -> str:
        """As text, for a `Path` takes longer to make than a small part to read."""
        return f"{self._start}{sha256(check_name(name).encode()).hexdigest()[:2]}{os.sep}{name}"


class _Checked:
    """Blobs whose bytes were seen to be right, and what their files looked like then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[Blob, tuple[int, ...]] = OrderedDict()

    def remember(self, blob: Blob, file: os.stat_result) -> None:
        """They are right as long as the file looks like this."""
        with self._lock:
            self._seen[blob] = _looks(file)
            self._seen.move_to_end(blob)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def knows(self, blob: Blob, file: os.stat_result) -> bool:
        """Whether they were right, and the file looks as it did then."""
        with self._lock:
            return self._seen.get(blob) == _looks(file)


def _looks(file: os.stat_result) -> tuple[int, ...]:
    return (file.st_ino, file.st_size, file.st_mtime_ns)


def _pieces(path: str, offset: int, length: int | None) -> Iterator[bytes]:
    """First an empty piece, once the file is open and known to be long enough; then its bytes."""
    try:
        with FileIO(path) as file:
            there = os.fstat(file.fileno()).st_size - offset
            left = there if length is None else length
            if not 0 <= left <= there:
                raise BlobLost(LOST)
            yield b""
            file.seek(offset)
            while left:
                if not (piece := file.read(min(PIECE, left))):
                    raise BlobLost(LOST)
                left -= len(piece)
                yield piece
    except OSError as error:
        raise _meaning(error) from error


@contextmanager
def _told() -> Iterator[None]:
    """Around whatever looks or removes.

    Raises:
        StorageFailed: instead of the system's error.
    """
    try:
        yield
    except OSError as error:
        raise _meaning(error) from error


def _meaning(error: OSError) -> StorageFailed:
    if isinstance(error, FileNotFoundError):
        return BlobLost(LOST)
    return StorageFailed(
        f"The server cannot use its storage for files ({error.strerror}). Try again later; whoever runs it has to see "
        "to the folder (OCTAVO_STORAGE__URL)."
    )
