"""What `octavo doctor` tells of all that is kept: database, storage, their sizes, and for how long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.domain.errors import OctavoError
from octavo.domain.installation import DatabaseState

if TYPE_CHECKING:
    from octavo.services.upkeep import Upkeep
    from octavo.settings import KeepSettings, Settings

_PARTS = ("octavo.db", "octavo.db-wal", "blobs", "pages", "spool")


def kept(config: Path | None) -> Iterator[tuple[bool, str]]:
    """Findings; each good, or not, and in words."""
    from pydantic import ByteSize

    from octavo.bootstrap import build_upkeep
    from octavo.settings import load_settings

    settings = load_settings(config=config)
    upkeep = build_upkeep(settings)
    yield _database(upkeep)
    yield _storage(upkeep, settings)
    if sizes := [f"{name} {ByteSize(size).human_readable()}" for name, size in _sizes(settings.data_dir)]:
        yield True, f"On disk: {', '.join(sizes)}"
    yield True, f"Kept: {_days(settings.keep)}; finished pages {settings.retention:g} s"


def _database(upkeep: Upkeep) -> tuple[bool, str]:
    try:
        state = upkeep.database.look()
    except OctavoError as error:
        return False, f"Database: {error}"
    if state.version == state.current:
        return True, f"Database {state.kind}, version {state.version}, {_holder(state)}"
    if state.kind == "SQLite":
        found = "not there yet" if state.version is None else f"of version {state.version or 'none'}"
        return True, f"Database SQLite, {found}; the next server brings it to version {state.current}"
    return False, f"Database {state.kind} has no tables of version {state.current}. Run: octavo migrate"


def _holder(state: DatabaseState) -> str:
    if state.holder is None:
        return "reachable" if state.kind == "PostgreSQL" else "used by no server now"
    pid, url = state.holder
    return f"used by process {pid}{f', which answers at {url}' if url else ''}"


def _storage(upkeep: Upkeep, settings: Settings) -> tuple[bool, str]:
    if settings.storage.url is None and not (settings.data_dir / "blobs").exists():
        return True, "Storage for files: the folder blobs, not there yet"
    try:
        state = upkeep.storage.look()
    except OctavoError as error:
        return False, f"Storage for files: {error}"
    return True, f"Storage for files: the {'folder' if state.is_local else 'bucket'} {state.place}, reachable"


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
