"""Whole documents against what they are expected to say; `scripts/golden` writes the expectations anew."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import pytest
from expected import FOLDER, expected, spelled
from golden_documents import DOCUMENTS

from octavo.bootstrap import standard_engine
from octavo.documents.pdf.reader import PdfReader
from octavo.domain.block import BlockKind
from octavo.domain.result import RenderedPage, TextSource
from octavo.domain.work import AnswerOptions, ReadOptions, TextLayer
from octavo.executors.share import Allowance
from octavo.pipeline.document import assemble
from reading import read

MOST_WRONG = 0.02
"""Share of the letters that pixels may lack or add: models take one letter for another now and then, and processors
round their numbers differently. The shortest paragraph of any document has 3 in a hundred: none may be lost.
"""
DPI = 150
PIXELS = ReadOptions(model="octavo-1", text_layer=TextLayer.NEVER, dpi=DPI)


@pytest.fixture(scope="module")
def engine():
    made = standard_engine(Allowance(2))
    yield made
    made.close()


def test_every_document_has_its_expectation_and_none_is_left_over():
    assert {file.stem for file in FOLDER.glob("*.md")} == set(DOCUMENTS)


def test_every_kind_of_block_is_among_them():
    kinds = {
        kind
        for name in DOCUMENTS
        for line in re.findall(r"<!-- page \d+: (.*) -->", expected(name))
        for kind in line.split()
    }
    assert kinds == set(BlockKind)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_digital_documents_are_read_to_the_letter(name):
    result = read(DOCUMENTS[name].typeset())
    assert {page.source for page in result.pages} == {TextSource.TEXT_LAYER}
    assert spelled(result) == expected(name)


@pytest.mark.parametrize("name", [name for name, document in DOCUMENTS.items() if document.pixels])
def test_pixels_of_the_same_pages_say_the_same(name, engine, tmp_path):
    reader = PdfReader(DOCUMENTS[name].typeset().save(tmp_path / "document.pdf"))
    page = engine.recognize(reader.page(0, DPI), PIXELS, tmp_path)
    reader.close()
    (seen,) = assemble([lambda: page], AnswerOptions(), "octavo-1", 0).pages
    (meant,) = read(DOCUMENTS[name].typeset()).pages
    assert seen.source is TextSource.PIXELS
    assert share_wrong(letters(seen), letters(meant)) <= MOST_WRONG, seen.markdown
    assert shape(seen) == shape(meant)


def letters(page: RenderedPage) -> str:
    """The text of a page, without spaces and without the marks of Markdown."""
    text = re.sub(r"!\[.*?\]\(.*?\)|<[^>]*>|---", "", page.markdown)
    return re.sub(r"[\s#|*`\\-]", "", text)


def share_wrong(seen: str, meant: str) -> float:
    """Letters of the longer text that have no partner in the other, as a share."""
    matching = SequenceMatcher(None, seen, meant, autojunk=False).get_matching_blocks()
    return 1 - sum(block.size for block in matching) / max(len(seen), len(meant))


def shape(page: RenderedPage) -> list[str]:
    """What stands where, as far as pixels show it: titles, pictures, and tables with their size."""
    rows = [re.sub(r"[^|]+", "", line) for line in page.markdown.splitlines() if line.startswith("|")]
    kinds = [
        block.kind.value for block in page.blocks if block.kind in (BlockKind.TITLE, BlockKind.IMAGE, BlockKind.TABLE)
    ]
    return kinds + rows
