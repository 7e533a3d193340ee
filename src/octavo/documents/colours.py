"""Any of Pillow's pixel modes as plain RGB: what is transparent lies over white, deep greys are scaled to 8 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from octavo.domain.document import Image

_BITS_PER_SAMPLE = 258
_PHOTOMETRIC = 262
_WHITE_IS_ZERO = 0


def to_rgb(image: Pillow.Image) -> Image:
    """Pixels of a decoded image as uint8, height x width x 3, read-only.

    Colour profiles are not applied: text keeps its contrast without them.
    """
    if image.mode.startswith("I") or image.mode == "F":
        pixels = np.repeat(_grey(image)[:, :, None], 3, axis=2)
    else:
        pixels = np.asarray(_flat(image))
    pixels.flags.writeable = False
    return pixels


def _flat(image: Pillow.Image) -> Pillow.Image:
    """Everything that Pillow converts to RGB by itself."""
    if image.mode == "LAB":
        lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, rgb, outputMode="RGB")
        return image.convert("RGB") if converted is None else converted
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Pillow.alpha_composite(Pillow.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image.convert("RGB")


def _grey(image: Pillow.Image) -> NDArray[np.uint8]:
    """Grey of more than 8 bits, scaled; Pillow's own conversion would cut it off at 255."""
    values = np.asarray(image)
    bits = _tag(image, _BITS_PER_SAMPLE) or 16
    grey = _looked_up(values, bits) if values.dtype == np.uint16 else _stretched(values)
    if _tag(image, _PHOTOMETRIC) == _WHITE_IS_ZERO:
        grey = 255 - grey
    transparent = image.info.get("transparency")
    return np.where(values == transparent, np.uint8(255), grey) if isinstance(transparent, int) else grey


def _looked_up(values: NDArray[np.uint16], bits: int) -> NDArray[np.uint8]:
    """So many bits as 8, by a table of all values."""
    white = (1 << min(max(bits, 8), 16)) - 1
    table: NDArray[np.uint8] = np.rint(np.minimum(np.arange(65536) * 255.0 / white, 255.0)).astype(np.uint8)
    return table.take(values)


def _stretched(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Whole or real numbers, of which the file does not say what is white; what is no number is white."""
    finite = np.isfinite(values)
    brightest = float(values.max(initial=0, where=finite))
    black = float(values.min(initial=0, where=finite))
    usual = [1.0, 255.0, 65535.0] if values.dtype.kind == "f" else [255.0, 65535.0]
    white = next((level for level in usual if black == 0 and brightest <= level), max(brightest, black + 1))
    numbers = np.where(finite, values, white).astype(np.float32)
    levels: NDArray[np.uint8] = np.rint((numbers - black) * (255.0 / (white - black))).astype(np.uint8)
    return levels


def _tag(image: Pillow.Image, number: int) -> int | None:
    """A number among the tags of a TIFF, the first one where there are several."""
    value = getattr(image, "tag_v2", {}).get(number)
    first = value[0] if isinstance(value, tuple) and value else value
    return first if isinstance(first, int) else None
