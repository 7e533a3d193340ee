"""Pages stay for the batch jobs that need them, through restarts and crashes, until the job is dropped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from octavo.domain.errors import OutOfSpace, StorageFailed
from octavo.domain.geometry import Size
from octavo.domain.result import RecognizedPage
from octavo.storage.job_records import JobRecords
from octavo.storage.pages import PageFolders

DAY = 24 * 3600


@dataclass
class Clock:
    now: float

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path.stat().st_mtime)


Start = Callable[..., PageFolders]


@pytest.fixture
def start(tmp_path: Path, clock: Clock) -> Start:
    """A server starts, on the folder of the one before."""
    usual = {"keeps": 100, "max_bytes": 10**9, "clock": clock}
    return lambda **other: PageFolders(tmp_path / "pages", **{**usual, **other})


def finish(store: PageFolders, key: str, content: bytes = b"") -> None:
    """A page that is held already is read."""
    (store.folder(key) / "picture.jpeg").write_bytes(content)
    store.keep(key, RecognizedPage(index=0, size=Size(10, 20), dpi=72, warnings=(key,)))


def read_for(store: PageFolders, job: str | None, *keys: str, content: bytes = b"") -> None:
    """A line of a job (or a request, without one) needs pages: found, or read as the service does."""
    for key in keys:
        store.hold(key, job)
        if not store.has(key):
            finish(store, key, content)
    store.release(keys, job)


def there(store: PageFolders) -> str:
    """Which pages of one letter there are; as many lie on disk."""
    found = "".join(key for key in "abcdef" if store.has(key))
    assert len(list(store._root.glob("*/page.bin"))) == len(found)
    return found


def records(store: PageFolders) -> list[Path]:
    return sorted(store._root.with_name("pages.jobs").glob("*"))


def test_pages_of_a_job_outlive_their_hour_until_the_job_is_dropped(start: Start, clock: Clock) -> None:
    store = start()
    read_for(store, "job", "a", "b")
    read_for(store, None, "c")
    clock.now += 10 * DAY
    store.sweep()
    assert (there(store), store.jobs()) == ("ab", ("job",))
    store.drop("job")
    assert (there(store), store.size, store.jobs(), list(store._root.iterdir()), records(store)) == ("", 0, (), [], [])


def test_a_job_that_is_dropped_at_once_leaves_nothing_for_an_hour(start: Start) -> None:
    store = start()
    read_for(store, "job", "a")
    store.drop("job")
    assert there(store) == ""


def test_dropping_what_was_never_kept_is_nothing(start: Start) -> None:
    store = start()
    read_for(store, "job", "a")
    store.drop("another")
    store.drop("")
    assert (there(store), len(records(store))) == ("a", 1)


def test_they_outlive_restarts(start: Start, clock: Clock) -> None:
    read_for(start(), "job", "a", "b")
    read_for(start(), None, "c")
    clock.now += DAY
    store = start()
    assert (there(store), store.jobs(), store.load("a").warnings) == ("ab", ("job",), ("a",))
    assert store.size == sum(file.stat().st_size for file in store._root.glob("*/*")) > 0
    store.drop("job")
    assert (there(store), store.size, there(start())) == ("", 0, "")


def test_a_job_goes_on_after_a_restart(start: Start, clock: Clock) -> None:
    read_for(start(), "job", "a")
    read_for(start(), "job", "b")
    clock.now += DAY
    store = start()
    assert there(store) == "ab"
    assert [file.stat().st_mode & 0o777 for file in (records(store)[0].parent, *records(store))] == [0o700, 0o600]
    store.drop("job")
    assert there(start()) == ""


@pytest.mark.parametrize("restarts", [False, True])
def test_a_page_that_two_jobs_need_stays_for_the_other(start: Start, clock: Clock, restarts: bool) -> None:
    store = start()
    read_for(store, "one", "a", "b")
    read_for(store, "two", "b", "c")
    read_for(store, "two", "b")
    clock.now += DAY
    store = start() if restarts else store
    assert sorted(store.jobs()) == ["one", "two"]
    store.drop("one")
    assert (there(store), there(start())) == ("bc", "bc")
    store.drop("two")
    assert there(store) == ""


def test_two_lines_that_wait_for_the_same_page_share_it(start: Start, clock: Clock) -> None:
    store = start()
    store.hold("a", "one")
    store.hold("a", "two")
    finish(store, "a")
    store.release(["a"], "one")
    store.release(["a"], "two")
    clock.now += DAY
    store = start()
    store.drop("one")
    assert there(store) == "a"


def test_a_page_that_was_read_for_a_request_stays_for_the_job_that_found_it(start: Start, clock: Clock) -> None:
    store = start()
    read_for(store, None, "a")
    read_for(store, "job", "a")
    clock.now += DAY
    store.sweep()
    assert (there(store), there(start())) == ("a", "a")


def test_the_hour_of_a_request_holds_though_the_job_is_dropped(start: Start, clock: Clock) -> None:
    store = start()
    read_for(store, "job", "a", "b", "c")
    read_for(store, None, "a")
    store.hold("b")
    store.drop("job")
    assert there(store) == "ab"
    store.release(["b"])
    clock.now += 99
    store.sweep()
    assert there(store) == "ab"
    clock.now += 2
    store.sweep()
    assert there(store) == ""


def test_a_page_that_a_line_and_a_request_wait_for_has_the_hour_of_the_request(start: Start, clock: Clock) -> None:
    store = start()
    store.hold("a", "job")
    store.hold("a")
    finish(store, "a")
    store.release(["a"])
    store.release(["a"], "job")
    store.drop("job")
    assert there(store) == "a"
    clock.now += 101
    store.sweep()
    assert there(store) == ""


def test_a_page_that_is_held_is_dropped_when_it_is_let_go(start: Start) -> None:
    store = start()
    read_for(store, "job", "a")
    store.hold("a", "job")
    store.hold("a", "job")
    store.drop("job")
    store.release(["a"], "job")
    assert (there(store), store.load("a").warnings) == ("a", ("a",))
    store.release(["a"], "job")
    assert there(store) == ""


def test_a_line_that_is_still_read_keeps_nothing_for_a_job_that_is_dropped(start: Start) -> None:
    store = start()
    store.hold("a", "job")
    store.drop("job")
    finish(store, "a")
    store.hold("b", "job")
    finish(store, "b")
    assert there(store) == "ab"
    store.release(["a", "b"], "job")
    read_for(store, "job", "c")
    assert (there(store), records(store), store.jobs()) == ("", [], ())


def test_nothing_is_noted_for_a_job_that_was_dropped_a_moment_ago(tmp_path: Path, clock: Clock) -> None:
    noted = JobRecords(tmp_path / "records", clock)
    noted.add("job", "a", 1)
    noted.drop("job")
    noted.erase("job")
    noted.add("job", "b", 1)
    assert (noted.jobs(), list(noted.take_up()), list((tmp_path / "records").iterdir())) == ((), [], [])


def test_nothing_is_kept_for_jobs_where_nothing_is_to_be_kept(start: Start, clock: Clock) -> None:
    store = start(keeps=0)
    store.hold("a", "job")
    read_for(store, "job", "a", "b")
    assert (there(store), store.jobs(), records(store)) == ("a", (), [])
    store.release(["a"], "job")
    assert there(store) == ""
    store.drop("job")
    read_for(start(), "job", "a")
    clock.now += 1
    store = start(keeps=0)
    assert (there(store), records(store)) == ("", [])


def test_jobs_that_nobody_drops_keep_their_pages_so_long_from_the_first_one(start: Start, clock: Clock) -> None:
    store = start(keep_jobs=1000)
    read_for(store, "job", "a")
    clock.now += 900
    store = start(keep_jobs=1000)
    read_for(store, "job", "b")
    store.sweep()
    assert there(store) == "ab"
    clock.now += 101
    store.sweep()
    assert (there(store), store.jobs(), records(store)) == ("", (), [])


def test_nor_do_they_after_a_restart(start: Start, clock: Clock) -> None:
    read_for(start(keep_jobs=1000), "job", "a")
    clock.now += 1001
    store = start(keep_jobs=1000)
    assert (there(store), store.jobs(), records(store)) == ("", (), [])


def test_a_record_from_the_future_ends_no_later_than_others(start: Start, clock: Clock) -> None:
    clock.now += 1000 * DAY
    read_for(start(), "job", "a")
    clock.now -= 1000 * DAY
    start()
    store = start(keep_jobs=1000)
    clock.now += 1001
    store.sweep()
    assert there(store) == ""


def test_the_pages_that_were_needed_first_make_room_whoever_needs_them(start: Start, clock: Clock) -> None:
    store = start(max_bytes=30_000)
    store.hold("a", "job")
    for job, key in (("job", "a"), ("job", "b"), (None, "c"), ("two", "d"), ("two", "e")):
        read_for(store, job, key, content=bytes(9_000))
        clock.now += 1
    assert (there(store), store.size <= 30_000) == ("ade", True)
    store.release(["a"], "job")
    read_for(store, "two", "f", content=bytes(9_000))
    assert there(store) == "aef"


def test_the_size_is_bound_after_a_restart_too(start: Start, clock: Clock) -> None:
    store = start()
    for key, job in zip("abcde", (None, "job", None, "two", "job"), strict=True):
        read_for(store, job, key, content=bytes(9_000))
        os.utime(store._root / store._name(key) / "page.bin", (clock.now, clock.now))
        clock.now += 1
    assert there(start(max_bytes=30_000)) == "cde"


def test_a_page_that_made_room_is_read_and_kept_again(start: Start, clock: Clock) -> None:
    store = start(max_bytes=15_000)
    for key in "aba":
        read_for(store, "job", key, content=bytes(9_000))
        clock.now += 1
    assert (there(store), there(start())) == ("a", "a")
    store.drop("job")
    assert (there(store), there(start())) == ("", "")


LINE = """
import os, sys
from pathlib import Path
from octavo.domain.geometry import Size
from octavo.domain.result import RecognizedPage
from octavo.storage.pages import PageFolders
store = PageFolders(Path(sys.argv[1]), keeps=100, max_bytes=10**9)
for key in "ab":
    store.hold(key, "job")
    store.folder(key)
    if key == "b":
        sys.addaudithook({death})
    store.keep(key, RecognizedPage(index=0, size=Size(10, 20), dpi=72, warnings=(key,)))
"""
DROP = """
import os, sys
from pathlib import Path
from octavo.storage.pages import PageFolders
store = PageFolders(Path(sys.argv[1]), keeps=100, max_bytes=10**9)
sys.addaudithook({death})
store.drop("job")
"""


def killed(program: str, folder: Path, event: str, of: str) -> None:
    """A process that ends without a word just before something happens to a file."""
    death = f'lambda event, args: os.kill(os.getpid(), 9) if event == "{event}" and "{of}" in str(args) else None'
    ended = subprocess.run([sys.executable, "-c", program.format(death=death), folder], check=False)
    assert ended.returncode == -9


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there")
@pytest.mark.parametrize(
    ("event", "of"),
    [("open", "pages.jobs"), ("os.rename", "page.bin")],
    ids=["before noting", "before keeping"],
)
def test_a_kill_between_noting_and_keeping_harms_no_other_page(
    start: Start, clock: Clock, tmp_path: Path, event: str, of: str
) -> None:
    killed(LINE, tmp_path / "pages", event, of)
    clock.now += DAY
    store = start()
    assert there(store) == "a"
    read_for(store, "job", "b")
    assert (there(store), store.load("b").warnings, there(start())) == ("ab", ("b",), "ab")
    store.drop("job")
    assert (there(store), list(store._root.iterdir()), records(store)) == ("", [], [])


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there")
@pytest.mark.parametrize(("event", "of"), [("os.rename", ".gone"), ("shutil.rmtree", ""), ("os.remove", "pages.jobs")])
def test_what_a_kill_left_of_a_dropped_job_goes_at_the_next_start(
    start: Start, tmp_path: Path, event: str, of: str
) -> None:
    store = start()
    read_for(store, "job", "a", "b")
    read_for(store, "two", "b", "c")
    if event == "os.rename":  # the first one is that of the record: the job is not dropped before
        of = "0.gone"
    killed(DROP, tmp_path / "pages", event, of)
    store = start()
    assert (there(store), store.jobs(), len(records(store))) == ("bc", ("two",), 1)
    assert len(list(store._root.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"job": "job"}', b'{"began": 1}', b'{"job": "job", "began": "x"}', b"\xff\xfe", b"\n\n"],
)
def test_a_file_that_is_no_record_is_removed(start: Start, damage: bytes) -> None:
    store = start()
    read_for(store, "job", "a")
    read_for(store, "two", "b")
    [record] = [file for file in records(store) if b'"job": "job"' in file.read_bytes()]
    record.write_bytes(damage)
    store = start()
    assert (there(store), store.jobs(), record.exists()) == ("ab", ("two",), False)
    read_for(store, "job", "c")
    assert sorted(start().jobs()) == ["job", "two"]


def test_a_line_that_was_cut_short_spoils_no_other(start: Start, clock: Clock) -> None:
    store = start()
    read_for(store, "job", "a", "b")
    [record] = records(store)
    record.write_bytes(record.read_bytes()[:-10])
    store = start()
    read_for(store, "job", "c")
    clock.now += DAY
    assert there(start()) == "ac"


def test_a_record_may_say_what_it_likes(start: Start, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a key")
    store = start()
    read_for(store, "job", "a")
    with records(store)[0].open("ab") as record:
        for name in ("../secret", "x" * 64, "é" * 64, "." * 64, "pages.jobs", ""):
            record.write(f"\n1 2 {name}\n-1 5 {name}\n9 9\n{'9' * 400} 9 {name}".encode())
    clock.now += DAY
    store = start()
    assert there(store) == "a"
    store.drop("job")
    assert (there(store), (tmp_path / "secret").read_text()) == ("", "a key")


@pytest.mark.parametrize("job", ["../../job", "/etc/passwd", "a\nb", "ä" * 300, ".", 'a"b'])
def test_a_job_may_be_called_anything(start: Start, clock: Clock, job: str) -> None:
    read_for(start(), job, "a")
    clock.now += DAY
    store = start()
    assert (there(store), store.jobs()) == ("a", (job,))
    store.drop(job)
    assert (there(store), store.jobs(), records(store)) == ("", (), [])


def test_where_it_cannot_be_noted_the_request_is_told(start: Start, tmp_path: Path) -> None:
    store = start()
    read_for(store, None, "a")
    (tmp_path / "pages.jobs").write_text("in the way")
    with pytest.raises(StorageFailed, match="OCTAVO_DATA_DIR"):
        store.hold("a", "job")
    store.hold("b", "job")
    with pytest.raises(StorageFailed):
        finish(store, "b")
    store.release(["a", "b"], "job")
    assert there(store) == "a"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_told_as_such(start: Start) -> None:
    store = start()
    read_for(store, "job", "a")
    [record] = records(store)
    record.unlink()
    record.symlink_to("/dev/full")
    store.hold("b", "job")
    with pytest.raises(OutOfSpace):
        finish(store, "b")
    store.release(["b"], "job")
    assert there(store) == "a"


def test_a_page_that_vanished_is_read_again(start: Start) -> None:
    store = start()
    read_for(store, "job", "a")
    (store._root / store._name("a") / "page.bin").unlink()
    assert (store.has("a"), store.size) == (False, 0)
    read_for(store, "job", "a")
    assert there(store) == "a"
