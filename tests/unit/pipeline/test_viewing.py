"""Pages made into images to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from octavo.documents.reader import open_document
from octavo.domain.errors import CorruptDocument, EncryptedDocument, InvalidPageRange, UnsupportedDocument
from octavo.domain.geometry import Size
from octavo.domain.view import PageView, View, ViewTask
from octavo.pipeline.viewing import LONGEST_SIDE, MOST_PIXELS, PageViewer, scale_of
from papers import text_pdf
from raw_pdf import RawPdf, text_at
from shown_pages import opened
from typeset import Sheets


@pytest.fixture
def viewer():
    made = PageViewer(open_document)
    made.warm_up()
    yield made
    made.close()


def shown(
    viewer: PageViewer, path: Path, index: int = 0, *, width: int = 400, turned: int = 0, **more: str
) -> PageView:
    return viewer.render(ViewTask(path=path, view=View(index=index, width=width, turned=turned), **more))


def corner(path: Path, size: tuple[int, int] = (200, 100), mode: str = "RGB", color: object = "red") -> Path:
    """A picture that is white but for its top left corner, a quarter as wide and half as high."""
    image = Image.new(mode, size, "white")
    image.paste(color, (0, 0, size[0] // 4, size[1] // 2))
    image.save(path)
    return path


def corner_of(image: Image.Image) -> str:
    """Where the dark corner is."""
    pixels = np.asarray(image.convert("L")) < 200
    half = pixels.shape[0] // 2, pixels.shape[1] // 2
    parts = {
        "top left": pixels[: half[0], : half[1]],
        "top right": pixels[: half[0], half[1] :],
        "bottom left": pixels[half[0] :, : half[1]],
        "bottom right": pixels[half[0] :, half[1] :],
    }
    return max(parts, key=lambda name: int(parts[name].sum()))


@pytest.mark.parametrize("width", [16, 120, 1200, 2000])
def test_a_page_is_as_wide_as_asked_for(viewer, tmp_path, width):
    view = shown(viewer, text_pdf(tmp_path / "a.pdf", [["One"], ["Two"], ["Three"]]), 2, width=width)
    image = opened(view.jpeg)
    assert image.size == (width, round(width * 2339 / 1653))  # A4 at 200 dpi
    assert view.page_count == 3


def test_what_is_shown_is_what_is_read_but_for_its_size(viewer, tmp_path):
    sheets = Sheets((300, 200))
    sheets.text(20, 60, "Crisp", size=40)
    sheets.save(tmp_path / "a.pdf")
    reader = open_document(tmp_path / "a.pdf")
    read = reader.page(0, 200).render()
    reader.close()
    seen = np.asarray(opened(shown(viewer, tmp_path / "a.pdf", width=read.shape[1]).jpeg).convert("RGB"))
    assert seen.shape == read.shape
    assert np.abs(seen.astype(int) - read).mean() < 1


def test_small_pages_are_not_blown_up(viewer, tmp_path):
    sheets = Sheets((72, 36))
    sheets.box(0, 0, 18, 18)
    sheets.save(tmp_path / "a.pdf")
    assert opened(shown(viewer, tmp_path / "a.pdf", width=2000).jpeg).size == (400, 200)
    assert opened(shown(viewer, corner(tmp_path / "a.png"), width=2000).jpeg).size == (200, 100)
    assert opened(shown(viewer, corner(tmp_path / "a.png"), width=50).jpeg).size == (50, 25)


@pytest.mark.parametrize("kind", ["pdf", "png"])
@pytest.mark.parametrize(
    ("turned", "where"), [(0, "top left"), (90, "bottom left"), (180, "bottom right"), (270, "top right")]
)
def test_pages_are_turned_counter_clockwise(viewer, tmp_path, kind, turned, where):
    path = tmp_path / f"a.{kind}"
    if kind == "png":
        corner(path)
    else:
        sheets = Sheets((72, 36))
        sheets.box(0, 0, 18, 18, fill="black")
        sheets.save(path)
    image = opened(shown(viewer, path, width=60, turned=turned).jpeg)
    assert image.size == ((60, 30) if turned % 180 == 0 else (60, 120))
    assert corner_of(image) == where


def test_pages_lie_as_they_are_read(viewer, tmp_path):
    """With the `/Rotate` of a PDF, and the EXIF orientation of a photograph."""
    sheets = Sheets((72, 36))
    sheets.turn(90)
    sheets.box(0, 0, 18, 18, fill="black")
    sheets.save(tmp_path / "a.pdf")
    assert corner_of(opened(shown(viewer, tmp_path / "a.pdf", width=100).jpeg)) == "top right"
    lying, exif = Image.open(corner(tmp_path / "a.png")), Image.Exif()
    exif[0x112] = 6
    lying.save(tmp_path / "b.jpg", exif=exif)
    upright = opened(shown(viewer, tmp_path / "b.jpg", width=50).jpeg)
    assert (upright.size, corner_of(upright)) == ((50, 100), "top right")


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("width", [16, 75, 150, 151, 300, 301, 599, 601])
def test_photographs_are_right_at_every_size(viewer, tmp_path, orientation, width):
    """Whatever the decoder of JPEGs leaves out; 601 x 803 pixels once it is upright."""
    exif = Image.Exif()
    exif[0x112] = orientation
    upright = Image.open(corner(tmp_path / "a.png", (601, 803), color="blue"))
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose.ROTATE_90)
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    seen = opened(shown(viewer, tmp_path / "a.jpg", width=width).jpeg)
    assert seen.size == (width, round(803 * width / 601))
    wanted = upright.resize(seen.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(seen).astype(int) - np.asarray(wanted)).mean() < 5


def test_a_photograph_that_is_cut_off_is_shown_as_far_as_it_is_there(viewer, tmp_path):
    noisy = Image.effect_noise((800, 800), 90)
    noisy.save(tmp_path / "a.jpg", quality=90)
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "b.jpg").write_bytes(whole[: int(len(whole) * 0.95)])
    seen = np.asarray(opened(shown(viewer, tmp_path / "b.jpg", width=90).jpeg))
    assert seen.shape == (90, 90)
    assert seen[:80].std() > 5
    (tmp_path / "c.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorruptDocument):
        shown(viewer, tmp_path / "c.jpg", width=90)


def test_grey_pages_are_grey_and_small_print_keeps_its_colours(viewer, tmp_path):
    assert opened(shown(viewer, text_pdf(tmp_path / "a.pdf", [["One"]])).jpeg).mode == "L"
    assert opened(shown(viewer, corner(tmp_path / "b.png", mode="L", color=0)).jpeg).mode == "L"
    coloured = opened(shown(viewer, corner(tmp_path / "a.png")).jpeg)
    assert coloured.mode == "RGB"
    assert [layer[1:3] for layer in coloured.layer] == [(1, 1)] * 3  # 4:4:4
    red, green, _ = coloured.getpixel((5, 5))
    assert (red > 240, green < 20) == (True, True)


def test_each_frame_of_a_tiff_is_shown(viewer, tmp_path):
    frames = [Image.new("L", (40 + 10 * number, 30), 60 * number) for number in range(3)]
    frames[0].save(tmp_path / "a.tiff", save_all=True, append_images=frames[1:])
    for number in (2, 0, 1, 2):
        view = shown(viewer, tmp_path / "a.tiff", number)
        assert (view.page_count, opened(view.jpeg).size) == (3, (40 + 10 * number, 30))
        assert abs(opened(view.jpeg).getpixel((20, 15)) - 60 * number) < 4


def test_fields_and_stamps_are_shown(viewer, tmp_path):
    pdf = RawPdf()
    look = pdf.form("0 g 0 0 100 100 re f", "0 0 100 100")
    pdf.page(
        text_at(20, 20, "base"),
        box="0 0 200 200",
        annotations=[pdf.annotation("Stamp", "0 100 100 200", appearance=look)],
    )
    (tmp_path / "a.pdf").write_bytes(pdf.data())
    assert corner_of(opened(shown(viewer, tmp_path / "a.pdf").jpeg)) == "top left"


def test_pages_that_are_not_there_are_told(viewer, tmp_path):
    pdf, png = text_pdf(tmp_path / "a.pdf", [["One"]]), corner(tmp_path / "a.png")
    for path in (pdf, png):
        with pytest.raises(InvalidPageRange, match="Page 1 is out of range"):
            shown(viewer, path, 1)


def test_what_cannot_be_opened_is_told_as_when_it_is_read(viewer, tmp_path):
    (tmp_path / "words").write_text("no document")
    with pytest.raises(UnsupportedDocument):
        shown(viewer, tmp_path / "words")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7 cut off")
    with pytest.raises(CorruptDocument):
        shown(viewer, tmp_path / "cut.pdf")
    sheets = Sheets(password="open sesame")
    sheets.text(72, 100, "secret")
    sheets.save(tmp_path / "locked.pdf")
    for password in ({}, {"password": "wrong"}):
        with pytest.raises(EncryptedDocument):
            shown(viewer, tmp_path / "locked.pdf", **password)
    assert shown(viewer, tmp_path / "locked.pdf", password="open sesame").page_count == 1


@pytest.mark.parametrize("size", [Size(1653, 2339), Size(20, 28_800), Size(28_800, 20), Size(7000, 8000), Size(1, 1)])
@pytest.mark.parametrize("turned", [0, 90])
def test_no_image_is_larger_than_can_be_looked_at(size, turned):
    times = scale_of(size, View(index=0, width=2000, turned=turned))
    assert 0 < times <= 2
    assert size.area * times**2 <= MOST_PIXELS * 1.001
    assert max(size.width, size.height) * times <= LONGEST_SIDE
    across = size.height if turned else size.width
    assert across * times <= 2000.001
