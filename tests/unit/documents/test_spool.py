"""Bytes to disk."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys

import pytest

from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import Spool, spool_bytes, spool_file, spool_stream
from octavo.domain.errors import FileTooLarge, InvalidDocumentReference, Overloaded


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


# What all files of a server take together


def test_bytes_count_until_their_folder_is_gone(tmp_path):
    budget = SpoolBudget(100)
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
        spool_stream([bytes(20), bytes(30)], folder, name="x", max_bytes=99, budget=budget)
    assert budget.used == 100
    with pytest.raises(Overloaded, match="OCTAVO_LIMITS__MAX_SPOOL_BYTES"):
        spool_stream([b"x"], folders[0], name="x", max_bytes=99, budget=budget)
    assert budget.refused == 1
    shutil.rmtree(folders[1])
    assert budget.used == 50
    spool_stream([bytes(50)], folders[0], name="x", max_bytes=99, budget=budget)
    assert budget.used == 100


def test_room_is_found_without_anybody_asking_how_much_is_used(tmp_path):
    budget = SpoolBudget(100)
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        spool_stream([bytes(60)], folder, name="x", max_bytes=99, budget=budget)
        shutil.rmtree(folder)
    assert budget.refused == 0


def test_what_failed_is_given_back(tmp_path):
    budget = SpoolBudget(100)
    with pytest.raises(FileTooLarge):
        spool_stream([bytes(40), bytes(40)], tmp_path, name="x", max_bytes=50, budget=budget)
    with pytest.raises(Overloaded):
        spool_stream([bytes(60), bytes(60)], tmp_path, name="x", max_bytes=999, budget=budget)
    assert budget.used == 0
    assert list(tmp_path.iterdir()) == []


def test_spare_folders_make_room_until_they_are_claimed(tmp_path):
    budget = SpoolBudget(100)
    claimed, first, second, mine = folders = [tmp_path / name for name in "abcd"]
    for folder in folders[:3]:
        folder.mkdir()
        spool_stream([bytes(20)], folder, name="x", max_bytes=99, budget=budget)
        budget.spare(folder)
    mine.mkdir()
    assert budget.claim(claimed)
    budget.take(mine, 60)
    assert [folder.exists() for folder in folders] == [True, False, True, True]
    assert not budget.claim(first)
    with pytest.raises(Overloaded):
        budget.take(mine, 50)
    assert not second.exists()
    assert claimed.exists()
    assert budget.used == 80


def test_folders_that_are_gone_are_not_remembered(tmp_path):
    budget = SpoolBudget()
    for number in range(1000):
        budget.take(tmp_path / str(number), 1)
    assert len(budget._taken) < 100


FILL = """
import pathlib, sys
from octavo.documents.spooling.spool import spool_stream
from octavo.domain.errors import OutOfSpace
folder = pathlib.Path(sys.argv[1])
try:
    spool_stream((bytes(100_000) for _ in range(100)), folder, name="x", max_bytes=10**9)
except OutOfSpace as error:
    print(list(folder.iterdir()), error)
"""
REPLACE = """
import pathlib, sys
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import spool_stream
budget, sizes = SpoolBudget(), []
for name in ("old", "new"):
    folder = pathlib.Path(sys.argv[1], name)
    folder.mkdir()
    sizes.append(spool_stream([bytes(600_000)], folder, name="x", max_bytes=10**9, budget=budget).size)
    budget.spare(folder)
print(sizes, [path.name for path in folder.parent.iterdir()])
"""


def outcome(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def on_small_disk(folder, program):
    """What it tells, where the folder is a disk of a mebibyte."""
    mount = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    isolated = ["unshare", "-rm", "sh", "-c", mount, "sh", str(folder), sys.executable, program]
    try:
        subprocess.run([*isolated[:2], "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no namespaces here")
    return outcome(*isolated)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_full_disk_is_a_typed_error_and_nothing_stays(tmp_path):
    assert on_small_disk(tmp_path, FILL).startswith("[] The server has no space left on its disk")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_spare_folders_make_room_on_a_full_disk(tmp_path):
    assert on_small_disk(tmp_path, REPLACE) == "[600000, 600000] ['new']\n"


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX")
def test_a_limit_on_files_is_a_full_disk(tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"
    assert outcome(sys.executable, "-c", limit + FILL, str(tmp_path)).startswith("[] The server has no space left")
