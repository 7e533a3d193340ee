from __future__ import annotations

import pytest

from factories import make_block
from octavo.domain.block import BlockKind, Font
from octavo.structure.blocks.captions import captions_joined

TEXT = "The ratio of both as a function of the width."


def texts(*blocks) -> list[str]:
    return [block.text for block in captions_joined(blocks)]


@pytest.mark.parametrize("number", ["Figure 3.", "Fig. 2a", "Table IV:", "Abb. 2.1", "表3", "Figure A.1"])
@pytest.mark.parametrize("kind", [BlockKind.TEXT, BlockKind.TITLE])
def test_the_text_below_a_number_belongs_to_it(number, kind):
    (caption,) = captions_joined([make_block(BlockKind.CAPTION, number, y=400), make_block(kind, TEXT, y=424)])
    assert (caption.kind, caption.text) == (BlockKind.CAPTION, f"{number} {TEXT}")
    assert len(caption.words) == len(f"{number} {TEXT}".split())


def test_so_does_the_text_beside_it():
    number = make_block(BlockKind.CAPTION, "Figure 6", y=400)
    assert texts(number, make_block(text=TEXT, x=220, y=400)) == [f"Figure 6 {TEXT}"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (make_block(BlockKind.CAPTION, "Figure 3. What was shown.", y=400), make_block(text=TEXT, y=424)),
        (make_block(BlockKind.TEXT, "Figure 3", y=400), make_block(text=TEXT, y=424)),
        (make_block(BlockKind.CAPTION, "Figure 3", y=400), make_block(text=TEXT, y=470)),
        (make_block(BlockKind.CAPTION, "Figure 3", y=400), make_block(text=TEXT * 10, y=424)),
        (make_block(BlockKind.CAPTION, "Figure 3", y=400), make_block(text=TEXT, y=424, font=Font(size=30))),
        (make_block(BlockKind.CAPTION, "Figure 3", y=400), make_block(BlockKind.IMAGE, "", y=424)),
    ],
)
def test_other_text_does_not(number, text):
    assert texts(number, text) == [number.text, text.text]
