"""`octavo backup` and `octavo restore`: a copy of all files and jobs, taken while the server works, and put back."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from octavo import __version__
from octavo.cli import exits, options
from octavo.domain.backup import Manifest, NamedBlob
from octavo.domain.disk import FULL
from octavo.domain.errors import CorruptDocument, OctavoError, OutOfSpace

Target = Annotated[
    Path, typer.Argument(metavar="TARGET", help="A folder, or a .tar file, that is not there yet.", show_default=False)
]
Source = Annotated[
    Path, typer.Argument(metavar="SOURCE", help="What octavo backup has made: a folder, or a .tar file.")
]
SkipDamaged = Annotated[
    bool, typer.Option("--skip-damaged", help="Restore what is left of a backup of which blobs are damaged or lost.")
]


def backup(target: Target, data_dir: options.DataDir = None, config: options.Config = None) -> None:
    """Copy all files, jobs and results, checked, into a new folder or .tar file; a server may go on meanwhile."""
    from octavo.bootstrap import build_upkeep
    from octavo.settings import load_settings

    upkeep = build_upkeep(load_settings(config=config, data_dir=data_dir))
    with _ended_in_order(), _written(target):
        made = upkeep.back_up(target, __version__, _tell)
    typer.echo(f"{target}: {_what(made)}")
    if made.damaged:
        raise CorruptDocument(
            f"{made.damaged} blobs, named above, were lost or damaged before, and are not in the backup; all else is. "
            "Look for them in an older backup."
        )


def restore(
    source: Source,
    data_dir: options.DataDir = None,
    *,
    skip_damaged: SkipDamaged = False,
    config: options.Config = None,
) -> None:
    """Put a backup into an empty or missing data folder, checked; jobs go on when a server is started there."""
    from octavo.bootstrap import build_upkeep
    from octavo.settings import load_settings

    settings = load_settings(config=config, data_dir=data_dir)
    with _ended_in_order(), _written(settings.data_dir):
        made, damaged = build_upkeep(settings).restore(source, _tell, skip_damaged=skip_damaged)
    typer.echo(f"{settings.data_dir}: {_what(made)}")
    if left := made.damaged + damaged:
        typer.secho(f"warning: the bytes of {left} blobs are not among them.", fg="yellow", err=True)
    typer.echo(f"Go on with: octavo serve --data-dir {settings.data_dir}")


def _what(made: Manifest) -> str:
    from pydantic import ByteSize

    size = ByteSize(made.size).human_readable()
    return f"{made.files} files, {made.jobs} batch jobs, {made.blobs} blobs, {size}"


def _tell(blob: NamedBlob) -> None:
    typer.secho(f"lost or damaged: blob {blob.name} ({blob.user or 'of no known use'})", fg="red", err=True)


@contextmanager
def _written(place: Path) -> Iterator[None]:
    """Around whatever writes; the program ends with the code of what cannot be written."""
    try:
        yield
    except OutOfSpace as error:
        _cannot_write(place, str(error))
    except OctavoError:
        raise
    except OSError as error:
        full = "there is no space left. Make room, or name another place" if error.errno in FULL else error.strerror
        _cannot_write(place, f"{full or error}.")


def _cannot_write(place: Path, why: str) -> NoReturn:
    typer.secho(f"octavo: {place} cannot be written: {why} Nothing was left there.", fg="red", err=True)
    raise typer.Exit(exits.CANNOT_WRITE) from None


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Whoever ends the program with SIGTERM, as `timeout` and systemd do, ends it as Ctrl-C does."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
