"""Pages to look at: `ViewTask` in, a JPEG out. Runs in a worker, without models."""

from __future__ import annotations

import io
import math

import numpy as np
from PIL import Image as Pillow

from octavo.domain.document import Image
from octavo.domain.geometry import Size
from octavo.domain.grey import per_plane, plane_of
from octavo.domain.view import PageView, View, ViewTask
from octavo.pipeline.last_document import LastDocument, OpenDocument

QUALITY = 85
MOST_TIMES = 2.0
"""Pages are shown at most so many times as large as they are at 200 dpi."""
MOST_PIXELS = 12_000_000
LONGEST_SIDE = 16_000
"""An image has at most so many pixels, in all and a side: twice what the widest one of an A4 page has."""


class PageViewer:
    """Shows single pages of documents (`Viewer`); the document of the last page stays open for the next."""

    def __init__(self, open_document: OpenDocument) -> None:
        """Nothing is opened yet."""
        self._document = LastDocument(open_document)

    def warm_up(self) -> None:
        """Load what every page needs: the maker of JPEGs."""
        as_jpeg(np.zeros((1, 1, 3), np.uint8))

    def render(self, task: ViewTask) -> PageView:
        """Make the image of one page.

        Raises:
            DocumentError, InvalidPageRange, UnsupportedDocument, FileTooLarge: it cannot be shown.
        """
        view, reader = task.view, self._document.opened(task.path, task.password)
        pixels = reader.picture(view.index, lambda size: scale_of(size, view))
        quarters = view.turned // 90
        upright = per_plane(pixels, lambda each: np.ascontiguousarray(np.rot90(each, quarters))) if quarters else pixels
        return PageView(jpeg=as_jpeg(upright), page_count=reader.facts.page_count)

    def close(self) -> None:
        """Close the open document."""
        self._document.close()


def scale_of(size: Size, view: View) -> float:
    """How many times as large as `size` a page is to be for a view, within all bounds."""
    across = size.height if view.turned in (90, 270) else size.width
    longest = max(size.width, size.height)
    return min(view.width / across, MOST_TIMES, math.sqrt(MOST_PIXELS / size.area), LONGEST_SIDE / longest)


def as_jpeg(pixels: Image) -> bytes:
    """The pixels as JPEG: grey where there are no colours, else with as many pixels of colour as of light.

    Most JPEGs have a quarter of them, which leaves coloured fringes around small print.
    """
    plane = plane_of(pixels)
    image = Pillow.fromarray(pixels if plane is None else plane)
    with io.BytesIO() as jpeg:
        image.save(jpeg, format="JPEG", quality=QUALITY, subsampling=0)
        return jpeg.getvalue()
