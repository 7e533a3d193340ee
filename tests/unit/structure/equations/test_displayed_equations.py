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


def test_a_fraction_in_an_exponent_stays_raised():
    y = 200.0
    line = Line(x=300).italic("y").sign("=", "CMR10").italic("e")
    x, middle = line.x, y - 0.36 * EM - 0.175 * EM
    minus = glyph("−", x, y - 0.36 * EM, font="CMSY7", size=0.7 * EM, width=0.7, up=0.3)
    small = 0.5 * EM
    over = glyph("1", x + 16, middle - 6, font="CMR5", size=small)
    under = glyph("2", x + 16, middle + 6 + 0.7 * small, font="CMR5", size=small)
    bar = BBox(x + 15, middle - 0.5, x + 24, middle + 0.5)
    assert latex([*line.glyphs, minus, over, under], bar) == r"y = e^{- \frac{1}{2}}"


def test_limits_beside_an_integral_belong_to_it_however_wide():
    y = 200.0
    line = Line(x=300)
    sign = glyph("Z", line.x, y - 1.35 * EM, font="CMEX10", width=1.0, up=0.0, down=2.2)
    low = Line(x=line.x + 15, baseline=y + 0.9 * EM)
    for letter in "abcdefghij":
        low.put(letter, "CMMI7", size=0.7 * EM)
    high = glyph("1", line.x + 28, y - 0.95 * EM, font="CMR7", size=0.7 * EM)
    line.x = low.x + 2
    line.italic("f").sign("≤").italic("C")
    assert latex([sign, high, *low.glyphs, *line.glyphs]) == r"\int_{abcdefghij}^{1}f \leq C"


def test_a_limit_of_several_rows():
    y = 200.0
    sum_ = glyph("X", 300, y - 0.95 * EM, font="CMEX10", width=1.4, up=0.0, down=1.4)
    rows = [
        Line(x=303 + 2 * row, baseline=y + (1.0 + 0.8 * row) * EM)
        .put(name, "CMMI7", size=0.7 * EM)
        .put("<", "CMMI7", size=0.7 * EM, width=0.7, up=0.5)
        .put("3", "CMR7", size=0.7 * EM)
        for row, name in enumerate("ij")
    ]
    line = Line(x=300 + 1.6 * EM).italic("a").low("i", "CMMI7")
    shown = [sum_, *rows[0].glyphs, *rows[1].glyphs, *line.glyphs]
    assert latex(shown) == r"\sum_{\substack{i < 3 \\ j < 3}}a_{i}"


def test_a_binomial_stands_closer_or_farther_than_the_rows_of_a_matrix():
    def column(apart: float) -> str:
        y = 200.0
        line = Line(x=300).italic("b").sign("=", "CMR10")
        x = line.x
        left = glyph("\x12", x, y - 1.45 * EM, font="CMEX10", width=0.6, up=0.0, down=2.4)
        right = glyph("\x13", x + 40, y - 1.45 * EM, font="CMEX10", width=0.6, up=0.0, down=2.4)
        upper = glyph("n", x + 20, y - apart / 2 * EM, font="CMMI10")
        lower = glyph("k", x + 20, y + apart / 2 * EM, font="CMMI10")
        return latex([*line.glyphs, left, upper, lower, right])

    assert column(1.3625) == r"b = \binom{n}{k}"
    assert column(1.2) == r"b = \begin{pmatrix} n \\ k \end{pmatrix}"


def test_dots_down_a_matrix_are_one_sign():
    y = 200.0
    line = Line(x=300).italic("A").sign("=", "CMR10")
    x = line.x
    left = glyph("\x12", x, y - 1.8 * EM, font="CMEX10", width=0.6, up=0.0, down=3.2)
    right = glyph("\x13", x + 110, y - 1.8 * EM, font="CMEX10", width=0.6, up=0.0, down=3.2)
    above = [glyph(name, x + 25 + 50 * place, y - 1.2 * EM, font="CMMI10") for place, name in enumerate("ab")]
    down = [glyph(".", x + 28, y + (0.4 * dot - 0.5) * EM, up=0.1, width=0.2) for dot in range(3)]
    slanted = [glyph(".", x + 70 + 0.35 * EM * dot, y + (0.3 * dot - 0.5) * EM, up=0.1, width=0.2) for dot in range(3)]
    below = [glyph(name, x + 25 + 50 * place, y + 1.3 * EM, font="CMMI10") for place, name in enumerate("cd")]
    shown = [*line.glyphs, left, *above, *down, *slanted, *below, right]
    assert latex(shown) == r"A = \begin{pmatrix} a & b \\ \vdots & \ddots \\ c & d \end{pmatrix}"


def test_the_stop_of_the_sentence_is_behind_the_cases():
    y = 200.0
    line = Line(x=300).italic("f").sign("=", "CMR10")
    x = line.x
    brace = glyph("\x28", x, y - 1.75 * EM, font="CMEX10", width=0.8, up=0.0, down=3.0)
    rows = [
        Line(x=x + 30, baseline=y + (row - 0.3) * 1.4 * EM).put(str(row)).put(",", width=0.28).space(1).italic("x")
        for row in range(2)
    ]
    stop = glyph(".", rows[0].x + 20, y, font="CMMI10", width=0.28, up=0.1)
    shown = [*line.glyphs, brace, *rows[0].glyphs, *rows[1].glyphs, stop]
    assert latex(shown) == r"f = \begin{cases} 0, & x \\ 1, & x \end{cases}."


def test_a_stop_of_the_texts_font_is_part_of_the_text():
    def ended(font: str) -> str:
        line = Line(x=300).italic("x").sign("∈").italic("A").sign("≤").italic("B").space(1).prose("a.e")
        return latex(line.put(".", font, width=0.28, up=0.1).glyphs)

    assert ended("CMR10").endswith(r"\text{ a.e.}")
    assert ended("CMMI10").endswith(r"\text{ a.e}.")


def test_a_wide_accent_takes_what_it_is_centered_over():
    def under(accent: BBox) -> str:
        line = Line(x=300).put("M", "CMMI10", width=0.97).put("i", "CMMI7", raised=-0.18, size=0.7 * EM, width=0.3)
        tilde = Word(text="\x65", box=accent, font=glyph("M", 0, 0, font="CMEX10").font, baseline=200.0)
        line.sign("≤").italic("y")
        return latex([tilde, *line.glyphs])

    letter = Line(x=300).put("M", "CMMI10", width=0.97).glyphs[0].box
    assert under(BBox(letter.x0 + 2.4, 172, letter.x1 + 2, 177)).startswith(r"\widetilde{M}_{i}")
    assert under(BBox(letter.x0 + 2, 172, letter.x1 + 8, 177)).startswith(r"\widetilde{M_{i}}")


def test_an_accent_over_one_of_several_bold_letters():
    line = Line(x=300).italic("y").sign("=", "CMR10")
    letters = glyph("Ab", line.x, 200.0, font="CMBX10")
    hat = Word(text="ˆ", box=BBox(line.x + 4, 174, line.x + 11, 178), font=glyph("M", 0, 0).font, baseline=200.0)
    assert latex([*line.glyphs, letters, hat]) == r"y = \hat{\mathbf{A}}\mathbf{b}"


def test_a_stroke_through_h_is_the_constant_of_planck():
    line = Line(x=300).italic("E").sign("=", "CMR10")
    stroke = Word(text="¯", box=BBox(line.x, 186, line.x + 12, 187), font=glyph("M", 0, 0).font, baseline=200.0)
    assert latex([*line.glyphs, stroke, *Line(x=line.x).italic("h").glyphs]) == r"E = \hbar"


def test_letters_of_an_italic_text_font_are_a_product():
    line = Line(x=300).put("x", "Times-Italic").sign("=", "CMR10").put("Ax", "Times-Italic").sign("+", "CMR10")
    line.put("Bu", "Times-Italic").sign("≤").put("Cx", "Times-Italic")
    assert latex(line.glyphs) == r"x = Ax + Bu \leq Cx"


def test_bold_letters_in_a_row_are_symbols():
    line = Line(x=300).put("Ax", "CMBX10").sign("=", "CMR10").put("b", "CMBX10").sign("≤").italic("c")
    assert latex(line.glyphs) == r"\mathbf{A}\mathbf{x} = \mathbf{b} \leq c"


def test_a_thin_space_before_a_differential():
    line = Line(x=300).italic("c").sign("=", "CMR10").italic("f").space(1 / 6).italic("d").italic("x")
    assert latex(line.glyphs) == r"c = f \,dx"


def test_the_epsilon_of_tex_fonts_is_the_round_one():
    line = Line(x=300).put("ε", "CMMI10").sign("=", "CMR10").italic("x").sign("+", "CMR10").italic("y")
    assert latex(line.glyphs).startswith(r"\varepsilon =")


def test_the_crossed_ring_of_the_ams_differs_from_the_slashed_zero():
    def empty(font: str) -> str:
        return latex(Line(x=300).italic("A").sign("∩").italic("B").sign("=", "CMR10").put("∅", font).glyphs)

    assert empty("MSBM10").endswith(r"\varnothing")
    assert empty("CMSY10").endswith(r"\emptyset")


def test_a_sentence_that_ends_a_page_is_no_display():
    line = Line(x=300).prose("We").space().prose("put").space().italic("x").sign("=", "CMR10").italic("y")
    assert read(line.sign("≤").italic("z").glyphs) == ()


def test_limits_that_stand_off_a_small_integral_belong_to_it():
    """Browsers and office programs set an integral no taller than its letters, and its limits after them."""
    y = 200.0
    line = Line(x=300).put("∫", "Times-Roman", up=0.75, down=0.2).space(0.6).italic("f").sign("=", "CMR10").italic("c")
    x = line.glyphs[0].box.x0
    low = glyph("a", x + 5, y + 0.95 * EM, font="Times-Italic", size=0.7 * EM)
    high = glyph("b", x + 16, y - 1.1 * EM, font="Times-Italic", size=0.7 * EM)
    assert latex([*line.glyphs, low, high]) == r"\int_{a}^{b}f = c"


def test_a_matrix_inside_brackets_of_its_height():
    y = 200.0
    line = Line(x=300).italic("A").sign("=", "CMR10")
    x = line.x
    brackets = [
        glyph(code, x + off, y - 1.5 * EM, font="CMEX10", width=0.6, up=0.0, down=2.4)
        for code, off in (("\x12", 0), ("\x12", 18), ("\x13", 120), ("\x13", 138))
    ]
    cells = [
        glyph(name, x + 43 + 50 * column, y + (1.2 * row - 0.85) * EM, font="CMMI10")
        for row, names in enumerate(("ab", "cd"))
        for column, name in enumerate(names)
    ]
    shown = [*line.glyphs, *brackets[:2], *cells, *brackets[2:]]
    assert latex(shown) == r"A = \left( \begin{pmatrix} a & b \\ c & d \end{pmatrix} \right)"
