"""Formulas inside lines of prose: what becomes one, what stays text."""

from dataclasses import replace

import pytest
from type_case import Line, glyph, words_of

from octavo.domain.block import Word
from octavo.domain.geometry import BBox
from octavo.structure.equations import find_math, goes_on, holds_math, pieces_of
from octavo.structure.text.lines import join_words


def text_of(*lines: Line, bars: tuple[BBox, ...] = ()) -> str:
    glyphs = [each for line in lines for each in line.glyphs]
    found = find_math(words_of(*lines), glyphs, bars)
    assert found.equations == ()
    return join_words(found.words)


def test_a_letter_with_scripts_is_a_formula():
    line = Line().prose("The term").space().italic("x").low("i", "CMMI7").high("2").space().prose("grows quickly")
    assert text_of(line) == "The term $x_{i}^{2}$ grows quickly"


def test_stops_of_the_sentence_stay_outside():
    line = Line().prose("where").space().italic("x").sign("∈").italic("A").put(",", width=0.28).space().prose("we stop")
    assert text_of(line) == r"where $x \in A$, we stop"


def test_two_formulas_with_a_space_between_words_are_two():
    line = Line().prose("let").space().italic("x").put(",", width=0.28).space().italic("y").space().prose("be given")
    assert text_of(line) == "let $x$, $y$ be given"


def test_a_bracket_that_opens_in_prose_stays_in_prose():
    line = Line().prose("as").space().put("(", width=0.39).prose("see").space().italic("f")
    line.put(")", width=0.39).space().prose("before")
    assert text_of(line) == "as (see $f$) before"


def test_a_function_takes_its_brackets_along():
    line = Line().prose("call").space().put("sn").put("(", width=0.39).italic("u").put(")", width=0.39)
    assert text_of(line.space().prose("here")) == r"call $\operatorname{sn}(u)$ here"


def test_names_are_upright_commands():
    line = Line().prose("the value").space().italic("n").put("", width=0).space(0.1).put("log").space(0.17).italic("n")
    line.glyphs = [each for each in line.glyphs if each.text]
    assert text_of(line.space().prose("is large")) == r"the value $n \log n$ is large"


def test_an_inline_fraction_is_read_from_its_bar():
    line = Line().prose("at").space()
    x, y = line.x, line.baseline
    line.glyphs += [
        glyph("1", x + 2, y - 0.4 * 28, font="CMR7", size=19.6),
        glyph("k", x + 2, y + 0.345 * 28, font="CMMI7", size=19.6),
    ]
    line.x = x + 16
    bar = BBox(x, y - 7.5, x + 14, y - 6.5)
    assert text_of(line.space().prose("we stop"), bars=(bar,)) == r"at $\frac{1}{k}$ we stop"


def test_a_prime_and_an_index_share_their_letter():
    line = Line().prose("with").space().italic("x").high("′", "CMSY7").low("1").space().prose("fixed")
    assert text_of(line) == "with $x'_{1}$ fixed"


def test_letters_of_other_alphabets_keep_their_shape():
    line = Line().prose("on").space().put("R", "MSBM10").space().prose("and").space().put("F", "CMSY10")
    line.space().prose("and").space().put("g", "EUFM10").space().prose("too")
    assert text_of(line) == r"on $\mathbb{R}$ and $\mathcal{F}$ and $\mathfrak{g}$ too"


@pytest.mark.parametrize(
    "line",
    [
        Line().prose("In 1987 there were 3 papers (12 %) of Smith - Jones"),
        Line().prose("the first sentence.").high("1").space().prose("The second"),
        Line().prose("the word").high("12").space().prose("goes on"),
        Line().prose("an area of 20 m").high("2").space().prose("in all"),
        Line().prose("the 2").high("nd").space().prose("of May"),
        Line().prose("of").space().put("emphasis", "CMTI10").space().prose("and").space().put("bold", "CMBX10"),
        Line().put("•", "CMSY10").space().prose("an item of a list"),
        Line().prose("a value of").space().put("−", "CMSY10", width=0.7, up=0.3).put("5").space().prose("degrees"),
    ],
)
def test_prose_stays_prose(line):
    glyphs = [*line.glyphs, *Line(baseline=600).prose("next").space().italic("x").glyphs]
    words = words_of(line)
    found = find_math(words, glyphs, ())
    assert [word for word in found.words if not word.math] == words


def test_words_without_formulas_come_back_untouched():
    words = words_of(Line().prose("No formula at all, in 2024 (or so)."))
    assert not holds_math(words)
    assert find_math(words, words, ()).words == tuple(words)


def test_a_bullet_is_no_sign_of_formulas():
    assert not holds_math(words_of(Line().put("•", "CMSY10").space().prose("an item")))


def test_pieces_tell_formulas_from_text():
    line = Line().prose("The term").space().italic("x").space().prose("grows")
    pieces = pieces_of(find_math(words_of(line), line.glyphs, ()).words)
    assert [piece.text for piece in pieces if piece.is_math] == ["$x$"]
    assert "".join(piece.text for piece in pieces) == "The term $x$ grows"
    assert sum(len(piece.words) for piece in pieces) == 4


def test_a_letter_with_an_accent_is_told_once():
    """The text layer composes a letter with the accent over it; the formula takes both."""
    line = Line().prose("let").space()
    tilde = Word(text="˜", box=BBox(line.x + 2, 180, line.x + 10, 183), font=glyph("x", 0, 0).font, baseline=200.0)
    letter = glyph("y", line.x, 200.0, font="CMMI10")
    composed = replace(letter, text="ỹ", line=0, space_before=True)
    line.x += 14
    rest = Line(x=line.x).space().prose("be given")
    words = [*words_of(line), composed, *(replace(word, space_before=True) for word in words_of(rest))]
    found = find_math(words, [*line.glyphs, tilde, letter, *rest.glyphs], ())
    assert join_words(found.words) == r"let $\tilde{y}$ be given"


def test_formulas_side_by_side_are_one():
    words = words_of(Line().prose("and").space().prose("a").space().prose("b"))
    one, other = (replace(word, text=f"${word.text}$", math=True) for word in words[1:])
    beside = replace(other, space_before=False)
    assert "".join(piece.text for piece in pieces_of([words[0], one, beside])) == "and $a b$"
    assert "".join(piece.text for piece in pieces_of([words[0], one, other])) == "and $a$ $b$"


@pytest.mark.parametrize(
    ("formula", "answer"),
    [(r"$x \mapsto$", True), ("$a =$", True), ("$a +$", True), ("$x$", False), ("$x^{*}$", False), ("$a,$", False)],
)
def test_a_formula_goes_on_in_the_next_line_behind_relations_and_operations(formula, answer):
    assert goes_on(formula) is answer


def test_the_modulus_of_a_congruence_is_part_of_it():
    line = Line().prose("so").space().italic("a").sign("≡").put("1").space(0.5).put("(", width=0.39).put("mod")
    line.space().italic("p").put(")", width=0.39).space().prose("holds")
    assert text_of(line) == r"so $a \equiv 1 \pmod{p}$ holds"


def test_a_colon_that_leans_on_the_map_is_no_relation():
    line = Line().prose("let").space().italic("f").put(":", width=0.28, up=0.43).space(0.3).italic("G").sign("→")
    line.italic("H").space().prose("be given")
    assert text_of(line) == r"let $f \colon G \to H$ be given"


def test_an_upright_base_takes_an_exponent_with_symbols():
    line = Line().prose("with").space().put("e").high("i", "CMR7").high("ω", "CMMI7").space().prose("before")
    assert text_of(line) == r"with $\mathrm{e}^{\mathrm{i} \omega}$ before"
