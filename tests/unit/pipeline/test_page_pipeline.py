from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from octavo.documents.reader import open_document
from octavo.domain.document import SpooledDocument
from octavo.domain.errors import CorruptDocument, EncryptedDocument
from octavo.domain.work import PageTask
from octavo.engines.fake import FakeEngine
from octavo.executors.share import Allowance
from octavo.pipeline.page import PagePipeline
from reading import DIGITAL
from typeset import Sheets


class Doors:
    """Opens documents, and counts."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.open = 0

    def __call__(self, path: Path, password: str | None):
        reader = open_document(path, password)
        self.opened.append(path.name)
        self.open += 1
        shut = reader.close

        def close() -> None:
            self.open -= 1
            shut()

        reader.close = close
        return reader


@pytest.fixture
def doors():
    return Doors()


@pytest.fixture
def pipeline(doors):
    made = PagePipeline(doors, FakeEngine(Allowance(1)))
    yield made
    made.close()
    assert doors.open == 0


def document(path: Path, pages: int = 3, password: str | None = None) -> Path:
    sheets = Sheets(password=password)
    for number in range(pages):
        sheets.text(72, 100, f"page {number}")
        sheets.next_page()
    return sheets.save(path)


def task(path: Path, index: int = 0, password: str | None = None) -> PageTask:
    return PageTask(path=path, index=index, options=DIGITAL, figures_dir=path.parent, password=password)


def spooled(path: Path) -> SpooledDocument:
    return SpooledDocument(path=path, name=path.name, size=path.stat().st_size, sha256="")


def test_a_document_stays_open_from_page_to_page(tmp_path, pipeline, doors):
    path = document(tmp_path / "a.pdf")
    assert pipeline.inspect(spooled(path), None).page_count == 3
    assert [pipeline.recognize(task(path, index)).index for index in (0, 2, 1)] == [0, 2, 1]
    assert doors.opened == ["a.pdf"]


def test_only_one_document_is_open(tmp_path, pipeline, doors):
    one, two = document(tmp_path / "a.pdf"), document(tmp_path / "b.pdf")
    for path in (one, two, one):
        pipeline.recognize(task(path))
        assert doors.open == 1
    assert doors.opened == ["a.pdf", "b.pdf", "a.pdf"]


def test_an_open_document_does_not_open_another_door(tmp_path, pipeline):
    path = document(tmp_path / "a.pdf", password="tea")
    pipeline.recognize(task(path, password="tea"))
    with pytest.raises(EncryptedDocument):
        pipeline.recognize(task(path, password="coffee"))
    with pytest.raises(EncryptedDocument):
        pipeline.recognize(task(path))


def test_after_a_document_that_cannot_be_opened_the_next_is_read(tmp_path, pipeline):
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(CorruptDocument):
        pipeline.recognize(task(damaged))
    assert pipeline.recognize(task(document(tmp_path / "a.pdf"))).index == 0


def test_pictures_are_cut_exactly_as_large_as_they_say(tmp_path, pipeline):
    page = pipeline.recognize(task(document(tmp_path / "a.pdf")))
    (figure,) = [block.figure for block in page.blocks if block.figure]
    with Image.open(figure.path) as image:
        assert image.size == (figure.width, figure.height)
