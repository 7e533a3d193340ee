"""Filled forms: what their fields hold, where it stands, and what is not told."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from octavo.documents.pdf.reader import PdfReader
from octavo.domain.geometry import BBox
from octavo.structure.page import understand
from raw_pdf import RawPdf, text_at
from reading import page_of, read
from typeset import Sheets

SCALE = 200 / 72
MULTILINE, PASSWORD, COMB, PUSH, RADIO = 1 << 12, 1 << 13, 1 << 24, 1 << 16, 1 << 15
COMBO, MULTISELECT = 1 << 17, 1 << 21
OPTIONS = "/Opt [[(A)(Alpha)] [(B)(Beta)] [(C)(Gamma)]]"


def page_with(tmp_path, kind: str, entries: str, *, rect: str = "100 700 300 720", look: str = "", content: str = ""):
    """A page with one field; `look` draws it."""
    pdf = RawPdf()
    shown = pdf.form(look, "0 0 200 20") if look else 0
    field = pdf.widget("field", kind, rect, entries, appearance=shown)
    pdf.acroform([field])
    pdf.page(content, annotations=[field])
    return page_of(pdf.data(), tmp_path)


def said(page) -> str:
    return " ".join(word.text for word in page.words)


def points(x0: float, y0: float, x1: float, y1: float) -> BBox:
    """A rectangle of a PDF (points, y upwards, A4) in pixels at 200 dpi."""
    return BBox(x0, 842 - y1, x1, 842 - y0).scaled(SCALE)


# Text


def test_a_text_field_is_read_where_it_is_drawn(tmp_path):
    page = page_with(tmp_path, "Tx", "/V (Ada Lovelace)", look=text_at(2, 5, "Ada Lovelace"))
    assert said(page) == "Ada Lovelace"
    assert page.words[0].box.x0 == pytest.approx(102 * SCALE, abs=2)
    assert [word.baseline for word in page.words] == [pytest.approx((842 - 705) * SCALE, abs=1)] * 2
    assert {word.font.name for word in page.words} == {"Helvetica"}
    assert page.has_text_layer


@pytest.mark.parametrize("flags", [0, MULTILINE])
def test_a_value_that_is_not_drawn_is_read(tmp_path, flags):
    page = page_with(tmp_path, "Tx", f"/V (two words) /Ff {flags}")
    assert said(page) == "two words"
    assert all(word.box.inside_share(points(100, 698, 300, 722)) > 0.9 for word in page.words)
    assert page.words[0].line == page.words[1].line


def test_a_value_beyond_latin_is_read(tmp_path):
    assert said(page_with(tmp_path, "Tx", "/V <FEFF65E5672C8A9E00200416>")) == "日本語 Ж"


def test_a_value_in_rich_text_alone_is_read_without_its_marks(tmp_path):
    rich = "<body><p>rich <b>text</b> &amp; more</p><p>below</p></body>"
    page = page_with(tmp_path, "Tx", f"/RV ({rich}) /Ff {MULTILINE}", rect="100 660 300 720")
    assert said(page) == "rich text & more below"


def test_lines_of_a_long_text_are_below_one_another(tmp_path):
    text = "first line\\nsecond line that is so long that it does not fit and must be wrapped"
    page = page_with(tmp_path, "Tx", f"/V ({text}) /Ff {MULTILINE}", rect="100 600 260 720")
    assert said(page) == text.replace("\\n", " ")
    tops = {word.line: word.box.y0 for word in page.words}
    assert len(tops) >= 3
    assert list(tops.values()) == sorted(tops.values())


def test_all_of_a_text_is_read_even_when_it_does_not_fit(tmp_path):
    text = " ".join(f"word{number}" for number in range(120))
    for flags in (0, MULTILINE):
        page = page_with(tmp_path, "Tx", f"/V ({text}) /Ff {flags}", rect="100 600 200 640")
        assert said(page).split() == text.split()
        assert " ".join(block.text for block in understand(page)).split() == text.split()


def test_characters_in_cells_are_one_word(tmp_path):
    assert said(page_with(tmp_path, "Tx", f"/V (4711 99) /Ff {COMB} /MaxLen 7")) == "4711 99"


def test_an_empty_field_says_nothing(tmp_path):
    page = page_with(tmp_path, "Tx", "/V ()", content=text_at(20, 800, "base"))
    assert said(page) == "base"


def test_passwords_are_never_told(tmp_path):
    page = page_with(tmp_path, "Tx", f"/V (sesame) /Ff {PASSWORD}", look=text_at(2, 5, "sesame"))
    assert page.words == ()


def test_what_is_shown_goes_before_what_is_held_and_a_warning_says_so(tmp_path):
    page = page_with(tmp_path, "Tx", "/V (Jane)", look=text_at(2, 5, "Ada"))
    assert said(page) == "Ada"
    assert page.warnings == ("1 form fields show another text than they hold: read as shown.",)


def test_a_value_that_is_spelled_out_is_no_difference(tmp_path):
    page = page_with(tmp_path, "Tx", "/V (1234)", look=text_at(2, 5, "$1,234.00"))
    assert (said(page), page.warnings) == ("$1,234.00", ())


def test_a_form_that_asks_for_it_is_drawn_anew(tmp_path):
    pdf = RawPdf()
    field = pdf.widget("a", "Tx", "100 700 300 720", "/V (fresh)", appearance=pdf.form(text_at(2, 5, "old"), "0 0 9 9"))
    pdf.acroform([field], "/NeedAppearances true")
    pdf.page(annotations=[field])
    assert said(page_of(pdf.data(), tmp_path)) == "fresh"


def test_a_value_that_is_inherited_from_a_parent_field(tmp_path):
    pdf = RawPdf()
    parent = pdf.reserve()
    child = pdf.annotation("Widget", "100 700 300 720", f"/Parent {parent} 0 R")
    pdf.add(f"<< /FT /Tx /T (parent) /V (heirloom) /DA (/F1 10 Tf) /Kids [{child} 0 R] >>", parent)
    pdf.acroform([parent])
    pdf.page(annotations=[child])
    assert said(page_of(pdf.data(), tmp_path)) == "heirloom"


# Doubles


def test_text_that_the_page_holds_already_is_not_doubled(tmp_path):
    page = page_with(tmp_path, "Tx", "/V (Ada)", look=text_at(2, 5, "Ada"), content=text_at(102, 705, "Ada"))
    assert said(page) == "Ada"


def test_lines_to_fill_in_give_way_to_what_is_filled_in(tmp_path):
    page = page_with(tmp_path, "Tx", "/V (Ada)", content=text_at(100, 705, "____________"))
    assert said(page) == "Ada"
    page = page_with(tmp_path, "Tx", "/V ()", content=text_at(100, 705, "____________"))
    assert said(page) == "____________"


# Choices


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (f"/V (B) /Ff {COMBO}", "Beta"),
        (f"/V (free) /Ff {COMBO}", "free"),
        ("/V (B)", "Beta"),
        (f"/V [(A) (C)] /I [0 2] /Ff {MULTISELECT}", "Alpha Gamma"),
        ("", ""),
    ],
)
def test_choices_are_told_as_they_are_shown(tmp_path, entries, expected):
    assert said(page_with(tmp_path, "Ch", f"{entries} {OPTIONS}", rect="100 660 300 720")) == expected


# Boxes to tick


def button(pdf: RawPdf, rect: str, state: str, entries: str = "") -> int:
    """A box or button with the state On, drawn with a sign of ZapfDingbats."""
    on, off = pdf.form("BT /ZaDb 10 Tf 2 2 Td (4) Tj ET", "0 0 12 12"), pdf.form("0 0 12 12 re S", "0 0 12 12")
    looks = f"/AP << /N << /On {on} 0 R /Off {off} 0 R >> >> /AS /{state} /V /{state}"
    return pdf.widget(f"b{rect}", "Btn", rect, f"{looks} {entries}")


@pytest.mark.parametrize("flags", [0, RADIO])
def test_ticked_and_empty_boxes_are_signs_at_their_places(tmp_path, flags):
    pdf = RawPdf()
    boxes = [button(pdf, f"100 {y} 112 {y + 12}", state, f"/Ff {flags}") for y, state in ((700, "On"), (660, "Off"))]
    pdf.acroform(boxes)
    pdf.page(text_at(120, 702, "yes") + text_at(120, 662, "no"), annotations=boxes)
    page = page_of(pdf.data(), tmp_path)
    places = {word.text: word.box.center_y for word in page.words if word.text in "☒☐"}
    assert places == {"☒": pytest.approx((842 - 706) * SCALE, abs=4), "☐": pytest.approx((842 - 666) * SCALE, abs=4)}
    assert not [word for word in page.words if word.text not in ("☒", "☐", "yes", "no")]


def test_a_box_that_the_page_draws_as_text_gives_way(tmp_path):
    pdf = RawPdf()
    box = button(pdf, "100 700 112 712", "On")
    pdf.acroform([box])
    pdf.page(
        "BT /ZaDb 10 Tf 101 702 Td (o) Tj ET",
        annotations=[box],
        resources=f"/XObject << >> /Font << /ZaDb {pdf.dingbats} 0 R >>",
    )
    assert said(page_of(pdf.data(), tmp_path)) == "☒"


def test_a_push_button_says_its_caption(tmp_path):
    assert said(page_with(tmp_path, "Btn", f"/Ff {PUSH} /MK << /CA (Send it) >>")) == "Send it"


# What is not seen


@pytest.mark.parametrize("flags", [2, 32, 34])
@pytest.mark.parametrize(
    ("kind", "entries"), [("Tx", "/V (secret)"), ("Btn", "/V /On /AS /On"), ("Ch", f"/V (A) {OPTIONS}")]
)
def test_hidden_fields_are_not_read(tmp_path, flags, kind, entries):
    look = text_at(2, 5, "secret")
    page = page_with(tmp_path, kind, f"{entries} /F {flags}", look=look, content=text_at(20, 800, "base"))
    assert (said(page), page.warnings) == ("base", ())


def test_fields_beside_the_page_are_left_out_and_told(tmp_path):
    page = page_with(tmp_path, "Tx", "/V (far away)", rect="900 700 1100 720", content=text_at(20, 800, "base"))
    assert said(page) == "base"
    assert any("2 words lie outside" in warning for warning in page.warnings)


# Pages


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_fields_stand_right_on_turned_and_cropped_pages(tmp_path, turned):
    pdf = RawPdf()
    looks = pdf.form(text_at(2, 5, "HHHH", 14), "0 0 100 20")
    drawn = pdf.widget("a", "Tx", "150 300 250 320", "/V (HHHH)", appearance=looks)
    ticked = button(pdf, "150 260 162 272", "On")
    pdf.acroform([drawn, ticked])
    pdf.page(text_at(150, 350, "HHHH", 14), annotations=[drawn, ticked], box="")
    tree = f"<< /Type /Pages /Count 1 /Kids [{pdf.pages[0]} 0 R] /MediaBox [0 0 595 842] /CropBox [100 200 400 600]"
    path = tmp_path / "turned.pdf"
    path.write_bytes(pdf.data(tree=f"{tree} /Rotate {turned} >>"))
    reader = PdfReader(path)
    page = reader.page(0, 144)
    words = {(word.text, place): word for place, word in enumerate(page.words)}
    _, field, mark = words.values()
    assert [word.text for word in words.values()] == ["HHHH", "HHHH", "☒"]
    assert {round(word.rotation) for word in words.values()} == {turned}
    rows, columns = np.nonzero((page.render() < 128).all(axis=2))
    for word in (field, mark):
        inside = BBox(word.box.x0 - 4, word.box.y0 - 4, word.box.x1 + 4, word.box.y1 + 4)
        held = (columns > inside.x0) & (columns < inside.x1) & (rows > inside.y0) & (rows < inside.y1)
        assert held.sum() > 30
    reader.close()


def test_pages_with_forms_are_read_again_and_in_any_order(tmp_path):
    pdf = RawPdf()
    fields = [pdf.widget(f"f{n}", "Tx", "100 700 300 720", f"/V (value{n})") for n in range(3)]
    pdf.acroform(fields)
    for field in fields:
        pdf.page(text_at(20, 800, "base"), annotations=[field])
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    pages = [reader.page(index, 72) for index in (2, 0, 2, 1, 1)]
    assert [said(page) for page in pages] == [f"base value{n}" for n in (2, 0, 2, 1, 1)]
    for page in pages:
        assert (page.render()[842 - 720 : 842 - 700, 100:160] < 128).any()
    assert np.array_equal(pages[0].render(), pages[2].render())
    reader.close()


def test_the_rendering_shows_fields_that_are_not_drawn_in_the_file(tmp_path):
    pdf = RawPdf()
    fields = [
        pdf.widget("a", "Tx", "100 700 300 720", "/V (HHHH)"),
        pdf.widget("b", "Tx", "100 600 300 620", "/V (HHHH) /F 2"),
    ]
    pdf.acroform(fields)
    pdf.page(annotations=fields)
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    rows = np.nonzero((reader.page(0, 72).render() < 128).any(axis=(1, 2)))[0]
    assert 842 - 722 < rows.min() < rows.max() < 842 - 698
    reader.close()


def test_signature_fields_with_a_visible_signature_are_signed(tmp_path):
    pdf = RawPdf()
    looks = pdf.form(text_at(2, 5, "Signed by Ada"), "0 0 200 20")
    field = pdf.widget("s", "Sig", "100 700 300 720", appearance=looks)
    pdf.acroform([field])
    pdf.page(text_at(100, 760, "Agreed"), annotations=[field])
    page = page_of(pdf.data(), tmp_path)
    assert said(page) == "Agreed Signed by Ada"
    assert len(page.signatures) == 1


@pytest.mark.parametrize("told", [False, True])
def test_forms_that_only_programs_can_show_are_told(tmp_path, told):
    pdf = RawPdf()
    pdf.acroform([], "/XFA (x)")
    pdf.catalog += " /NeedsRendering true" if told else ""
    pdf.page(text_at(20, 800, "Please wait..."))
    page = page_of(pdf.data(), tmp_path)
    assert said(page) == "Please wait..."
    assert [("dynamic XFA" in warning) for warning in page.warnings] == ([True] if told else [])


def test_a_filled_form_reads_as_it_looks():
    sheets = Sheets()
    form = sheets._canvas.acroForm
    for place, (label, value) in enumerate([("Name:", "Ada Lovelace"), ("City:", "London")]):
        sheets.text(72, 100 + 40 * place, label)
        form.textfield(name=label, value=value, x=120, y=842 - 105 - 40 * place, width=200, height=18, fontSize=10)
    sheets.text(72, 180, "Member:")
    form.checkbox(name="yes", x=120, y=842 - 183, size=12, checked=True)
    sheets.text(136, 180, "yes")
    form.checkbox(name="no", x=180, y=842 - 183, size=12)
    sheets.text(196, 180, "no")
    markdown = read(sheets).pages[0].markdown
    assert " ".join(markdown.split()) == "Name: Ada Lovelace City: London Member: ☒ yes ☐ no"


def test_what_is_left_out_of_endless_values_is_told(tmp_path):
    page = page_with(tmp_path, "Tx", f"/V ({'word ' * 5000})", look=text_at(2, 5, "word"))
    assert len(page.words) == 4000
    assert "5000 characters of form fields and annotations were left out: they are too long." in page.warnings


def test_what_is_filled_in_stands_on_the_line_of_its_label():
    sheets = Sheets()
    for place, (label, value) in enumerate([("First name:", "Ada"), ("Family name:", "Lovelace"), ("Town:", "London")]):
        y = 100 + 40 * place
        sheets.text(72, y, label, size=12)
        sheets._canvas.acroForm.textfield(
            name=label, value=value, x=170, y=842 - y - 5, width=250, height=20, fontSize=12, borderWidth=0
        )
    text = "The library stores these data for as long as you are a member, and deletes them one year later. " * 3
    sheets.paragraph(72, 300, 420, text, size=11)
    lines = read(sheets).pages[0].markdown.split("\n\n")
    assert lines[:3] == ["First name: Ada", "Family name: Lovelace", "Town: London"]


def test_documents_that_nobody_closes_harm_no_others(tmp_path):
    pdf = RawPdf()
    field = pdf.widget("a", "Tx", "100 700 300 720", "/V (value)")
    pdf.acroform([field])
    pdf.page(annotations=[field])
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf.data())
    for _ in range(3):
        reader = PdfReader(path)
        page = reader.page(0, 72)
        page.render()
        assert said(page) == "value"
        reader.itself = reader
        del reader, page
        gc.collect()
