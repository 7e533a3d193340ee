"""Displayed formulas: two-dimensional structure to LaTeX."""

from type_case import EM, Line, glyph, words_of

from octavo.domain.block import Word
from octavo.domain.geometry import BBox
from octavo.structure.equations import FoundEquation, find_math

ABOVE = Line(baseline=100).prose("A line of prose that stands above the formula and is long enough")
BELOW = Line(baseline=340).prose("A line of prose that stands below the formula and is long enough")


def read(glyphs: list[Word], bars: tuple[BBox, ...] = ()) -> tuple[FoundEquation, ...]:
    every = [*ABOVE.glyphs, *glyphs, *BELOW.glyphs]
    shown = Line()
    shown.glyphs = glyphs
    return find_math(words_of(ABOVE, shown, BELOW), every, bars).equations


def latex(glyphs: list[Word], *bars: BBox) -> str:
    (equation,) = read(glyphs, bars)
    return equation.latex


def test_a_row_of_symbols_between_lines_of_prose_is_displayed():
    line = Line(x=300).italic("a").sign("=", "CMR10").italic("b").sign("+", "CMR10").italic("c").high("2")
    assert latex(line.glyphs) == "a = b + c^{2}"


def test_its_number_becomes_a_tag():
    line = Line(x=300).italic("a").sign("≤").italic("b").space(8).put("(", width=0.39).put("4").put(".", width=0.28)
    (equation,) = read(line.put("18").put(")", width=0.39).glyphs)
    assert equation.latex == r"a \leq b \tag{4.18}"
    assert equation.number == "4.18"
    assert {id(word) for word in equation.words} == {id(word) for word in line.glyphs}


def test_a_fraction():
    y = 200.0
    line = Line(x=300).italic("y").sign("=", "CMR10")
    x = line.x
    over = [
        glyph("a", x + 2, y - 0.68 * EM, font="CMMI10"),
        glyph("+", x + 22, y - 0.68 * EM),
        glyph("1", x + 42, y - 0.68 * EM),
    ]
    under = [glyph("b", x + 22, y + 0.69 * EM, font="CMMI10")]
    bar = BBox(x, y - 0.25 * EM - 0.5, x + 56, y - 0.25 * EM + 0.5)
    assert latex([*line.glyphs, *over, *under], bar) == r"y = \frac{a + 1}{b}"


def test_a_sum_with_limits():
    y = 200.0
    line = Line(x=300).italic("s").sign("=", "CMR10")
    x = line.x
    sum_ = glyph("X", x, y - 0.95 * EM, font="CMEX10", width=1.4, up=0.0, down=1.4)
    limits = [
        glyph("n", x + 14, y - 1.15 * EM, font="CMMI7", size=0.7 * EM),
        glyph("i", x + 4, y + 1.0 * EM, font="CMMI7", size=0.7 * EM),
        glyph("=", x + 14, y + 1.0 * EM, size=0.7 * EM, up=0.4),
        glyph("1", x + 24, y + 1.0 * EM, size=0.7 * EM),
    ]
    line.x = x + 1.6 * EM
    line.italic("a").low("i", "CMMI7")
    shown = [*line.glyphs[:2], limits[0], sum_, *limits[1:], *line.glyphs[2:]]
    assert latex(shown) == r"s = \sum_{i = 1}^{n}a_{i}"


def test_a_root():
    y = 200.0
    line = Line(x=300).italic("r").sign("=", "CMR10")
    x = line.x
    radical = glyph("√", x, y - 0.8 * EM, font="CMSY10", width=0.85, up=0.0, down=1.0)
    line.x = x + 0.82 * EM
    line.italic("x").high("2")
    bar = BBox(radical.box.x1, y - 0.82 * EM, line.x, y - 0.78 * EM)
    assert latex([*line.glyphs[:2], radical, *line.glyphs[2:]], bar) == r"r = \sqrt{x^{2}}"


def test_cases_behind_a_brace():
    y = 200.0
    line = Line(x=300).italic("f").sign("=", "CMR10")
    x = line.x
    brace = glyph("\x28", x, y - 1.75 * EM, font="CMEX10", width=0.8, up=0.0, down=3.0)
    first = Line(x=x + 30, baseline=y - 0.8 * EM).put("0").put(",", width=0.28).space(1).prose("if").space().italic("x")
    first.sign("<", "CMMI10").put("0")
    second = Line(x=x + 30, baseline=y + 0.6 * EM).put("1").put(",", width=0.28).space(1).prose("otherwise")
    shown = [*line.glyphs, brace, *first.glyphs, *second.glyphs]
    wanted = r"f = \begin{cases} 0, & \text{if }x < 0 \\ 1, & \text{otherwise} \end{cases}"
    assert latex(shown) == wanted


def test_a_matrix_between_brackets():
    y = 200.0
    line = Line(x=300).italic("A").sign("=", "CMR10")
    x = line.x
    left = glyph("\x10", x, y - 1.5 * EM, font="CMEX10", width=0.6, up=0.0, down=2.4)
    right = glyph("\x11", x + 110, y - 1.5 * EM, font="CMEX10", width=0.6, up=0.0, down=2.4)
    cells = [
        glyph(name, x + 25 + 50 * column, y + (1.2 * row - 0.85) * EM, font="CMMI10")
        for row, names in enumerate(("ab", "cd"))
        for column, name in enumerate(names)
    ]
    assert latex([*line.glyphs, left, *cells, right]) == r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}"


def test_an_accent_goes_over_its_letter():
    line = Line(x=300)
    hat = glyph("ˆ", line.x + 2, line.baseline, width=0.4, up=0.75)
    hat = Word(text="ˆ", box=BBox(hat.box.x0, 180, hat.box.x1, 184), font=hat.font, baseline=200.0)
    line.italic("x").sign("≤").italic("y")
    assert latex([hat, *line.glyphs]) == r"\hat{x} \leq y"


def test_a_negated_relation_is_one_sign():
    line = Line(x=300).italic("x")
    stroke = glyph("6", line.x + 8, 200.0, font="CMSY10", width=0.7)
    line.sign("=", "CMR10").italic("y").sign("+", "CMR10").italic("z")
    assert latex([line.glyphs[0], stroke, *line.glyphs[1:]]) == r"x \neq y + z"


def test_the_meaning_of_greek_letters_depends_on_whether_the_file_tells_it():
    line = Line(x=300).put("φ", "CMMI10").sign("=", "CMR10").italic("x").sign("+", "CMR10").italic("y")
    assert latex(line.glyphs).startswith(r"\phi =")
    line.sign("≤").put("ϵ", "CMMI10")
    assert latex(line.glyphs).startswith(r"\varphi =")


def test_a_numbered_item_that_starts_with_a_formula_is_no_display():
    line = (
        Line(x=300)
        .put("(", width=0.39)
        .put("i")
        .put(")", width=0.39)
        .space(0.6)
        .italic("x")
        .sign("=", "CMR10")
        .italic("y")
    )
    assert read(line.glyphs) == ()


def test_the_last_line_of_a_paragraph_is_no_display():
    line = Line(baseline=100 + 1.2 * EM).italic("x").sign("=", "CMR10").italic("y")
    words = words_of(ABOVE, line)
    found = find_math(words, [*ABOVE.glyphs, *line.glyphs], ())
    assert found.equations == ()
    assert [word.text for word in found.words if word.math] == ["$x = y$"]


def test_a_sentence_with_formulas_is_no_display():
    line = Line(x=300).prose("Let").space().italic("x").sign("=", "CMR10").italic("y").space().prose("be as before")
    assert read(line.glyphs) == ()
