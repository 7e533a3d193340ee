"""Blocks cross to another process, where nothing but plain values is let in."""

import dataclasses

import numpy as np
import pytest

from octavo.documents.pdf.reader import PdfReader
from octavo.structure.page import understand
from typeset import Sheets

ROWS = [["Season", "Speed", "Depth"], ["Spring", "1.84", "2.6"], ["Summer", "0.92", "1.4"], ["Autumn", "1.10", "1.7"]]


def foreign_values(thing, path="block"):
    if isinstance(thing, np.generic | np.ndarray):
        yield path
    elif dataclasses.is_dataclass(thing):
        for each in dataclasses.fields(thing):
            yield from foreign_values(getattr(thing, each.name), f"{path}.{each.name}")
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from foreign_values(each, f"{path}[]")


@pytest.mark.parametrize("ruled", [True, False])
def test_tables_hold_no_numbers_of_numpy(tmp_path, ruled):
    sheet = Sheets()
    sheet.paragraph(72, 80, 400, "A paragraph of running text stands over the table, as it does on most pages. " * 3)
    sheet.table(72, 160, [120, 120, 120], ROWS, ruled=ruled)
    blocks = understand(PdfReader(sheet.save(tmp_path / "table.pdf")).page(0, 200))
    assert "table" in [block.kind for block in blocks]
    assert [path for block in blocks for path in foreign_values(block)] == []
