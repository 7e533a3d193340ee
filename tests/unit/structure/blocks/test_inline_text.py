from __future__ import annotations

import pytest

from factories import make_line, make_lines, make_word
from octavo.domain.block import Cell
from octavo.domain.geometry import union_of
from octavo.structure.blocks.inline import cell_text, inline_text, lines_text, plain_text
from octavo.structure.text.escaping import FORMULA, escape
from octavo.structure.text.lines import Line, lines_of, segments_of


def wrapped(*texts: str, broken: bool = False) -> str:
    """Lines of one paragraph as Markdown."""
    lines = lines_of(segments_of(make_lines(texts)))
    return inline_text(lines, [broken] * len(lines))


def test_lines_are_joined_by_spaces():
    assert wrapped("the clocks were", "striking thirteen") == "the clocks were striking thirteen"


def test_breaks_of_the_writer_stay():
    assert wrapped("12 Harbour Street", "Rotterdam", broken=True) == "12 Harbour Street\nRotterdam"


def test_points_that_lead_to_a_page_stand_together():
    assert wrapped("The quay. . . . . . 12") == "The quay ...... 12"
    assert wrapped("The quay . . . . .") == "The quay ....."
    assert wrapped("one, two, . . . and so on") == "one, two, . . . and so on"


@pytest.mark.parametrize(
    ("one", "two", "joined"),
    [
        ("an experi-", "ment", "an experiment"),
        ("une expé\u2010", "rience", "une expérience"),
        ("the Jean-", "Paul quay", "the Jean- Paul quay"),
        ("from 1815-", "1848", "from 1815- 1848"),
        ("an em dash -", "here", "an em dash - here"),
        ("soft hy\u00ad", "phens", "soft hyphens"),
        ("soft\u00adly", "put", "softly put"),
    ],
)
def test_words_cut_at_a_line_end_become_whole(one, two, joined):
    assert wrapped(one, two) == joined


def test_scripts_without_spaces_get_none():
    assert wrapped("我们在港口", "等船。") == "我们在港口等船。"
    assert wrapped("我们在港口", "waiting") == "我们在港口 waiting"


def test_code_stays_as_it_stands():
    lines = lines_of(segments_of(make_lines(["def pour(*cups):", "return <cup>"])))
    assert plain_text(lines) == "def pour(*cups):\nreturn <cup>"


def test_code_keeps_its_indents_and_gaps():
    words = make_line("if cup:") + make_line("pour(cup)", x=140, y=125) + make_line("# tea", x=260, y=125)
    assert plain_text(lines_of(segments_of(words))) == "if cup:\n    pour(cup)   # tea"


def test_formulas_stay_as_they_are():
    words = (*make_line("where"), make_word("$a_1 * b_2$", x=180, math=True), *make_line("costs $5 or_so", x=340))
    assert lines_text([words]) == r"where $a_1 * b_2$ costs \$5 or_so"


def test_figures_keep_their_lines():
    assert lines_text([make_line("North *"), make_line("South")]) == "North *\nSouth"


def test_cells_are_markdown():
    formula = make_word("$x_1$", math=True)
    assert cell_text(Cell(row=0, column=0, text="<b> *a* $x_1$\nc", words=(formula,))) == r"&lt;b> \*a\* $x_1$<br>c"


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name and 5 * 3 * 2",
        "0.05* and 0.01**",
        "*p < 0.05 or **p < 0.01",
        "a < b > c & d",
        "$5 and $6",
        "Name: ______ Date: ______",
        "f(x)[0] and [1], [2-4]",
        "10~20 and 30~40",
        "C:\\Users\\ada",
        "one ` alone",
    ],
)
def test_what_no_reader_takes_for_a_mark_stays(text):
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("_a_", r"\_a\_"),
        ("**a**", r"\*\*a\*\*"),
        ("2*3*4", r"2\*3\*4"),
        ("~~a~~", r"\~\~a\~\~"),
        ("$5$", r"\$5\$"),
        ("`a`", r"\`a\`"),
        ("[x](y)", r"[x\](y)"),
        ("<script>", "&lt;script>"),
        ("AT&amp;T", "AT&amp;amp;T"),
        (r"\*", r"\\*"),
    ],
)
def test_what_a_reader_takes_for_a_mark_is_escaped(text, shown):
    assert escape(text) == shown


def test_formulas_take_their_places_in_order():
    assert escape(f"{FORMULA} or {FORMULA} for $5", ["$a$", "$b$"]) == r"$a$ or $b$ for \$5"


def carried(*rows: tuple[str, ...], broken: bool = False) -> str:
    """Rows of words as one paragraph; what begins with a dollar sign is a formula."""
    lines = [
        Line(segments_of(words), union_of(word.box for word in words))
        for words in (
            [
                make_word(text, x=100 + 200 * place, y=100 + 40 * row, math=text[0] == "$")
                for place, text in enumerate(r)
            ]
            for row, r in enumerate(rows)
        )
    ]
    return inline_text(lines, [broken] * len(lines))


def test_a_formula_that_is_cut_at_a_line_end_becomes_whole():
    assert carried(("under", r"$x \mapsto$"), ("$y(x)$", "holds")) == r"under $x \mapsto y(x)$ holds"
    assert carried(("as", "$a =$"), ("$b +$",), ("$c$", "too")) == "as $a = b + c$ too"
    assert carried(("with", "$h =$"), ("0.5", "only")) == "with $h = 0.5$ only"


def test_formulas_of_two_lines_stay_two_where_none_is_cut():
    assert carried(("let", "$x$"), ("$y$", "be")) == "let $x$ $y$ be"
    assert carried(("let", "$x =$"), ("words", "here")) == "let $x =$ words here"
    assert carried(("let", "$x =$"), ("$y$", "be"), broken=True) == "let $x =$\n$y$ be"
