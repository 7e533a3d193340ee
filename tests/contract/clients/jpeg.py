"""Looks at the pictures of an answer, as the tutorial does."""

import base64
import io

from PIL import Image


def check(picture):
    """A picture (attributes or keys) whose JPEG is exactly as large as its box; returns the box."""
    get = picture.get if isinstance(picture, dict) else lambda name: getattr(picture, name)
    data = get("image_base64")
    assert data.startswith("data:image/jpeg;base64,"), data[:40]
    image = Image.open(io.BytesIO(base64.b64decode(data.split(",")[1], validate=True)))
    box = [get(name) for name in ("top_left_x", "top_left_y", "bottom_right_x", "bottom_right_y")]
    assert all(isinstance(side, int) for side in box), box
    assert image.format == "JPEG", image.format
    assert image.size == (box[2] - box[0], box[3] - box[1]), (image.size, box)
    assert image.getextrema() != ((0, 0),) * 3
    return box
