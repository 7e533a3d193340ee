"""What an installation keeps its files and jobs in, and whether it is in order: as `octavo doctor` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one look at an installation.

    Attributes:
        name: what was looked at, in one word.
        state: whether something must be put right (`error`), or should be (`warning`).
        detail: in words.
    """

    name: str
    state: Verdict
    detail: str


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
