"""Tables to GitHub Markdown and to HTML, in the spelling of the wire."""

from __future__ import annotations

import re
from html import escape

from octavo.domain.block import Cell, Table

_ESCAPED = re.compile(
    r"\\(?P<plain>[!-/:-@\[-`{-~])|(?P<formula>\$(?![\s$])(?:\\.|[^$\\])+(?<!\s)\$(?!\d))|&(?P<entity>lt|amp);",
)
_ENTITIES = {"lt": "<", "amp": "&"}


def fits_markdown(table: Table) -> bool:
    """Whether a pipe table can say it all: no cell covers more than one square."""
    return all(cell.row_span == 1 and cell.column_span == 1 for cell in table.cells)


def to_markdown(table: Table) -> str:
    """A pipe table; its first row is the header, as GitHub Markdown wants it.

    A cell over several squares has its text in the first one; the others stay empty.
    """
    if not table.rows or not table.columns:
        return ""
    squares = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        squares[cell.row][cell.column] = _piped(cell.text)
    rows = [f"|  {' | '.join(row)}  |" for row in squares]
    return "\n".join([rows[0], f"| {' | '.join(['---'] * table.columns)} |", *rows[1:]])


def to_html(table: Table) -> str:
    """A `<table>` without white space between its tags; cells of the header are `<th>`."""
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(_element(cell))
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"


def _piped(text: str) -> str:
    return text.replace("|", "\\|").replace("\r\n", "\n").replace("\n", "<br>").strip()


def _element(cell: Cell) -> str:
    name = "th" if cell.header else "td"
    spans = "".join(
        f' {key}="{value}"' for key, value in (("rowspan", cell.row_span), ("colspan", cell.column_span)) if value > 1
    )
    text = "<br>".join(escape(_unmarked(line), quote=False) for line in re.split("<br>|\n", cell.text))
    return f"<{name}{spans}>{text}</{name}>"


def _unmarked(text: str) -> str:
    """Inline Markdown as plain text; formulas stay as they are."""
    return _ESCAPED.sub(lambda found: found["plain"] or found["formula"] or _ENTITIES[found["entity"]], text)
