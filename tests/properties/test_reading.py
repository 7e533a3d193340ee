"""What holds for every page, however it is made up."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, note, settings
from hypothesis import strategies as st
from random_pages import PARTS, pages

from octavo.domain.block import Block
from octavo.domain.document import Page
from octavo.domain.result import OcrResult, RenderedPage
from octavo.domain.work import AnswerOptions, TableFormat
from octavo.pipeline.document import assemble
from octavo.structure.page import understand
from reading import read_page

answers = st.builds(
    AnswerOptions,
    image_limit=st.sampled_from([None, 0, 1]),
    image_min_size=st.sampled_from([None, 100]),
    table_format=st.sampled_from([None, *TableFormat]),
    extract_header=st.booleans(),
    extract_footer=st.booleans(),
)


def answered(*given_pages: Page, answer: AnswerOptions) -> OcrResult:
    with TemporaryDirectory() as name:
        read = [read_page(replace(page, index=index), Path(name)) for index, page in enumerate(given_pages)]
    return assemble([partial(replace, page) for page in read], answer, "octavo-1", 0)


def said(page: RenderedPage) -> Counter[str]:
    """Every word anywhere in the answer for a page, with how often it is said."""
    texts = [page.markdown, page.header or "", page.footer or "", *(table.content for table in page.tables)]
    return Counter(word for text in texts for word in re.findall(r"[a-z]{3,}", text))


def meant(page: Page) -> Counter[str]:
    return Counter(word.text for word in page.words if re.fullmatch(r"[a-z]{3,}", word.text))


MARKUP = {"img", "jpeg", "tbl", "html", "table", "rowspan", "colspan"}


@settings(deadline=None)
@given(pages(), answers)
def test_no_word_is_lost_and_none_is_said_twice(page, answer):
    (read,) = answered(page, answer=answer).pages
    heard = said(read)
    for name in MARKUP:
        del heard[name]
    note(read.markdown)
    assert (meant(page) - heard, heard - meant(page)) == (Counter(), Counter())


@settings(deadline=None)
@given(st.lists(pages(), min_size=1, max_size=3), answers)
def test_every_entry_has_its_placeholder(given_pages, answer):
    result = answered(*given_pages, answer=answer)
    images = [image.id for page in result.pages for image in page.images]
    tables = [table.id for page in result.pages for table in page.tables]
    assert images == [f"img-{n}.jpeg" for n in range(len(images))]
    assert [table.partition(".")[0] for table in tables] == [f"tbl-{n}" for n in range(len(tables))]
    for page in result.pages:
        given_here = [image.id for image in page.images] + [table.id for table in page.tables]
        assert sorted(re.findall(r"\[((?:img|tbl)-\d+\.\w+)\]\(\1\)", page.markdown)) == sorted(given_here)


def moved(page: Page, dx: float, dy: float) -> Page:
    """The same print elsewhere on the page."""
    words = (
        replace(word, box=word.box.shifted(dx, dy), baseline=None if word.baseline is None else word.baseline + dy)
        for word in page.words
    )
    parts = {
        name: tuple(replace(each, box=each.box.shifted(dx, dy)) for each in getattr(page, name))
        for name in ("rules", "images", "drawings")
    }
    return replace(page, words=tuple(words), **parts)


def outline(page: Page) -> list[tuple[str, str]]:
    """What is understood of a page."""
    return [(block.kind.value, text_of(block)) for block in understand(page)]


def text_of(block: Block) -> str:
    return block.text or repr([(cell.row, cell.column, cell.text) for cell in block.table.cells] if block.table else "")


@settings(deadline=None)
@given(pages(parts=tuple(part for part in PARTS if part != "furniture")), st.integers(-60, 60), st.integers(-60, 60))
def test_a_page_reads_the_same_wherever_its_print_stands(page, dx, dy):
    assert outline(moved(page, dx, dy)) == outline(page)
