"""Pages to look at: what is asked of the worker that shows them, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a page is to be shown.

    Attributes:
        index: 0-based place in the document.
        width: pixels of the image, once it is turned; it has fewer where the page is small.
        turned: degrees counter-clockwise by which it is turned: 0, 90, 180 or 270.
    """

    index: int
    width: int
    turned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewTask:
    """One page to be shown: what crosses to a worker. Picklable; holds no bytes.

    Attributes:
        path: the spooled document.
        view: which page, and how.
        password: opens a protected PDF; never logged.
    """

    path: Path
    view: View
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page as it looks.

    Attributes:
        jpeg: the image.
        page_count: pages of the whole document.
    """

    jpeg: bytes = field(repr=False)
    page_count: int
