"""Blobs as objects in a bucket: S3, GCS, Azure and what speaks like them, through obstore.

Objects are read in ranges, each fetched whole, so that a slow reader keeps no connection waiting. `obstore.put` with an
iterator is not used: it breaks down when the iterator itself reads from a bucket, as that of a batch's output does.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from octavo.domain.errors import BlobLost, InvalidSettings, OutOfSpace, StorageFailed
from octavo.domain.file import Blob
from octavo.storage.blob_checks import LOST, PIECE, Tally, check_name, check_range, is_name, write_checked

PATIENCE = timedelta(seconds=30)
"""For which a request is tried again and again. An answer is waited for as long, by default."""
LONGEST_PAUSE = timedelta(seconds=3)
PART = 8 * 1024 * 1024
"""Bytes that are sent at a time, of blobs that are larger; S3 takes 10 000 parts."""
PARTS_AT_ONCE = 4
AHEAD = 4 * PIECE
"""Bytes that are fetched at a time where much is read."""
RECENT = 16
"""Pieces that are kept in memory, for what is read in small parts is read in order mostly."""
PAGE = 1000
"""Objects that are listed at a time."""
_NOWHERE = "nothing"
"""A folder; blobs lie in none."""
_NO_ROOM = (
    "The server has no space left in its storage for files. Try again later; whoever runs it has to make room in the "
    "bucket (OCTAVO_STORAGE__URL)."
)


class BucketBlobs:
    """The `BlobStore` in a bucket; several servers may share it.

    Credentials, endpoint and whatever else a provider needs come from the environment, as obstore reads it.

    Raises:
        InvalidSettings: the URL, or what the environment adds to it, names no bucket.
    """

    def __init__(self, url: str) -> None:
        self._store = _open(url)
        self._recent = _Recent()

    def put(self, name: str, chunks: Iterable[bytes]) -> Blob:
        """Write a new blob: in one request if it is small, else in parts that become one object at the end."""
        tally = Tally()
        with _told():
            writer = obstore.open_writer(self._store, check_name(name), buffer_size=PART, max_concurrency=PARTS_AT_ONCE)
        try:
            for chunk in tally.of(chunks):
                with _told():
                    writer.write(chunk)
        except BaseException as error:
            with suppress(OSError, BaseError):  # parts that cannot be removed now stay invisible
                writer.__exit__(type(error), error, error.__traceback__)
            raise
        with _told():
            writer.close()
        self._recent.drop(name)
        return tally.blob(name)

    def read(self, name: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes, in pieces; what is not there is told at once."""
        check_range(offset, length)
        if length is not None and 0 < length <= PIECE:
            pieces = self._small(check_name(name), offset, length)
        else:
            pieces = self._large(check_name(name), offset, length)
        next(pieces)
        return pieces

    def bring(self, blob: Blob, folder: Path) -> Path:
        """A copy, whose digest is checked while it comes."""
        brought = folder / check_name(blob.name)
        write_checked(self.read(blob.name), blob, brought)
        return brought

    def delete(self, name: str) -> None:
        """Remove it."""
        self._recent.drop(check_name(name))
        with _told(), suppress(FileNotFoundError):
            obstore.delete(self._store, name)

    def names(self) -> Iterator[str]:
        """All blobs."""
        with _told():
            for page in obstore.list(self._store, chunk_size=PAGE):
                yield from (entry["path"] for entry in page if is_name(entry["path"]))

    def reach(self) -> None:
        """List a folder in which nothing can be: `obstore` asks for 1000 objects however few are wanted."""
        with _told():
            next(obstore.list(self._store, prefix=_NOWHERE), None)

    def _small(self, name: str, offset: int, length: int) -> Iterator[bytes]:
        """First an empty piece, once all is there; then a few bytes, of pieces that may be at hand."""
        end = offset + length
        found = [
            piece[max(offset - start, 0) : end - start]
            for start in range(offset - offset % PIECE, end, PIECE)
            for piece in (self._piece(name, start),)
        ]
        if sum(map(len, found)) != length:
            raise BlobLost(LOST)
        yield b""
        yield from found

    def _large(self, name: str, offset: int, length: int | None) -> Iterator[bytes]:
        """First an empty piece, once it is known to be long enough; then its bytes."""
        with _told(reads=True):
            there = obstore.head(self._store, name)["size"] - offset
        if not 0 <= (there if length is None else length) <= there:
            raise BlobLost(LOST)
        yield b""
        end = offset + (there if length is None else length)
        for start in range(offset, end, AHEAD):
            fetched = self._fetch(name, start, min(AHEAD, end - start))
            if len(fetched) != min(AHEAD, end - start):
                raise BlobLost(LOST)
            for inside in range(0, len(fetched), PIECE):
                yield fetched[inside : inside + PIECE]

    def _piece(self, name: str, start: int) -> bytes:
        piece = self._recent.get(name, start)
        if piece is None:
            piece = self._fetch(name, start, PIECE)
            self._recent.keep(name, start, piece)
        return piece

    def _fetch(self, name: str, start: int, length: int) -> bytes:
        """These bytes, or fewer where the blob ends."""
        with _told(reads=True):
            return obstore.get(self._store, name, options={"range": (start, start + length)}).bytes().to_bytes()


class _Recent:
    """The pieces that were read last. A blob never changes, so that they stay right."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def get(self, name: str, start: int) -> bytes | None:
        """A piece, if it is at hand."""
        with self._lock:
            if (name, start) in self._pieces:
                self._pieces.move_to_end((name, start))
            return self._pieces.get((name, start))

    def keep(self, name: str, start: int, piece: bytes) -> None:
        """A piece was read."""
        with self._lock:
            self._pieces[name, start] = piece
            if len(self._pieces) > RECENT:
                self._pieces.popitem(last=False)

    def drop(self, name: str) -> None:
        """A blob is removed."""
        with self._lock:
            for key in [key for key in self._pieces if key[0] == name]:
                del self._pieces[key]


def _open(url: str) -> ObjectStore:
    try:
        return from_url(
            url,
            retry_config={
                "retry_timeout": PATIENCE,
                "max_retries": 1000,  # time alone decides
                "backoff": {"max_backoff": LONGEST_PAUSE},
            },
        )
    except (BaseError, ValueError) as error:
        # The text itself may have credentials in it; the name of what is wrong has none.
        kind = re.search(r"\bsource: (\w+)", str(error))
        reason = f"The bucket for files cannot be used ({kind[1] if kind else 'malformed URL'})."
        advice = "Set OCTAVO_STORAGE__URL to a folder or to a URL such as s3://bucket/prefix"
        raise InvalidSettings(f"{reason} {advice}, and what its provider needs in the environment.") from None


@contextmanager
def _told(*, reads: bool = False) -> Iterator[None]:
    """Around whatever asks the bucket. What it says is left out: addresses may be signed.

    Raises:
        OutOfSpace, StorageFailed: instead of the library's errors.
    """
    try:
        yield
    except (BaseError, OSError) as error:
        told = str(error)
    else:
        return
    status = re.search(r"status code: ((\d+)[A-Za-z ]*)", told)
    if reads and status and status[2] in {"404", "416"} and "NoSuchBucket" not in told:
        raise BlobLost(LOST)
    if status and status[2] == "507":
        raise OutOfSpace(_NO_ROOM)
    raise StorageFailed(
        f"The server cannot use its storage for files ({status[1] if status else 'no answer'}). Try again later; "
        "whoever runs it has to see to the bucket (OCTAVO_STORAGE__URL) and its credentials."
    )
