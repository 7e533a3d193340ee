"""Words with a doubtful letter: `m(n 0.4)` is an m that may be an n, .4 times as probable."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn_pages import pixels, sheet
from PIL import ImageFont

from octavo.engines.known_words import CONFIDENCE, with_known_words
from octavo.engines.pixels import cut
from octavo.engines.read_line import ReadLine
from octavo.engines.text_recognition import Glyph
from octavo.engines.text_words import Piece, ink_of
from octavo.engines.vocabulary import Vocabulary

FONT = ImageFont.load_default(size=32)
ENGLISH = "she thoughtfully answered whichever letters arrived on Sunday"
FRENCH = "nous avons bien reçu votre lettre et nous vous remercions beaucoup pour cette réponse"
WORDS = Vocabulary()
SIGN = re.compile(r"(.)(?:\((.) ([\d.]+)\))?")


def line(text: str) -> ReadLine:
    signs = SIGN.findall(text)
    shown = "".join(sign for sign, _, _ in signs)
    image, draw, ink = sheet()
    draw.text((60, 60), shown, fill=ink, font=FONT)
    ends = [FONT.getlength(shown[: place + 1]) for place in range(len(shown))]
    box = np.array([[60, 56], [60 + ends[-1], 56], [60 + ends[-1], 100], [60, 100]], dtype=np.float32)
    crop, quad = cut(pixels(image), box)
    glyphs = tuple(
        Glyph(
            text=sign,
            start=end / ends[-1] - 0.01,
            end=end / ends[-1],
            confidence=0.5 if other else 0.99,
            others=((other, float(share)),) if other else (),
        )
        for (sign, other, share), end in zip(signs, ends, strict=True)
    )
    return ReadLine(quad=quad, glyphs=glyphs, ink=ink_of(crop), width=crop.shape[1], height=crop.shape[0])


def read(text: str, context: str = ENGLISH, languages: tuple[str, ...] = ()) -> str:
    return with_known_words([line(context), line(text)], WORDS, languages)[1].text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the em(r 0.9)ror is here", "the error is here"),
        ("TOTAI(L 0.3)", "TOTAL"),
        ("l(I 0.9)tem", "Item"),
        ("Invol(i 0.1)ce", "Invoice"),
        ("(conl(d 0.4)ition),", "(condition),"),
        ("Al1(l 0.3)ow", "Allow"),
        ("en(n 0.4)g(q 0.3)uirv(y 0.4)", "enquiry"),
        ("Man(n 0.1)n(u 0.5)script", "Manuscript"),
    ],
)
def test_a_doubtful_letter_that_makes_a_word_is_taken(text, meant):
    assert read(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "lettex(r 0.01)",  # too sure of it
        "bex(d 0.1)s",  # too short for so little
        "zo(a 0.9)qrx",
        "1234B(E 0.9)",
        "c(h 0.9)at",  # a word
        "don't(l 0.9)",
    ],
)
def test_what_is_sure_a_word_or_too_short_stays(text):
    assert read(text) == SIGN.sub(lambda found: found[1], text)


def test_the_language_is_that_of_the_page():
    assert read("longuen(m 0.7)ent", FRENCH) == "longuement"
    assert read("longuen(m 0.7)ent", ENGLISH) == "longuenent"
    assert read("longuen(m 0.7)ent", FRENCH, ("de",)) == "longuenent"
    assert read("longuen(m 0.7)ent", FRENCH, ("fr-FR",)) == "longuement"
    assert read("longuen(m 0.7)ent", "zzyzx qwrty 12 aaaa bbbb") == "longuenent"


def test_a_word_in_doubt_all_over_stays():
    assert read("h(n 0.9)o(a 0.9)u(v 0.9)z(s 0.9)e(c 0.9)") == "houze"


def test_confidence_tells_that_it_was_changed():
    changed = with_known_words([line(ENGLISH), line("TOTAI(L 0.3)")], WORDS)[1]
    assert changed.glyphs[-1].confidence == CONFIDENCE
    assert not changed.glyphs[-1].others


def test_lines_that_another_reader_read_stay():
    pieces = (Piece(text="TOTAI", start=0.0, end=9.0, confidence=0.5),)
    other = line("TOTAI(L 0.3)")
    told = ReadLine(quad=other.quad, glyphs=(), ink=other.ink, width=other.width, height=other.height, pieces=pieces)
    assert with_known_words([line(ENGLISH), told], WORDS)[1] is told
