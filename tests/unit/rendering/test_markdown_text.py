from __future__ import annotations

import pytest

from factories import make_block, make_line
from octavo.domain.block import BlockKind, Cell, Table
from octavo.domain.result import WordScore
from octavo.rendering.markdown import Piece, joined, scores_of, table_of, text_of


def check(content: str, scores: list[WordScore], start: int = 0) -> list[str]:
    """Each word's text, without the space before it; fails when one does not stand where it says."""
    ends = [start]
    for score in scores:
        assert content[score.start :][: len(score.text)] == score.text
        assert score.start >= ends[-1]
        ends.append(score.start + len(score.text))
    return [score.text.strip() for score in scores]


def written(kind: BlockKind, text: str, **fields: object) -> str:
    return text_of(make_block(kind, text, **fields)).content


def test_a_title_has_its_level():
    assert [written(BlockKind.TITLE, "Tea", level=level) for level in (0, 1, 3, 6)] == [
        "# Tea",
        "# Tea",
        "### Tea",
        "###### Tea",
    ]


def test_a_title_stands_on_one_line():
    assert written(BlockKind.TITLE, "Tea\nand cake", level=2) == "## Tea and cake"


def test_an_equation_stands_between_dollars():
    assert written(BlockKind.EQUATION, r"\frac{a}{b}") == "$$\n\\frac{a}{b}\n$$"


def test_code_is_fenced():
    assert written(BlockKind.CODE, "a = 1\nb = 2") == "```\na = 1\nb = 2\n```"
    assert written(BlockKind.CODE, "```\na\n```").startswith("````\n")


@pytest.mark.parametrize("kind", ["text", "caption", "aside_text", "header", "footer", "signature"])
def test_other_text_stands_as_it_is(kind):
    assert written(BlockKind(kind), "Tea at four,\nas always.") == "Tea at four,\nas always."


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("> a", r"\> a"),
        ("---", r"\---"),
        ("#1 of all", "#1 of all"),
        ("-5 degrees", "-5 degrees"),
        ("1815. a", "1815. a"),
        ("007. a", r"007\. a"),
    ],
)
def test_only_marks_get_a_backslash(line, shown):
    assert written(BlockKind.TEXT, f"a\n{line}") == f"a\n{shown}"


def test_lists_keep_their_marks():
    assert written(BlockKind.LIST, "- a\n- # b\n1. c") == "- a\n- \\# b\n1. c"


# Word scores


@pytest.mark.parametrize("kind", [kind for kind in BlockKind if kind not in (BlockKind.IMAGE, BlockKind.TABLE)])
def test_every_word_is_found_in_every_kind_of_block(kind):
    piece = text_of(make_block(kind, "the cat and the hat", level=2))
    assert check(piece.content, scores_of(piece)) == ["the", "cat", "and", "the", "hat"]


def test_the_space_before_a_word_is_part_of_it():
    scores = scores_of(Piece("two words", make_line("two words")))
    assert [score.text for score in scores] == ["two", " words"]


def test_confidences_stay_with_their_words():
    words = [*make_line("sure", confidence=0.9), *make_line("unsure", x=300, confidence=0.3)]
    assert [score.confidence for score in scores_of(Piece("sure unsure", tuple(words)))] == [0.9, 0.3]


def test_a_word_that_was_hyphenated_is_found_in_both_parts():
    words = make_line("an experi- ment ends")
    piece = Piece("an experiment ends", words)
    assert check(piece.content, scores_of(piece)) == ["an", "experi", "ment", "ends"]


def test_escaped_words_are_found():
    words = make_line(r"see <b> a*b*c AT&amp; [x](y) and snake_case \$5")
    piece = Piece(r"see &lt;b> a\*b\*c AT&amp;amp; [x\](y) and snake_case \\\$5", words)
    assert len(check(piece.content, scores_of(piece))) == len(words)


def test_a_word_that_is_not_there_is_left_out():
    piece = Piece("the hat", make_line("the cat hat"))
    assert check(piece.content, scores_of(piece)) == ["the", "hat"]


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_every_word_of_a_table_is_found(form):
    rows = [("Item", "Price"), ("Tea | cake", "< 5 & more")]
    cells = tuple(
        Cell(row=y, column=x, text=text, words=make_line(text))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
    )
    piece = table_of(make_block(BlockKind.TABLE, "", table=Table(rows=2, columns=2, cells=cells)), form)
    assert len(check(piece.content, scores_of(piece))) == 9


def test_an_offset_moves_every_word():
    pieces = [Piece("first block", make_line("first block")), Piece("second", make_line("second"))]
    markdown, starts = joined(pieces)
    scores = [score for piece, start in zip(pieces, starts, strict=True) for score in scores_of(piece, start)]
    assert markdown == "first block\n\nsecond"
    assert check(markdown, scores) == ["first", "block", "second"]
