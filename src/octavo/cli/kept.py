"""What `octavo doctor` tells of all that is kept: database, storage, their sizes, and for how long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.domain.installation import Finding
from octavo.services.findings import good, of_database, of_storage

if TYPE_CHECKING:
    from octavo.services.upkeep import Upkeep
    from octavo.settings import KeepSettings, Settings

_PARTS = ("octavo.db", "octavo.db-wal", "blobs", "pages", "spool")


def kept(config: Path | None) -> Iterator[Finding]:
    """Findings."""
    from pydantic import ByteSize

    from octavo.bootstrap import build_upkeep
    from octavo.settings import load_settings

    settings = load_settings(config=config)
    upkeep = build_upkeep(settings)
    yield of_database(upkeep.database.look)
    yield _storage(upkeep, settings)
    if sizes := [f"{name} {ByteSize(size).human_readable()}" for name, size in _sizes(settings.data_dir)]:
        yield good("sizes", f"On disk: {', '.join(sizes)}")
    yield good("kept", f"Kept: {_days(settings.keep)}; finished pages {settings.retention:g} s")


def _storage(upkeep: Upkeep, settings: Settings) -> Finding:
    if settings.storage.url is None and not (settings.data_dir / "blobs").exists():
        return good("storage", "Storage for files: the folder blobs, not there yet")
    return of_storage(upkeep.storage.look)


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    for name in _PARTS:
        path = folder / name
        if path.is_file():
            yield name, path.stat().st_size
        elif path.is_dir():
            yield name, sum(_size(Path(root) / file) for root, _, files in os.walk(path) for file in files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it went while we looked
        return 0


def _days(keep: KeepSettings) -> str:
    kinds = {
        "documents": keep.ocr_days,
        "inputs of batches": keep.batch_days,
        "results": keep.result_days,
        "other files": keep.other_days,
        "batch jobs that are over": keep.job_days,
    }
    return ", ".join(f"{kind} {f'{days:g} days' if days else 'without end'}" for kind, days in kinds.items())
