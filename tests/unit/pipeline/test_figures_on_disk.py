"""Pictures on a disk that fills up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import make_block, make_page
from octavo.domain.block import BlockKind
from octavo.domain.geometry import BBox
from octavo.pipeline.figures import figures_cut

resource = pytest.importorskip("resource")


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("missing", [1, 100])
def test_a_picture_that_does_not_fit_is_an_error_and_no_shorter_picture(tmp_path: Path, missing: int) -> None:
    """Pillow does not notice when its last piece is written in part only."""
    block = make_block(BlockKind.IMAGE, "", box=BBox(0, 0, 500, 700))
    (done,) = figures_cut([block], make_page(), tmp_path)
    assert done.figure is not None
    whole = done.figure.path.read_bytes()
    done.figure.path.unlink()
    with room_for(len(whole) - missing), pytest.raises(OSError, match="too large"):
        figures_cut([block], make_page(), tmp_path)
    with room_for(len(whole)):
        figures_cut([block], make_page(), tmp_path)
    assert done.figure.path.read_bytes() == whole
