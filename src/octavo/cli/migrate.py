"""`octavo migrate`: the database, brought to the version of this program."""

from __future__ import annotations

from typing import Annotated

import typer

from octavo.cli import options
from octavo.domain.installation import DatabaseState

Check = Annotated[
    bool, typer.Option("--check", help="Only tell; exits with 1 if the database has to be brought to this version.")
]


def migrate(*, check: Check = False, data_dir: options.DataDir = None, config: options.Config = None) -> None:
    """Bring the database to this version; SQLite is copied before, and a server does it by itself when it starts."""
    from octavo.bootstrap import build_upkeep
    from octavo.settings import load_settings

    database = build_upkeep(load_settings(config=config, data_dir=data_dir)).database
    if check:
        _check(database.look())
        return
    if database.file is None:
        typer.echo("PostgreSQL is not copied before: stop every server that uses it, and make a dump with pg_dump.")
    before, now = database.migrate()
    if before == now:
        typer.echo(f"The database is of version {now} already; nothing was done.")
    elif before is None:
        typer.echo(f"The tables of version {now} were made.")
    else:
        copy = f"; as it was it lies in {database.file}.{before or 'none'}" if database.file else ""
        typer.echo(f"The database was brought from version {before or 'none'} to {now}{copy}.")


def _check(state: DatabaseState) -> None:
    """Tell; what has to be done is no success."""
    if state.version == state.current:
        typer.echo(f"The database is of version {state.current}, as it should be.")
        return
    older = f"is of version {state.version or 'none'}"
    found = "has no tables, or those of an older version" if state.version is None else older
    typer.echo(f"The database {found}; version {state.current} is needed. Run: octavo migrate")
    raise typer.Exit(1)
