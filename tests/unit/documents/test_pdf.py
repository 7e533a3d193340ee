from __future__ import annotations

import numpy as np
import pytest
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont

from octavo.documents.pdf.reader import PdfReader
from octavo.documents.pdf.sheets import MOST_PIXELS
from octavo.domain.block import INVISIBLE
from octavo.domain.errors import CorruptDocument, EncryptedDocument, InvalidPageRange
from octavo.domain.geometry import BBox, Size, union_of
from raw_pdf import RawPdf, text_at
from reading import page_of, pages_of
from typeset import HIDDEN, Sheets, photograph

SCALE = 200 / 72


def texts(page) -> list[str]:
    return [word.text for word in page.words]


def line_text(page) -> str:
    """All words, spaced as they tell."""
    return "".join((" " if word.space_before and place else "") + word.text for place, word in enumerate(page.words))


def near(*points: float) -> list:
    """Points as pixels at 200 dpi, to the pixel."""
    return [pytest.approx(value * SCALE, abs=1.2) for value in points]


def sides(box: BBox) -> list[float]:
    return [box.x0, box.y0, box.x1, box.y1]


@pytest.fixture
def opened(tmp_path):
    """Opens typeset sheets; what is opened can be rendered until the test ends."""
    readers = []

    def open_sheets(sheets: Sheets | bytes, password: str | None = None) -> PdfReader:
        path = tmp_path / "opened.pdf"
        path.write_bytes(sheets if isinstance(sheets, bytes) else sheets.data())
        readers.append(PdfReader(path, password))
        return readers[-1]

    yield open_sheets
    for reader in readers:
        reader.close()


# Words


def test_a_ligature_wider_than_an_em_parts_no_word(opened):
    raw = RawPdf()
    cmap = raw.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Odd def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n2 beginbfchar\n<40> <00540068>\n<65> <0065>\nendbfchar\n"
        "endcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"
    raw.add(f"{font} /ToUnicode {cmap} 0 R >>", raw.font)
    raw.page(text_at(72, 700, "@e @e"))
    assert [(word.text, word.line) for word in opened(raw.data()).page(0, 200).words] == [("The", 0), ("The", 0)]


def test_words_come_with_their_exact_fonts(tmp_path):
    sheets = Sheets()
    fonts = ["Helvetica", "Helvetica-Bold", "Times-Italic", "Times-BoldItalic", "Courier", "Courier-BoldOblique"]
    for place, name in enumerate(fonts):
        sheets.text(72, 100 + 30 * place, "Sample", font=name, size=9 + place)
    found = [word.font for word in page_of(sheets, tmp_path).words]
    assert [font.name for font in found] == fonts
    assert [font.bold for font in found] == [False, True, False, True, False, True]
    assert [font.italic for font in found] == [False, False, True, True, False, True]
    assert [font.mono for font in found] == [False, False, False, False, True, True]
    assert [font.size for font in found] == [pytest.approx((9 + place) * SCALE, abs=0.01) for place in range(6)]


def test_words_stand_where_they_are_drawn(tmp_path):
    sheets = Sheets()
    end = sheets.text(72, 100, "Positions", size=12)
    (word,) = page_of(sheets, tmp_path).words
    assert [word.box.x0, word.box.x1, word.baseline] == near(72, end, 100)
    assert word.box.y0 < word.baseline - 0.6 * word.font.size
    assert word.baseline < word.box.y1 < word.baseline + 0.4 * word.font.size
    assert word.confidence == 1.0
    assert word.rotation == 0.0


def test_words_of_one_line_know_their_line_and_their_spaces(tmp_path):
    sheets = Sheets()
    sheets.text(72, 100, "two words")
    sheets.text(72, 120, "below")
    one, two, three = page_of(sheets, tmp_path).words
    assert one.line == two.line != three.line
    assert two.space_before


def test_a_space_needs_no_character_where_the_gap_is_wide_enough(tmp_path):
    sheets = Sheets()
    end = sheets.text(72, 100, "apart")
    end = sheets.text(end + 2.8, 100, "from")
    sheets.text(end, 100, "age")
    assert line_text(page_of(sheets, tmp_path)) == "apart fromage"


def test_a_change_of_font_splits_a_word_without_a_space(tmp_path):
    sheets = Sheets()
    end = sheets.text(72, 100, "half", font="Helvetica-Bold")
    sheets.text(end, 100, "way there")
    page = page_of(sheets, tmp_path)
    assert [(word.text, word.font.bold) for word in page.words][:2] == [("half", True), ("way", False)]
    assert line_text(page) == "halfway there"


@pytest.mark.parametrize("spacing", [1.5, 3, 5])
def test_letterspaced_capitals_stay_words(tmp_path, spacing):
    sheets = Sheets()
    sheets.text(72, 100, "GRAND HOTEL", font="Times-Roman", size=14, spacing=spacing)
    assert texts(page_of(sheets, tmp_path)) == ["GRAND", "HOTEL"]


def placed(word: str, gap: float) -> Sheets:
    """A word whose letters are placed one by one, `gap` ems apart, as browsers do."""
    sheets, x = Sheets(), 72.0
    for letter in word:
        x = sheets.text(x, 100, letter, font="Helvetica-Bold", size=12) + 12 * gap
    return sheets


@pytest.mark.parametrize("word", ["SEA", "HARBOUR"])
@pytest.mark.parametrize("gap", [0.2, 0.3, 0.45])
def test_capitals_placed_one_by_one_are_words_drawn_out(tmp_path, word, gap):
    assert texts(page_of(placed(word, gap), tmp_path)) == [word]


@pytest.mark.parametrize("spacing", [2.2, 3, 5.5])
@pytest.mark.parametrize("word", ["of", "FOR", "Court"])
def test_short_words_are_letterspaced_too(tmp_path, word, spacing):
    sheets = Sheets()
    sheets.text(72, 100, word, size=12, spacing=spacing)
    assert texts(page_of(sheets, tmp_path)) == [word]


def test_one_word_of_a_line_may_be_letterspaced(tmp_path):
    sheets = Sheets()
    end = sheets.text(72, 100, "the old ", size=12)
    end = sheets.text(end, 100, "harbour", size=12, spacing=3)
    sheets.text(end, 100, " of the town", size=12)
    assert line_text(page_of(sheets, tmp_path)) == "the old harbour of the town"


@pytest.mark.parametrize("gap", [0.15, 0.25, 0.4])
@pytest.mark.parametrize("words", ["Grand Hotel", "zum alten hafen"])
def test_small_letters_placed_one_by_one_are_words_drawn_out(tmp_path, words, gap):
    sheets, x = Sheets(), 72.0
    for letter in words:
        end = sheets.text(x, 100, letter, size=12) if letter != " " else x + 0.28 * 12
        x = end + 12 * gap
    assert texts(page_of(sheets, tmp_path)) == words.split()


@pytest.mark.parametrize("font", ["Helvetica", "Times-Bold"])
def test_words_typed_with_a_space_after_each_letter_are_words(tmp_path, font):
    sheets = Sheets()
    sheets.text(72, 100, "G R A N D   H O T E L", font=font, size=12)
    assert texts(page_of(sheets, tmp_path)) == ["GRAND", "HOTEL"]


@pytest.mark.parametrize(
    "line", ["A B C D E", "P Q R S", "X X X X X", "B A D C E", "k + l = m", "1 0 2 4 5", "a b r x"]
)
def test_letters_in_a_row_that_are_no_word_stay_alone(tmp_path, line):
    sheets = Sheets()
    sheets.text(72, 100, line, size=12)
    assert texts(page_of(sheets, tmp_path)) == line.split()


@pytest.mark.parametrize(("word", "gap"), [("ABC", 1.0), ("abc", 0.3), ("123", 0.3)])
def test_letters_far_apart_and_small_ones_stay_alone(tmp_path, word, gap):
    assert texts(page_of(placed(word, gap), tmp_path)) == list(word)


def test_justified_lines_have_a_space_at_every_gap(tmp_path):
    sheets = Sheets()
    text = "a bright cold day in April and the clocks were striking thirteen as he slipped through the doors"
    sheets.paragraph(72, 100, 150, text, justified=True)
    assert texts(page_of(sheets, tmp_path)) == text.split()


def test_hyphens_stay_hyphens(tmp_path):
    sheets = Sheets()
    sheets.lines(72, 100, ["well-known experi-", "ments in twenty-", "one countries"])
    assert texts(page_of(sheets, tmp_path)) == ["well-known", "experi-", "ments", "in", "twenty-", "one", "countries"]


def test_letters_of_western_languages_survive(tmp_path):
    sheets = Sheets()
    text = "Größe façade señor Œuvre 5 € “quoted” naïve Ångström £3½"
    sheets.text(72, 100, text)
    assert texts(page_of(sheets, tmp_path)) == text.split()


def test_writing_that_runs_up_is_turned(tmp_path):
    sheets = Sheets()
    sheets.text(40, 400, "upwards", angle=90)
    sheets.text(60, 400, "downwards", angle=-90)
    up, down = page_of(sheets, tmp_path).words
    assert (up.text, up.rotation, up.baseline) == ("upwards", pytest.approx(270), None)
    assert (down.text, down.rotation, down.baseline) == ("downwards", pytest.approx(90), None)
    assert up.box.y1 == near(400)[0]
    assert down.box.y0 == near(400)[0]


def test_type_of_negative_size_on_a_turned_line_is_upright(tmp_path):
    sheets = Sheets()
    sheets.text(72, 100, "twice turned", size=-12, angle=180)
    words = page_of(sheets, tmp_path).words
    assert [word.text for word in words] == ["twice", "turned"]
    assert [(word.rotation, word.font.size) for word in words] == [(0, pytest.approx(12 * SCALE, abs=0.01))] * 2


def test_hidden_text_says_so(tmp_path):
    sheets = Sheets()
    sheets.picture(0, 0, 595, 842, photograph())
    sheets.text(72, 100, "under the scan", mode=HIDDEN)
    sheets.text(72, 200, "drawn")
    page = page_of(sheets, tmp_path)
    assert [(word.text, word.font.color == INVISIBLE) for word in page.words] == [
        ("under", True),
        ("the", True),
        ("scan", True),
        ("drawn", False),
    ]


def test_a_blank_page_has_no_text_layer(tmp_path):
    sheets = Sheets()
    sheets.rule(10, 10, 100, 10)
    assert not page_of(sheets, tmp_path).has_text_layer


def test_text_outside_the_page_is_left_out_and_told(tmp_path):
    sheets = Sheets()
    sheets.text(72, 100, "inside")
    sheets.text(700, 100, "far outside")
    page = page_of(sheets, tmp_path)
    assert texts(page) == ["inside"]
    assert [warning for warning in page.warnings if "2 words" in warning]


def test_fonts_of_wide_characters_do_not_look_like_code(tmp_path):
    registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    sheets = Sheets()
    sheets.text(72, 100, "港の船 12", font="HeiseiMin-W3")
    sheets.text(72, 120, "code 12", font="Courier")
    words = page_of(sheets.data().replace(b"HeiseiMin-W3", b"Fixed-Mincho"), tmp_path).words
    assert [(word.text, word.font.name, word.font.mono) for word in words] == [
        ("港の船", "Fixed-Mincho", False),
        ("12", "Fixed-Mincho", False),
        ("code", "Courier", True),
        ("12", "Courier", True),
    ]


# What is drawn


def test_strokes_and_thin_boxes_are_rules(tmp_path):
    sheets = Sheets()
    sheets.rule(72, 100, 300, 100, width=1)
    sheets.rule(72, 100, 72, 200, width=1)
    sheets.box(72, 300, 300, 300.5, fill="#000000")
    rules = page_of(sheets, tmp_path).rules
    assert [rule.horizontal for rule in rules] == [True, False, True]
    assert [sides(rule.box) for rule in rules] == [
        near(72, 99.5, 300, 100.5),
        near(71.5, 100, 72.5, 200),
        near(72, 300, 300, 300.5),
    ]


def test_a_stroked_box_is_four_rules(tmp_path):
    sheets = Sheets()
    sheets.box(100, 100, 300, 200, stroke=True)
    rules = page_of(sheets, tmp_path).rules
    assert sorted(rule.horizontal for rule in rules) == [False, False, True, True]
    assert sides(union_of(rule.box for rule in rules)) == near(99.5, 99.5, 300.5, 200.5)


def test_bars_of_fractions_are_apart_from_rules(tmp_path):
    sheets = Sheets()
    sheets.rule(100, 100, 104, 100)
    page = page_of(sheets, tmp_path)
    assert (len(page.rules), len(page.bars)) == (0, 1)


def test_filled_areas_and_curves_are_drawings(tmp_path):
    sheets = Sheets()
    sheets.box(100, 100, 300, 200, fill="#ff0000")
    sheets.circle(200, 400, 50)
    page = page_of(sheets, tmp_path)
    area, circle = page.drawings
    assert (area.filled, area.stroked, area.curved, area.color) == (True, False, False, "ffff0000")
    assert (circle.filled, circle.stroked, circle.curved) == (False, True, True)
    assert sides(circle.box) == near(150, 350, 250, 450)
    assert not page.rules


def test_pictures_in_nested_forms_stand_where_they_are_shown(opened):
    sheets = Sheets()
    with sheets.form("outer", 10, 20, scale=0.5), sheets.form("inner", 100, 100, scale=0.5):
        sheets.picture(100, 500, 300, 700, photograph())
    reader = opened(sheets)
    page = reader.page(0, 200)
    (image,) = page.images
    assert sides(image.box) == near(85, 195, 135, 245)
    assert sides(ink_of(page.render())) == [pytest.approx(side, abs=2) for side in sides(image.box)]


def test_pictures_end_at_the_edge_of_the_page(tmp_path):
    sheets = Sheets()
    sheets.picture(500, 700, 900, 900, photograph())
    sheets.picture(700, 100, 800, 200, photograph())
    page = page_of(sheets, tmp_path)
    assert [sides(image.box) for image in page.images] == [near(500, 700, 595, 842)]


def test_links_have_their_area_and_address(tmp_path):
    sheets = Sheets()
    sheets.text(72, 100, "our site")
    sheets.link(72, 90, 110, 104, "https://example.org/a?b=c&d")
    (link,) = page_of(sheets, tmp_path).links
    assert link.uri == "https://example.org/a?b=c&d"
    assert sides(link.box) == near(72, 90, 110, 104)


# Pages


def ink_of(pixels: np.ndarray) -> BBox:
    """Around everything that is not white."""
    rows, columns = np.nonzero((pixels < 250).any(axis=2))
    return BBox(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_turned_pages_are_read_upright(opened, turned):
    sheets = Sheets((400, 600))
    sheets.turn(turned)
    sheets.text(50, 100, "HHHHHH", size=20)
    page = opened(sheets).page(0, 144)
    assert page.size == (Size(800, 1200) if turned % 180 == 0 else Size(1200, 800))
    pixels = page.render()
    assert pixels.shape == (page.size.height, page.size.width, 3)
    (word,) = page.words
    assert word.rotation == pytest.approx(turned)
    assert ink_of(pixels).inside_share(word.box.grown(1)) == 1.0
    assert word.box.iou(ink_of(pixels)) > 0.5


def test_the_crop_box_is_the_page(opened):
    sheets = Sheets()
    sheets.crop(100, 200, 400, 500)
    sheets.text(150, 300, "shown")
    sheets.text(450, 300, "cropped")
    page = opened(sheets).page(0, 72)
    assert page.size == Size(300, 300)
    (word,) = page.words
    assert word.text == "shown"
    assert [word.box.x0, word.baseline] == [pytest.approx(50, abs=0.1), pytest.approx(100, abs=0.1)]
    assert ink_of(page.render()).inside_share(word.box.grown(1)) == 1.0
    assert any("1 word" in warning for warning in page.warnings)


def test_pixels_are_read_only_and_rendered_once(opened):
    sheets = Sheets()
    sheets.text(72, 100, "ink")
    page = opened(sheets).page(0, 72)
    assert not page.render().flags.writeable
    assert page.render() is page.render()


@pytest.mark.parametrize(("dpi", "size"), [(200, Size(1700, 2200)), (72, Size(612, 792)), (300, Size(2550, 3300))])
def test_the_dpi_decides_the_size(tmp_path, dpi, size):
    sheets = Sheets((612, 792))
    sheets.text(72, 100, "letter")
    page = page_of(sheets, tmp_path, dpi=dpi)
    assert (page.size, page.dpi) == (size, dpi)
    assert page.words[0].box.x0 == pytest.approx(dpi, abs=1)


@pytest.mark.parametrize("size", [(14_400, 14_400), (14_400, 20), (7_000, 9_000)])
def test_huge_pages_are_read_at_a_lower_dpi_with_a_warning(tmp_path, size):
    sheets = Sheets(size)
    sheets.text(1000, 15, "poster")
    page = page_of(sheets, tmp_path, dpi=300)
    assert page.dpi < 300
    assert page.size.area <= MOST_PIXELS * 1.01
    assert any(f"{page.dpi} dpi instead of 300" in warning for warning in page.warnings)
    assert page.words[0].box.x0 == pytest.approx(1000 * page.dpi / 72, abs=2)


def test_pages_differ(tmp_path):
    sheets = Sheets()
    sheets.text(72, 100, "first")
    sheets.next_page(turned=90)
    sheets.text(72, 100, "second")
    pages = pages_of(sheets, tmp_path)
    assert [(page.index, texts(page)) for page in pages] == [(0, ["first"]), (1, ["second"])]
    assert pages[0].size.width == pages[1].size.height


@pytest.mark.parametrize("index", [-1, 1, 10_000])
def test_a_page_that_is_not_there(opened, index):
    sheets = Sheets()
    sheets.text(72, 100, "alone")
    with pytest.raises(InvalidPageRange, match=f"Page {index} is out of range: the document has 1 page"):
        opened(sheets).page(index, 200)


# Files


def test_the_right_password_opens(opened):
    sheets = Sheets(password="tea")
    sheets.text(72, 100, "secret")
    reader = opened(sheets, "tea")
    assert reader.facts.encrypted
    assert texts(reader.page(0, 200)) == ["secret"]


@pytest.mark.parametrize("password", [None, "", "anything"])
def test_a_file_that_opens_with_the_empty_password_is_read(opened, password):
    sheets = Sheets(password="")
    sheets.text(72, 100, "guarded")
    reader = opened(sheets, password)
    assert reader.facts.encrypted
    assert texts(reader.page(0, 200)) == ["guarded"]


@pytest.mark.parametrize("password", [None, "", "coffee"])
def test_no_password_and_a_wrong_one_are_told_apart(opened, password):
    sheets = Sheets(password="tea")
    sheets.text(72, 100, "secret")
    with pytest.raises(EncryptedDocument) as caught:
        opened(sheets, password)
    assert ("does not open with" in str(caught.value)) == (password is not None)
    assert "`octavo.password`" in str(caught.value)
    assert "coffee" not in str(caught.value)


def test_a_plain_file_is_not_encrypted(opened):
    sheets = Sheets()
    sheets.text(72, 100, "open")
    assert not opened(sheets).facts.encrypted


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"])
def test_a_damaged_file_says_so(opened, damage):
    with pytest.raises(CorruptDocument, match=r"cut off or damaged\. Send the whole file"):
        opened(damage)


def test_a_file_cut_in_half_says_so(opened):
    sheets = Sheets()
    for _ in range(3):
        sheets.text(72, 100, "sheet")
        sheets.next_page()
    whole = sheets.data()
    with pytest.raises(CorruptDocument):
        opened(whole[: len(whole) // 2])


def test_a_file_without_its_cross_reference_table_is_read(opened):
    sheets = Sheets()
    sheets.text(72, 100, "mended")
    data = sheets.data()
    assert texts(opened(data[: data.rindex(b"xref\n0")] + b"trailer\n" + data.split(b"trailer\n")[-1]).page(0, 72)) == [
        "mended"
    ]


def test_an_accent_set_over_its_letter_is_part_of_it(tmp_path):
    sheet = Sheets()
    sheet.text(72, 140, "a `quoted' word and x ^ y", size=12)
    font = sheet._canvas._doc.getInternalFontName("Helvetica")
    # As TeX does it: the accent, then back by its width, then the letter.
    sheet._canvas._code.append(f"BT {font} 12 Tf 72 742 Td [(Schr) -110 (\\250) 440 (odinger)] TJ ET")
    reader = PdfReader(sheet.save(tmp_path / "accents.pdf"))
    texts = {word.text for word in reader.page(0, 200).words}
    assert texts == {"Schrödinger", "a", "`quoted'", "word", "and", "x", "^", "y"}


def test_signature_fields_are_told_and_other_fields_are_not(tmp_path):
    sheet = Sheets()
    sheet.text(72, 100, "Signed:")
    sheet._canvas.acroForm.textfield(name="name", x=72, y=600, width=100, height=20)
    path = sheet.save(tmp_path / "form.pdf")
    reader = PdfReader(path)
    assert reader.page(0, 72).signatures == ()
    reader.close()
    path.write_bytes(path.read_bytes().replace(b"/FT /Tx", b"/FT/Sig"))
    (field,) = PdfReader(path).page(0, 72).signatures
    assert (field.x0, field.y0, field.x1, field.y1) == pytest.approx((72, 222, 172, 242), abs=2)


def test_a_page_of_no_real_size_is_refused_before_anything_is_drawn(tmp_path):
    sheet = Sheets(size=(20, 3_000_000))
    sheet.text(2, 20, "x")
    path = sheet.save(tmp_path / "endless.pdf")
    with pytest.raises(CorruptDocument, match="20 x 3000000 points"):
        PdfReader(path).page(0, 200)


@pytest.mark.parametrize(
    ("mode", "stroke", "bold"), [(0, "0 0 0 RG", False), (2, "0 0 0 RG", True), (2, "1 0 0 RG", False)]
)
def test_letters_drawn_around_in_their_own_colour_are_bold(opened, mode, stroke, bold):
    raw = RawPdf()
    raw.page(f"0 0 0 rg {stroke} .3 w {mode} Tr\n" + text_at(72, 700, "Harbour"))
    assert [word.font.bold for word in opened(raw.data()).page(0, 200).words] == [bold]
