"""Images as documents: Pillow decodes them, every frame is a page, upright as its EXIF orientation says."""

from __future__ import annotations

import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from PIL import AvifImagePlugin, ExifTags
from PIL import Image as Pillow
from PIL.ImageFile import ImageFile

from octavo.documents.colours import to_rgb
from octavo.documents.media_type import MediaType, sniff
from octavo.documents.tiff_frames import count_frames
from octavo.domain.document import DocumentFacts, Image, Page
from octavo.domain.errors import CorruptDocument, FileTooLarge, InvalidPageRange, OctavoError, UnsupportedDocument
from octavo.domain.geometry import Size

DEFAULT_MAX_PIXELS = 100_000_000
NOMINAL_DPI = 200
"""What the wire tells of images, whose pixels are never scaled."""

_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}
"""What makes an image upright, by EXIF orientation; from 5 on, width and height change places."""

_PILLOW = threading.RLock()

# Pages are read side by side in processes of their own; by default each AVIF would take all CPUs.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


class ImageReader:
    """An open image. A frame is decoded when its page is rendered first, then kept by the page.

    Args:
        path: the file; its kind is told from its bytes.
        max_pixels: most pixels of a frame; checked from the header, before decoding.

    Raises:
        UnsupportedDocument: it is no image.
        CorruptDocument: Pillow cannot open it.
        FileTooLarge: it has more than `max_pixels`.
    """

    def __init__(self, path: Path, max_pixels: int = DEFAULT_MAX_PIXELS) -> None:
        media_type = sniff(path)
        if media_type is MediaType.PDF:
            raise UnsupportedDocument("The document is a PDF, not an image.")
        self._path, self._format, self._max_pixels = path, media_type.name, max_pixels
        self._image: ImageFile | None = None
        try:
            self._facts = DocumentFacts(media_type=str(media_type), page_count=self._count())
        except BaseException:
            self.close()
            raise

    @property
    def facts(self) -> DocumentFacts:
        """Media type and number of frames."""
        return self._facts

    def page(self, index: int, dpi: int) -> Page:  # noqa: ARG002  the socket has it; pixels of images are not scaled
        """Frame `index` as a page without words, in its own pixels.

        Its `render` raises `CorruptDocument` when the pixels break off.

        Raises:
            InvalidPageRange: there is no such frame.
            CorruptDocument: the frame cannot be found.
            FileTooLarge: it has more than `max_pixels`.
        """
        if not 0 <= index < self._facts.page_count:
            raise InvalidPageRange(f"Page {index} is out of range: the image has {self._facts.page_count} pages.")
        with _decoding(self._max_pixels):
            frame = self._frame(index)
            orientation = _orientation(frame)
            width, height = frame.size
        return Page(
            index=index,
            size=Size(height, width) if (orientation or 1) in (5, 6, 7, 8) else Size(width, height),
            dpi=NOMINAL_DPI,
            warnings=() if orientation else ("The image's EXIF data are damaged: it may lie on its side.",),
            render=cache(lambda: self._render(index)),
        )

    def close(self) -> None:
        """Release the file."""
        if self._image is not None:
            self._image.close()
            self._image = None

    def _count(self) -> int:
        with _decoding(self._max_pixels):
            first = self._frame(0)
            if self._format == MediaType.TIFF.name:
                return count_frames(self._path)
            # A JPEG may carry previews or a depth map as further frames: they are no pages.
            return 1 if self._format == MediaType.JPEG.name else int(getattr(first, "n_frames", 1))

    def _render(self, index: int) -> Image:
        with _decoding(self._max_pixels):
            frame = self._frame(index)
            frame.load()
            turn = _TURNS.get(_orientation(frame) or 1)
            pixels = to_rgb(frame if turn is None else frame.transpose(turn))
        if self._facts.page_count == 1:
            # The page keeps the pixels; a second copy inside Pillow would double the memory.
            self.close()
        return pixels

    def _frame(self, index: int) -> ImageFile:
        image = self._opened()
        image.seek(index)
        check_pixels(*image.size, self._max_pixels)
        return image

    def _opened(self) -> ImageFile:
        if self._image is None:
            self._image = Pillow.open(self._path, formats=[self._format])
        return self._image


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Compare an image's size with the limit.

    Raises:
        FileTooLarge: it has more pixels.
    """
    if width * height > max_pixels:
        raise FileTooLarge(
            f"The image has {width} x {height} pixels, more than the {max_pixels:,} that are read here. "
            "Scale it down, or raise the limit with OCTAVO_LIMITS__MAX_PIXELS."
        )


def _orientation(frame: ImageFile) -> int | None:
    """The EXIF orientation, 1 to 8; None when the EXIF data cannot be read."""
    if frame.format == MediaType.TIFF.name:
        # Pillow turns a TIFF itself, its size included.
        return 1
    if frame.format == MediaType.PNG.name:
        # In a PNG, EXIF data may come after the pixels.
        frame.load()
    try:
        # Pillow may have met damage when it opened the file, and hidden it: parse once more.
        Pillow.Exif().load(frame.info.get("exif", b""))
        value = frame.getexif().get(ExifTags.Base.Orientation, 1)
    except (LookupError, OSError, OverflowError, SyntaxError, TypeError, ValueError, struct.error):
        return None
    return value if value in _TURNS else 1


@contextmanager
def _decoding(max_pixels: int) -> Iterator[None]:
    """Pillow with our limit and without its warnings; whatever it raises becomes an error of ours.

    Limit and warnings are global in Pillow and Python, hence the lock.
    """
    with _PILLOW, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        usual, Pillow.MAX_IMAGE_PIXELS = Pillow.MAX_IMAGE_PIXELS, max_pixels
        try:
            yield
        except (OctavoError, MemoryError):
            raise
        except Pillow.DecompressionBombError as error:
            raise FileTooLarge(
                f"The image has more than twice the {max_pixels:,} pixels that are read here. "
                "Scale it down, or raise the limit with OCTAVO_LIMITS__MAX_PIXELS."
            ) from error
        except Exception as error:  # decoders raise anything on hostile bytes
            raise CorruptDocument(
                "The image is cut off, damaged or of a rare kind. Send the whole file, or convert it to PNG."
            ) from error
        finally:
            Pillow.MAX_IMAGE_PIXELS = usual
