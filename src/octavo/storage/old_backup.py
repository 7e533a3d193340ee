"""A backup that was made: its parts, in the order of its list, each checked against it."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias

from octavo.domain.backup import FORMAT, Manifest, NamedBlob
from octavo.domain.errors import CorruptDocument, InvalidRequest
from octavo.storage.blob_checks import PIECE, is_name
from octavo.storage.blob_tree import place_of
from octavo.storage.new_backup import BLOBS, DATABASE, MANIFEST, SUMS

Bytes: TypeAlias = Generator[bytes, None, None]
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)\n")
_MOST_SAID = 100_000  # bytes of a manifest


class _Parts(Protocol):
    """The files of a backup, which are asked for in the order in which they were written."""

    def part(self, path: str) -> Bytes | None:
        """The bytes of a part; None if it is not there."""
        ...

    def close(self) -> None:
        """Nothing more is asked."""
        ...


class OldBackup:
    """A backup in a folder or a .tar file. `keep_database` is called first, then `blobs`, once each.

    Attributes:
        manifest: what it says of itself.

    Raises:
        InvalidRequest: it is none, or of a layout that is not known.
        CorruptDocument: it is damaged.
        OSError: it cannot be read.
    """

    def __init__(self, source: Path) -> None:
        if not source.exists():
            raise InvalidRequest(f"There is no backup {source}. Name the folder or the .tar file of one.")
        self._source = source
        self._parts: _Parts = _Folder(source) if source.is_dir() else _Tar(source)
        try:
            self.manifest = self._manifest()
        except BaseException:
            self._parts.close()
            raise

    def keep_database(self, folder: Path) -> Path:
        """Write the list of digests, which `blobs` will read, and the database into a folder; the database.

        Raises:
            CorruptDocument: one of them is damaged.
        """
        sums, self._sums = sha256(), folder / SUMS
        with self._sums.open("xb") as file:
            for piece in self._needed(SUMS):
                sums.update(piece)
                file.write(piece)
        if sums.hexdigest() != self.manifest.sums:
            raise self._damaged(SUMS)
        path, digest = next(self._listed(), ("", ""))
        if path != DATABASE:
            raise self._damaged(SUMS)
        return self._database(folder / DATABASE, digest)

    def blobs(self) -> Iterator[tuple[NamedBlob, Iterator[bytes] | None]]:
        """All blobs, with their bytes, to be taken one after the other; None where they are not there."""
        listed = self._listed()
        next(listed, None)
        for path, digest in listed:
            name = path.rpartition("/")[2]
            if not is_name(name) or path != f"{BLOBS}/{place_of(name)}":
                raise self._damaged(SUMS)
            with _told(self._source):
                pieces = self._parts.part(path)
            yield NamedBlob(name=name, sha256=digest, user=path), pieces

    def close(self) -> None:
        """Nothing more is asked."""
        self._parts.close()

    def _database(self, path: Path, expected: str) -> Path:
        digest = sha256()
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            for piece in self._needed(DATABASE):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != expected:
            raise self._damaged(DATABASE)
        return path

    def _needed(self, path: str) -> Iterator[bytes]:
        with _told(self._source):
            pieces = self._parts.part(path)
        if pieces is None:
            raise self._damaged(path)
        return pieces

    def _listed(self) -> Iterator[tuple[str, str]]:
        """Path and digest of each part."""
        with self._sums.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                found = _LINE.fullmatch(line)
                if found is None:
                    raise self._damaged(SUMS)
                yield found[2], found[1]

    def _manifest(self) -> Manifest:
        no_backup = InvalidRequest(f"{self._source} is no backup of Octavo. Name what `octavo backup` has made.")
        with _told(self._source):
            pieces = self._parts.part(MANIFEST)
        if pieces is None:
            raise no_backup
        with closing(pieces):
            text = next(pieces, b"")[:_MOST_SAID]
        try:
            said: dict[str, Any] = dict(json.loads(text))
            layout = int(said["format"])
            if layout == FORMAT:
                return Manifest(**said)
        except (ValueError, TypeError, KeyError):
            raise no_backup from None
        raise InvalidRequest(
            f"The backup {self._source} was made by Octavo {said.get('octavo')} in a layout that this version does not "
            "know. Restore it with that version."
        )

    def _damaged(self, path: str) -> CorruptDocument:
        return CorruptDocument(f"The backup {self._source} is damaged ({path}). Restore another one.")


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def part(self, path: str) -> Bytes | None:
        try:
            return _pieces((self._root / path).open("rb"), self._root)
        except (FileNotFoundError, IsADirectoryError):
            return None

    def close(self) -> None:
        pass


class _Tar:
    def __init__(self, source: Path) -> None:
        self._source = source
        try:
            self._tar = tarfile.open(source, mode="r:")  # noqa: SIM115  closed below
        except tarfile.TarError:
            raise InvalidRequest(
                f"{source} is no backup of Octavo. Name what `octavo backup` has made: a folder, or a .tar file that "
                "is not compressed."
            ) from None
        self._next: tarfile.TarInfo | None = self._tar.next()

    def part(self, path: str) -> Bytes | None:
        """Parts come in their order; one that does not is not there."""
        member = self._next
        if member is None or not member.isfile() or member.name.partition("/")[2] != path:
            return None
        file = self._tar.extractfile(member)
        self._tar.members = []  # type: ignore[attr-defined]  # it would remember all of them
        self._next = self._tar.next()
        return None if file is None else _pieces(file, self._source)

    def close(self) -> None:
        self._tar.close()


def _pieces(file: IO[bytes], source: Path) -> Bytes:
    with closing(file), _told(source):
        while piece := file.read(PIECE):
            yield piece


@contextmanager
def _told(source: Path) -> Iterator[None]:
    """Around whatever reads a backup.

    Raises:
        CorruptDocument: it breaks off, contradicts itself, or cannot be read.
    """
    try:
        yield
    except (tarfile.TarError, EOFError, OSError) as error:
        raise CorruptDocument(f"The backup {source} cannot be read: {error}. Restore another one.") from error
