"""What every `BlobStore` promises, on each of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from object_storage import BUCKET, object_storage

from octavo.domain.errors import StorageFailed
from octavo.domain.stores import BlobStore
from octavo.storage.blobs import open_blobs

MIB = 1024 * 1024


__all__ = ["object_storage"]  # a fixture


@pytest.fixture(params=["local", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
    if request.param == "local":
        return open_blobs(str(tmp_path / "blobs"))
    for name, value in request.getfixturevalue("object_storage").environment.items():
        monkeypatch.setenv(name, value)
    return open_blobs(f"s3://{BUCKET}/{uuid4()}/")


def noise(size: int) -> bytes:
    return os.urandom(size)


def in_chunks(data: bytes, size: int = 100_000) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def whole(blobs: BlobStore, name: str, offset: int = 0, length: int | None = None) -> bytes:
    return b"".join(blobs.read(name, offset, length))


@pytest.mark.parametrize("size", [0, 1, MIB, MIB + 1, 20 * MIB], ids=str)
def test_what_is_put_is_read(blobs: BlobStore, size: int) -> None:
    data = noise(size)
    blob = blobs.put("one", in_chunks(data))
    assert (blob.name, blob.size, blob.sha256) == ("one", size, sha256(data).hexdigest())
    assert whole(blobs, "one") == data
    assert list(blobs.names()) == ["one"]


def test_chunks_may_be_empty_and_of_any_size(blobs: BlobStore) -> None:
    data = noise(30 * MIB)
    blob = blobs.put("one", [b"", data[:3], b"", data[3 : 25 * MIB], data[25 * MIB :], b""])
    assert blob.sha256 == sha256(data).hexdigest()
    assert whole(blobs, "one") == data


def test_a_part_is_read(blobs: BlobStore) -> None:
    data = noise(5 * MIB)
    blobs.put("one", in_chunks(data))
    for offset, length in [(0, 10), (7, 0), (3 * MIB - 1, 2 * MIB), (5 * MIB - 1, 1), (5 * MIB, 0)]:
        assert whole(blobs, "one", offset, length) == data[offset : offset + length]
    assert whole(blobs, "one", 4 * MIB) == data[4 * MIB :]
    assert whole(blobs, "one", 5 * MIB) == b""


def test_it_comes_in_pieces_of_a_mebibyte_at_most(blobs: BlobStore) -> None:
    blobs.put("one", in_chunks(noise(20 * MIB)))
    assert max(len(piece) for piece in blobs.read("one")) <= MIB
    assert all(blobs.read("one", 5, 2 * MIB))


def test_many_small_parts_are_read_in_any_order(blobs: BlobStore) -> None:
    data = {name: noise(3 * MIB) for name in ("one", "two", "three")}
    for name, value in data.items():
        blobs.put(name, [value])
    for start, end in pairwise(range(0, 3 * MIB, 40_001)):
        for name, value in data.items():
            assert whole(blobs, name, start, end - start) == value[start:end]
    assert whole(blobs, "one", 10, 10) == data["one"][10:20]


@pytest.mark.parametrize("size", [0, 1000, 20 * MIB], ids=str)
def test_what_reaches_beyond_the_end_is_an_error_and_no_short_answer(blobs: BlobStore, size: int) -> None:
    blobs.put("one", in_chunks(noise(size)))
    for offset, length in [(0, size + 1), (size, 1), (size + 1, 0), (size + 1, None), (size + MIB, 5)]:
        with pytest.raises(StorageFailed, match="lost"):
            blobs.read("one", offset, length)


def test_what_is_not_there_is_told_before_the_first_piece(blobs: BlobStore) -> None:
    for offset, length in [(0, None), (0, 3), (5, 3), (0, 20 * MIB)]:
        with pytest.raises(StorageFailed, match="lost on the server"):
            blobs.read("none", offset, length)


@pytest.mark.parametrize(("offset", "length"), [(-1, None), (0, -1), (-5, 3)])
def test_negative_numbers_are_refused(blobs: BlobStore, offset: int, length: int | None) -> None:
    blobs.put("one", [b"some bytes"])
    with pytest.raises(ValueError, match="0 or more"):
        blobs.read("one", offset, length)


def test_a_reader_may_stop_early(blobs: BlobStore) -> None:
    blobs.put("one", in_chunks(noise(20 * MIB)))
    assert next(blobs.read("one"))
    pieces = blobs.read("one", 5, 10 * MIB)
    next(pieces)
    del pieces
    assert len(whole(blobs, "one")) == 20 * MIB


class Broken(Exception):
    pass


@pytest.mark.parametrize("kind", [Broken, OSError, KeyboardInterrupt, StorageFailed])
@pytest.mark.parametrize("size", [0, 1000, 30 * MIB], ids=str)
def test_nothing_stays_when_the_chunks_break_off(blobs: BlobStore, size: int, kind: type[BaseException]) -> None:
    def chunks() -> Iterator[bytes]:
        yield from in_chunks(bytes(size))
        raise kind("from the source")

    with pytest.raises(kind, match="from the source"):
        blobs.put("one", chunks())
    assert list(blobs.names()) == []
    with pytest.raises(StorageFailed):
        blobs.read("one")
    assert blobs.put("one", [b"again"]).size == 5


def test_blobs_are_put_together_from_parts_of_others(blobs: BlobStore) -> None:
    """As the output of a batch is: the store is read from while it is written to."""
    first, second = noise(12 * MIB), noise(3 * MIB)
    blobs.put("first", [first])
    blobs.put("second", [second])
    parts = [("first", 0, 9 * MIB), ("second", 100, 200), ("first", 9 * MIB, 3 * MIB), ("second", 5, 10)]
    blob = blobs.put("both", (piece for part in parts for piece in blobs.read(*part)))
    expected = first[: 9 * MIB] + second[100:300] + first[9 * MIB :] + second[5:15]
    assert blob.sha256 == sha256(expected).hexdigest()
    assert whole(blobs, "both") == expected


def test_what_is_deleted_is_gone(blobs: BlobStore) -> None:
    blobs.put("one", [b"some bytes"])
    blobs.put("two", [b"other bytes"])
    assert whole(blobs, "one", 2, 3) == b"me "
    blobs.delete("one")
    assert list(blobs.names()) == ["two"]
    for length in (None, 3):
        with pytest.raises(StorageFailed):
            whole(blobs, "one", 2, length)


def test_what_is_not_there_is_deleted_already(blobs: BlobStore) -> None:
    blobs.delete("one")
    blobs.put("two", [b""])
    blobs.delete("two")
    blobs.delete("two")
    assert list(blobs.names()) == []


def test_all_names_are_told(blobs: BlobStore) -> None:
    names = {f"blob-{number:04}" for number in range(150)} | {"a", "A-b", "9" * 128}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: blobs.put(name, [name.encode()]), names))
    told = list(blobs.names())
    assert (set(told), len(told)) == (names, len(names))


def test_it_is_reached_whether_full_or_empty(blobs: BlobStore) -> None:
    blobs.reach()
    blobs.put("one", [b"bytes"])
    blobs.reach()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../a", "a\\b", "a.b", "a_b", "ä", "a\0", "a\n", "٣", "x" * 129]
)
def test_a_name_never_leaves_the_folder(blobs: BlobStore, name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        blobs.put(name, [b"x"])
    with pytest.raises(ValueError, match="letters, digits"):
        blobs.read(name)
    with pytest.raises(ValueError, match="letters, digits"):
        blobs.delete(name)
    with pytest.raises(ValueError, match="letters, digits"):
        blobs.bring(replace(blobs.put("good", [b"x"]), name=name), tmp_path)


@pytest.mark.parametrize("size", [0, 1000, 20 * MIB], ids=str)
def test_a_blob_is_brought_as_a_file(blobs: BlobStore, tmp_path: Path, size: int) -> None:
    data = noise(size)
    blob = blobs.put("one", in_chunks(data))
    for _ in range(2):
        path = blobs.bring(blob, tmp_path)
        assert (path.parent, path.read_bytes()) == (tmp_path, data)
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o400
    blobs.delete("one")
    assert path.read_bytes() == data
    path.unlink()
    with pytest.raises(StorageFailed):
        blobs.bring(blob, tmp_path)


def test_other_bytes_than_were_put_are_never_brought(blobs: BlobStore, tmp_path: Path) -> None:
    blob = blobs.put("one", [b"some bytes"])
    for wrong in (replace(blob, sha256=sha256(b"x").hexdigest()), replace(blob, size=9), replace(blob, size=11)):
        with pytest.raises(StorageFailed, match="damaged"):
            blobs.bring(wrong, tmp_path)
    assert not [file for file in tmp_path.iterdir() if file.is_file()]
    assert blobs.bring(blob, tmp_path).read_bytes() == b"some bytes"


def test_many_threads_use_it_at_once(blobs: BlobStore, tmp_path: Path) -> None:
    def life(number: int) -> bool:
        data, folder = noise(300_000 + number), tmp_path / str(number)
        folder.mkdir()
        blob = blobs.put(f"blob-{number}", in_chunks(data))
        parts = b"".join(whole(blobs, blob.name, start, 1000) for start in range(0, 300_000, 1000))
        right = parts == data[:300_000] and blobs.bring(blob, folder).read_bytes() == data
        blobs.delete(blob.name)
        return right

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(life, range(24)))
    assert list(blobs.names()) == []
