from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from factories import A_PAGE, BODY, make_block, make_line, make_read_page
from octavo.domain.block import Block, BlockKind, Cell, Figure, Font, Link, Table
from octavo.domain.geometry import BBox
from octavo.domain.result import OcrResult, PageFailure, RenderedPage
from octavo.domain.work import AnswerOptions, Granularity, TableFormat
from octavo.pipeline.document import assemble

FAILURE = PageFailure(index=1, code="corrupt_document", reason="Page 1 cannot be loaded -- it is damaged.")


def answer(*outcomes, **options: object) -> OcrResult:
    loading = [each if isinstance(each, PageFailure) else partial(replace, each) for each in outcomes]
    return assemble(loading, AnswerOptions(**{"granularity": Granularity.WORD} | options), "octavo-1", 1234)


def page(*blocks: Block, **options: object) -> RenderedPage:
    """The only page of an answer."""
    return answer(make_read_page(*blocks), **options).pages[0]


def picture(text: str = "", width: int = 200, height: int = 100, y: float = 400) -> Block:
    figure = Figure(path=Path("crop.jpeg"), width=width, height=height)
    box = BBox(100, y, 100 + width, y + height)
    return make_block(BlockKind.IMAGE, text, box=box, figure=figure)


def table(*texts: str, y: float = 400) -> Block:
    cells = [Cell(row=0, column=0, text="Item", header=True), Cell(row=0, column=1, text="Price", header=True)]
    cells += [
        Cell(row=1, column=place, text=text, words=make_line(text, y=y, confidence=0.5))
        for place, text in enumerate(texts)
    ]
    words = tuple(word for cell in cells for word in cell.words)
    return make_block(BlockKind.TABLE, "", y=y, table=Table(rows=2, columns=2, cells=tuple(cells)), words=words)


def check_placeholders(page: RenderedPage) -> None:
    """Every entry has its placeholder, every placeholder its entry."""
    given = [image.id for image in page.images] + [each.id for each in page.tables]
    for name in given:
        assert page.markdown.count(f"[{name}]({name})") == 1
    assert page.markdown.count("](img-") + page.markdown.count("](tbl-") == len(given)


def check_words(page: RenderedPage) -> None:
    for score in page.words:
        assert page.markdown[score.start :][: len(score.text)] == score.text


def test_links_that_would_do_harm_are_left_out_and_told():
    links = tuple(Link(box=BBox(0, 0, 9, 9), uri=uri) for uri in ("https://example.org", "javascript:alert(1)"))
    made = answer(replace(make_read_page(make_block()), links=links)).pages[0]
    assert made.hyperlinks == ("https://example.org",)
    assert made.warnings == ("Links left out: 1. They lead to a script or a file, not to an address.",)


# Text


def test_blocks_are_paragraphs():
    made = page(make_block(text="Tea at four."), make_block(text="Cake at five.", y=600))
    assert made.markdown == "Tea at four.\n\nCake at five."
    assert [block.content for block in made.blocks] == ["Tea at four.", "Cake at five."]


def test_headings_are_ranked_over_all_pages():
    large, small = Font(size=40), Font(size=30)
    pages = [
        make_read_page(make_block(BlockKind.TITLE, "Small", font=small), index=0),
        make_read_page(make_block(BlockKind.TITLE, "Large", font=large), index=1),
    ]
    assert [each.markdown for each in answer(*pages).pages] == ["## Small", "# Large"]


def test_words_stand_where_their_scores_say():
    made = page(make_block(text="Tea at four."), picture("Exit"), table("Tea", "4"), make_block(text="The end.", y=700))
    check_words(made)
    assert [score.text.strip() for score in made.words] == ["Tea", "at", "four.", "Exit", "Tea", "4", "The", "end."]


@pytest.mark.parametrize("wish", [None, Granularity.PAGE, Granularity.BLOCK])
def test_words_are_told_of_when_somebody_asked(wish):
    pages = (make_read_page(make_block(text="Tea at four."), table("Tea", "4")),)
    (made,) = answer(*pages, granularity=wish, table_format=TableFormat.HTML).pages
    assert made.words == made.tables[0].words == ()


def test_confidences_are_those_of_the_words():
    words = (*make_line("sure", confidence=1.0), *make_line("unsure", x=300, confidence=0.4))
    made = page(make_block(text="sure unsure", words=words))
    assert (made.confidence.average, made.confidence.minimum) == (pytest.approx(0.7), 0.4)
    assert made.blocks[0].confidence == made.confidence


def test_an_empty_page_is_sure_of_itself():
    made = page()
    assert (made.markdown, made.confidence.average, made.confidence.minimum) == ("", 1.0, 1.0)


def test_links_and_warnings_are_handed_on():
    links = (Link(box=BBox(0, 0, 1, 1), uri="https://example.org/"),)
    read = make_read_page(make_block(note="A word was torn."), links=links, warnings=("A corner was torn.",))
    made = answer(read).pages[0]
    assert made.hyperlinks == ("https://example.org/",)
    assert made.warnings == ("A corner was torn.", "A word was torn.")


def test_boxes_stay_on_the_page():
    (block,) = page(make_block(box=BBox(-5, -5, 5000, 5000))).blocks
    assert block.box == BBox(0, 0, A_PAGE.width, A_PAGE.height)


def test_a_word_that_is_cut_by_a_page_break_is_whole_on_the_first_page():
    pages = [
        make_read_page(make_block(text="A long experi-", y=700), index=0),
        make_read_page(make_block(text="ment at sea.", y=700), index=1),
    ]
    made = answer(*pages)
    assert [each.markdown for each in made.pages] == ["A long experiment", "at sea."]
    for each in made.pages:
        check_words(each)
    *_, cut, rest = made.pages[0].words
    assert rest.box == cut.box


def test_pages_that_do_not_follow_one_another_are_not_joined():
    pages = [
        make_read_page(make_block(text="A long experi-", y=700), index=0),
        make_read_page(make_block(text="ment at sea.", y=700), index=2),
    ]
    assert [each.markdown for each in answer(*pages).pages] == ["A long experi-", "ment at sea."]


# Pictures


def names(pages: Iterable[RenderedPage]) -> list[list[str]]:
    return [[image.id for image in each.images] for each in pages]


def test_pictures_are_numbered_over_all_pages():
    pages = [make_read_page(picture(), picture(y=600), index=0), make_read_page(picture(), index=1)]
    made = answer(*pages).pages
    assert names(made) == [["img-0.jpeg", "img-1.jpeg"], ["img-2.jpeg"]]
    for each in made:
        check_placeholders(each)


def test_numbers_follow_the_pages_returned():
    pages = [make_read_page(picture(), index=7), make_read_page(picture(), index=2)]
    assert names(answer(*pages).pages) == [["img-0.jpeg"], ["img-1.jpeg"]]


def test_the_text_in_a_picture_comes_after_it():
    made = page(picture("Exit\nNorth"))
    assert made.markdown == "![img-0.jpeg](img-0.jpeg)\n\nExit\nNorth"
    assert [block.kind for block in made.blocks] == [BlockKind.IMAGE, BlockKind.TEXT]


@pytest.mark.parametrize(("limit", "given"), [(None, [2, 2]), (4, [2, 2]), (3, [2, 1]), (1, [1, 0]), (0, [0, 0])])
def test_the_image_limit_counts_over_the_whole_answer(limit, given):
    pages = [make_read_page(picture("One"), picture("Two", y=600), index=n) for n in range(2)]
    made = answer(*pages, image_limit=limit).pages
    assert [len(each.images) for each in made] == given
    for each in made:
        check_placeholders(each)
        assert "One" in each.markdown
        assert "Two" in each.markdown


@pytest.mark.parametrize(("least", "kept"), [(None, 3), (100, 3), (101, 2), (150, 1), (301, 0)])
def test_small_pictures_are_dropped_by_their_shorter_side(least, kept):
    blocks = [picture("a", 300, 300), picture("b", 300, 100, y=800), picture("c", 120, 120, y=1000)]
    made = page(*blocks, image_min_size=least)
    assert len(made.images) == kept
    check_placeholders(made)
    assert [word for word in ("a", "b", "c") if word in made.markdown.split()] == ["a", "b", "c"]


def test_small_pictures_do_not_use_up_the_limit():
    made = page(picture(width=20), picture(y=800), image_min_size=50, image_limit=1)
    assert [image.box.y0 for image in made.images] == [800]
    assert made.images[0].id == "img-0.jpeg"


def test_a_picture_that_was_not_cut_leaves_no_placeholder():
    made = page(make_block(BlockKind.IMAGE, "Exit"))
    assert (made.markdown, made.images) == ("Exit", ())


# Tables


def test_tables_stay_in_the_text_when_nothing_is_asked():
    made = page(table("Tea", "4"))
    assert made.markdown == "|  Item | Price  |\n| --- | --- |\n|  Tea | 4  |"
    assert made.tables == ()


@pytest.mark.parametrize(("wish", "extension", "begins"), [("markdown", "md", "|  Item"), ("html", "html", "<table>")])
def test_tables_leave_the_text_when_asked(wish, extension, begins):
    pages = [make_read_page(table("Tea", "4"), make_block(y=700), index=n) for n in range(2)]
    made = answer(*pages, table_format=TableFormat(wish)).pages
    assert [[each.id for each in page.tables] for page in made] == [[f"tbl-{n}.{extension}"] for n in range(2)]
    for each in made:
        check_placeholders(each)
        check_words(each)
        (one,) = each.tables
        assert one.content.startswith(begins)
        assert one.format == wish
        assert [score.text.strip() for score in one.words] == ["Tea", "4"]
        for score in one.words:
            assert one.content[score.start :][: len(score.text)] == score.text


def test_a_table_block_has_its_content_either_way():
    made = page(table("Tea", "4"), table_format=TableFormat.HTML)
    (block,) = made.blocks
    assert (block.table_id, block.content) == ("tbl-0.html", made.tables[0].content)


def test_a_table_that_goes_on_repeats_its_header():
    bold = Font(size=BODY.size, bold=True)

    def rows(*rows: tuple[str, str], font: Font = BODY) -> tuple[Cell, ...]:
        return tuple(
            Cell(row=y, column=x, text=text, header=font.bold, words=make_line(text, font=font))
            for y, row in enumerate(rows)
            for x, text in enumerate(row)
        )

    box = BBox(100, 400, 600, 600)
    head = rows(("Item", "Price"), font=bold)
    body = tuple(Cell(row=1, column=x, text=text, words=make_line(text)) for x, text in enumerate(("Tea", "4")))
    first = make_block(BlockKind.TABLE, "", box=box, table=Table(rows=2, columns=2, cells=(*head, *body)))
    second = make_block(BlockKind.TABLE, "", box=box, table=Table(rows=1, columns=2, cells=rows(("Cake", "5"))))
    made = answer(make_read_page(first, index=0), make_read_page(second, index=1)).pages[1]
    assert made.markdown.splitlines() == ["|  Item | Price  |", "| --- | --- |", "|  Cake | 5  |"]
    assert [score.text.strip() for score in made.words] == ["Cake", "5"]


# Headers and footers


def report(count: int = 3) -> list:
    """Pages with a running header, and a footer with the page number."""
    return [
        make_read_page(
            make_block(text="Annual report", y=40),
            make_block(text=f"Page {n} tells of tea.", y=400),
            make_block(text=f"{n + 1}", y=1340),
            index=n,
        )
        for n in range(count)
    ]


def test_headers_and_footers_stay_in_the_text_when_nothing_is_asked():
    made = answer(*report()).pages[1]
    assert made.markdown == "Annual report\n\nPage 1 tells of tea.\n\n2"
    assert (made.header, made.footer) == (None, None)
    assert [block.kind.value for block in made.blocks] == ["header", "text", "footer"]


@pytest.mark.parametrize("asked", [{"extract_header"}, {"extract_footer"}, {"extract_header", "extract_footer"}])
def test_headers_and_footers_leave_the_text_when_asked(asked):
    made = answer(*report(), **dict.fromkeys(asked, True)).pages[1]
    assert made.header == ("Annual report" if "extract_header" in asked else None)
    assert made.footer == ("2" if "extract_footer" in asked else None)
    assert ("Annual report" in made.markdown) == ("extract_header" not in asked)
    assert made.markdown.endswith("2") == ("extract_footer" not in asked)
    check_words(made)


def test_a_page_without_furniture_has_none_to_extract():
    made = page(make_block(y=600), extract_header=True, extract_footer=True)
    assert (made.header, made.footer) == (None, None)


# Failures


def test_a_failed_page_stays_in_its_place():
    made = answer(make_read_page(make_block(), index=0), FAILURE, make_read_page(make_block(), index=2))
    assert [each.index for each in made.pages] == [0, 1, 2]
    assert made.pages_processed == 2
    failed = made.pages[1]
    assert failed.failure == FAILURE
    assert failed.warnings == (FAILURE.reason,)
    assert failed.markdown.startswith("<!-- Page 1 could not be read")
    assert failed.markdown.count("--") == 2


def test_numbers_go_on_over_a_failed_page():
    made = answer(make_read_page(picture(), index=0), FAILURE, make_read_page(picture(), index=2)).pages
    assert names(made) == [["img-0.jpeg"], [], ["img-1.jpeg"]]


def test_the_answer_names_its_model_and_size():
    made = answer(make_read_page())
    assert (made.model, made.doc_size_bytes) == ("octavo-1", 1234)
