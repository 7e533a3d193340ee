import pytest

from octavo.engines.text_recognition import Glyph
from octavo.engines.word_confidence import word_confidences


def line(*words: tuple[str, float], space: float = 1.0, spaced: float = 0.0) -> tuple[list[Glyph], list[list[Glyph]]]:
    """The characters of a line, and those of its words, every character of a word with the same probability."""
    made = [[glyph(text, sure, spaced) for text in word] for word, sure in words]
    glyphs = list(made[0])
    for word in made[1:]:
        glyphs += [glyph(" ", space), *word]
    return glyphs, made


def glyph(text: str, confidence: float, spaced: float = 0.0) -> Glyph:
    return Glyph(text=text, start=0.0, end=0.0, confidence=confidence, spaced=spaced)


def test_a_word_is_right_when_all_its_characters_are():
    short, long = word_confidences(*line(("of", 0.9), ("harbour", 0.9)))
    assert long < short < 0.9


def test_one_doubtful_character_makes_a_doubtful_word():
    sure, doubtful = line(("harbour", 0.99))[1][0], glyph("0", 0.3)
    (confidence,) = word_confidences([*sure, doubtful], [[*sure, doubtful]])
    assert confidence < 0.4


def test_a_doubtful_space_makes_both_words_doubtful():
    clear = word_confidences(*line(("tide", 0.99), ("mark", 0.99)))
    cut = word_confidences(*line(("tide", 0.99), ("mark", 0.99), space=0.4))
    assert all(one > other for one, other in zip(clear, cut, strict=True))


def test_a_space_that_was_nearly_seen_makes_the_word_doubtful():
    (whole,), (nearly,) = (word_confidences(*line(("tidemark", 0.99), spaced=each)) for each in (0.0, 0.2))
    assert nearly < 0.5 < whole


def test_more_probable_characters_never_make_a_word_less_likely():
    likely = [word_confidences(*line(("harbour", step / 100)))[0] for step in range(101)]
    assert likely == sorted(likely)
    assert likely[0] == 0.0
    assert 0.95 < likely[-1] <= 1.0


def test_a_run_without_spaces_counts_its_characters():
    (confidence,) = word_confidences(*line(("毎朝渡船は三十分遅れる", 0.9)))
    assert confidence == pytest.approx(0.9)
