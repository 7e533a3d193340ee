from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from factories import make_block, make_read_page
from octavo.domain.block import BlockKind, Figure
from octavo.domain.geometry import Size
from octavo.domain.portable import from_bytes, to_bytes
from octavo.domain.result import RecognizedPage


def test_a_page_comes_back_as_it_was() -> None:
    figure = Figure(path=Path("/spool/figure.jpeg"), width=4, height=5)
    page = make_read_page(make_block(BlockKind.TITLE, "Tea", level=2), make_block(BlockKind.IMAGE, figure=figure))
    assert from_bytes(to_bytes(page), RecognizedPage) == page


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"cos\nsystem\n(S'true'\ntR.", pickle.dumps(print), to_bytes(Size(1, 2))]
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="this is no RecognizedPage"):
        from_bytes(data, RecognizedPage)
