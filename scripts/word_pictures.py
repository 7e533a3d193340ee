"""Draws the words of scans over their pages, coloured by confidence: how reading is looked at.

    python scripts/word_pictures.py FOLDER FILE...        # writes FOLDER/NAME-page-N.png

Green words are right with .95 and more, yellow ones with .8, orange ones with .5; red ones are likely wrong. What is
read stands in small type above each word that is not green. Blue boxes are pictures. Files are read from their pixels.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from octavo.bootstrap import build_pipeline
from octavo.documents.reader import open_document
from octavo.domain.block import Block, BlockKind, Word
from octavo.domain.geometry import BBox
from octavo.domain.work import PageTask, ReadOptions, TextLayer

COLORS = ((0.95, (40, 160, 60)), (0.8, (200, 180, 0)), (0.5, (240, 130, 0)), (0.0, (220, 30, 30)))
"""From which confidence on a word has which color."""
PICTURE = (40, 90, 220)
READING = ReadOptions(model="octavo-1", text_layer=TextLayer.NEVER)


class OneThread:
    """The share of a program that is in no hurry."""

    def threads(self) -> int:
        """One."""
        return 1


def main() -> None:
    """Read and draw."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("files", type=Path, nargs="+", metavar="file")
    told = arguments.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    for file in told.files:
        for number, page in enumerate(pages(file)):
            page.save(told.folder / f"{file.stem}-page-{number}.png")


def pages(file: Path) -> Iterator[Image.Image]:
    """The pages of a document; what is warned of goes to standard error."""
    pipeline, reader = build_pipeline(model="octavo-1", max_pixels=10**9, eager=False, share=OneThread()), None
    try:
        reader = open_document(file)
        for index in range(reader.facts.page_count):
            with tempfile.TemporaryDirectory() as figures:
                task = PageTask(path=file, index=index, options=READING, figures_dir=Path(figures))
                page = pipeline.recognize(task)
            print(f"{file.name} {index}: {' '.join(page.warnings) or 'no warnings'}", file=sys.stderr)
            pixels = np.rot90(reader.page(index, READING.dpi).render(), page.turned // 90)
            shown = [block.box for block in page.blocks if block.kind is BlockKind.IMAGE]
            yield drawn(Image.fromarray(np.ascontiguousarray(pixels)), list(words_of(page.blocks)), shown)
    finally:
        pipeline.close()
        if reader:
            reader.close()


def words_of(blocks: Sequence[Block]) -> Iterator[Word]:
    """All words, those of tables as well."""
    for block in blocks:
        yield from block.words or [word for cell in (block.table.cells if block.table else ()) for word in cell.words]


def drawn(page: Image.Image, words: Sequence[Word], pictures: Sequence[BBox]) -> Image.Image:
    """The page, its words and pictures over it."""
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    brush = ImageDraw.Draw(layer)
    for word in words:
        color = next(color for least, color in COLORS if word.confidence >= least)
        brush.rectangle(_corners(word.box), fill=(*color, 60), outline=(*color, 255))
        if word.confidence < COLORS[0][0]:
            font = ImageFont.load_default(size=max(9.0, 0.45 * word.box.height))
            brush.text((word.box.x0, word.box.y0), word.text, fill=(*color, 255), font=font, anchor="lb")
    for box in pictures:
        brush.rectangle(_corners(box), outline=(*PICTURE, 255), width=4)
    return Image.alpha_composite(page.convert("RGBA"), layer).convert("RGB")


def _corners(box: BBox) -> tuple[float, float, float, float]:
    return box.x0, box.y0, max(box.x0, box.x1), max(box.y0, box.y1)


if __name__ == "__main__":
    main()
