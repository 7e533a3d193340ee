"""Pages as office programs, browsers and typesetters set them: what stands on them is read in its order."""

from __future__ import annotations

from octavo.domain.work import AnswerOptions
from reading import read
from typeset import Sheets, photograph

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


def test_a_table_of_long_entries_without_rules():
    """Its names are bold, and what names a row stands in the middle of its cell."""
    sheets = Sheets()
    head, *rows = [
        ("Station", "What was said", "Ships"),
        ("Harbour", NEWS[:105], "12"),
        ("Quarry", "described the method", "9"),
        ("Depot mill", NEWS[106:211], "31"),
    ]
    for x, text in zip((60, 150, 400), head, strict=True):
        sheets.text(x, 100, text, font="Helvetica-Bold")
    y = 120.0
    for name, said, ships in rows:
        end = sheets.paragraph(150, y, 230, said)
        middle = y + (end - y - 12) / 2
        sheets.text(60, middle, name)
        sheets.text(410, middle, ships)
        y = end + 8
    sheets.paragraph(60, y + 20, 475, NEWS)
    told = " ".join(markdown(sheets).split())
    for name, said, ships in [head, *rows]:
        assert f"| {name} | {said.strip()} | {ships} |" in told


def test_two_columns_of_prose_under_bold_headings_are_no_table():
    sheets = Sheets()
    for x, name in ((60, "Outlook"), (310, "Summary")):
        sheets.text(x, 100, name, font="Helvetica-Bold", size=12)
        sheets.paragraph(x, 120, 225, f"{name} {NEWS}{name}.")
    told = markdown(sheets)
    assert "|" not in told
    assert [line for line in told.split("\n") if line.startswith("#")] == ["# Outlook", "# Summary"]


def test_counted_lines_of_a_slide_are_a_list():
    """Its bars above and below are no rules of a table."""
    sheets = Sheets((363, 272))
    for x in (0, 181.5):
        sheets.box(x, 0, x + 181.5, 13, fill="#191959")
    sheets.box(0, 13, 363, 38, fill="#3333b3")
    for x in (0, 121, 242):
        sheets.box(x, 262, x + 121, 272, fill="#26268c")
    sheets.text(9, 30, "Conclusions", size=14, color="#ffffff")
    sheets.text(270, 269, "November 21, 2026 3 / 5", size=6, color="#ffffff")
    y = 119.0
    for place, line in enumerate(
        ("A small committee collected samples along the shore", "recorded the season", "left")
    ):
        sheets.text(20, y, str(place + 1), size=6)
        y = sheets.lines(33, y, [line, "because of instruments."] if place == 0 else [line], size=11) + 3
    assert "<table>" not in markdown(sheets)


def test_a_title_in_the_middle_over_three_columns():
    """It is narrower than the column below it, and belongs to none."""
    sheets = Sheets()
    sheets.text(253, 70, "Conclusions", size=17)
    for place, name in enumerate(("Albatross", "Bluebell", "Cormorant")):
        sheets.paragraph(50 + 172 * place, 100, 148, f"{name} {NEWS}", size=9)
    assert [line.split()[0] for line in markdown(sheets).split("\n") if line] == [
        "#",
        "Albatross",
        "Bluebell",
        "Cormorant",
    ]
    assert markdown(sheets).startswith("# Conclusions")


def test_a_slide_of_a_title_and_a_table_keeps_its_title():
    sheets = Sheets((363, 272))
    sheets.text(10, 18, "Financial overview", size=14)
    rows = [("Station", "Ships", "Tons"), ("Harbour", "12", "310"), ("Quarry", "9", "84"), ("Depot", "7", "126")]
    sheets.table(60, 90, [90, 70, 70], rows)
    (page,) = read(sheets, answer=AnswerOptions(extract_header=True, extract_footer=True)).pages
    assert page.markdown.startswith("# Financial overview")
    assert page.header is None


def test_a_caption_at_the_foot_of_a_page_is_no_footer():
    sheets = Sheets()
    sheets.paragraph(60, 80, 475, NEWS)
    sheets.picture(220, 640, 380, 765, photograph())
    sheets.text(250, 798, "Figure 1: the northern pier.", size=9)
    (page,) = read(sheets, answer=AnswerOptions(extract_header=True, extract_footer=True)).pages
    assert page.markdown.endswith("Figure 1: the northern pier.")
    assert page.footer is None


def test_an_invoice_whose_addresses_stand_over_its_table():
    """They stand in two columns like entries, and so does the title; the bold names of the columns come below them."""
    sheets = Sheets()
    sheets.text(200, 80, "Invoice 8852", font="Helvetica-Bold", size=16)
    for place, (left, right) in enumerate((("Winter & Orchard", "Anchor"), ("Mill 12", "Lantern 7"), ("3942", "9067"))):
        sheets.text(60, 100 + 13 * place, left)
        sheets.text(330, 100 + 13 * place, right)
    items = [
        ("Lantern", "14", "184.63", "2584.79"),
        ("Depot", "2", "30.03", "60.07"),
        ("Winter", "8", "50.12", "400.95"),
    ]
    for place, row in enumerate([("Item", "Quantity", "Price", "Total"), *items]):
        for x, text in zip((60, 220, 330, 440), row, strict=True):
            sheets.text(x, 145 + 15 * place, text, font="Helvetica" if place else "Helvetica-Bold")
    told = " ".join(markdown(sheets).split())
    assert told.startswith("# Invoice 8852")
    assert "| Item | Quantity | Price | Total | | --- | --- | --- | --- | | Lantern | 14 |" in told


def test_a_heading_over_a_table_is_no_row_of_it():
    sheets = Sheets()
    sheets.text(60, 80, "2.1 Ships")
    sheets.text(160, 80, "of the north")
    sheets.text(60, 104, "3", font="Helvetica-Bold", size=14)
    sheets.text(80, 104, "Financial overview", font="Helvetica-Bold", size=14)
    rows = [("Year", "Ships", "Tons"), ("Harbour", "12.5", "310"), ("Quarry", "9.1", "84"), ("Depot", "7.7", "126")]
    for place, row in enumerate(rows):
        for x, text in zip((60, 160, 260), row, strict=True):
            sheets.text(x, 124 + 15 * place, text)
    told = markdown(sheets)
    assert "# 3 Financial overview\n\n|" in told
