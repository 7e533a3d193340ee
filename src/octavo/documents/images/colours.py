"""Any of Pillow's pixel modes as plain RGB: what is transparent lies over white, deep greys are scaled to 8 bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from octavo.documents.images.colour_profiles import to_srgb
from octavo.documents.images.cut_images import Rows, whiten
from octavo.documents.images.orientation import SIDEWAYS, as_stored
from octavo.domain.document import Image
from octavo.domain.grey import spread, without_colours

_BITS_PER_SAMPLE = 258
_PHOTOMETRIC = 262
_WHITE_IS_ZERO = 0
_BAND_PIXELS = 1 << 22

_Band: TypeAlias = Pillow.Image
_Convert: TypeAlias = Callable[[_Band], NDArray[Any]]
_Span: TypeAlias = tuple[float, float]


def to_rgb(image: Pillow.Image, orientation: int = 1, arrived: Rows | None = None) -> Image:
    """Pixels of a decoded image as uint8, height x width x 3, read-only, turned upright by their EXIF orientation.

    Colours are those of sRGB where the image has a usable profile; where there are none, all channels are one memory
    (`domain/grey.py`). Rows that did not arrive are white. It is converted band by band: beside the image and the
    result, a few megabytes are needed whatever its size.
    """
    convert, grey = _conversion(image)
    width, height = reversed(image.size) if orientation in SIDEWAYS else image.size
    upright = np.empty((height, width) if grey else (height, width, 3), np.uint8)
    stored = as_stored(upright, orientation)
    for top, band in _bands(image):
        stored[top : top + band.height] = convert(band)
    if arrived is not None:
        whiten(stored, arrived)
    upright.flags.writeable = False
    return spread(upright) if grey else without_colours(upright)


def _bands(image: Pillow.Image) -> Iterator[tuple[int, _Band]]:
    """Strips of the whole width from top to bottom, each with its first row."""
    rows = max(1, _BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _conversion(image: Pillow.Image) -> tuple[_Convert, bool]:
    """How bands of this image become RGB; or only grey, which is told."""
    if image.mode.startswith("I") or image.mode == "F":
        return partial(_grey, bits=_tag(image, _BITS_PER_SAMPLE) or 16, span=_span(image), tags_of=image), True
    if image.mode == "LAB":
        lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return partial(_managed, transform=ImageCms.buildTransform(lab, rgb, "LAB", "RGB")), False
    transform = to_srgb(image)
    if transform is not None:
        return partial(_managed, transform=transform), False
    grey = image.mode in ("1", "L") and not image.has_transparency_data
    return (_plain if grey else _flat), grey


def _managed(band: _Band, transform: ImageCms.ImageCmsTransform) -> NDArray[Any]:
    source = band if band.mode in ("CMYK", "LAB") else Pillow.fromarray(_flat(band))
    converted = ImageCms.applyTransform(source, transform)
    return _flat(band) if converted is None else np.asarray(converted)


def _plain(band: _Band) -> NDArray[Any]:
    """Grey of 8 bits, or black and white."""
    return np.asarray(band.convert("L"))


def _flat(band: _Band) -> NDArray[Any]:
    """Everything that Pillow converts to RGB by itself."""
    if band.has_transparency_data:
        layer, band = band.convert("RGBA"), Pillow.new("RGB", band.size, "white")
        band.paste(layer, mask=layer)
    return np.asarray(band.convert("RGB"))


def _grey(band: _Band, bits: int, span: _Span, tags_of: Pillow.Image) -> NDArray[np.uint8]:
    """Grey of more than 8 bits, scaled; Pillow's own conversion would cut it off at 255."""
    values = np.asarray(band)
    grey = _looked_up(values, bits) if values.dtype == np.uint16 else _stretched(values, *span)
    if _tag(tags_of, _PHOTOMETRIC) == _WHITE_IS_ZERO:
        grey = 255 - grey
    transparent = tags_of.info.get("transparency")
    if isinstance(transparent, int):
        grey = np.where(values == transparent, np.uint8(255), grey)
    return grey


def _looked_up(values: NDArray[np.uint16], bits: int) -> NDArray[np.uint8]:
    """So many bits as 8, by a table of all values."""
    white = (1 << min(max(bits, 8), 16)) - 1
    table: NDArray[np.uint8] = np.rint(np.minimum(np.arange(65536) * 255.0 / white, 255.0)).astype(np.uint8)
    return table.take(values)


def _span(image: Pillow.Image) -> _Span:
    """Black and white of whole or real numbers, of which the file does not say what is white."""
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    spans = [_extremes(np.asarray(band)) for _, band in _bands(image)]
    black, brightest = min(low for low, _ in spans), max(high for _, high in spans)
    usual = [1.0, 255.0, 65535.0] if image.mode == "F" else [255.0, 65535.0]
    return black, next((level for level in usual if black == 0 and brightest <= level), max(brightest, black + 1))


def _extremes(values: NDArray[Any]) -> _Span:
    finite = values[np.isfinite(values)]
    return float(finite.min(initial=0)), float(finite.max(initial=0))


def _stretched(values: NDArray[Any], black: float, white: float) -> NDArray[np.uint8]:
    """From black to white; what is no number is white."""
    numbers = np.where(np.isfinite(values), values, white).astype(np.float32)
    levels: NDArray[np.uint8] = np.rint((numbers - black) * (255.0 / (white - black))).astype(np.uint8)
    return levels


def _tag(image: Pillow.Image, number: int) -> int | None:
    """A number among the tags of a TIFF, the first one where there are several."""
    value = getattr(image, "tag_v2", {}).get(number)
    first = value[0] if isinstance(value, tuple) and value else value
    return first if isinstance(first, int) else None
