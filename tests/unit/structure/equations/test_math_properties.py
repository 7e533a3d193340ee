"""Whatever lies on the page: nothing is lost, nothing comes twice, braces balance."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.domain.block import Font, Word
from octavo.domain.geometry import BBox
from octavo.structure.equations import find_math
from octavo.structure.equations.atoms import atoms_of
from octavo.structure.equations.layout import latex_of

FONTS = ("CMR10", "CMMI10", "CMSY10", "CMEX10", "MSBM10", "CMBX10", "CMTI10", "CambriaMath", "Times-Roman")
TEXTS = (
    "x", "A", "=", "+", "(", ")", "{", "}", "[", "|", ",", ".", "1", "42", "and", "word", "sin", "lim", "∑", "√", "ˆ",

    "φ", "∈", "′", "6", "7", "k", "\x00", "\x0c", "\x12", "0", "8", "\uf8f1", "\ufffd", "𝑥", "é",
)  # fmt: skip

numbers = st.integers(0, 600).map(float)
glyphs = st.lists(
    st.builds(
        lambda text, font, x, y, width, height, size, spaced: Word(
            text=text,
            box=BBox(x, y - height, x + width, y),
            font=Font(size=size, name=font),
            baseline=y,
            space_before=spaced,
        ),
        st.sampled_from(TEXTS),
        st.sampled_from(FONTS),
        numbers,
        st.integers(0, 12).map(lambda step: 40.0 + 14 * step),
        st.integers(3, 60).map(float),
        st.integers(2, 90).map(float),
        st.sampled_from((28.0, 19.6, 14.0)),
        st.booleans(),
    ),
    max_size=40,
)
bars = st.lists(st.builds(lambda x, y, w: BBox(x, y, x + w, y + 1), numbers, numbers, st.integers(6, 200)), max_size=8)


def balanced(latex: str) -> bool:
    depth = 0
    for mark in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0:
            return False
    return depth == 0 and latex.count(r"\left") - latex.count(r"\leftarrow") >= 0


def left_and_right(latex: str) -> int:
    return len(re.findall(r"\\left(?![a-z])", latex)) - len(re.findall(r"\\right(?![a-z])", latex))


@settings(max_examples=150, deadline=None)
@given(glyphs, bars)
def test_every_word_is_somewhere_once(page, strokes):
    found = find_math(page, page, strokes)
    shown = [word for equation in found.equations for word in equation.words]
    assert len({id(word) for word in shown}) == len(shown)
    text = [word for word in found.words if not word.math]
    folded = sum(len(word.text) for word in page) - sum(len(word.text) for word in (*text, *shown))
    assert folded >= 0
    assert (folded > 0) == any(word.math for word in found.words)
    kept = Counter("".join(word.text for word in text))
    assert not kept - Counter("".join(word.text for word in page))


@settings(max_examples=150, deadline=None)
@given(glyphs, bars)
def test_braces_balance(page, strokes):
    found = find_math(page, page, strokes)
    for latex in [*(equation.latex for equation in found.equations), *(word.text for word in found.words if word.math)]:
        assert balanced(latex)
        assert left_and_right(latex) == 0


@settings(max_examples=100, deadline=None)
@given(glyphs)
def test_any_heap_of_glyphs_has_latex(page):
    assert balanced(latex_of(atoms_of(page)))


@settings(max_examples=60, deadline=None)
@given(glyphs, bars, st.integers(1, 500))
def test_a_page_moved_reads_the_same(page, strokes, by):
    moved = [
        Word(
            text=word.text,
            box=word.box.shifted(by, by),
            font=word.font,
            baseline=(word.baseline or 0.0) + by,
            space_before=word.space_before,
        )
        for word in page
    ]
    before = find_math(page, page, strokes)
    after = find_math(moved, moved, [bar.shifted(by, by) for bar in strokes])
    assert [each.latex for each in before.equations] == [each.latex for each in after.equations]
