"""Where blobs lie: in a folder, or in a bucket that a URL names."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from octavo.domain.errors import InvalidSettings
from octavo.domain.stores import BlobStore
from octavo.storage.local_blobs import LocalBlobs

BUCKETS = ("s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss")
"""Schemes of buckets."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # a scheme has two letters or more: one is a drive


def open_blobs(place: str) -> BlobStore:
    """The blobs at a place. A folder is made if need be, and cleared of what killed servers left half-written.

    Args:
        place: a path, `file:///folder`, or the URL of a bucket and a prefix in it: `s3://bucket/prefix`, `gs://...`,
            `az://container/prefix`. Nobody asks a bucket for anything yet.

    Raises:
        InvalidSettings: there can be none.
    """
    if _URL.match(place) is None:
        return LocalBlobs(_folder(place))
    try:
        url = urlsplit(place)
    except ValueError:
        raise _unusable("is malformed") from None
    if url.scheme == "file":
        return LocalBlobs(_folder(_local_path(url)))
    _check(url)
    from octavo.storage.bucket_blobs import BucketBlobs

    return BucketBlobs(place)


def _folder(path: str) -> Path:
    if not path or "\0" in path:
        raise _unusable("names no folder")
    return Path(path)


def _local_path(url: SplitResult) -> str:
    if url.netloc not in {"", "localhost"} or not url.path.startswith("/") or url.query or url.fragment:
        raise _unusable("has to look like file:///folder")
    return unquote(url.path)


def _check(url: SplitResult) -> None:
    """Refuse what the library would leave out silently."""
    if url.scheme not in BUCKETS:
        raise _unusable(f"has an unknown scheme ({url.scheme})")
    if not url.netloc:
        raise _unusable("names no bucket")
    if url.query or url.fragment:
        raise _unusable("has a query or a fragment, which means nothing here")
    if url.password or (url.username and not url.scheme.startswith("abfs")):
        raise _unusable("has credentials in it, which belong in the environment (AWS_ACCESS_KEY_ID and the like)")


def _unusable(what: str) -> InvalidSettings:
    return InvalidSettings(f"OCTAVO_STORAGE__URL {what}. Set it to a folder, or to a URL such as s3://bucket/prefix.")
