import pytest

from octavo.pipeline.doubts import doubts_of


@pytest.mark.parametrize(
    ("has_words", "confidence", "languages", "said"),
    [
        (True, 0.98, (), []),
        (False, 1.0, (), []),
        (True, 0.98, ("en", "fr-CH", "zh"), []),
        (True, 0.41, (), ["0.41"]),
        (False, 0.0, (), ["none of it could be read"]),
        (True, 0.98, ("ru", "en"), ["Cyrillic"]),
        (True, 0.5, ("sr_RS", "el-GR"), ["Cyrillic", "Greek", "0.50"]),
    ],
)
def test_what_stayed_unread_is_said(has_words, confidence, languages, said):
    warnings = list(doubts_of(has_words, confidence, languages))
    assert len(warnings) == len(said)
    assert all(part in warning for part, warning in zip(said, warnings, strict=True))
