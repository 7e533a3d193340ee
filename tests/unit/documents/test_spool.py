"""Bytes to disk."""

import hashlib
import os
import stat

import pytest

from octavo.documents.spool import Spool, spool_bytes, spool_file, spool_stream
from octavo.domain.errors import FileTooLarge, InvalidDocumentReference


def test_chunks_are_written_counted_and_hashed(tmp_path):
    document = spool_stream(iter([b"ab", b"", b"cde"]), tmp_path, name="a.pdf", max_bytes=5)
    assert document.path.read_bytes() == b"abcde"
    assert document.path.parent == tmp_path
    assert (document.name, document.size) == ("a.pdf", 5)
    assert document.sha256 == hashlib.sha256(b"abcde").hexdigest()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_may_read(tmp_path):
    document = spool_bytes(b"x", tmp_path, name="x", max_bytes=9)
    assert stat.S_IMODE(document.path.stat().st_mode) == 0o600


def test_names_are_never_paths(tmp_path):
    folder = tmp_path / "spool"
    folder.mkdir()
    document = spool_bytes(b"x", folder, name="../../evil.pdf", max_bytes=9)
    assert document.path.parent == folder
    assert "evil" not in document.path.name


def test_too_many_bytes_leave_nothing_behind(tmp_path):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield bytes(1000)

    with pytest.raises(FileTooLarge, match=r"2,500 bytes.*OCTAVO_LIMITS__MAX_FILE_BYTES"):
        spool_stream(endless(), tmp_path, name="x", max_bytes=2500)
    assert len(taken) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_broken_source_leaves_nothing_behind(tmp_path):
    def broken():
        yield b"x"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        spool_stream(broken(), tmp_path, name="x", max_bytes=9)
    assert list(tmp_path.iterdir()) == []


def test_two_spools_never_share_a_file(tmp_path):
    with Spool(tmp_path, 9) as one, Spool(tmp_path, 9) as other:
        one.write(b"1")
        other.write(b"2")
        assert one.document("x").path.read_bytes() == b"1"
        assert other.document("x").path.read_bytes() == b"2"


def test_bytes_larger_than_one_piece(tmp_path):
    data = os.urandom((1 << 20) + 17)
    document = spool_bytes(data, tmp_path, name="x", max_bytes=len(data))
    assert document.path.read_bytes() == data
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_a_local_file_is_hashed_where_it_lies(tmp_path):
    path = tmp_path / "scan.png"
    path.write_bytes(b"pixels")
    document = spool_file(path, max_bytes=6)
    assert document.path == path
    assert (document.name, document.size) == ("scan.png", 6)
    assert document.sha256 == hashlib.sha256(b"pixels").hexdigest()
    assert spool_file(path) == document


def test_local_files_have_the_same_limit(tmp_path):
    path = tmp_path / "scan.png"
    path.write_bytes(b"pixels")
    with pytest.raises(FileTooLarge):
        spool_file(path, max_bytes=5)


def test_what_is_no_file_says_so(tmp_path):
    with pytest.raises(InvalidDocumentReference, match="not there"):
        spool_file(tmp_path / "missing.pdf")
    with pytest.raises(InvalidDocumentReference, match="no file"):
        spool_file(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidDocumentReference, match="no file"):
        spool_file(tmp_path / "pipe")
