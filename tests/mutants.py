"""Small valid documents of every kind, and ways to spoil them."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pillow_heif
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms
from reportlab.lib.pagesizes import A6
from reportlab.pdfgen.canvas import Canvas

from papers import text_pdf

KINDS = ("pdf", "png", "jpeg", "tiff", "gif", "webp", "bmp", "jp2", "avif", "heic")
ODD_NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32_767, 65_535, 65_536, 2**31 - 1, 2**31, 2**32 - 1)


@cache
def documents(kind: str) -> tuple[bytes, ...]:
    """The valid documents of a kind."""
    return tuple(_MAKERS[kind]())


@dataclass(frozen=True)
class Change:
    """One way to spoil bytes: `places` are parts of the length, from 0 to 1."""

    how: str
    places: tuple[float, float]
    number: int

    def __call__(self, data: bytes) -> bytes:
        first, second = sorted(int(place * len(data)) for place in self.places)
        return _CHANGES[self.how](data, first, second, self.number)


def _wide(data: bytes, first: int, _: int, number: int) -> bytes:
    """A number of four bytes, in either order."""
    packed = struct.pack("<I" if number % 2 else ">I", ODD_NUMBERS[number % len(ODD_NUMBERS)])
    return data[:first] + packed + data[first + 4 :]


_CHANGES = {
    "flip": lambda data, first, _, number: (
        data[:first] + bytes(b ^ (1 << number % 8) for b in data[first : first + 1]) + data[first + 1 :]
    ),
    "byte": lambda data, first, _, number: data[:first] + bytes([number % 256]) + data[first + 1 :],
    "wide": _wide,
    "head": lambda data, first, _, number: _wide(data, first % 64, 0, number),
    "cut": lambda data, _, second, __: data[:second],
    "drop": lambda data, first, second, number: data[:first] + data[min(second, first + number % 64 + 1) :],
    "repeat": lambda data, first, second, number: data[:second] + data[first:second] * (number % 8) + data[second:],
    "splice": lambda data, first, second, _: data[:second] + data[first:],
    "digits": lambda data, first, _, number: _digits(data, first, number),
}


def _digits(data: bytes, first: int, number: int) -> bytes:
    """Another number where the text of a PDF has one."""
    place = next((at for at in range(first, len(data)) if data[at : at + 1].isdigit()), None)
    odd = str((-1, *ODD_NUMBERS)[number % (len(ODD_NUMBERS) + 1)]).encode()
    return data if place is None else data[:place] + odd + data[place + 1 :]


changes = st.builds(
    Change,
    how=st.sampled_from(sorted(_CHANGES)),
    places=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    number=st.integers(0, 2**16),
)


def spoiled(data: bytes, spoilers: Sequence[Change], most: int = 1 << 20) -> bytes:
    """The bytes after all changes, of bounded length."""
    for change in spoilers:
        data = change(data)[:most]
    return data


def _picture(mode: str = "RGB", size: tuple[int, int] = (48, 40)) -> Image.Image:
    values = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    values[: size[1] // 2] = np.arange(size[0], dtype=np.uint8)[None, :, None] * 5
    return Image.fromarray(values).convert(mode)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Software] = "scanner"
    return exif.tobytes()


_ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()


def _pdfs() -> list[bytes]:
    with TemporaryDirectory() as name:
        plain = text_pdf(Path(name) / "a.pdf", [["Title", "Some words of text."], ["Second", "More."]]).read_bytes()
    return [plain, _typeset(), _saved(_picture(), "PDF"), _saved(_picture("1"), "PDF")]


def _typeset() -> bytes:
    """Fonts, a form, a link, vector graphics, compressed streams."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A6, pageCompression=1, invariant=1)
    canvas.drawString(40, 380, "Invoice 12 (copy)")
    canvas.rect(40, 200, 120, 60)
    canvas.linkURL("https://example.org/", (40, 370, 120, 390))
    canvas.acroForm.textfield(name="name", x=40, y=300, width=100, height=20, value="Ada")
    canvas.acroForm.checkbox(name="box", x=40, y=280, checked=True)
    canvas.save()
    return buffer.getvalue()


def _tiffs() -> list[bytes]:
    frames = {"save_all": True, "append_images": [_picture("L", (20, 30)), _picture("1")]}
    codings = ("raw", "tiff_lzw", "tiff_deflate", "packbits", "jpeg")
    return [
        _saved(_picture(), "TIFF", **frames),
        _saved(_picture(), "TIFF", big_tiff=True, exif=_exif()),
        *(_saved(_picture(), "TIFF", compression=coding) for coding in codings),
        *(_saved(_picture("1"), "TIFF", compression=coding) for coding in ("group3", "group4")),
        *(_saved(_picture(mode), "TIFF", compression="tiff_lzw", tiffinfo={317: 2}) for mode in ("L", "CMYK", "P")),
        _saved(Image.fromarray(np.arange(1200, dtype=np.float32).reshape(30, 40)), "TIFF"),
    ]


def _heics() -> list[bytes]:
    files = []
    for images in ([_picture()], [_picture("RGBA"), _picture("L", (20, 30))]):
        file = pillow_heif.HeifFile()
        for image in images:
            file.add_from_pillow(image)
        buffer = io.BytesIO()
        file.save(buffer, quality=50, exif=_exif())
        files.append(buffer.getvalue())
    return files


def _framed(kind: str, **options: object) -> bytes:
    return _saved(_picture(), kind, save_all=True, append_images=[_picture().rotate(90), _picture("L")], **options)


_MAKERS = {
    "pdf": _pdfs,
    "png": lambda: [
        _saved(_picture(), "PNG", exif=_exif(), icc_profile=_ICC),
        _saved(_picture("P"), "PNG", transparency=bytes(range(256))),
        _saved(_picture("1"), "PNG"),
        _saved(Image.fromarray(np.arange(1200, dtype=np.uint16).reshape(30, 40)), "PNG", transparency=3),
        _framed("PNG"),
    ],
    "jpeg": lambda: [
        _saved(_picture(), "JPEG", exif=_exif(), icc_profile=_ICC),
        _saved(_picture("L"), "JPEG", progressive=True),
        _saved(_picture("CMYK"), "JPEG"),
        _framed("MPO"),
    ],
    "tiff": _tiffs,
    "gif": lambda: [_saved(_picture("P"), "GIF"), _framed("GIF"), _saved(_picture("L"), "GIF", interlace=False)],
    "webp": lambda: [
        _saved(_picture(), "WEBP", exif=_exif(), icc_profile=_ICC),
        _saved(_picture("RGBA"), "WEBP", lossless=True),
        _framed("WEBP"),
    ],
    "bmp": lambda: [_saved(_picture(mode), "BMP") for mode in ("RGB", "P", "1", "RGBA")],
    "jp2": lambda: [
        _saved(_picture(), "JPEG2000"),
        _saved(_picture("L"), "JPEG2000", no_jp2=True),
        _saved(_picture("RGBA"), "JPEG2000", tile_size=(16, 16), irreversible=True),
    ],
    "avif": lambda: [_saved(_picture(), "AVIF", exif=_exif()), _framed("AVIF"), _saved(_picture("RGBA"), "AVIF")],
    "heic": _heics,
}
