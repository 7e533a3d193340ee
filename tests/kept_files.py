"""Files kept for a test: the real database and the real blobs, below a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from octavo.database.files import SqlFiles
from octavo.database.open import open_database
from octavo.services.files import FileService
from octavo.storage.blobs import open_blobs


@contextmanager
def kept_files(folder: Path, **options: Any) -> Iterator[FileService]:
    """A service whose blobs lie in `folder/blobs`; `clock` is the database's as well."""
    database = open_database(folder / "octavo.db")
    clock = {"clock": options["clock"]} if "clock" in options else {}
    files = SqlFiles(database, **clock)
    service = FileService(files=files, blobs=open_blobs(str(folder / "blobs")), **options)
    try:
        yield service
    finally:
        service.close()
        database.close()


def blobs_in(folder: Path) -> list[Path]:
    """Every file that lies among the blobs, half ones included."""
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]
