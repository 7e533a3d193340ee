"""Pictures inside PDFs in every coding: what is drawn is seen in the rendering."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from octavo.documents.pdf.reader import PdfReader
from raw_pdf import RawPdf

WIDTH, HEIGHT = 64, 56
JBIG2_PROBABILITIES = (
    (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0),
    (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0),
    (0x2401, 12, 18, 0), (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0),
    (0x5101, 17, 15, 0), (0x4801, 18, 16, 0), (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0),
    (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0), (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0),
    (0x1601, 27, 24, 0), (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0), (0x0AC1, 31, 28, 0),
    (0x09C1, 32, 29, 0), (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0),
    (0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0),
    (0x0025, 42, 39, 0), (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0),
    (0x5601, 46, 46, 0),
)  # fmt: skip
"""Probability, next state after a likely and an unlikely bit, and whether what is likely changes (T.88, table E.1)."""


class MqCoder:
    """The arithmetic coder of JBIG2 and JPEG 2000 (ITU-T T.88, annex E)."""

    def __init__(self) -> None:
        self.a, self.c, self.left, self.out = 0x8000, 0, 12, bytearray(b"\0")
        self.states: dict[int, list[int]] = {}

    def put(self, context: int, bit: int) -> None:
        state = self.states.setdefault(context, [0, 0])
        size, likely, unlikely, switches = JBIG2_PROBABILITIES[state[0]]
        self.a -= size
        if bit == state[1]:
            if self.a & 0x8000:
                self.c += size
                return
            if self.a < size:
                self.a = size
            else:
                self.c += size
            state[0] = likely
        else:
            if self.a < size:
                self.c += size
            else:
                self.a = size
            state[1] ^= switches
            state[0] = unlikely
        while not self.a & 0x8000:
            self._shift()

    def finish(self) -> bytes:
        highest = self.c + self.a
        self.c |= 0xFFFF
        if self.c >= highest:
            self.c -= 0x8000
        for _ in range(2):
            self.c <<= self.left
            self._byte_out()
        return bytes(self.out[1:]) + (b"\xac" if self.out[-1] == 0xFF else b"\xff\xac")

    def _shift(self) -> None:
        self.a, self.c, self.left = self.a << 1, self.c << 1, self.left - 1
        if self.left == 0:
            self._byte_out()

    def _byte_out(self) -> None:
        if self.out[-1] != 0xFF and self.c >= 0x8000000:
            self.out[-1] += 1
            self.c &= 0x7FFFFFF
        short = self.out[-1] == 0xFF
        self.out.append(self.c >> (20 if short else 19) & 0xFF)
        self.c &= 0xFFFFF if short else 0x7FFFF
        self.left = 7 if short else 8


def jbig2_of(bits: np.ndarray) -> bytes:
    """A page with one generic region (template 0) as PDFs embed it: segments without a file header."""
    height, width = bits.shape
    coder = MqCoder()
    framed = np.pad(bits, ((2, 0), (4, 4))).astype(int)
    # The pixels that predict one, as (rows up, columns right); which bit of the context is which makes no difference.
    near = [*((2, dx) for dx in range(-2, 3)), *((1, dx) for dx in range(-3, 4)), *((0, dx) for dx in range(-4, 0))]
    for y in range(height):
        for x in range(width):
            context = 0
            for dy, dx in near:
                context = context << 1 | int(framed[y + 2 - dy, x + 4 + dx])
            coder.put(context, int(bits[y, x]))
    size = width.to_bytes(4) + height.to_bytes(4)
    region = size + bytes(9) + b"\0" + bytes([3, 0xFF, 0xFD, 0xFF, 2, 0xFE, 0xFE, 0xFE]) + coder.finish()
    page = size + bytes(8) + b"\0" + bytes(2)
    return _segment(0, 48, page) + _segment(1, 38, region)


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return number.to_bytes(4) + bytes([kind, 0, 1]) + len(data).to_bytes(4) + data


def letters() -> np.ndarray:
    """Ink (True) that says H, not symmetric in any direction."""
    bits = np.zeros((HEIGHT, WIDTH), bool)
    bits[8:48, 8:16] = bits[8:48, 40:48] = bits[24:32, 8:48] = bits[2:6, 2:6] = True
    return bits


def seen(tmp_path, stream: bytes, entries: str) -> np.ndarray:
    """The picture as it is rendered, grey, at its own size."""
    pdf = RawPdf()
    told = f"/Type /XObject /Subtype /Image /Width {WIDTH} /Height {HEIGHT} {entries}"
    image = pdf.stream(stream, told)
    box = f"0 0 {WIDTH} {HEIGHT}"
    pdf.page(f"{WIDTH} 0 0 {HEIGHT} 0 0 cm /I Do", box=box, resources=f"/XObject << /I {image} 0 R >>")
    path = tmp_path / "image.pdf"
    path.write_bytes(pdf.data())
    reader = PdfReader(path)
    page = reader.page(0, 72)
    pixels = page.render().mean(axis=2)
    reader.close()
    assert len(page.images) == 1
    assert (page.images[0].box.width, page.images[0].box.height) == (WIDTH, HEIGHT)
    return pixels


GREY = "/ColorSpace /DeviceGray /BitsPerComponent"


@pytest.mark.parametrize("kind", ["jp2", "j2k"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_jpeg_2000(tmp_path, kind, mode):
    out = io.BytesIO()
    picture = Image.fromarray(np.where(letters(), 0, 255).astype(np.uint8)).convert(mode)
    picture.save(out, "JPEG2000", no_jp2=kind == "j2k")
    color = "/ColorSpace /DeviceRGB" if mode == "RGB" else "/ColorSpace /DeviceGray"
    pixels = seen(tmp_path, out.getvalue(), f"/Filter /JPXDecode {color if kind == 'j2k' else ''}")
    assert np.array_equal(pixels < 128, letters())


def test_jbig2(tmp_path):
    pixels = seen(tmp_path, jbig2_of(letters()), f"{GREY} 1 /Filter /JBIG2Decode")
    assert np.array_equal(pixels < 128, letters())


def test_fax_of_group_4(tmp_path):
    out = io.BytesIO()
    Image.fromarray(~letters()).save(out, "TIFF", compression="group4")
    with Image.open(out) as tiff:
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
        black = tiff.tag_v2[262] == 1
    strip = out.getvalue()[offset : offset + length]
    told = f"/DecodeParms << /K -1 /Columns {WIDTH} /Rows {HEIGHT} /BlackIs1 {'true' if black else 'false'} >>"
    pixels = seen(tmp_path, strip, f"{GREY} 1 /Filter /CCITTFaxDecode {told}")
    assert np.array_equal(pixels < 128, letters())


def test_jpeg_and_deflate_in_a_row(tmp_path):
    out = io.BytesIO()
    Image.fromarray(np.where(letters(), 0, 255).astype(np.uint8)).save(out, "JPEG", quality=95)
    pixels = seen(tmp_path, zlib.compress(out.getvalue()), f"{GREY} 8 /Filter [/FlateDecode /DCTDecode]")
    assert np.array_equal(pixels < 128, letters())


@pytest.mark.parametrize("name", ["JPXDecode", "JBIG2Decode", "DCTDecode", "CCITTFaxDecode"])
def test_a_picture_that_cannot_be_decoded_leaves_the_page_as_it_is(tmp_path, name):
    seen(tmp_path, b"no picture at all", f"{GREY} 1 /Filter /{name}")
