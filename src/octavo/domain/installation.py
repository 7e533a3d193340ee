"""What an installation keeps its files and jobs in, as `octavo doctor` tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """A database, looked at without changing anything.

    Attributes:
        kind: `SQLite` or `PostgreSQL`.
        current: the version of the tables that this program works with.
        version: that of its tables; None if it has none yet.
        holder: process and address of the server that owns it; None if none does, or if many may share it.
    """

    kind: str
    current: str
    version: str | None = None
    holder: tuple[int, str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageState:
    """Where blobs lie.

    Attributes:
        place: a folder, or the URL of a bucket.
        is_local: whether it is a folder.
    """

    place: str
    is_local: bool
