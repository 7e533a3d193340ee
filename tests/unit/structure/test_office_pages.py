"""Pages as office programs, browsers and typesetters set them: what stands on them is read in its order."""

from __future__ import annotations

from reading import read
from typeset import Sheets

NEWS = (
    "The former director recorded the measurements of the previous season which surprised most of the members. "
    "The museum's archive described the method in considerable detail while the repairs were still going on. "
    "A small committee refused to accept the proposed budget without asking for further support. "
    "Every visiting engineer collected samples along the eastern shore because the older instruments were unreliable. "
)


def markdown(sheets: Sheets) -> str:
    (page,) = read(sheets).pages
    return page.markdown


def test_three_narrow_columns_of_justified_type():
    """Gaps between words are wider than an em in places; only the gutters are free from top to bottom."""
    sheets = Sheets()
    stories = [f"{name} {NEWS * 2}{name}." for name in ("Albatross", "Bluebell", "Cormorant")]
    for place, story in enumerate(stories):
        sheets.paragraph(50 + 172 * place, 90 + 5 * (place % 2), 148, story, size=12, leading=16, justified=True)
    assert markdown(sheets).split() == " ".join(stories).split()
