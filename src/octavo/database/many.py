"""Many rows in one statement: SQLite takes them one by one as quickly, PostgreSQL would answer each and gets arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Table,
    TableValuedAlias,
    and_,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

Rows = Sequence[Mapping[str, Any]]
T = TypeVar("T")
BLOCK = 500
"""Things that one statement names."""


def blocks(of: Iterable[T]) -> Iterator[list[T]]:
    """Lists of `BLOCK` things at most."""
    rest = iter(of)
    while block := list(islice(rest, BLOCK)):
        yield block


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
        return
    new = _derived(table, rows)
    connection.execute(insert(table).from_select(list(rows[0]), select(*new.c)))


def update_many(connection: Connection, table: Table, rows: Rows, **same: object) -> None:
    """Set the columns of rows that are named by their primary key, and `same` in each of them."""
    if not rows:
        return
    keys = [key.name for key in table.primary_key]
    other = [name for name in rows[0] if name not in keys]
    if connection.dialect.name == "sqlite":
        this = and_(*(table.c[name] == bindparam(f"new_{name}") for name in keys))
        values: dict[str, object] = {name: bindparam(f"new_{name}") for name in other}
        named = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        connection.execute(update(table).where(this).values(values | same), named)
        return
    new = _derived(table, rows)
    this = and_(*(table.c[name] == new.c[name] for name in keys))
    connection.execute(update(table).where(this).values({name: new.c[name] for name in other} | same))


def _derived(table: Table, rows: Rows) -> TableValuedAlias:
    """The rows as a table of PostgreSQL: an array for each column."""
    types = {name: table.c[name].type for name in rows[0]}
    arrays = [literal([row[name] for row in rows], ARRAY(kind)) for name, kind in types.items()]
    columns = [column(name, kind) for name, kind in types.items()]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name="new")
