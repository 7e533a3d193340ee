"""Images that are cut off, lie about themselves, or are made to cost too much."""

import io
import struct
import subprocess
import sys
import zlib
from contextlib import closing
from functools import cache

import numpy as np
import pytest
from PIL import ExifTags, Image

from octavo.documents.images.jpeg_scans import check_scans
from octavo.documents.images.reader import ImageReader
from octavo.domain.errors import CorruptDocument, FileTooLarge, OctavoError

HEIGHT = 400


def noise(width=100, height=HEIGHT, mode="RGB"):
    values = np.random.default_rng(0).integers(60, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values).convert(mode)


def first_page(path):
    with closing(ImageReader(path)) as reader:
        return reader.page(0, 144)


def cut(path, part):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])


# Cut off


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"optimize": True}), ("PNG", {}), ("BMP", {}), ("TIFF", {"compression": "raw"})],
)
@pytest.mark.parametrize("part", [0.93, 0.99])
def test_a_scan_of_which_nearly_all_rows_arrived_is_read_with_a_warning(tmp_path, kind, options, part):
    path = tmp_path / "scan"
    noise().save(path, kind, **options)
    whole = first_page(path).render()
    lost = int(path.stat().st_size * (1 - part))
    if kind == "TIFF":
        directory_first(path)
    path.write_bytes(path.read_bytes()[:-lost])
    page = first_page(path)
    pixels, (warning,) = page.render(), page.warnings
    missing = int(warning.partition("damaged: ")[2].split()[0])
    assert "cut off" in warning
    assert f"of its {HEIGHT} rows" in warning
    assert 0 < missing <= HEIGHT * 0.1
    kept, white = (slice(missing, None), slice(missing)) if kind == "BMP" else (slice(-missing), slice(-missing, None))
    assert (pixels[white] == 255).all()
    # The last row of blocks of a JPEG may have arrived in part.
    blocks = -16 if kind == "JPEG" else None
    assert (pixels[kept][:blocks] == whole[kept][:blocks]).all()


def directory_first(path):
    """Write the pixels of a TIFF of one strip behind its directory, as scanners do."""
    with Image.open(path) as image:
        (start,), (size,) = image.tag_v2[273], image.tag_v2[279]
    data = path.read_bytes()
    strip = data[start : start + size]
    entry = struct.pack("<HHI", 273, 4, 1)
    place = data.index(entry) + len(entry)
    moved = data[:place] + struct.pack("<I", len(data)) + data[place + 4 :]
    path.write_bytes(moved + strip)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_scan_of_which_too_little_arrived_is_corrupt(tmp_path, kind):
    path = tmp_path / "scan"
    noise().save(path, kind)
    cut(path, 0.8)
    with pytest.raises(CorruptDocument, match="cut off"):
        first_page(path)


@pytest.mark.parametrize("orientation", [3, 6])
def test_rows_that_are_missing_are_white_where_they_lie_upright(tmp_path, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = tmp_path / "scan"
    noise().save(path, "JPEG", exif=exif)
    cut(path, 0.95)
    pixels = first_page(path).render()
    assert (pixels[0] == 255).all() if orientation == 3 else (pixels[:, 0] == 255).all()
    assert (pixels[-1] != 255).any()
    assert (pixels[:, -1] != 255).any()


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {"progressive": True}), ("WEBP", {"lossless": True}), ("GIF", {}), ("JPEG2000", {}), ("AVIF", {})],
)
def test_where_no_row_is_complete_a_cut_image_is_corrupt(tmp_path, kind, options):
    path = tmp_path / "scan"
    noise().save(path, kind, **options)
    cut(path, 0.95)
    with pytest.raises(CorruptDocument):
        first_page(path)


def test_a_jpeg_that_was_cut_and_closed_again_is_told_by_its_grey_bottom(tmp_path):
    path = tmp_path / "scan"
    noise().save(path, "JPEG")
    cut(path, 0.7)
    path.write_bytes(path.read_bytes() + b"\xff\xd9")
    (warning,) = first_page(path).warnings
    assert "may be cut off" in warning
    assert "grey" in warning


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_an_image_that_lacks_only_its_end_mark_is_whole(tmp_path, kind):
    path = tmp_path / "scan"
    noise().save(path, kind)
    path.write_bytes(path.read_bytes()[: -2 if kind == "JPEG" else -12])
    assert first_page(path).warnings == ()


# What it costs to look at them. A process of its own tells how much memory opening took, at most.

OPENED = """
import resource, sys
from pathlib import Path
import PIL.Image
from octavo.documents.images.reader import ImageReader
from octavo.documents.images.jpeg_scans import check_scans
from octavo.domain.errors import OctavoError


def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


PIL.Image.init()
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
before = peak()
try:
    ImageReader(Path(sys.argv[1]), max_pixels=200_000_000).close()
    print("opened")
except OctavoError as error:
    print(error.code)
print((peak() - before) // 1024)
"""


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, *chunks):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@cache
def zeros(count):
    return zlib.compress(bytes(count), 9)


def directory(entries, following=0):
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


BASE = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1)]


def tiff(entries):
    return b"II*\0" + struct.pack("<I", 8) + directory(sorted(BASE + entries))


def jpeg(before=b"", after=b""):
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 200).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    return data[:2] + before + data[2:-2] + after + data[-2:]


def gif(frames, blocks):
    frame = b",\0\0\0\0\1\0\1\0\0\2" + b"\1\0" * blocks + b"\0"
    return b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0, 0, 0) + frame * frames + b";"


def webp(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg2000(width, height, tile):
    size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, tile, tile, 0, 0, 3) + b"\7\1\1" * 3
    return b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + b"\xff\xd9"


SCAN = b"\xff\xda\0\x08\1\1\0\1\x3f\0\0"
BOMBS = {
    "header of a PNG": lambda: png(100_000, 100_000),
    "header of a TIFF": lambda: (
        tiff([(256, 4, 1, 100_000), (257, 4, 1, 100_000), (273, 4, 1, 8), (279, 4, 1, 1)][2:])
        .replace(struct.pack("<HHII", 256, 4, 1, 8), struct.pack("<HHII", 256, 4, 1, 100_000))
        .replace(struct.pack("<HHII", 257, 4, 1, 8), struct.pack("<HHII", 257, 4, 1, 100_000))
    ),
    "header of a GIF": lambda: b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
    "canvas of a WebP": lambda: webp(16_384, 16_384),
    "header of a JPEG 2000": lambda: jpeg2000(100_000, 100_000, 100_000),
    "header of a BMP": lambda: (
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 0, 0, 54, 40, 100_000, 100_000, 1, 24, 0, 0, 0, 0, 0, 0)
    ),
    "compressed text": lambda: png(8, 8, chunk(b"zTXt", b"a\0\0" + zeros(200 << 20))),
    "compressed international text": lambda: png(8, 8, chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(200 << 20))),
    "compressed profile": lambda: png(8, 8, chunk(b"iCCP", b"a\0\0" + zeros(200 << 20))),
    "many texts": lambda: png(8, 8, *[chunk(b"zTXt", b"%d\0\0" % place + zeros(1 << 20)) for place in range(200)]),
    "many chunks": lambda: png(8, 8, chunk(b"abCd", b"") * 1_000_000),
    "many scans": lambda: jpeg(after=SCAN * 100_000),
    "many segments": lambda: jpeg(before=b"\xff\xe5\0\2" * 3_000_000),
    "much padding": lambda: jpeg(before=b"\xff" * 5_000_000),
    "tags that overlap": lambda: (
        tiff([(273, 4, 1, 8), (279, 4, 1, 1)] + [(40_000 + tag, 1, 4_000_000, 0) for tag in range(500)])
        + bytes(4_000_000)
    ),
    "millions of strips": lambda: (
        tiff([(273, 4, 3_000_000, 200), (279, 4, 3_000_000, 200), (278, 3, 1, 1)]) + bytes(12_000_000)
    ),
    "directories that overlap": lambda: (
        b"II*\0" + struct.pack("<I", 8) + b"".join(struct.pack("<HI", 60_000, 8) for _ in range(300_000))
    ),
    "many frames of a GIF": lambda: gif(300_000, 3),
    "one frame of many blocks": lambda: gif(2, 2_000_000),
    "box that claims gigabytes": lambda: b"\0\0\0\x0cjP  \r\n\x87\n\xff\xff\xff\xf0jp2h" + bytes(100),
    "absurd tiles": lambda: jpeg2000(10_000, 10_000, 1),
}


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells what memory a process has had at most")
@pytest.mark.parametrize("name", BOMBS)
def test_opening_stays_cheap_whatever_a_file_claims(tmp_path, name):
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[name]())
    run = subprocess.run(
        [sys.executable, "-c", OPENED, str(path)], check=True, capture_output=True, text=True, timeout=60
    )
    outcome, grown = run.stdout.split()
    assert outcome in {"opened", "file_too_large", "corrupt_document"}
    if name.startswith("header"):
        assert outcome == "file_too_large"
    assert int(grown) < 80


@pytest.mark.parametrize("name", sorted(set(BOMBS) - {"header of a PNG"}))
def test_every_bomb_ends_as_a_page_or_a_typed_error(tmp_path, name):
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[name]())
    try:
        pixels = first_page(path).render()
    except OctavoError as error:
        assert str(error)  # noqa: PT017
    else:
        assert pixels.size < 1_000_000


def test_too_many_scans_are_named(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(BOMBS["many scans"]())
    with pytest.raises(CorruptDocument, match="times over"):
        ImageReader(path)


def test_the_larger_a_picture_the_fewer_scans_are_allowed(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(jpeg(after=SCAN * 20))
    check_scans(path, 1_000_000)
    with pytest.raises(CorruptDocument, match="more than 15 times"):
        check_scans(path, 200_000_000)


def test_a_progressive_picture_and_its_preview_are_read(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(jpeg())
    assert abs(int(first_page(path).render()[5, 5, 0]) - 200) < 3


def test_a_bomb_of_pixels_is_held_to_the_limit(tmp_path):
    path = tmp_path / "bomb"
    path.write_bytes(png(20_000, 20_000))
    with pytest.raises(FileTooLarge):
        ImageReader(path)


def chain(*frames):
    """A TIFF of grey frames of one row, each of a `NewSubfileType` and a width."""
    data = b"II*\0" + struct.pack("<I", 8)
    for number, (kind, width) in enumerate(frames):
        entries = [*BASE[2:], (254, 4, 1, kind), (256, 4, 1, width), (257, 4, 1, 1), (273, 4, 1, 0), (279, 4, 1, width)]
        last = number == len(frames) - 1
        data += directory(sorted(entries), 0 if last else len(data) + len(directory(entries)))
    return data


def test_smaller_copies_and_masks_in_a_tiff_are_no_pages(tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(chain((0, 40), (1, 10), (4, 40), (2, 50)))
    with closing(ImageReader(path)) as reader:
        assert reader.facts.page_count == 2
        assert [reader.page(index, 144).size.width for index in range(2)] == [40, 50]
        assert reader.page(1, 144).index == 1


def test_a_tiff_of_copies_alone_is_read(tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(chain((1, 40), (1, 10)))
    with closing(ImageReader(path)) as reader:
        assert reader.facts.page_count == 2
