"""Images as documents: Pillow decodes them, upright as their EXIF orientation says.

Each frame of a TIFF and each image of a HEIC file is a page. The frames of an animation (GIF, WebP, PNG, AVIF) are
states of one picture: the first is read, and a warning tells of the others.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import AvifImagePlugin
from PIL import Image as Pillow
from PIL.ImageFile import ImageFile

from octavo.documents.images import cut_images
from octavo.documents.images.colours import to_rgb
from octavo.documents.images.heif import open_heif
from octavo.documents.images.jpeg_scans import check_scans
from octavo.documents.images.metered_file import MeteredFile
from octavo.documents.images.orientation import SIDEWAYS, exif_orientation
from octavo.documents.images.shrunk import Scale, draft, shrunk
from octavo.documents.images.tiff_frames import page_frames
from octavo.documents.media_type import MediaType, sniff
from octavo.domain.document import DocumentFacts, Image, Page
from octavo.domain.errors import CorruptDocument, FileTooLarge, InvalidPageRange, OctavoError, UnsupportedDocument
from octavo.domain.geometry import Size
from octavo.domain.grey import per_plane

DEFAULT_MAX_PIXELS = 100_000_000
NOMINAL_DPI = 200
"""What the wire tells of images, whatever resolution they claim, unless they are scaled down."""

MOST_PIXELS = 60_000_000
"""An image with more is scaled down to so many before it is read, as larger pages of PDFs are rendered."""

READS_OF_HEADERS = 100_000
READS_OF_PIXELS = 1_000_000
"""Most reads when an image is opened, and for each of its pages; see `MeteredFile`."""

_ANIMATED = frozenset({MediaType.GIF, MediaType.WEBP, MediaType.PNG, MediaType.AVIF})
_ANIMATION = "The image is an animation: its first frame was read, the others were not."
_BAD_EXIF = "The image's EXIF data are damaged: it may lie on its side."

_HEAVY = frozenset({MediaType.WEBP, MediaType.AVIF, MediaType.HEIC, MediaType.JPEG2000})
"""Their decoders hold several copies: about 15 bytes a pixel are needed to read them, 7 to 10 for others."""

_PILLOW = threading.RLock()

# Pages are read side by side in processes of their own; by default each AVIF would take all CPUs.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


class ImageReader:
    """An open image. A frame is decoded when its page is asked for; the page keeps the pixels.

    Args:
        path: the file; its kind is told from its bytes.
        max_pixels: most pixels of a frame, half as many for WebP, AVIF, HEIC and JPEG 2000; checked from the header,
            before decoding.

    Raises:
        UnsupportedDocument: it is no image, or of a kind that takes an extra.
        CorruptDocument: it cannot be opened.
        FileTooLarge: it has more than `max_pixels`.
    """

    def __init__(self, path: Path, max_pixels: int = DEFAULT_MAX_PIXELS) -> None:
        self._kind = sniff(path)
        if self._kind is MediaType.PDF:
            raise UnsupportedDocument("The document is a PDF, not an image.")
        self._path = path
        self._max_pixels = max_pixels // 2 if self._kind in _HEAVY else max_pixels
        self._file: MeteredFile | None = None
        self._image: ImageFile | None = None
        try:
            with _decoding(self._max_pixels):
                self._frames = self._pages()
        except BaseException:
            self.close()
            raise
        self._facts = DocumentFacts(media_type=str(self._kind), page_count=len(self._frames))

    @property
    def facts(self) -> DocumentFacts:
        """Media type and number of pages."""
        return self._facts

    def page(self, index: int, dpi: int) -> Page:
        """Page `index` without words, in its own pixels, or in fewer where it has more than `MOST_PIXELS`.

        Raises:
            InvalidPageRange: there is no such page.
            CorruptDocument: its frame cannot be found, or its pixels break off.
            FileTooLarge: it has more than `max_pixels`.
        """
        pixels, doubts = self._upright(index)
        pixels, dpi, notes = bounded(pixels)
        height, width = pixels.shape[:2]
        told = (*doubts, *notes)
        return Page(index=index, size=Size(width, height), dpi=dpi, warnings=told, render=lambda: pixels)

    def picture(self, index: int, scale: Scale) -> Image:
        """How page `index` looks, in its own pixels or in fewer.

        Raises:
            InvalidPageRange, CorruptDocument, FileTooLarge: as of `page`.
        """
        return self._upright(index, scale)[0]

    def close(self) -> None:
        """Release the file."""
        if self._image is not None:
            self._image.close()
        if self._file is not None:
            self._file.close()
        self._image, self._file = None, None

    def _upright(self, index: int, scale: Scale | None = None) -> tuple[Image, tuple[str, ...]]:
        """Pixels of a page, fewer if `scale` says so, and what is doubtful about them."""
        if not 0 <= index < len(self._frames):
            raise InvalidPageRange(f"Page {index} is out of range: the image has {len(self._frames)} pages.")
        with _decoding(self._max_pixels):
            found = self._decoded(self._frames[index], scale)
        if len(self._frames) == 1:
            # Who asked keeps the pixels; a second copy inside Pillow would double the memory.
            self.close()
        return found

    def _pages(self) -> Sequence[int]:
        """The frames that are pages."""
        frames = page_frames(self._path) if self._kind is MediaType.TIFF else ()
        first = self._frame(0, READS_OF_HEADERS)
        if self._kind is MediaType.JPEG:
            check_scans(self._path, first.width * first.height)
        if frames:
            return frames
        return range(getattr(first, "n_frames", 1) if self._kind is MediaType.HEIC else 1)

    def _decoded(self, frame_number: int, scale: Scale | None) -> tuple[Image, tuple[str, ...]]:
        """Pixels of a frame, upright, and what is doubtful about them."""
        frame = self._frame(frame_number, READS_OF_PIXELS)
        whole = self._drafted(frame, scale) if scale is not None and self._kind is MediaType.JPEG else None
        size, animated = frame.size, self._kind in _ANIMATED and getattr(frame, "is_animated", False)
        rows = cut_images.load(frame)
        if frame.size != size and self._kind is not MediaType.TIFF:
            raise CorruptDocument("The image is damaged: its header tells another size than its pixels have.")
        turn = self._orientation(frame)
        pixels = to_rgb(frame, turn or 1, rows)
        if scale is not None:
            pixels = shrunk(pixels, whole or Size(pixels.shape[1], pixels.shape[0]), scale)
        notes = ((_ANIMATION,) if animated else ()) + (() if turn else (_BAD_EXIF,))
        return pixels, notes + cut_images.doubts(frame, rows)

    def _drafted(self, frame: ImageFile, scale: Scale) -> Size:
        """The size of a JPEG, upright, that is decoded as small as `scale` allows."""
        turned = self._orientation(frame) in SIDEWAYS
        whole = Size(frame.height, frame.width) if turned else Size(frame.width, frame.height)
        draft(frame, scale(whole))
        return whole

    def _orientation(self, frame: ImageFile) -> int | None:
        """As EXIF tells; None where that cannot be read. TIFF and HEIC are turned by their decoders."""
        if self._kind in (MediaType.TIFF, MediaType.HEIC):
            return 1
        return exif_orientation(frame.info.get("exif", b""))

    def _frame(self, number: int, reads: int) -> ImageFile:
        image, file = self._opened()
        file.refill(reads)
        image.seek(number)
        check_pixels(*image.size, self._max_pixels)
        return image

    def _opened(self) -> tuple[ImageFile, MeteredFile]:
        if self._image is None or self._file is None:
            self._file = MeteredFile(self._path, READS_OF_HEADERS)
            heif = self._kind is MediaType.HEIC
            self._image = open_heif(self._file) if heif else Pillow.open(self._file, formats=[self._kind.name])
        return self._image, self._file


def bounded(pixels: Image) -> tuple[Image, int, tuple[str, ...]]:
    """Pixels that can be read in time, their dpi, and what is to be said when there are fewer than there were."""
    height, width = pixels.shape[:2]
    scale = math.sqrt(MOST_PIXELS / (width * height))
    if scale >= 1:
        return pixels, NOMINAL_DPI, ()
    size = max(1, int(width * scale)), max(1, int(height * scale))
    fewer = per_plane(pixels, lambda each: np.asarray(Pillow.fromarray(each).resize(size, Pillow.Resampling.BOX)))
    fewer.flags.writeable = False
    note = f"The image has {width} x {height} pixels: it was read at {size[0]} x {size[1]}."
    return fewer, max(1, int(NOMINAL_DPI * scale)), (note,)


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
