"""HEIC and HEIF, by `pillow-heif`: an extra, because its codec is under the LGPL."""

from __future__ import annotations

import io

from PIL.ImageFile import ImageFile

from octavo.domain.errors import UnsupportedDocument


def open_heif(file: io.BufferedReader) -> ImageFile:
    """The images of a file, undecoded; each is upright (`irot`, `imir`) when it is decoded.

    Raises:
        UnsupportedDocument: the extra is not installed.
        SyntaxError: the file is damaged.
    """
    try:
        import pillow_heif
    except ImportError as error:
        raise UnsupportedDocument(
            "The document is a HEIC image, which is not read here: that takes an optional part. "
            'Send a JPEG or PNG; or, if this server is yours, run: pip install "octavo[heic]"'
        ) from error
    # Pages are read side by side in processes of their own; previews and depth maps are no pages.
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
    image: ImageFile = pillow_heif.HeifImageFile(file)  # type: ignore[no-untyped-call]
    return image
