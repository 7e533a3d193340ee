"""What a backup consists of: a copy of the database, and the blobs that it names."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 1
"""Version of the layout of backups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBlob:
    """A blob as the database knows it.

    Attributes:
        name: of the blob.
        size, sha256: of its bytes; None for results of a job that still runs, of which nobody notes them.
        least: bytes that must be there.
        user: what uses it, for people: `file ID`.
    """

    name: str
    size: int | None = None
    sha256: str | None = None
    least: int = 0
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        octavo: version of the program that made it.
        database: version of the tables.
        made_at: seconds since 1970.
        files, jobs, blobs: how many.
        size: bytes of all blobs and of the database.
        damaged: blobs that the database names, and that were lost or damaged when the backup was made.
        sums: sha256 of the list of digests.
        format: version of the layout.
    """

    octavo: str
    database: str
    made_at: int
    files: int
    jobs: int
    blobs: int
    size: int
    damaged: int
    sums: str
    format: int = FORMAT
