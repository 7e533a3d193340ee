"""HEIC: read with the extra, refused by name without it."""

import subprocess
import sys
from contextlib import closing

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image

from octavo.documents.images.reader import ImageReader
from octavo.documents.reader import open_document
from octavo.domain.errors import CorruptDocument, FileTooLarge
from octavo.domain.geometry import Size


def halves(left="black", right="white", size=(64, 48)):
    image = Image.new("RGB", size, right)
    image.paste(left, (0, 0, size[0] // 2, size[1]))
    return image


def write(path, *images, **options):
    file = pillow_heif.HeifFile()
    for image in images:
        file.add_from_pillow(image)
    file.save(path, quality=90, chroma=444, **options)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "photo.jpg"


def test_a_photo_is_one_page_in_its_own_pixels(path):
    reader = open_document(write(path, halves()))
    assert (reader.facts.media_type, reader.facts.page_count) == ("image/heic", 1)
    page = reader.page(0, 144)
    assert (page.size, page.dpi, page.warnings) == (Size(64, 48), 200, ())
    assert page.render()[:, :30].max() < 20
    assert page.render()[:, 34:].min() > 235
    reader.close()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_turned_upright_once(path, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = halves() if undo is None else halves().transpose(undo)
    # Written as `irot` and `imir`, with the EXIF tag left in as phones do.
    write(path, stored, exif=exif.tobytes())
    reader = ImageReader(path)
    page = reader.page(0, 144)
    assert page.size == Size(64, 48)
    assert page.render()[:, :30].max() < 20
    assert page.render()[:, 34:].min() > 235
    reader.close()


def test_each_image_of_a_file_is_a_page_in_its_own_size(path):
    reader = ImageReader(write(path, halves(), halves("white", "black", (80, 32))))
    assert reader.facts.page_count == 2
    for index in (1, 0, 1):
        pixels = reader.page(index, 144).render()
        assert pixels.shape == ((48, 64, 3), (32, 80, 3))[index]
        assert int(pixels[5, 5, 0]) == pytest.approx((0, 255)[index], abs=20)
    reader.close()


def test_ten_bits_become_eight(path):
    levels = np.linspace(0, 65535, 64, dtype=np.uint16)
    grey = np.repeat(np.tile(levels, (48, 1))[:, :, None], 3, axis=2)
    pillow_heif.encode("RGB;16", (64, 48), grey.tobytes(), str(path), quality=95, chroma=444)
    assert pillow_heif.open_heif(path).info["bit_depth"] == 10
    reader = ImageReader(path)
    pixels = reader.page(0, 144).render()
    assert np.abs(pixels[20, :, 0].astype(int) - (levels >> 8)).max() <= 6
    reader.close()


def test_transparency_lies_over_white(path):
    image = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 32, 48))
    reader = ImageReader(write(path, image))
    pixels = reader.page(0, 144).render()
    assert pixels[:, :30].max() < 20
    assert pixels[:, 34:].min() > 235
    reader.close()


def test_the_limit_of_pixels_is_checked_before_decoding(path):
    write(path, halves())
    with pytest.raises(FileTooLarge, match="64 x 48"):
        ImageReader(path, max_pixels=2 * 64 * 48 - 1)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_cut_photo_is_corrupt(path, part):
    noise = np.frombuffer(np.random.default_rng(0).bytes(96 * 96 * 3), np.uint8).reshape(96, 96, 3)
    data = write(path, Image.fromarray(noise)).read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(CorruptDocument), closing(ImageReader(path)) as reader:
        reader.page(0, 144)


WITHOUT_THE_EXTRA = """
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path


class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pillow_heif":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Missing())
from octavo.documents.reader import open_document
from octavo.domain.errors import UnsupportedDocument

try:
    open_document(Path(sys.argv[1]))
except UnsupportedDocument as error:
    print(error)
"""


def test_without_the_extra_the_refusal_names_it(path):
    write(path, halves())
    run = [sys.executable, "-c", WITHOUT_THE_EXTRA, str(path)]
    said = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    assert 'pip install "octavo[heic]"' in said
    assert "JPEG or PNG" in said
