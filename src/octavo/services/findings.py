"""Whether an installation is in order, in words: for `octavo doctor`, and for the status of a server that runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from octavo.domain.errors import OctavoError
from octavo.domain.installation import DatabaseState, Finding, StorageState

LITTLE_SPACE = 1024**3


def good(name: str, detail: str) -> Finding:
    """In order."""
    return Finding(name=name, state="ok", detail=detail)


def wrong(name: str, detail: str) -> Finding:
    """Must be put right."""
    return Finding(name=name, state="error", detail=detail)


def of_data_folder(folder: Path) -> Finding:
    """Whether data can be kept there; a folder that does not exist yet is judged by the one it will be made in."""
    there = next(parent for parent in [folder.absolute(), *folder.absolute().parents] if parent.exists())
    free = shutil.disk_usage(there).free
    size = f"{free / 1024**3:.1f} GiB free"
    if not os.access(there, os.W_OK):
        advice = "name another one with --data-dir or OCTAVO_DATA_DIR"
        return wrong("data_folder", f"Data folder {folder} cannot be written to; {advice}")
    if free < LITTLE_SPACE:
        advice = "make room, or name another one with OCTAVO_DATA_DIR"
        return wrong("data_folder", f"Data folder {folder} has only {size}; {advice}")
    return good("data_folder", f"Data folder {folder}, {size}")


def of_database(look: Callable[[], DatabaseState]) -> Finding:
    """Whether files and jobs can be entered."""
    try:
        state = look()
    except OctavoError as error:
        return wrong("database", f"Database: {error}")
    if state.version == state.current:
        return good("database", f"Database {state.kind}, version {state.version}, {_holder(state)}")
    if state.kind == "SQLite":
        found = "not there yet" if state.version is None else f"of version {state.version or 'none'}"
        return good("database", f"Database SQLite, {found}; the next server brings it to version {state.current}")
    advice = "Run: octavo migrate"
    return wrong("database", f"Database {state.kind} has no tables of version {state.current}. {advice}")


def of_storage(look: Callable[[], StorageState]) -> Finding:
    """Whether the bytes of files can be reached."""
    try:
        state = look()
    except OctavoError as error:
        return wrong("storage", f"Storage for files: {error}")
    kind = "folder" if state.is_local else "bucket"
    return good("storage", f"Storage for files: the {kind} {state.place}, reachable")


def of_variables(strangers: Mapping[str, str | None]) -> tuple[Finding, ...]:
    """Variables that look like settings and are none, each with the nearest one that is; one finding for each."""
    return tuple(
        Finding(name="settings", state="warning", detail=f"The variable {name} is no setting of Octavo{_hint(nearest)}")
        for name, nearest in strangers.items()
    )


def _hint(nearest: str | None) -> str:
    return f" and has no effect; did you mean the setting {nearest}?" if nearest else " and has no effect"


def _holder(state: DatabaseState) -> str:
    if state.holder is None:
        return "reachable" if state.kind == "PostgreSQL" else "used by no server now"
    pid, url = state.holder
    return f"used by process {pid}{f', which answers at {url}' if url else ''}"
