"""`octavo`: the command group, and the door where errors become one line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from octavo import __version__
from octavo.cli import admin, backup, batch, exits, migrate, ocr, serve
from octavo.domain.errors import OctavoError

EPILOG = "\n\n".join(["Exit codes:", *(f"{code:>3}  {meaning}" for code, meaning in exits.MEANINGS.items())])

app = typer.Typer(
    name="octavo",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve.serve)
app.command()(ocr.ocr)
app.add_typer(batch.app, name="batch")
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(migrate.migrate)
app.command()(admin.models)
app.command()(admin.doctor)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"octavo {__version__}")
        raise typer.Exit


@app.callback()
def octavo(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Documents in, Markdown out: an OCR server that speaks Mistral's API, and the same on the command line."""


def run() -> NoReturn:
    """The program: runs the command that was typed and exits with the code that `docs/cli.md` tells."""
    try:
        app()
    except OctavoError as error:
        typer.secho(f"octavo: {error}", fg="red", err=True)
        code = exits.exit_code(type(error))
    except KeyboardInterrupt:
        code = exits.INTERRUPTED
    except BaseExceptionGroup as group:
        if not group.subgroup(BrokenPipeError):
            raise
        code = _reader_went_away()
    except BrokenPipeError:
        code = _reader_went_away()
    sys.exit(code)


def _reader_went_away() -> int:
    """`octavo ocr ... | head` is no error; what is still in the buffer goes nowhere, without a complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.SUCCESS
