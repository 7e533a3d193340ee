from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from factories import make_block, make_read_page, make_word
from octavo.domain import portable
from octavo.domain.block import BlockKind, Cell, Figure, Table
from octavo.domain.geometry import Size
from octavo.domain.portable import from_bytes, to_bytes
from octavo.domain.result import RecognizedPage


def test_a_page_comes_back_as_it_was() -> None:
    figure = Figure(path=Path("/spool/figure.jpeg"), width=4, height=5)
    page = make_read_page(make_block(BlockKind.TITLE, "Tea", level=2), make_block(BlockKind.IMAGE, figure=figure))
    assert from_bytes(to_bytes(page), RecognizedPage) == page


def test_words_come_back_in_columns_and_in_tables() -> None:
    words = tuple(make_word(text, line=line) for line, text in enumerate(("one", "two", "three")))
    table = Table(rows=1, columns=1, cells=(Cell(row=0, column=0, text="", words=words),))
    blocks = [make_block(words=each) for each in ((), words[:1], words)]
    page = make_read_page(*blocks, make_block(BlockKind.TABLE, table=table, words=words))
    back = from_bytes(to_bytes(page), RecognizedPage)
    assert back == page
    assert back.blocks[3].words[0] is back.blocks[3].table.cells[0].words[0]


@pytest.mark.parametrize("columns", [(), ((1.0,),), ((1.0,), (1.0, 2.0))])
def test_columns_of_words_that_do_not_fit_are_refused(columns: tuple[tuple[float, ...], ...]) -> None:
    data = to_bytes(Columns(columns))
    with pytest.raises(ValueError, match="this is no Size"):
        from_bytes(data, Size)


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"cos\nsystem\n(S'true'\ntR.", pickle.dumps(print), to_bytes(Size(1, 2))]
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="this is no RecognizedPage"):
        from_bytes(data, RecognizedPage)


@pytest.mark.parametrize("values", [(), (1.0, 2.0, 3.0)])
def test_a_noun_with_values_missing_or_left_over_is_refused(values: tuple[float, ...]) -> None:
    data = to_bytes(Made(Size, values))
    with pytest.raises(ValueError, match="this is no Size"):
        from_bytes(data, Size)


class Made:
    """Travels as if it were a noun with these values."""

    def __init__(self, kind: type, values: tuple[float, ...]) -> None:
        self.parts = kind, values

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        kind, values = self.parts
        return portable._made, (kind, *values)


class Columns:
    """Travels as if it were words with these columns."""

    def __init__(self, columns: tuple[tuple[float, ...], ...]) -> None:
        self.columns = columns

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return portable._words_of, self.columns


def test_nothing_but_nouns_is_made_of_values() -> None:
    data = to_bytes(Made(Path, ("/",)))
    with pytest.raises(ValueError, match="this is no Size"):
        from_bytes(data, Size)
