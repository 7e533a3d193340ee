"""Images as fewer pixels, to look at: smooth, so that small print stays readable."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from PIL import Image as Pillow
from PIL.ImageFile import ImageFile

from octavo.domain.document import Image
from octavo.domain.geometry import Size
from octavo.domain.grey import per_plane

Scale: TypeAlias = Callable[[Size], float]
"""From the size of an image to how many times as large it is wanted."""

_GAP = 3.0
"""Much larger images are first averaged to so many times the size that is wanted: several times quicker, as smooth."""


def draft(frame: ImageFile, times: float) -> None:
    """Let the decoder of a JPEG, before it has begun, make half, a quarter or an eighth of its size, if that will do.

    Half the size takes a third of the time, and text is as crisp: the decoder leaves out fine waves, not pixels.
    """
    if times < 1:
        frame.draft(None, (math.ceil(frame.width * times), math.ceil(frame.height * times)))


def shrunk(pixels: Image, whole: Size, scale: Scale) -> Image:
    """The pixels of an image that has the size `whole`, or of a draft of it, as `scale` says; never enlarged."""
    times = min(scale(whole), 1)
    width, height = (max(1, round(side * times)) for side in (whole.width, whole.height))
    if pixels.shape[:2] == (height, width):
        return pixels
    smooth = Pillow.Resampling.LANCZOS
    return per_plane(
        pixels, lambda each: np.asarray(Pillow.fromarray(each).resize((width, height), smooth, reducing_gap=_GAP))
    )
