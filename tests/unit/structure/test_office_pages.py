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


def test_a_table_without_rules_beside_a_column_of_text():
    """Its rows end at the gutter, whatever stands level with them in the next column."""
    sheets = Sheets()
    sheets.paragraph(50, 90, 235, NEWS, leading=13)
    rows = [
        ("Station", "Ships", "Weight"),
        ("Harbour", "12.5", "310"),
        ("Quarry", "9.1", "84"),
        ("Depot", "7.7", "126"),
    ]
    for place, row in enumerate(rows):
        for x, text in zip((56, 150, 230), row, strict=True):
            sheets.text(x, 250 + 15 * place, text, font="Helvetica" if place else "Helvetica-Bold")
    sheets.paragraph(50, 325, 235, NEWS, leading=13)
    y = sheets.paragraph(310, 90, 235, NEWS, leading=13.4)
    y = sheets.lines(310, y + 8, ["Outlook"], font="Helvetica-Bold", size=14)
    y = sheets.lines(310, y + 4, ["• the ferry and", "• the lantern", "• the anchor of the northern pier"], leading=15)
    sheets.paragraph(310, y + 8, 235, NEWS, leading=13.4)
    told = " ".join(markdown(sheets).split())
    assert "| Quarry | 9.1 | 84 |" in told
    assert told.index("| Depot") < told.index("# Outlook") < told.index("- the lantern")


def test_a_large_heading_beside_a_column_of_text():
    """Its own spaces are wider than the gutter."""
    sheets = Sheets()
    left = "Alpha " + NEWS * 2 + "Omega."
    sheets.paragraph(50, 90, 240, left, justified=True)
    y = sheets.paragraph(302, 90, 240, NEWS, justified=True)
    y = sheets.lines(302, y + 26, ["Outlook"], font="Helvetica-Bold", size=24)
    sheets.paragraph(302, y, 240, NEWS, justified=True)
    told = markdown(sheets)
    assert " ".join(told.split()).startswith(left)
    assert "\n\n# Outlook\n\n" in told


def test_bullets_that_are_drawn():
    """Browsers draw dots and rings before the items of lists; one dot alone is no bullet."""
    sheets = Sheets()
    sheets.circle(52, 56.5, 3.4, fill="#000000")
    sheets.text(60, 60, "A line behind a dot on a page.")
    for place, line in enumerate(("the northern pier", "the orchard behind the mill", "the old quarry")):
        y = 100 + 16 * place
        sheets.circle(70 if place < 2 else 90, y - 3.5, 1.6 if place < 2 else 1.5, fill="#000000" if place < 2 else "")
        sheets.text(80 if place < 2 else 100, y, line)
    told = markdown(sheets).split("\n")
    assert told[0] == "A line behind a dot on a page."
    assert [line.strip() for line in told if "- " in line] == [
        "- the northern pier",
        "- the orchard behind the mill",
        "- the old quarry",
    ]
