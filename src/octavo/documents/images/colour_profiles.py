"""Colour profiles (ICC): from the colours that an image means to those of sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image as Pillow
from PIL import ImageCms

LARGEST_PROFILE = 8 << 20
"""Bytes. Profiles of presses have two or three megabytes."""

_INPUTS = {"RGB ": ((0, 0, 0), (255, 255, 255)), "CMYK": ((0, 0, 0, 255), (0, 0, 0, 0))}
"""The spaces that are converted, with their black and white. Grey profiles only bend the tones."""

_LEAST_CONTRAST = 128
_INVALID = (ImageCms.PyCMSError, OSError, TypeError, ValueError)


def to_srgb(image: Pillow.Image) -> ImageCms.ImageCmsTransform | None:
    """What brings the colours of `image`, as RGB or as CMYK, to sRGB; None where it need not or must not be done.

    A profile that is too large, broken, for other channels than the image has, or that leaves no contrast between
    black and white is ignored: it could hide the text.
    """
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not 0 < len(profile) <= LARGEST_PROFILE:
        return None
    try:
        return _transform(ImageCms.ImageCmsProfile(BytesIO(profile)), image.mode)
    except _INVALID:
        return None


def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform | None:
    space = profile.profile.xcolor_space
    if space not in _INPUTS or (space == "CMYK") != (mode == "CMYK"):
        return None
    if "sRGB" in (profile.profile.profile_description or ""):
        return None
    made = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), space.strip(), "RGB")
    dark, light = (_brightness(made, space.strip(), colour) for colour in _INPUTS[space])
    return made if light - dark >= _LEAST_CONTRAST else None


def _brightness(transform: ImageCms.ImageCmsTransform, mode: str, colour: tuple[int, ...]) -> int:
    seen = ImageCms.applyTransform(Pillow.new(mode, (1, 1), colour), transform)
    return 0 if seen is None else int(seen.convert("L").tobytes()[0])
