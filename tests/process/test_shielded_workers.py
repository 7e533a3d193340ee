"""What a worker cannot do, on the systems that can take it away."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest
from worker_scenes import children_of, is_alive, play

import scripted_pipeline
from octavo.domain.errors import EngineFailed
from octavo.domain.view import View, ViewTask
from octavo.executors import landlock
from octavo.executors.landlock import Folders
from octavo.executors.local import LocalExecutor
from octavo.executors.resting import RestingRenderer
from scripted_pipeline import page_task

SECCOMP = Path("/proc/sys/kernel/seccomp/actions_avail").exists() and os.uname().machine in {"x86_64", "aarch64"}
needs_seccomp = pytest.mark.skipif(not SECCOMP, reason="this system has no seccomp filters")
needs_landlock = pytest.mark.skipif(
    sys.platform != "linux" or landlock._landlock(landlock._CREATE, None, 0, landlock._VERSION) < 1,
    reason="this system has no Landlock",
)


def said(folder: Path, *commands: str, folders: Folders | None = None) -> tuple[str, ...]:
    """What a fresh worker says to these commands."""
    told: list[str] = []

    async def scene(executor: LocalExecutor) -> None:
        told.extend((await executor.recognize(page_task(folder / "page", *commands))).warnings)

    play(scene, folders=folders)
    return tuple(told)


@needs_seccomp
def test_a_worker_has_no_network(tmp_path: Path) -> None:
    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        commands = ["socket AF_INET", "socket AF_INET6", "socket AF_NETLINK", f"connect {place}", "socketpair"]
        assert said(tmp_path, *commands) == ("PermissionError",) * 5


@needs_seccomp
@needs_landlock
def test_a_viewer_reads_the_spool_and_does_nothing_else(tmp_path: Path) -> None:
    spool, outside = tmp_path / "spool", tmp_path / "outside"
    spool.mkdir()
    outside.write_text("kept")
    document = spool / "document"
    paths = [f"read {document}", f"write {document}", f"write {spool / 'new'}", f"read {outside}", f"list {tmp_path}"]
    document.write_text("\n".join([*paths, "socket AF_INET", "run /bin/true"]))

    async def main() -> list[str]:
        renderer = RestingRenderer(scripted_pipeline.build, {}, spool, 30, 10**9)
        try:
            made = await renderer.render(ViewTask(path=document, view=View(index=0, width=64)))
            return made.jpeg.decode().splitlines()
        finally:
            await renderer.close()

    assert asyncio.run(main()) == ["done", *["PermissionError"] * 6]


@needs_seccomp
def test_a_worker_starts_nothing_and_touches_no_other_process(tmp_path: Path) -> None:
    commands = ["run /bin/true", "exec /bin/true", "fork", f"signal {os.getpid()}", "signal -1", f"chmod {tmp_path}"]
    assert said(tmp_path, *commands) == ("PermissionError",) * 6
    assert not children_of(os.getpid())


@needs_seccomp
@pytest.mark.skipif(not SECCOMP or os.uname().machine != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize("number", [41, 59, 101, 272, 321, 425, 0x4000_0000 + 41, 0x4000_0000 + 520])
def test_system_calls_that_no_page_needs_are_refused(tmp_path: Path, number: int) -> None:
    """socket, execve, ptrace, unshare, bpf, io_uring_setup; socket and execve of x32."""
    assert said(tmp_path, f"call {number}") == ("EPERM",)


def test_a_worker_may_have_threads_and_know_itself(tmp_path: Path) -> None:
    assert said(tmp_path, "start_thread", "signal 0") == ("from a thread", "done")


@needs_landlock
def test_a_worker_reads_and_writes_in_its_own_folders_only(tmp_path: Path) -> None:
    spool, other = tmp_path / "spool", tmp_path / "other"
    spool.mkdir()
    other.mkdir()
    (other / "secret").touch()
    commands = [f"write {spool}/a", f"read {spool}/a", f"read {os.__file__}", "write /dev/null"]
    outside = [f"read {other}/secret", f"list {other}", f"write {other}/b", "read /etc/passwd", f"list {Path.home()}"]
    outside += [f"read /proc/{os.getpid()}/environ", f"write {sys.prefix}/evil"]
    told = said(spool, *commands, *outside, folders=Folders(writable=(spool,)))
    assert told[:4] == ("done",) * 4
    assert told[4:] == ("PermissionError",) * len(outside)
    assert not (other / "b").exists()


@needs_landlock
def test_a_worker_may_be_let_read_everywhere_and_write_in_one_place(tmp_path: Path) -> None:
    spool, other = tmp_path / "spool", tmp_path / "other"
    spool.mkdir()
    other.mkdir()
    (other / "document").touch()
    commands = [f"read {other}/document", f"write {other}/b", f"write {spool}/c"]
    told = said(spool, *commands, folders=Folders(readable=(Path("/"),), writable=(spool,)))
    assert told == ("done", "PermissionError", "done")


@needs_landlock
def test_other_processes_are_out_of_reach_though_files_are_free(tmp_path: Path) -> None:
    assert said(tmp_path, f"read /proc/{os.getpid()}/mem", f"read {__file__}") == ("PermissionError", "done")


def test_what_is_in_force_is_told(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        told = ", ".join(executor.shields)
        assert ("no new privileges" in told) == (sys.platform == "linux")
        assert ("seccomp" in told) == SECCOMP
        if "Landlock" in told:
            assert "files by Landlock" in told

    play(scene, folders=Folders(writable=(tmp_path,)))


def test_a_folder_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    async def main() -> None:
        executor = LocalExecutor(
            scripted_pipeline.build, {}, workers=1, folders=Folders(writable=(tmp_path / "absent",))
        )
        await executor.start()
        with pytest.raises(EngineFailed, match="absent"):
            await executor.ready()
        await executor.close()
        assert not any(map(is_alive, children_of(os.getpid())))

    asyncio.run(main())
