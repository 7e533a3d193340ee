from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from octavo.domain.errors import InvalidSettings, StorageFailed
from octavo.storage import local_blobs
from octavo.storage.local_blobs import LocalBlobs

MIB = 1024 * 1024
posix = pytest.mark.skipif(os.name != "posix", reason="modes, limits and signals are POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "blobs"


@pytest.fixture
def blobs(root: Path) -> LocalBlobs:
    return LocalBlobs(root)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if not path.is_dir())


def damage(path: Path, *, keep_time: bool) -> None:
    before = path.stat()
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(b"X")
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@posix
def test_nobody_else_looks_into_it(root: Path, blobs: LocalBlobs) -> None:
    blobs.put("one", [b"bytes"])
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [root.parent, root, *root.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    [file] = files(root)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400


@posix
def test_a_folder_that_others_could_look_into_is_closed(root: Path) -> None:
    root.mkdir(mode=0o755, parents=True)
    LocalBlobs(root)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_blobs_are_spread_over_subfolders(root: Path, blobs: LocalBlobs) -> None:
    for number in range(200):
        blobs.put(f"blob-{number}", [b""])
    folders = {path.parent for path in files(root)}
    assert len(folders) > 100
    assert {path.parent for path in folders} == {root}


def test_another_store_on_the_folder_finds_all(root: Path, blobs: LocalBlobs) -> None:
    blobs.put("one", [b"bytes"])
    again = LocalBlobs(root)
    assert (list(again.names()), b"".join(again.read("one"))) == (["one"], b"bytes")


def test_deleted_bytes_are_not_on_the_disk(root: Path, blobs: LocalBlobs) -> None:
    blobs.put("one", [b"secret" * 1000])
    list(blobs.read("one", 3, 10))
    blobs.delete("one")
    assert files(root) == []


def test_strange_files_are_no_blobs(root: Path, blobs: LocalBlobs) -> None:
    (root / "notes.txt").write_bytes(b"")
    (root / "half" / "abc").write_bytes(b"")
    (root / "00" / ".nfs0001").write_bytes(b"")
    assert list(blobs.names()) == []


def test_a_place_where_no_folder_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file", tmp_path / "file" / "blobs", Path("/proc/octavo")):
        with pytest.raises(InvalidSettings, match="OCTAVO_STORAGE__URL"):
            LocalBlobs(place)


def test_a_folder_that_vanishes_is_a_typed_error(root: Path, blobs: LocalBlobs, spool: Path) -> None:
    blob = blobs.put("one", [b"bytes"])
    shutil.rmtree(root)
    for act in (
        lambda: blobs.put("two", [b""]),
        lambda: blobs.read("one"),
        lambda: list(blobs.names()),
        blobs.reach,
        lambda: blobs.bring(blob, spool),
    ):
        with pytest.raises(StorageFailed):
            act()
    blobs.delete("one")


def test_whatever_is_done_to_a_brought_file_does_nothing_to_the_blob(
    root: Path, blobs: LocalBlobs, spool: Path
) -> None:
    """Those who read documents are not trusted with those that are kept."""
    blob = blobs.put("one", [b"bytes"])
    for store in (blobs, LocalBlobs(root)):
        path = store.bring(blob, spool)
        damage(path, keep_time=True)
        assert path.read_bytes() == b"Xytes"
        assert b"".join(blobs.read("one")) == b"bytes"
        assert store.bring(blob, spool).read_bytes() == b"bytes"
    assert [file.name for file in files(spool)] == ["one"]


def test_what_was_damaged_on_disk_is_not_brought(root: Path, blobs: LocalBlobs, spool: Path) -> None:
    blob = blobs.put("one", [b"some bytes"])
    blobs.bring(blob, spool)
    damage(files(root)[0], keep_time=False)
    for folder in (spool, spool / "other"):
        folder.mkdir(exist_ok=True)
        with pytest.raises(StorageFailed, match="damaged"):
            blobs.bring(blob, folder)
    assert [file.read_bytes() for file in files(spool)] == [b"some bytes"]


def test_what_became_shorter_is_not_brought(root: Path, blobs: LocalBlobs, spool: Path) -> None:
    blob = blobs.put("one", [b"some bytes"])
    files(root)[0].chmod(0o600)
    os.truncate(files(root)[0], 5)
    with pytest.raises(StorageFailed, match="damaged"):
        blobs.bring(blob, spool)
    assert files(spool) == []


def test_the_digest_is_checked_once_in_the_life_of_a_store(root: Path, blobs: LocalBlobs, spool: Path) -> None:
    blob = blobs.put("one", [b"some bytes"])
    damage(files(root)[0], keep_time=True)
    assert blobs.bring(blob, spool).read_bytes() == b"Xome bytes"
    with pytest.raises(StorageFailed, match="damaged"):
        LocalBlobs(root).bring(blob, spool)


def test_what_was_checked_is_remembered_in_bounded_memory(
    blobs: LocalBlobs, root: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_blobs, "REMEMBERED", 3)
    kept = [blobs.put(f"blob-{number}", [b"some bytes"]) for number in range(5)]
    for file in files(root):
        damage(file, keep_time=True)
    with pytest.raises(StorageFailed, match="damaged"):
        blobs.bring(kept[0], spool)
    assert blobs.bring(kept[4], spool).read_bytes() == b"Xome bytes"


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    place = Path("/dev/shm")
    if not place.is_dir() or place.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk")
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


def test_to_another_disk_a_copy_is_brought(root: Path, blobs: LocalBlobs, other_disk: Path) -> None:
    blob = blobs.put("one", [bytes(3 * MIB), b"end"])
    for _ in range(2):
        assert blobs.bring(blob, other_disk).read_bytes() == bytes(3 * MIB) + b"end"
    assert len(files(other_disk)) == 1
    damage(files(root)[0], keep_time=False)
    with pytest.raises(StorageFailed, match="damaged"):
        blobs.bring(blob, other_disk)
    assert [path.read_bytes()[:1] for path in files(other_disk)] == [b"\0"]


@linux
def test_no_file_stays_open(blobs: LocalBlobs, spool: Path) -> None:
    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    blob, before = blobs.put("one", [bytes(3 * MIB)]), opened()
    begun, ended = blobs.read("one"), blobs.read("one")
    next(begun)
    list(ended)
    assert opened() == before + 1
    del begun
    blobs.read("one")
    next(blobs.names())
    blobs.bring(blob, spool)
    with suppress(ZeroDivisionError):
        blobs.put("two", (bytes(1 // number) for number in (1, 0)))
    assert opened() == before


@linux
def test_bytes_and_names_reach_the_disk_before_put_returns(
    root: Path, blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, real = [], os.fsync

    def fsync(number: int) -> None:
        path = Path(f"/proc/self/fd/{number}").readlink()
        synced.append((path, path.stat().st_size if path.is_file() else len(files(path))))
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    blobs.put("one", [b"bytes"])
    [file] = files(root)
    [(half, written), (folder, names)] = synced
    assert (half.parent, written) == (root / "half", 5)
    assert (folder, names) == (file.parent, 1)
    blobs.delete("one")
    assert synced[-1] == (file.parent, 0)


WRITE = """
import os, sys
from pathlib import Path
from octavo.domain.errors import OutOfSpace
from octavo.storage.local_blobs import LocalBlobs
root = Path(sys.argv[1])
blobs = LocalBlobs(root / "blobs")
def chunks():
    for number in range(100):
        yield bytes(100_000)
        {halfway}
try:
    blobs.put("one", chunks())
except OutOfSpace as error:
    print(list(blobs.names()), [path for path in root.rglob("*") if path.is_file()], error)
"""
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"
FULL = "[] [] The server has no space left on its disk"


def outcome(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@linux
def test_a_full_disk_is_a_typed_error_and_nothing_stays(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" -c "$3" "$1"'
    program = WRITE.format(halfway="")
    isolated = ["unshare", "-rm", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, program]
    try:
        subprocess.run([*isolated[:2], "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no namespaces here")
    assert outcome(*isolated).startswith(FULL)


@posix
def test_a_limit_on_files_is_a_full_disk(tmp_path: Path) -> None:
    assert outcome(sys.executable, "-c", LIMIT + WRITE.format(halfway=""), str(tmp_path)).startswith(FULL)


BRING = """
import sys, resource
from pathlib import Path
from octavo.domain.errors import OutOfSpace
from octavo.storage.local_blobs import LocalBlobs
blobs, there = LocalBlobs(Path(sys.argv[1])), Path(sys.argv[2])
blob = blobs.put("one", [bytes(3_000_000)])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    blobs.bring(blob, there)
except OutOfSpace as error:
    print(list(there.iterdir()), error)
"""


@posix
def test_no_room_for_a_copy_is_a_typed_error_and_nothing_stays(root: Path, spool: Path) -> None:
    told = outcome(sys.executable, "-c", BRING, str(root), str(spool))
    assert told.startswith("[] The server has no space left on its disk")


@posix
def test_no_room_on_another_disk_is_a_typed_error_and_nothing_stays(root: Path, other_disk: Path) -> None:
    told = outcome(sys.executable, "-c", BRING, str(root), str(other_disk))
    assert told.startswith("[] The server has no space left on its disk")


KILL = "if number == 50: os.kill(os.getpid(), 9)"
BEFORE_ITS_NAME = 'sys.addaudithook(lambda event, _: os.kill(os.getpid(), 9) if event == "os.rename" else None)'


@posix
@pytest.mark.parametrize("halfway", [KILL, BEFORE_ITS_NAME], ids=["half", "whole"])
def test_what_a_killed_process_left_is_no_blob_and_goes(tmp_path: Path, halfway: str) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blobs.put("two", [b"bytes"])
    program = [sys.executable, "-c", WRITE.format(halfway=halfway), str(tmp_path)]
    assert subprocess.run(program, check=False).returncode == -9
    assert list(blobs.names()) == ["two"]
    assert max(path.stat().st_size for path in files(tmp_path)) > 1_000_000
    assert list(LocalBlobs(tmp_path / "blobs").names()) == ["two"]
    assert [path.name for path in files(tmp_path)] == ["two"]


@posix
def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    wait = "if number == 50: print(flush=True); sys.stdin.readline()"
    program = [sys.executable, "-c", WRITE.format(halfway=wait), str(tmp_path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        blobs = LocalBlobs(tmp_path / "blobs")
        assert (len(files(tmp_path)), list(blobs.names())) == (1, [])
        writer.communicate(b"\n", timeout=60)
    assert len(b"".join(blobs.read("one"))) == 10_000_000


def test_opening_harms_nobody_who_writes(root: Path, blobs: LocalBlobs) -> None:
    with ThreadPoolExecutor(4) as threads:
        opened = threads.map(lambda _: LocalBlobs(root), range(60))
        put = threads.map(lambda number: blobs.put(f"blob-{number}", [b"bytes"]), range(300))
        assert (len(list(opened)), len(list(put))) == (60, 300)
    assert len(list(blobs.names())) == 300


@posix
def test_a_file_that_was_taken_for_left_behind_is_begun_anew(
    root: Path, blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process opens the store just when a file is made, and not locked yet."""
    fcntl = pytest.importorskip("fcntl")
    real, opened = fcntl.flock, []

    def flock(number: int, kind: int) -> None:
        if not opened:
            opened.append(files(root))
            LocalBlobs(root)
            assert files(root) == []
        real(number, kind)

    monkeypatch.setattr(fcntl, "flock", flock)
    blobs.put("one", [b"bytes"])
    assert (len(opened[0]), b"".join(blobs.read("one"))) == (1, b"bytes")


MEASURE = """
import re, sys
from pathlib import Path
from octavo.storage.local_blobs import LocalBlobs
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
blobs, spool = LocalBlobs(Path(sys.argv[1]) / "blobs"), Path(sys.argv[1])
blobs.put("warm", [bytes(1 << 20)] * 2)
before = peak()
blob = blobs.put("one", (bytes(1 << 20) for _ in range(96)))
for _ in blobs.read("one"): pass
LocalBlobs(spool / "blobs").bring(blob, spool)
print(peak() - before)
"""


@linux
def test_large_blobs_are_written_read_and_brought_in_constant_memory(tmp_path: Path) -> None:
    assert int(outcome(sys.executable, "-c", MEASURE, str(tmp_path))) < 12 * MIB
