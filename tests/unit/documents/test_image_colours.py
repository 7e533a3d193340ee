"""Colours as they are meant: profiles, inks of presses, alpha of several kinds."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from octavo.documents.images import colour_profiles
from octavo.documents.images.reader import ImageReader


def pixels_of(path):
    reader = ImageReader(path)
    try:
        return reader.page(0, 144).render()
    finally:
        reader.close()


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def profile(space, tags, channels=b"XYZ "):
    """An ICC profile of version 2 (ICC.1:2001-04, clause 6) with these tags."""
    tags = {b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642) + fixed(1) + fixed(0.8249), **tags}
    place, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    kind = b"prtr" if channels == b"Lab " else b"mntr"
    header = struct.pack(">I4sI4s4s4s", place + len(body), b"none", 0x02400000, kind, space, channels)
    header += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642) + fixed(1) + fixed(0.8249) + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body


def matrix_profile(columns, gamma=1.0):
    """RGB by a matrix to XYZ of D50."""
    tags = {
        name: b"XYZ \0\0\0\0" + b"".join(map(fixed, column))
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    }
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
    return profile(b"RGB ", {**tags, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


SRGB = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
SWAPPED = matrix_profile((SRGB[2], SRGB[1], SRGB[0]))
"""What is called red is blue."""


def ink_profile(black=0):
    """CMYK by a table of 2 x 2 x 2 x 2 corners to Lab (`mft2`, clause 6.5.9): paper and ink of our own making.

    Cyan is a full red here, so that whoever does not use the table is found out; all other ink is of lightness `black`.
    """
    corners = []
    for corner in range(16):
        cyan, others = corner & 8, corner & 7
        lightness, a, b = (black, 0, 0) if others else (53, 80, 67) if cyan else (100, 0, 0)
        corners.append(struct.pack(">HHH", lightness * 65280 // 100, (a + 128) * 256, (b + 128) * 256))
    line = struct.pack(">HH", 0, 65535)
    unit = b"".join(map(fixed, (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    table = (
        b"mft2\0\0\0\0"
        + bytes([4, 3, 2, 0])
        + unit
        + struct.pack(">HH", 2, 2)
        + line * 4
        + b"".join(corners)
        + line * 3
    )
    return profile(b"CMYK", {b"A2B0": table}, channels=b"Lab ")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_colours_are_those_that_the_profile_means(tmp_path, kind):
    path = tmp_path / "picture"
    Image.new("RGB", (8, 8), (255, 0, 0)).save(path, kind, icc_profile=SWAPPED)
    red, green, blue = pixels_of(path)[4, 4].tolist()
    assert (red < 90, green < 90, blue > 200) == (True, True, True)


@pytest.mark.parametrize("mode", ["P", "RGBA"])
def test_palettes_and_layers_have_profiles_too(tmp_path, mode):
    path = tmp_path / "picture"
    Image.new("RGB", (8, 8), (255, 0, 0)).convert(mode).save(path, "PNG", icc_profile=SWAPPED)
    assert pixels_of(path)[4, 4].argmax() == 2


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_are_those_of_the_press(tmp_path, kind):
    path = tmp_path / "print"
    image = Image.new("CMYK", (32, 8))
    image.paste((255, 0, 0, 0), (0, 0, 16, 8))
    image.save(path, kind, icc_profile=ink_profile())
    pixels = pixels_of(path)
    assert pixels[4, 4].argmax() == 0
    assert pixels[4, 28].min() > 240


@pytest.mark.parametrize(
    "profile",
    [b"no profile", SWAPPED[:200], SWAPPED[:132] + b"\xff" * 200, ink_profile(), bytes(20_000), ink_profile(black=100)],
)
def test_a_profile_that_is_broken_or_of_another_kind_is_ignored(tmp_path, profile):
    path = tmp_path / "picture"
    Image.new("RGB", (8, 8), (255, 0, 0)).save(path, "TIFF", icc_profile=profile)
    assert pixels_of(path)[4, 4].tolist() == [255, 0, 0]


def test_a_profile_that_would_hide_the_text_is_ignored(tmp_path):
    path = tmp_path / "print"
    Image.new("CMYK", (8, 8), (0, 0, 0, 255)).save(path, "TIFF", icc_profile=ink_profile(black=95))
    assert pixels_of(path).max() == 0


def test_a_profile_that_is_too_large_is_ignored(tmp_path, monkeypatch):
    monkeypatch.setattr(colour_profiles, "LARGEST_PROFILE", len(SWAPPED) - 1)
    path = tmp_path / "picture"
    Image.new("RGB", (8, 8), (255, 0, 0)).save(path, "PNG", icc_profile=SWAPPED)
    assert pixels_of(path)[4, 4].tolist() == [255, 0, 0]


def test_srgb_stays_as_it_is(tmp_path):
    path = tmp_path / "picture"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colours = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3)
    Image.fromarray(colours).save(path, "PNG", icc_profile=srgb)
    assert (pixels_of(path) == colours).all()


def test_a_large_image_is_converted_in_bands_without_seams(tmp_path, monkeypatch):
    monkeypatch.setattr("octavo.documents.images.colours._BAND_PIXELS", 100)
    path = tmp_path / "picture"
    colours = np.random.default_rng(0).integers(0, 256, (37, 30, 3), dtype=np.uint8)
    Image.fromarray(colours).save(path, "PNG")
    assert (pixels_of(path) == colours).all()
    deep = np.random.default_rng(0).integers(0, 2_000_000, (37, 30), dtype=np.int32)
    Image.fromarray(deep).save(path, "TIFF")
    assert np.abs(pixels_of(path)[:, :, 0] - deep * 255.0 / deep.max()).max() <= 0.5


def test_ycck_of_adobe_is_read_as_what_it_is(tmp_path):
    # No cyan, all magenta, all yellow: red. Pillow turns channels round when it writes them, hence turned before; then
    # the marker is made to say that three of them are Y, Cb and Cr.
    luma = Image.new("RGB", (16, 16), (0, 255, 255)).convert("YCbCr")
    stored = Image.merge(
        "CMYK", [*(channel.point(lambda value: 255 - value) for channel in luma.split()), Image.new("L", (16, 16), 0)]
    )
    buffer = io.BytesIO()
    stored.save(buffer, "JPEG", quality=100, subsampling=0)
    data = buffer.getvalue()
    marker = data.index(b"Adobe")
    assert data[marker + 11] == 0
    path = tmp_path / "picture"
    path.write_bytes(data[: marker + 11] + b"\2" + data[marker + 12 :])
    red, green, blue = pixels_of(path)[8, 8].tolist()
    assert (red > 240, green < 15, blue < 15) == (True, True, True)


def test_premultiplied_alpha_is_divided_out(tmp_path):
    path = tmp_path / "layer"
    Image.new("RGBA", (8, 8), (100, 0, 0, 128)).save(path, "TIFF")
    plain, premultiplied = (struct.pack("<HHIH", 338, 3, 1, kind) for kind in (2, 1))
    data = path.read_bytes()
    assert data.count(plain) == 1
    path.write_bytes(data.replace(plain, premultiplied))
    # Ink (100 of 128 is 199 of 255), half over white.
    assert pixels_of(path)[4, 4].tolist() == pytest.approx([227, 127, 127], abs=2)


def test_a_palette_with_several_transparent_entries_lies_over_white(tmp_path):
    path = tmp_path / "palette"
    image = Image.new("P", (3, 1))
    image.putpalette([0, 0, 0, 0, 0, 0, 0, 0, 0])
    image.putdata([0, 1, 2])
    image.save(path, "PNG", transparency=bytes([255, 128, 0]))
    assert pixels_of(path)[0, :, 0].tolist() == pytest.approx([0, 127, 255], abs=1)
