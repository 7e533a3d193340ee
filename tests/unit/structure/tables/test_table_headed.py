"""Tables of one column: entries in closed cells below a header, and frames below one another that are none."""

from __future__ import annotations

import pytest

from octavo.domain.block import BlockKind
from reading import blocks_of
from typeset import Sheets

HEADER = "What we have learned"
ENTRIES = ["Reuse and reduce", "Life of a product", "Social business", "Engagement", "Local action", "Green values"]


def sheets_with(rows: list[tuple[str, str]], *, fill: str = "#d9ead3") -> Sheets:
    """Cells below one another with one line each, given as (face, text), and a paragraph below."""
    sheets = Sheets()
    for place, (face, text) in enumerate(rows):
        y = 150 + 24 * place
        sheets.box(140, y, 460, y + 24, fill=fill, stroke=True)
        sheets.text(150, y + 16, text, font=face)
    sheets.paragraph(72, 400, 450, "The ferry left the harbour with seven passengers and a crate of oranges. " * 3)
    return sheets


def test_entries_below_a_header_are_a_table(tmp_path):
    rows = [("Helvetica-Bold", HEADER), *(("Helvetica", entry) for entry in ENTRIES)]
    table, text = blocks_of(sheets_with(rows), tmp_path)
    assert (table.kind, text.kind) == (BlockKind.TABLE, BlockKind.TEXT)
    assert [cell.text for cell in table.table.cells] == [HEADER, *ENTRIES]
    assert table.table.columns == 1


@pytest.mark.parametrize(
    "rows",
    [
        [("Helvetica", HEADER), *(("Helvetica", entry) for entry in ENTRIES)],
        [("Helvetica-Bold", HEADER), *(("Helvetica-Bold", entry) for entry in ENTRIES)],
        [("Helvetica-Bold", HEADER), *(("Helvetica", entry) for entry in ENTRIES[:2])],
    ],
)
def test_lines_in_frames_without_a_header_or_too_few_are_none(tmp_path, rows):
    assert not [block for block in blocks_of(sheets_with(rows), tmp_path) if block.kind is BlockKind.TABLE]
