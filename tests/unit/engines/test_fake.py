"""The engine that reads nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from octavo.domain.block import BlockKind
from octavo.domain.document import Page
from octavo.domain.geometry import Size
from octavo.domain.work import ReadOptions
from octavo.engines.fake import FakeEngine
from octavo.executors.share import Allowance


def test_the_same_page_gets_the_same_blocks_and_a_figure_as_large_as_its_box(tmp_path: Path) -> None:
    pixels = np.zeros((101, 80, 3), np.uint8)
    page = Page(index=3, size=Size(80, 101), dpi=72, render=lambda: pixels)
    engine = FakeEngine(Allowance())
    engine.warm_up()
    first, second = (engine.recognize(page, ReadOptions(model="octavo-fake"), tmp_path) for _ in range(2))
    engine.close()
    assert first == second
    assert [block.kind for block in first.blocks] == [BlockKind.TITLE, BlockKind.TEXT, BlockKind.IMAGE]
    assert first.blocks[0].text == "Page 3"
    figure, box = first.blocks[2].figure, first.blocks[2].box
    assert figure is not None
    with Image.open(figure.path) as picture:
        assert picture.size == (box.width, box.height) == (figure.width, figure.height)
