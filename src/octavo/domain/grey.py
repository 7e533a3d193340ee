"""Pixels without colours: the three channels of such an image are one and the same memory.

Most scans are black and white or grey. Kept and worked on once instead of three times they take a third of the memory
and of the time; whoever does not care sees an image like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from octavo.domain.document import Image

Plane: TypeAlias = NDArray[np.uint8]
"""Brightness as uint8, height x width."""

_EVERY = 61
"""One row in so many is looked at first: most coloured pages show there that they are."""


def spread(plane: Plane) -> Image:
    """`plane` as an image, read-only, of which red, green and blue are the same memory."""
    return np.broadcast_to(plane[:, :, None], (*plane.shape, 3))


def plane_of(image: Image) -> Plane | None:
    """What `spread` was given, or the piece of it that is left; None of other images."""
    return image[:, :, 0] if image.ndim == 3 and image.strides[2] == 0 else None


def per_plane(image: Image, work: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> Image:
    """`work` done on the pixels of `image`, which treats all channels alike: on one where they are the same."""
    plane = plane_of(image)
    return work(image) if plane is None else spread(work(plane))


def without_colours(image: Image) -> Image:
    """The image with its channels kept once, read-only, where they are all alike; else the image itself."""
    if plane_of(image) is not None or not (_is_grey(image[::_EVERY]) and _is_grey(image)):
        return image
    return spread(np.ascontiguousarray(image[:, :, 0]))


def _is_grey(image: Image) -> bool:
    first = image[:, :, 0]
    return bool((first == image[:, :, 1]).all() and (first == image[:, :, 2]).all())
