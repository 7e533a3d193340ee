"""Where blobs lie: in a folder, or in a bucket that a URL names."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from octavo.domain.errors import InvalidSettings
from octavo.domain.stores import BlobStore
from octavo.storage.local_blobs import LocalBlobs

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # of two letters or more: one is a drive


def open_blobs(place: str) -> BlobStore:
    """The blobs at a place.

    Args:
        place: a path, or a URL: `file:///folder`.

    Raises:
        InvalidSettings: there can be none.
    """
    if _SCHEME.match(place) is None:
        return LocalBlobs(Path(place))
    if urlsplit(place).scheme == "file":
        return LocalBlobs(Path(unquote(urlsplit(place).path)))
    raise InvalidSettings("Name a folder with OCTAVO_STORAGE__URL.")
