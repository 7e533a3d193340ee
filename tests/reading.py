"""Reading in tests: what lies on typeset pages, what is understood of it, and the whole answer, without models."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from octavo.documents.pdf.reader import PdfReader
from octavo.domain.block import Block
from octavo.domain.document import Page
from octavo.domain.result import OcrResult, RecognizedPage
from octavo.domain.work import AnswerOptions, ReadOptions, TextLayer
from octavo.pipeline.composite import CompositeRecognizer
from octavo.pipeline.document import assemble
from octavo.structure.page import understand
from typeset import Sheets

DIGITAL = ReadOptions(model="octavo-1", text_layer=TextLayer.ALWAYS)


class Blind:
    """A model that must not be asked: digital pages are read without models."""

    kinds = frozenset()

    def refuse(self, *_: object) -> NoReturn:
        raise AssertionError("the pixels of a digital page were looked at")

    recognize = detect = refuse


def digital_recognizer() -> CompositeRecognizer:
    """The recogniser for pages with a text layer."""
    blind = Blind()
    refuse = blind.refuse
    return CompositeRecognizer(
        text=blind,
        layout=blind,
        tables=blind,
        turn_of=refuse,
        rules_of=refuse,
        flat_of=refuse,
        rotated=refuse,
        begin=refuse,
    )


def pages_of(sheets: Sheets | bytes, folder: Path, *, dpi: int = 200, password: str | None = None) -> list[Page]:
    """Every page as it lies in the PDF; the file is closed, so nothing can be rendered."""
    path = folder / "pages.pdf"
    path.write_bytes(sheets if isinstance(sheets, bytes) else sheets.data())
    reader = PdfReader(path, password)
    try:
        pages = [reader.page(index, dpi) for index in range(reader.facts.page_count)]
        for page in pages:
            page.glyphs()
    finally:
        reader.close()
    return pages


def page_of(sheets: Sheets | bytes, folder: Path, *, dpi: int = 200) -> Page:
    """The only page of a PDF."""
    (page,) = pages_of(sheets, folder, dpi=dpi)
    return page


def blocks_of(sheets: Sheets, folder: Path) -> tuple[Block, ...]:
    """The blocks of the only page of a PDF, without their pictures."""
    return understand(page_of(sheets, folder))


def read(sheets: Sheets, *, answer: AnswerOptions | None = None) -> OcrResult:
    """The whole answer for a digital PDF. Pictures that it names are gone."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        reader = PdfReader(sheets.save(folder / "document.pdf"))
        try:
            pages = [read_page(reader.page(index, 200), folder) for index in range(reader.facts.page_count)]
        finally:
            reader.close()
    return assemble(
        [partial(replace, page) for page in pages], answer or AnswerOptions(), "octavo-1", len(sheets.data())
    )


def read_page(page: Page, folder: Path) -> RecognizedPage:
    """One digital page, read."""
    return digital_recognizer().recognize(page, DIGITAL, folder)
