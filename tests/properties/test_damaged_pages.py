"""A page says the same however it came to its file: askew, bent, noisy, badly lit, sent by fax, saved in any format."""

from __future__ import annotations

import io
import re
from collections import Counter
from contextlib import closing
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

import damages
from octavo.bootstrap import standard_engine
from octavo.documents.reader import open_document
from octavo.domain.result import RenderedPage
from octavo.domain.work import AnswerOptions, ReadOptions
from octavo.executors.share import Allowance
from octavo.pipeline.document import assemble
from printed_pages import KINDS, Printed, printed

LEAST_RIGHT = 0.97
"""Share of the words that are right: models take one letter for another now and then."""
THIN_RIGHT = 0.8
"""The same of copies whose strokes broke."""
FEW = settings(deadline=None, derandomize=True, max_examples=8, phases=[Phase.explicit, Phase.generate])


@pytest.fixture(scope="module")
def engine():
    made = standard_engine(Allowance(2))
    yield made
    made.close()


def read(engine, file: bytes) -> RenderedPage:
    with TemporaryDirectory() as name:
        path = Path(name) / "document"
        path.write_bytes(file)
        with closing(open_document(path)) as reader:
            page = engine.recognize(reader.page(0, 200), ReadOptions(model="octavo-1"), Path(name))
    (answered,) = assemble([lambda: page], AnswerOptions(), "octavo-1", 0).pages
    return answered


def saved(pixels: damages.Pixels, kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, kind, **options)
    return file.getvalue()


def words_of(page: RenderedPage) -> list[str]:
    text = re.sub(r"!\[.*?\]\(.*?\)|<[^>]*>|[\\|#*]|-{3,}", " ", page.markdown)
    return text.split()


def share_right(page: RenderedPage, words: tuple[str, ...]) -> float:
    """Words that are told and meant, of all that are one or the other."""
    told = words_of(page)
    return 2 * sum((Counter(told) & Counter(words)).values()) / (len(told) + len(words))


def assert_reads(engine, pixels: damages.Pixels, sheet: Printed, least: float = LEAST_RIGHT) -> None:
    page = read(engine, saved(pixels))
    assert share_right(page, sheet.words) >= least, page.markdown


@FEW
@given(
    kind=st.sampled_from(list(KINDS)),
    dpi=st.integers(100, 400),
    degrees=st.floats(-10, 10),
    quarter=st.sampled_from([0, 90, 180, 270]),
)
def test_at_any_resolution_and_however_it_lies(engine, kind, dpi, degrees, quarter):
    sheet = printed(kind, dpi)
    assert_reads(engine, damages.turned(sheet.pixels, degrees + quarter), sheet)


@FEW
@given(
    kind=st.sampled_from(list(KINDS)),
    grain=st.floats(0, 12),
    radius=st.floats(0.3, 1.2),
    darkest=st.floats(0.4, 1),
    ink=st.integers(0, 120),
    quality=st.integers(40, 95),
)
def test_noisy_blurred_faint_and_in_a_shadow(engine, kind, grain, radius, darkest, ink, quality):
    sheet = printed(kind)
    pixels = damages.shaded(damages.faint(damages.blurred(sheet.pixels, radius), ink), darkest)
    assert_reads(engine, damages.as_jpeg(damages.noisy(pixels, grain), quality), sheet)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda page: damages.curled(page, 0.15),
        lambda page: damages.waved(page, 20),
        lambda page: damages.slanted(page, 0.2),
    ],
    ids=["curled", "waved", "slanted"],
)
def test_photographed_from_the_side_or_not_flat(engine, kind, damage):
    sheet = printed(kind)
    assert_reads(engine, damage(sheet.pixels), sheet)


def test_a_photograph_of_a_bent_page_keeps_the_order_of_its_columns(engine):
    sheet = printed("columns")
    pixels = damages.slanted(damages.curled(sheet.pixels, 0.12), 0.08)
    pixels = damages.as_jpeg(damages.noisy(damages.blurred(damages.shaded(pixels, 0.5), 0.8), 6), 60)
    read_as = words_of(read(engine, saved(pixels)))
    assert SequenceMatcher(None, read_as, sheet.words, autojunk=False).ratio() >= LEAST_RIGHT


@pytest.mark.parametrize(
    "damage",
    [lambda page: damages.faxed(page, 200, 204, 196), lambda page: damages.copied(page, 0.05)],
    ids=["faxed", "copied"],
)
def test_sent_by_fax_and_copied(engine, damage):
    sheet = printed("letter")
    assert_reads(engine, damage(sheet.pixels), sheet)


@pytest.mark.parametrize("share", [0.15, 0.35])
def test_the_other_side_shines_through(engine, share):
    sheet = printed("letter")
    page = read(engine, saved(damages.shining_through(sheet.pixels, printed("columns").pixels, share)))
    assert share_right(page, sheet.words) >= LEAST_RIGHT, page.markdown
    assert any("other side" in warning for warning in page.warnings)


@pytest.mark.parametrize(("kind", "threshold"), [("letter", 100), ("columns", 105), ("columns", 110)])
def test_copied_until_strokes_are_thin(engine, kind, threshold):
    """Without mending, .76, .60 and .70 of the words are right."""
    sheet = printed(kind)
    assert_reads(engine, damages.noisy(damages.thinned(sheet.pixels, threshold), 4), sheet, THIN_RIGHT)


@pytest.mark.parametrize("kind", ["letter", "columns"])
@pytest.mark.parametrize("colour", [(200, 40, 40), (50, 60, 190), (20, 120, 60)], ids=["red", "blue", "green"])
def test_under_a_stamp(engine, kind, colour):
    sheet = printed(kind)
    pixels = damages.stamped(damages.stamped(sheet.pixels, colour), colour, (0.35, 0.5))
    assert_reads(engine, damages.as_jpeg(damages.noisy(pixels, 4), 80), sheet)


def test_an_open_book_is_read_page_by_page(engine):
    left, right = printed("letter"), printed("columns")
    page = read(engine, saved(damages.turned(damages.opened(left.pixels, right.pixels), 1.5)))
    read_as = words_of(page)
    assert share_right(page, (*left.words, *right.words)) >= LEAST_RIGHT
    assert read_as.index("secretary") < read_as.index("islands")


FORMATS = {
    "JPEG in CMYK": {"kind": "JPEG", "mode": "CMYK", "quality": 80},
    "JPEG in grey, poor": {"kind": "JPEG", "mode": "L", "quality": 20},
    "PNG with transparency": {"kind": "PNG", "mode": "RGBA"},
    "PNG of few colours": {"kind": "PNG", "mode": "P"},
    "TIFF of fax machines": {"kind": "TIFF", "mode": "1", "compression": "group4"},
    "TIFF with LZW": {"kind": "TIFF", "mode": "L", "compression": "tiff_lzw"},
    "WebP": {"kind": "WEBP", "mode": "RGB", "quality": 60},
    "GIF": {"kind": "GIF", "mode": "L"},
    "JPEG 2000": {"kind": "JPEG2000", "mode": "RGB", "quality_mode": "rates", "quality_layers": [20]},
    "PDF of a scanner": {"kind": "PDF", "mode": "L", "resolution": 200},
}


@pytest.mark.parametrize("name", FORMATS)
def test_saved_in_any_format(engine, name):
    sheet = printed("letter")
    page = read(engine, saved(sheet.pixels, **FORMATS[name]))
    assert share_right(page, sheet.words) >= LEAST_RIGHT, page.markdown
