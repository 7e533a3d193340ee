"""What workers show pages with: named by the server, which loads nothing of it, and made in the worker."""

from __future__ import annotations

from functools import partial

from octavo.domain.ports import CpuShare, Viewer


def build_viewer(*, max_pixels: int, share: CpuShare) -> Viewer:
    """A viewer that works in one thread, whatever its `share`, and shows images of at most `max_pixels`."""
    from octavo.documents.reader import open_document
    from octavo.pipeline.viewing import PageViewer

    del share
    return PageViewer(partial(open_document, max_pixels=max_pixels))
