"""Backups of real servers: one that was killed in the middle of a job, and one that is as busy as can be."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from batch_client import Caller, by_id, data_uri, line
from octavo_server import PATIENCE, command, environment, serving

from papers import text_pdf

LINES = 300
BEFORE_THE_KILL = 60
SIZES = (10, 3_000, 200_000)


def octavo(data: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """`octavo ARGUMENTS` for the installation in a data folder."""
    return subprocess.run(
        command(*map(str, arguments)),
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def good(ended: subprocess.CompletedProcess[str]) -> str:
    """What a run that must succeed printed."""
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def requests(folder: Path, count: int) -> Iterator[dict[str, object]]:
    """Lines, each with a document of its own."""
    for number in range(count):
        yield line(str(number), data_uri(text_pdf(folder / "page.pdf", [[f"Page of line {number}"]])))


def moved(folder: Path, backup: Path) -> Path:
    """Another folder to serve, whose data was restored from a backup."""
    folder.mkdir()
    good(octavo(folder / "data", "restore", backup))
    return folder


def files_of(caller: Caller) -> list[dict[str, Any]]:
    """All files that the server lists."""
    found: list[dict[str, Any]] = []
    for page in itertools.count():
        told = caller.told("GET", "/v1/files", params={"page": page, "page_size": 100})
        found += told["data"]
        if len(found) >= told["total"]:
            return found
    raise AssertionError


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_a_killed_server_goes_on_elsewhere_from_a_backup(tmp_path: Path, name: str) -> None:
    old = tmp_path / "old"
    old.mkdir()
    contents = {}
    with serving(old, EXECUTOR__WORKERS="2") as server:
        caller = Caller(server.url)
        for size in SIZES:
            content = os.urandom(size)
            contents[caller.upload(content, "ocr")] = content
        signed = [caller.told("GET", f"/v1/files/{file}/url")["url"].removeprefix(server.url) for file in contents]
        job = caller.submit(requests(tmp_path, LINES))
        before = caller.until(job["id"], lambda now: now["completed_requests"] >= BEFORE_THE_KILL)
        server.stop(signal.SIGKILL)
    assert before["status"] == "RUNNING"
    told = good(octavo(old / "data", "backup", tmp_path / name))
    assert "4 files, 1 batch jobs" in told
    shutil.rmtree(old)
    with serving(moved(tmp_path / "new", tmp_path / name), EXECUTOR__WORKERS="2") as server:
        caller = Caller(server.url)
        first = caller.job(job["id"])
        assert LINES > first["completed_requests"] >= before["completed_requests"]
        over = caller.over(job["id"])
        assert (over["status"], over["succeeded_requests"], over["failed_requests"]) == ("SUCCESS", LINES, 0)
        results = by_id(caller.results(over))
        assert results.keys() == {str(number) for number in range(LINES)}
        assert all("Page 0" in each["response"]["body"]["pages"][0]["markdown"] for each in results.values())
        for (file, content), address in zip(contents.items(), signed, strict=True):
            assert caller.ask("GET", f"/v1/files/{file}/content").content == content
            assert caller.ask("GET", address).content == content


@contextmanager
def coming_and_going(caller: Caller, seed: int) -> Iterator[list[int]]:
    """While entered, somebody uploads files and deletes about every other; how many were uploaded and deleted."""
    dice, stop, counts, own = random.Random(seed), threading.Event(), [0, 0], []

    def work() -> None:
        while not stop.is_set():
            own.append(caller.upload(dice.randbytes(dice.randrange(1, 150_000)), "ocr"))
            counts[0] += 1
            if dice.random() < 0.5:
                caller.told("DELETE", f"/v1/files/{own.pop(dice.randrange(len(own)))}")
                counts[1] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield counts
    finally:
        stop.set()
        thread.join()


def test_backups_of_a_busy_server_are_consistent(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with serving(old, EXECUTOR__WORKERS="2") as server:
        caller = Caller(server.url)
        job = caller.submit(requests(tmp_path, LINES))
        with coming_and_going(caller, 1) as one, coming_and_going(caller, 2) as other:
            caller.until(job["id"], lambda now: now["completed_requests"] > 0)
            names = []
            while len(names) < 3 or caller.job(job["id"])["status"] == "RUNNING":
                names.append(f"backup {len(names)}")
                good(octavo(old / "data", "backup", tmp_path / names[-1]))
        caller.over(job["id"])
    assert min(*one, *other) > 0
    for name in (names[0], names[1], names[-1]):
        with serving(moved(tmp_path / f"new {name}", tmp_path / name), EXECUTOR__WORKERS="2") as server:
            caller = Caller(server.url)
            assert {*by_id(caller.results(caller.over(job["id"])))} == {str(number) for number in range(LINES)}
            files = files_of(caller)
            assert len(files) > 1
            for file in files:
                content = caller.ask("GET", f"/v1/files/{file['id']}/content")
                assert content.status_code == 200, file
                assert hashlib.sha256(content.content).hexdigest()[:16] == file["signature"]
                assert len(content.content) == file["bytes"]


def test_a_server_that_runs_is_told_by_doctor_and_keeps_its_folder(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        Caller(server.url).upload(b"bytes", "ocr")
        good(octavo(tmp_path / "data", "backup", tmp_path / "backup"))
        told = good(octavo(tmp_path / "data", "doctor"))
        refused = octavo(tmp_path / "data", "restore", tmp_path / "backup")
        migrated = octavo(tmp_path / "data", "migrate")
        checked = octavo(tmp_path / "data", "migrate", "--check")
    assert f"used by process {server.process.pid}" in told
    assert (refused.returncode, "is not empty" in refused.stderr) == (2, True)
    assert (migrated.returncode, f"in use by process {server.process.pid}" in migrated.stderr) == (2, True)
    assert checked.returncode == 0


KILLED = """
import os, sys
from octavo.cli.main import run
sys.argv[0] = "octavo"
sys.addaudithook(lambda event, _: os.kill(os.getpid(), 9) if event == "os.rename" else None)
run()
"""


@pytest.mark.skipif(os.name != "posix", reason="kills")
def test_what_is_killed_leaves_nothing_of_that_name_and_is_cleared_away(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        Caller(server.url).upload(b"bytes", "ocr")
    killed = [sys.executable, "-c", KILLED]
    backup, folder = tmp_path / "there" / "backup", tmp_path / "restored"
    backup.parent.mkdir()
    subprocess.run([*killed, "backup", str(backup)], env=environment(tmp_path / "data"), check=False)
    assert not backup.exists()
    assert list(backup.parent.iterdir())
    good(octavo(tmp_path / "data", "backup", backup))
    assert list(backup.parent.iterdir()) == [backup]
    subprocess.run([*killed, "restore", str(backup)], env=environment(folder), check=False)
    assert not (folder / "octavo.db").exists()
    assert [path for path in folder.iterdir() if path.name != "octavo.db.lock"]
    good(octavo(folder, "restore", backup))
    assert {path.name for path in folder.iterdir()} == {"octavo.db", "octavo.db.lock", "blobs"}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_backup_that_is_told_to_end_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        Caller(server.url).upload(b"bytes", "ocr")
    ending = KILLED.replace('9) if event == "os.rename"', '15) if event == "os.rename"')
    (tmp_path / "there").mkdir()
    arguments = ["backup", str(tmp_path / "there" / "backup")]
    ended = subprocess.run([sys.executable, "-c", ending, *arguments], env=environment(tmp_path / "data"), check=False)
    assert ended.returncode == 130
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="mounts")
@pytest.mark.parametrize("what", ["backup", "restore"])
def test_no_space_is_told_and_nothing_stays(tmp_path: Path, what: str) -> None:
    with serving(tmp_path) as server:
        Caller(server.url).upload(os.urandom(3_000_000), "ocr")
    good(octavo(tmp_path / "data", "backup", tmp_path / "backup"))
    small = tmp_path / "small"
    small.mkdir()
    mount = 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && "$@"; code=$?; ls -A small; exit $code'
    isolated = ["unshare", "-rm", "sh", "-c", mount, "sh", str(small)]
    try:
        subprocess.run([*isolated[:2], "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no namespaces here")
    data, argument = (tmp_path / "data", small / "b") if what == "backup" else (small / "data", tmp_path / "backup")
    run = [*isolated, *command(what, str(argument))]
    ended = subprocess.run(
        run, env=environment(data), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (ended.returncode, ended.stdout) == (9, "")
    assert "no space left" in ended.stderr
