"""Images of every format and mode, as pages."""

import hashlib
import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw

from octavo.documents.images.reader import ImageReader
from octavo.domain.errors import CorruptDocument, FileTooLarge, InvalidPageRange, UnsupportedDocument
from octavo.domain.geometry import Size

FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000"]
LOSSLESS = {"WEBP": {"lossless": True}, "AVIF": {"quality": 100, "subsampling": "4:4:4"}, "JPEG": {"quality": 100}}
ANIMATED = ["GIF", "WEBP", "AVIF", "PNG"]
CORNERS = ("red", "lime", "blue", "black")


def quarters(width=40, height=24, mode="RGB"):
    """Red, lime, blue, black: top left, top right, bottom left, bottom right."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate(CORNERS):
        x, y = place % 2 * width // 2, place // 2 * height // 2
        draw.rectangle((x, y, x + width // 2 - 1, y + height // 2 - 1), colour)
    return image.convert(mode)


def corner_colours(pixels):
    """The colours in the middle of the four quarters, each channel rounded to 0 or 255."""
    height, width = pixels.shape[:2]
    points = [(height // 4, width // 4), (height // 4, width * 3 // 4)]
    points += [(height * 3 // 4, x) for _, x in points]
    names = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (0, 0, 0): "black"}
    return tuple(names.get(tuple(int(value > 127) * 255 for value in pixels[point])) for point in points)


@pytest.fixture
def save(tmp_path):
    def write(image, kind, name="scan", **options):
        path = tmp_path / name
        image.save(path, kind, **options)
        return path

    return write


@pytest.fixture
def opened():
    readers = []

    def open_reader(path, **options):
        readers.append(ImageReader(path, **options))
        return readers[-1]

    yield open_reader
    for reader in readers:
        reader.close()


def rendered(reader, index=0):
    page = reader.page(index, 144)
    pixels = page.render()
    assert pixels.shape == (page.size.height, page.size.width, 3)
    assert pixels.dtype == np.uint8
    assert not pixels.flags.writeable
    return pixels


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_one_page_in_its_own_pixels(save, opened, kind):
    reader = opened(save(quarters(), kind, **LOSSLESS.get(kind, {})))
    media_type = {"JPEG2000": "image/jp2"}.get(kind, f"image/{kind.lower()}")
    assert (reader.facts.media_type, reader.facts.page_count) == (media_type, 1)
    assert not reader.facts.encrypted
    page = reader.page(0, 300)
    assert (page.index, page.size, page.dpi) == (0, Size(40, 24), 200)
    assert page.words == ()
    assert not page.has_text_layer
    assert corner_colours(rendered(reader)) == CORNERS


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (3, 2)])
def test_very_small_images(save, opened, kind, size):
    reader = opened(save(Image.new("RGB", size, "white"), kind))
    assert rendered(reader).shape == (size[1], size[0], 3)
    assert rendered(reader).min() > 250


def test_pixels_are_decoded_once_and_kept(save, opened):
    path = save(quarters(), "PNG")
    page = opened(path).page(0, 200)
    first = page.render()
    path.write_bytes(b"gone")
    assert page.render() is first


def test_a_page_can_be_asked_for_again_after_it_was_rendered(save, opened):
    reader = opened(save(quarters(), "JPEG"))
    assert (rendered(reader) == rendered(reader)).all()


def test_a_page_stays_rendered_when_its_document_is_closed(save):
    reader = ImageReader(save(quarters(), "TIFF"))
    page = reader.page(0, 200)
    pixels = page.render()
    reader.close()
    assert page.render() is pixels


def animated(kind, save, frames, **options):
    return save(frames[0], kind, save_all=True, append_images=frames[1:], **LOSSLESS.get(kind, {}), **options)


COLOURS = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]


def test_every_frame_of_a_tiff_is_a_page_in_any_order(save, opened):
    reader = opened(animated("TIFF", save, [Image.new("RGB", (16, 16), colour) for colour in COLOURS]))
    assert reader.facts.page_count == 3
    for index in (2, 0, 1, 2, 0):
        assert np.abs(rendered(reader, index).astype(int) - COLOURS[index]).max() <= 6
    late = [reader.page(index, 200) for index in (0, 1, 2)]
    assert [int(page.render()[0, 0].argmax()) for page in reversed(late)] == [2, 1, 0]


@pytest.mark.parametrize("kind", ANIMATED)
def test_of_an_animation_the_first_frame_is_read_and_the_others_are_told(save, opened, kind):
    reader = opened(animated(kind, save, [Image.new("RGB", (16, 16), colour) for colour in COLOURS]))
    assert reader.facts.page_count == 1
    assert np.abs(rendered(reader).astype(int) - COLOURS[0]).max() <= 6
    assert "first frame" in reader.page(0, 200).warnings[0]


@pytest.mark.parametrize("kind", ANIMATED)
def test_a_still_picture_is_no_animation(save, opened, kind):
    assert opened(save(quarters(), kind)).page(0, 200).warnings == ()


def test_a_resolution_that_the_image_claims_changes_nothing(save, opened):
    page = opened(save(quarters(), "JPEG", dpi=(600, 300))).page(0, 200)
    assert (page.dpi, page.size) == (200, Size(40, 24))


def test_frames_of_a_tiff_keep_their_own_sizes_and_modes(save, opened):
    frames = [Image.new("1", (30, 20), 1), Image.new("CMYK", (10, 50)), Image.new("L", (7, 7), 99)]
    reader = opened(save(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert [reader.page(index, 200).size for index in range(3)] == [Size(30, 20), Size(10, 50), Size(7, 7)]
    assert [int(rendered(reader, index)[0, 0, 0]) for index in range(3)] == [255, 255, 99]


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
def test_compressions_of_tiff(save, opened, compression):
    mode = "1" if compression.startswith("group") else "RGB"
    reader = opened(save(quarters(64, 64, mode), "TIFF", compression=compression))
    pixels = rendered(reader)
    assert pixels[-1, -1].max() < 30
    assert pixels[0, 0, 0] > 200 or mode == "1"


def test_further_images_inside_a_jpeg_are_no_pages(save, opened):
    frames = [quarters(), Image.new("RGB", (4, 4), "white")]
    reader = opened(save(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    assert (reader.facts.media_type, reader.facts.page_count) == ("image/jpeg", 1)
    assert corner_colours(rendered(reader)) == CORNERS


@pytest.mark.parametrize("index", [-1, 1, 10**9])
def test_a_page_that_is_not_there(save, opened, index):
    reader = opened(save(quarters(), "PNG"))
    with pytest.raises(InvalidPageRange, match="has 1 page"):
        reader.page(index, 200)


# What the four quarters look like in the file, so that turning by `orientation` brings them back.
AS_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", AS_STORED)
def test_exif_orientation_is_obeyed(save, opened, kind, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turn = AS_STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    reader = opened(save(stored, kind, exif=exif, **LOSSLESS.get(kind, {})))
    page = reader.page(0, 200)
    assert page.size == Size(40, 24)
    assert page.warnings == ()
    assert corner_colours(rendered(reader)) == CORNERS
    assert reader.page(0, 200).size == Size(40, 24)


def test_exif_data_after_the_pixels_of_a_png_are_obeyed(save, opened):
    path = save(quarters().transpose(Image.Transpose.ROTATE_90), "PNG")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    body = exif.tobytes().removeprefix(b"Exif\0\0")
    chunk = b"eXIf" + body
    data = path.read_bytes()
    late = struct.pack(">I", len(body)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    path.write_bytes(data[:-12] + late + data[-12:])
    reader = opened(path)
    assert reader.page(0, 200).size == Size(40, 24)
    assert corner_colours(rendered(reader)) == CORNERS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_exif_data_are_told_and_harm_nothing(save, opened, kind):
    reader = opened(save(quarters(), kind, exif=b"Exif\0\0garbage, no TIFF header", **LOSSLESS.get(kind, {})))
    assert "EXIF" in reader.page(0, 200).warnings[0]
    assert corner_colours(rendered(reader)) == CORNERS


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_impossible_orientation_is_upright(save, opened, value):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    assert corner_colours(rendered(opened(save(quarters(), "JPEG", exif=exif)))) == CORNERS


# Modes


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "PNG"),
        ("P", "PNG"),
        ("P", "GIF"),
        ("P", "BMP"),
        ("P", "TIFF"),
        ("RGBA", "PNG"),
        ("RGBA", "TIFF"),
        ("RGBX", "TIFF"),
        ("CMYK", "TIFF"),
        ("CMYK", "JPEG"),
        ("YCbCr", "JPEG"),
    ],
)
def test_colour_modes(save, opened, mode, kind):
    assert corner_colours(rendered(opened(save(quarters(mode=mode), kind)))) == CORNERS


def test_lab_is_converted_by_its_meaning(save, opened):
    lab = ImageCms.profileToProfile(
        quarters(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert corner_colours(rendered(opened(save(lab, "TIFF")))) == CORNERS


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_one_bit_is_black_and_white(save, opened, kind):
    image = Image.new("1", (16, 8), 1)
    image.paste(0, (0, 0, 8, 8))
    pixels = rendered(opened(save(image, kind)))
    assert (pixels[:, :8] == 0).all()
    assert (pixels[:, 8:] == 255).all()


@pytest.mark.parametrize("white", [0, 1])
def test_one_bit_of_a_fax_where_white_is_zero_or_one(tmp_path, opened, white):
    path = tmp_path / "fax"
    tags = {256: (3, 8), 257: (3, 1), 258: (3, 1), 259: (3, 1), 262: (3, white), 277: (3, 1)}
    path.write_bytes(tiff(tags, b"\xf0\0"))
    expected = [255] * 4 + [0] * 4
    assert rendered(opened(path))[0, :, 0].tolist() == (expected if white else expected[::-1])


def half_seen():
    """Opaque black at the left, transparent black at the right."""
    image = Image.new("RGBA", (16, 8), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (8, 0, 16, 8))
    return image


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF", "GIF"])
def test_transparency_lies_over_white(save, opened, kind):
    pixels = rendered(opened(save(half_seen(), kind, **LOSSLESS.get(kind, {}))))
    assert pixels[:, :7].max() < 8
    assert pixels[:, 9:].min() > 247


@pytest.mark.parametrize(("mode", "kind"), [("LA", "PNG"), ("LA", "TIFF"), ("PA", "TIFF")])
def test_grey_and_palette_with_alpha_lie_over_white(save, opened, mode, kind):
    image = half_seen().convert(mode)
    image.putalpha(half_seen().getchannel("A"))
    assert image.mode == mode
    pixels = rendered(opened(save(image, kind)))
    assert pixels[:, :8].max() == 0
    assert pixels[:, 8:].min() == 255


@pytest.mark.parametrize(("mode", "key"), [("1", 0), ("L", 0), ("P", 0), ("RGB", (0, 0, 0)), ("I;16", 0)])
def test_a_transparent_colour_is_white(save, opened, mode, key):
    image = Image.new(mode, (4, 4), key)
    pixels = rendered(opened(save(image, "PNG", transparency=key)))
    assert (pixels == 255).all()


def test_half_transparent_ink_is_mixed_with_white(save, opened):
    pixels = rendered(opened(save(Image.new("RGBA", (4, 4), (0, 0, 0, 128)), "PNG")))
    assert abs(int(pixels[0, 0, 0]) - 127) <= 1


DEEP = np.array([[0, 257, 32768, 65535]], np.uint16)
DEEP_AS_BYTES = [0, 1, 128, 255]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_are_scaled(save, opened, kind):
    pixels = rendered(opened(save(Image.fromarray(DEEP), kind)))
    assert pixels[0, :, 0].tolist() == DEEP_AS_BYTES
    assert pixels[0, :, 2].tolist() == DEEP_AS_BYTES


def test_sixteen_bits_in_the_other_byte_order(save, opened):
    image = Image.frombytes("I;16B", (4, 1), DEEP.astype(">u2").tobytes())
    assert rendered(opened(save(image, "TIFF")))[0, :, 0].tolist() == DEEP_AS_BYTES


def test_sixteen_bits_where_white_is_zero(save, opened):
    pixels = rendered(opened(save(Image.fromarray(DEEP), "TIFF", tiffinfo={262: 0})))
    assert pixels[0, :, 0].tolist() == [255 - value for value in DEEP_AS_BYTES]


def tiff(tags, data):
    """A little-endian TIFF with one uncompressed strip."""
    tags = {**tags, 273: (4, 8), 278: (3, 1), 279: (4, len(data))}
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(tags.items()))
    start = 8 + len(data) + len(data) % 2
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", start) + data + bytes(len(data) % 2) + directory


def test_twelve_bits_of_grey_are_scaled_by_their_own_white(tmp_path, opened):
    path = tmp_path / "scan"
    # Two values of twelve bits in three bytes: 4095, 0.
    path.write_bytes(
        tiff({256: (3, 2), 257: (3, 1), 258: (3, 12), 259: (3, 1), 262: (3, 1), 277: (3, 1)}, b"\xff\xf0\0")
    )
    assert rendered(opened(path))[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 255, 128, 0]], np.int32), [0, 255, 128, 0]),
        (np.array([[0, 65535, 257, 0]], np.int32), [0, 255, 1, 0]),
        (np.array([[0, 2_000_000, 1_003_922, 0]], np.int32), [0, 255, 128, 0]),
        (np.array([[-100, 155, 28, -100]], np.int32), [0, 255, 128, 0]),
        (np.array([[0, 1, 0.5, 0]], np.float32), [0, 255, 128, 0]),
        (np.array([[0, 255, 128, 0]], np.float32), [0, 255, 128, 0]),
        (np.array([[0, 65535, np.nan, np.inf]], np.float32), [0, 255, 255, 255]),
        (np.array([[0, 0, 0, 0]], np.float32), [0, 0, 0, 0]),
        (np.full((1, 4), np.nan, np.float32), [255, 255, 255, 255]),
    ],
)
def test_whole_and_real_numbers_are_scaled_by_what_they_span(save, opened, values, expected):
    pixels = rendered(opened(save(Image.fromarray(values), "TIFF")))
    assert pixels[0, :, 0].tolist() == expected


def test_sixteen_bits_of_colour(tmp_path, opened):
    path = tmp_path / "scan"
    rows = b"\0" + struct.pack(">6H", 65535, 0, 0, 0, 32768, 65535)
    path.write_bytes(png(2, 1, 16, 2, zlib.compress(rows)))
    assert rendered(opened(path))[0].tolist() == [[255, 0, 0], [0, 128, 255]]


# Limits and damage


def png(width, height, bits, colour, data):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", FORMATS)
def test_too_many_pixels_are_an_error_from_the_header(save, kind):
    path = save(Image.new("L", (100, 50)), kind)
    # Some decoders need twice the memory of the others.
    least = 10_000 if kind in {"WEBP", "AVIF", "JPEG2000"} else 5000
    with pytest.raises(FileTooLarge, match="OCTAVO_LIMITS__MAX_PIXELS"):
        ImageReader(path, max_pixels=least - 1)
    ImageReader(path, max_pixels=least).close()


def test_a_bomb_is_refused_without_decoding(tmp_path):
    path = tmp_path / "bomb"
    path.write_bytes(png(100_000, 100_000, 8, 2, zlib.compress(b"never looked at")))
    with pytest.raises(FileTooLarge):
        ImageReader(path)


def test_a_limit_above_the_one_of_the_library_is_obeyed(tmp_path, opened):
    path = tmp_path / "large"
    path.write_bytes(png(20_000, 10_000, 1, 0, zlib.compress(bytes(2501) * 10_000)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = opened(path, max_pixels=200_000_000).page(0, 200)
    assert (page.size, page.dpi) == (Size(10_954, 5_477), 109)
    assert Image.MAX_IMAGE_PIXELS == 89_478_485


def test_every_frame_is_held_to_the_limit(save, opened):
    frames = [Image.new("L", (10, 10)), Image.new("L", (100, 100))]
    reader = opened(save(frames[0], "TIFF", save_all=True, append_images=frames[1:]), max_pixels=5000)
    assert rendered(reader, 0).shape == (10, 10, 3)
    with pytest.raises(FileTooLarge):
        reader.page(1, 200)


def noise(width=200, height=150):
    values = np.frombuffer(hashlib.shake_128(b"noise").digest(width * height * 3), np.uint8)
    return Image.fromarray(values.reshape(height, width, 3))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.85])
def test_a_cut_file_is_corrupt_and_never_half_a_page(save, kind, part):
    path = save(noise(), kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(CorruptDocument, match="cut off"):
        read_all(path)


def read_all(path):
    reader = ImageReader(path)
    try:
        return [reader.page(index, 200).render() for index in range(reader.facts.page_count)]
    finally:
        reader.close()


def test_a_cut_png_is_not_taken_for_damaged_exif_data(save, opened):
    path = save(noise(), "PNG")
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(CorruptDocument):
        opened(path).page(0, 200)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
def test_a_cut_tiff_is_corrupt_however_it_is_coded(save, compression):
    path = save(noise(), "TIFF", compression=compression)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(CorruptDocument):
        read_all(path)


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_bytes_are_pixels_or_a_typed_error(save, kind):
    path = save(noise(60, 40), kind)
    data = path.read_bytes()
    for seed in range(60):
        digest = hashlib.sha256(f"{kind} {seed}".encode()).digest()
        place = 16 + int.from_bytes(digest[:4], "big") % (len(data) - 32)
        path.write_bytes(data[:place] + digest[4:12] + data[place + 8 :])
        try:
            pages = read_all(path)
        except (CorruptDocument, FileTooLarge):
            continue
        assert all(pixels.shape[2] == 3 for pixels in pages)


def test_a_message_never_names_our_files(save):
    path = save(quarters(), "PNG")
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(CorruptDocument) as caught:
        ImageReader(path)
    assert str(path) not in str(caught.value)


def test_a_tiff_whose_frames_run_in_a_circle_ends(tmp_path, opened):
    data = bytearray(tiff({256: (3, 1), 257: (3, 1), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1)}, b"\x80\0"))
    data[-4:] = data[4:8]
    path = tmp_path / "circle"
    path.write_bytes(bytes(data))
    reader = opened(path)
    assert reader.facts.page_count == 1
    assert rendered(reader)[0, 0].tolist() == [128, 128, 128]


def test_a_tiff_of_very_many_frames_is_counted(tmp_path, opened):
    tags = {256: (3, 1), 257: (3, 1), 258: (3, 8), 259: (3, 1), 262: (3, 1), 273: (4, 8), 278: (3, 1), 279: (4, 1)}
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(tags.items()))
    size = len(entries) + 6
    chain = [struct.pack("<H", 8) + entries + struct.pack("<I", 8 + size * (place + 1)) for place in range(100_000)]
    path = tmp_path / "chain"
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + b"".join(chain)[:-4] + bytes(4))
    assert opened(path).facts.page_count == 100_000


@pytest.mark.parametrize("options", [{"big_tiff": True}, {}])
def test_frames_of_both_sizes_of_tiff(save, opened, options):
    frames = [Image.new("L", (9, 9), value) for value in (10, 20, 30)]
    reader = opened(save(frames[0], "TIFF", save_all=True, append_images=frames[1:], **options))
    assert [int(rendered(reader, index)[0, 0, 0]) for index in range(reader.facts.page_count)] == [10, 20, 30]


def test_a_chain_of_frames_that_leads_out_of_the_file_is_corrupt(save):
    frames = [Image.new("L", (9, 9), value) for value in (10, 20, 30)]
    path = save(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CorruptDocument):
        ImageReader(path)


def test_other_kinds_of_document_are_refused(tmp_path):
    path = tmp_path / "report"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(UnsupportedDocument, match="PDF"):
        ImageReader(path)
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")
    with pytest.raises(UnsupportedDocument, match="PostScript"):
        ImageReader(path)


def test_an_image_is_read_under_any_name(save, opened):
    buffer = io.BytesIO()
    quarters().save(buffer, "TIFF")
    path = save(quarters(), "PNG", name="picture.eps")
    path.write_bytes(buffer.getvalue())
    assert corner_colours(rendered(opened(path))) == CORNERS


def test_an_image_too_large_to_be_read_in_time_is_scaled_down(monkeypatch, tmp_path):
    monkeypatch.setattr("octavo.documents.images.reader.MOST_PIXELS", 5_000)
    picture = Image.new("RGB", (200, 100), "white")
    picture.paste("black", (100, 0, 200, 100))
    picture.save(tmp_path / "large.png")
    reader = ImageReader(tmp_path / "large.png")
    page = reader.page(0, 200)
    pixels = page.render()
    reader.close()
    assert (page.size, page.dpi, pixels.shape) == (Size(100, 50), 100, (50, 100, 3))
    assert page.warnings == ("The image has 200 x 100 pixels: it was read at 100 x 50.",)
    assert (pixels[:, :50].min(), pixels[:, 50:].max(), pixels.flags.writeable) == (255, 0, False)
