"""TIFF as scanners, cameras and viewers write it."""

import struct
from contextlib import closing

import numpy as np
import pytest
from PIL import Image

from octavo.documents.images.reader import ImageReader
from octavo.documents.images.tiff_frames import MOST_FRAMES, page_frames

GREY = np.add.outer(np.arange(40) * 3, np.arange(56) * 2).astype(np.uint8)
COLOURED = np.stack([GREY, 255 - GREY, GREY // 2], axis=2)


def pixels_of(path):
    with closing(ImageReader(path)) as reader:
        return reader.page(0, 144).render()


def tiff(entries, data=b"", order="<"):
    """A directory behind `data`, which starts at byte 8; an entry is a tag, a type and its values."""
    sizes = {3: "H", 4: "I"}
    place = 8 + len(data) + len(data) % 2
    behind = place + 6 + 12 * len(entries)
    body, more = b"", b""
    for tag, kind, values in sorted(entries):
        packed = struct.pack(f"{order}{len(values)}{sizes[kind]}", *values)
        if len(packed) > 4:
            packed, more = struct.pack(f"{order}I", behind + len(more)), more + packed
        body += struct.pack(f"{order}HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(f"{order}I", place) + data + bytes(len(data) % 2)
    return head + struct.pack(f"{order}H", len(entries)) + body + bytes(4) + more


def described(width, height, bits, photometric, samples):
    return [
        (256, 4, [width]),
        (257, 4, [height]),
        (258, 3, [bits] * samples),
        (259, 3, [1]),
        (262, 3, [photometric]),
        (277, 3, [samples]),
    ]


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiles_are_put_together_and_their_rims_left_out(tmp_path, order):
    padded = np.zeros((48, 64), np.uint8)
    padded[:40, :56] = GREY
    tiles = [padded[y : y + 16, x : x + 16].tobytes() for y in range(0, 48, 16) for x in range(0, 64, 16)]
    places = [8 + 256 * number for number in range(len(tiles))]
    entries = [*described(56, 40, 8, 1, 1), (322, 3, [16]), (323, 3, [16]), (324, 4, places), (325, 4, [256] * 12)]
    path = tmp_path / "scan"
    path.write_bytes(tiff(entries, b"".join(tiles), order))
    assert (pixels_of(path)[:, :, 0] == GREY).all()


@pytest.mark.parametrize("order", ["<", ">"])
def test_strips_in_any_order(tmp_path, order):
    strips = [GREY[top : top + 8].tobytes() for top in range(0, 40, 8)]
    places = [8 + 448 * (4 - number) for number in range(5)]
    entries = [*described(56, 40, 8, 1, 1), (273, 4, places), (278, 3, [8]), (279, 4, [448] * 5)]
    path = tmp_path / "scan"
    path.write_bytes(tiff(entries, b"".join(reversed(strips)), order))
    assert (pixels_of(path)[:, :, 0] == GREY).all()


@pytest.mark.parametrize("bits", [2, 4])
def test_few_bits_are_spread_over_all_greys(tmp_path, bits):
    values = np.arange(8) % (1 << bits)
    packed = np.packbits(np.unpackbits(values.astype(np.uint8)[:, None], axis=1)[:, -bits:].ravel()).tobytes()
    entries = [*described(8, 1, bits, 1, 1), (273, 4, [8]), (278, 3, [1]), (279, 4, [len(packed)])]
    path = tmp_path / "scan"
    path.write_bytes(tiff(entries, packed))
    assert pixels_of(path)[0, :, 0].tolist() == [value * 255 // ((1 << bits) - 1) for value in values.tolist()]


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate"])
@pytest.mark.parametrize("pixels", [GREY, COLOURED], ids=["grey", "colour"])
@pytest.mark.parametrize("big", [False, True])
def test_differences_between_neighbours_are_added_up(tmp_path, compression, pixels, big):
    path = tmp_path / "scan"
    Image.fromarray(pixels).save(path, "TIFF", compression=compression, tiffinfo={317: 2}, big_tiff=big)
    with Image.open(path) as image:
        assert image.tag_v2[317] == 2
    assert (pixels_of(path) == (pixels if pixels.ndim == 3 else pixels[:, :, None])).all()


def test_a_jpeg_inside_keeps_its_colours(tmp_path):
    path = tmp_path / "scan"
    Image.new("RGB", (64, 48), (200, 30, 90)).save(path, "TIFF", compression="jpeg", quality=95)
    assert np.abs(pixels_of(path).astype(int) - (200, 30, 90)).max() <= 4


def test_two_thousand_frames_are_counted_and_the_last_is_read(tmp_path):
    greys = bytes(number % 256 for number in range(2000))
    data = b"II*\0" + struct.pack("<I", 2008) + greys
    for number in range(2000):
        entries = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8 + number), (277, 1), (279, 1)]
        body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        following = len(data) + 6 + len(body) if number < 1999 else 0
        data += struct.pack("<H", len(entries)) + body + struct.pack("<I", following)
    path = tmp_path / "scan"
    path.write_bytes(data)
    with closing(ImageReader(path)) as reader:
        assert reader.facts.page_count == 2000
        assert reader.page(1999, 144).render()[0, 0, 0] == 1999 % 256


def test_counting_ends_far_above_every_limit(tmp_path):
    path = tmp_path / "scan"
    chain = b"".join(struct.pack("<HI", 0, 8 + 6 * (number + 1)) for number in range(MOST_FRAMES + 1000))
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + chain)
    assert len(page_frames(path)) == MOST_FRAMES
