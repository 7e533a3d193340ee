from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from octavo.domain.block import Block, BlockKind, Figure
from octavo.domain.errors import EngineFailed, StorageFailed
from octavo.domain.geometry import BBox, Size
from octavo.domain.portable import to_bytes
from octavo.domain.result import RecognizedPage
from octavo.storage.fresh_pages import MOST_BYTES
from octavo.storage.pages import PageFolders


@dataclass
class Clock:
    now: float

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path.stat().st_mtime)


def store_in(folder: Path, clock: Clock, keeps: float = 100, max_bytes: int = 10**9) -> PageFolders:
    return PageFolders(folder, keeps=keeps, max_bytes=max_bytes, clock=clock)


def read_into(store: PageFolders, key: str, picture: bytes = b"", index: int = 0) -> Path:
    """Read a page as the service does, and let it go; its picture."""
    store.hold(key)
    file = store.folder(key) / "picture.jpeg"
    file.write_bytes(picture)
    store.keep(key, RecognizedPage(index=index, size=Size(10, 20), dpi=72, warnings=(key,)))
    store.release([key])
    return file


def test_a_finished_page_is_found_until_its_time_is_up(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    picture = read_into(store, "one", b"picture")
    clock.now += 99
    store.sweep()
    assert (store.has("one"), store.has("two"), picture.read_bytes()) == (True, False, b"picture")
    assert store.load("one").warnings == ("one",)
    clock.now += 2
    store.sweep()
    assert (store.has("one"), list((tmp_path / "pages").iterdir()), store.size) == (False, [], 0)


def test_a_page_that_is_held_outlives_its_time(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    read_into(store, "one")
    store.hold("one")
    store.hold("one")
    clock.now += 1000
    store.sweep()
    store.release(["one"])
    store.sweep()
    assert store.has("one")
    clock.now += 101
    store.sweep()
    assert store.has("one")
    store.release(["one"])
    assert not store.has("one")


def test_the_time_of_a_page_begins_anew_when_it_was_asked_for_again(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    for key in ("first", "second"):
        read_into(store, key)
    clock.now += 90
    store.hold("first")
    store.release(["first"])
    clock.now += 90
    store.sweep()
    assert (store.has("first"), store.has("second")) == (True, False)


def test_a_page_from_the_future_is_kept_no_longer_than_others(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    read_into(store, "one")
    os.utime(tmp_path / "pages" / store._name("one") / "page.bin", (clock.now + 10_000,) * 2)
    after = store_in(tmp_path / "pages", clock)
    clock.now += 101
    after.sweep()
    assert not after.has("one")


def test_a_folder_that_is_gone_is_told(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    (tmp_path / "pages").rmdir()
    store.hold("one")
    with pytest.raises(StorageFailed, match=r"No such file or directory.*OCTAVO_DATA_DIR"):
        store.folder("one")


def test_nothing_is_kept_where_nothing_is_to_be_kept(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock, keeps=0)
    store.hold("one")
    read_into(store, "one")
    assert store.has("one")
    store.release(["one"])
    assert (store.has("one"), list((tmp_path / "pages").iterdir())) == (False, [])
    store.close()
    assert not (tmp_path / "pages").exists()


def test_a_page_that_failed_leaves_nothing(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    store.hold("one")
    (store.folder("one") / "picture.jpeg").write_bytes(b"half a pict")
    store.release(["one"])
    assert (store.has("one"), list((tmp_path / "pages").iterdir())) == (False, [])


def test_the_oldest_pages_make_room_but_none_that_is_held(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock, max_bytes=30_000)
    store.hold("first")
    for name in ("first", "second", "third", "fourth"):
        read_into(store, name, bytes(9_000))
        clock.now += 1
    assert [store.has(name) for name in ("first", "second", "third", "fourth")] == [True, False, True, True]
    assert store.size <= 30_000


def test_pages_outlive_a_restart_but_not_their_time(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "pages"
    before = store_in(folder, clock)
    for number in range(2):
        read_into(before, str(number), index=number)
    (folder / "unfinished").mkdir()
    old = folder / before._name("0") / "page.bin"
    os.utime(old, (clock.now - 200, clock.now - 200))
    after = store_in(folder, clock)
    assert (after.has("0"), after.has("1")) == (False, True)
    assert after.load("1").index == 1
    assert len(list(folder.iterdir())) == 1


KEEP = """
import os, sys
from pathlib import Path
from octavo.domain.geometry import Size
from octavo.domain.result import RecognizedPage
from octavo.storage.pages import PageFolders
store = PageFolders(Path(sys.argv[1]), keeps=100, max_bytes=10**9)
store.hold("one")
store.folder("one")
page = RecognizedPage(index=0, size=Size(10, 20), dpi=72, warnings=("x" * 50_000,))
{death}
store.keep("one", page)
"""
WHILE_WRITTEN = """
import resource, signal
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
"""
BEFORE_ITS_NAME = """
sys.addaudithook(lambda event, _: os.kill(os.getpid(), 9) if event == "os.rename" else None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there")
@pytest.mark.parametrize(("death", "whole"), [(WHILE_WRITTEN, False), (BEFORE_ITS_NAME, True)], ids=["half", "whole"])
def test_a_page_whose_server_was_killed_is_not_taken_up(tmp_path: Path, clock: Clock, death: str, whole: bool) -> None:
    folder = tmp_path / "pages"
    read_into(store_in(folder, clock), "two")
    ended = subprocess.run([sys.executable, "-c", KEEP.format(death=death), folder], check=False)
    assert ended.returncode < 0
    [left] = [file.stat().st_size for file in folder.glob("*/*") if file.stat().st_size > 5_000]
    assert (left > 50_000) is whole
    after = store_in(folder, clock)
    assert (after.has("one"), after.has("two")) == (False, True)
    assert len(list(folder.iterdir())) == 1


def test_a_server_that_keeps_nothing_takes_nothing_up(tmp_path: Path, clock: Clock) -> None:
    read_into(store_in(tmp_path / "pages", clock), "one")
    assert not store_in(tmp_path / "pages", clock, keeps=0).has("one")
    assert list((tmp_path / "pages").iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"garbage", b"cos\nsystem\n(S'exit 1'\ntR."])
def test_a_damaged_page_is_an_error_and_is_read_again(tmp_path: Path, clock: Clock, damage: bytes) -> None:
    read_into(store_in(tmp_path / "pages", clock), "0")
    store = store_in(tmp_path / "pages", clock)
    next((tmp_path / "pages" / store._name("0")).glob("page.bin")).write_bytes(damage)
    with pytest.raises(EngineFailed, match="lost"):
        store.load("0")
    assert not store.has("0")


def page_with(picture: Path) -> RecognizedPage:
    figure = Block(kind=BlockKind.IMAGE, box=BBox(0, 0, 10, 20), figure=Figure(path=picture, width=10, height=20))
    return RecognizedPage(index=0, size=Size(10, 20), dpi=72, blocks=(figure,))


@pytest.mark.parametrize(
    "place", ["secret", "pages/FOLDER/../../secret", "pages/FOLDER/link", "pages/FOLDER/..", "/dev/zero"]
)
def test_a_picture_that_lies_elsewhere_is_never_opened(tmp_path: Path, clock: Clock, place: str) -> None:
    (tmp_path / "secret").write_text("a key")
    store = store_in(tmp_path / "pages", clock)
    store.hold("one")
    folder = store.folder("one")
    (folder / "link").symlink_to(tmp_path / "secret")
    page = page_with(tmp_path / place.replace("FOLDER", folder.name))
    with pytest.raises(EngineFailed, match="broke down"):
        store.keep("one", page)
    assert not store.has("one")


def test_nor_is_one_that_a_page_on_disk_names(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "secret").write_text("a key")
    read_into(store_in(tmp_path / "pages", clock), "0")
    store = store_in(tmp_path / "pages", clock)
    kept = next((tmp_path / "pages" / store._name("0")).glob("page.bin"))
    kept.write_bytes(to_bytes(page_with(tmp_path / "secret")))
    with pytest.raises(EngineFailed, match="lost"):
        store.load("0")
    assert not store.has("0")


def test_folders_are_nobody_elses_business(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    store.hold("one")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "pages", store.folder("one"))] == [0o700, 0o700]


def test_a_page_that_is_read_again_while_it_is_removed_is_another(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path / "pages", clock, keeps=0)
    store.hold("one")
    store.folder("one")
    remove = shutil.rmtree

    def interrupted(path: Path, *, ignore_errors: bool) -> None:
        monkeypatch.undo()
        store.hold("one")
        (store.folder("one") / "picture.jpeg").write_bytes(b"new")
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    store.release(["one"])
    store.keep("one", RecognizedPage(index=0, size=Size(10, 20), dpi=72))
    assert [path.name for path in (tmp_path / "pages").glob("*/*.jpeg")] == ["picture.jpeg"]
    store.release(["one"])
    assert list((tmp_path / "pages").iterdir()) == []


def test_what_was_being_removed_when_the_server_died_is_not_taken_up(tmp_path: Path, clock: Clock) -> None:
    picture = read_into(store_in(tmp_path / "pages", clock), "one")
    picture.parent.rename(tmp_path / "pages" / "7.gone")
    assert store_in(tmp_path / "pages", clock).size == 0
    assert list((tmp_path / "pages").iterdir()) == []


@pytest.mark.parametrize(("length", "is_in_memory"), [(10, True), (MOST_BYTES, False)])
def test_large_pages_stay_on_disk_alone(tmp_path: Path, clock: Clock, length: int, is_in_memory: bool) -> None:
    store = store_in(tmp_path / "pages", clock)
    read_into(store, "x" * length)
    shutil.rmtree(tmp_path / "pages")
    if is_in_memory:
        assert store.load("x" * length).index == 0
    else:
        with pytest.raises(EngineFailed):
            store.load("x" * length)


def test_the_pages_that_were_read_last_are_at_hand(tmp_path: Path, clock: Clock) -> None:
    store = store_in(tmp_path / "pages", clock)
    keys = [str(number) * (MOST_BYTES // 3) for number in range(4)]
    for key in keys:
        read_into(store, key)
    shutil.rmtree(tmp_path / "pages")
    assert [store.load(key).index for key in keys[2:]] == [0, 0]
    for key in keys[:2]:
        with pytest.raises(EngineFailed):
            store.load(key)
