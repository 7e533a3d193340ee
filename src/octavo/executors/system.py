"""All that differs between operating systems. Linux is tested; macOS and Windows are written for and untested."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

_OPEN_FILES = 512
_LARGEST_FILE = 256 * 1024 * 1024
_OUT_OF_MEMORY_SCORE = "500"
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
_PROC_PIDTASKINFO = 4
_SCHEDULER_CLOCK = 2


def usable_cpus() -> int:
    """CPUs that this process may keep busy: its affinity, cut down to its control groups' quota; at least 1."""
    quota = cpu_quota()
    cpus = _cpus_of_affinity()
    return max(1, cpus if quota is None else min(cpus, math.floor(quota)))


def _cpus_of_affinity() -> int:
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_quota(proc: Path = Path("/proc/self")) -> float | None:
    """How many CPUs' time the control groups (version 1 or 2) grant; None without a limit, or where there are none.

    The group of the process and every group above it counts; the tightest wins.

    Args:
        proc: folder of the process in procfs.
    """
    quotas = [_quota_of(folder) for folder in _cgroup_folders(proc, "cpu")]
    return min((quota for quota in quotas if quota is not None), default=None)


def usable_memory(proc: Path = Path("/proc/self")) -> int | None:
    """Bytes of memory that this machine has, or that the control groups (version 1 or 2) grant; None if unknown.

    Args:
        proc: folder of the process in procfs.
    """
    limits = [_memory_limit_of(folder) for folder in _cgroup_folders(proc, "memory")]
    return min((limit for limit in (*limits, _memory_of_machine()) if limit), default=None)


def _memory_of_machine() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows; or the system does not say
        return None


def _memory_limit_of(folder: Path) -> int | None:
    for name in ("memory.max", "memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):  # there is no such file, or it says "max"
            return int((folder / name).read_text())
    return None


def _cgroup_folders(proc: Path, controller: str) -> Iterator[Path]:
    """The process's own group and those above it, as far as they are mounted."""
    try:
        groups = dict(_groups((proc / "cgroup").read_text(), controller))
        mounts = list(_cgroup_mounts((proc / "mountinfo").read_text(), controller))
    except OSError:
        return
    for kind, root, mount in mounts:
        if kind not in groups:
            continue
        folder = mount / _below(groups[kind], root)
        yield folder
        yield from (parent for parent in folder.parents if parent.is_relative_to(mount))


def _below(group: str, root: str) -> str:
    """Where the group lies below the mount's root; a container may see neither path as the other does."""
    path = PurePosixPath(group)
    return str(path.relative_to(root)) if path.is_relative_to(root) and ".." not in path.parts else "."


def _groups(text: str, controller: str) -> Iterator[tuple[str, str]]:
    """File system type and path of the groups that the controller governs, from `/proc/PID/cgroup`."""
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            yield "cgroup2", path
        elif controller in controllers.split(","):
            yield "cgroup", path


def _cgroup_mounts(text: str, controller: str) -> Iterator[tuple[str, str, Path]]:
    """File system type, root and place of the mounted group trees, from `/proc/PID/mountinfo`."""
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        root, place = before.split()[3:5]
        kind, _, options = after.split(maxsplit=2)
        if kind == "cgroup2" or (kind == "cgroup" and controller in options.split(",")):
            yield kind, root, Path(place)


def _quota_of(folder: Path) -> float | None:
    version_2 = folder / "cpu.max"
    version_1 = (folder / "cpu.cfs_quota_us", folder / "cpu.cfs_period_us")
    try:
        texts = version_2.read_text().split() if version_2.exists() else [file.read_text() for file in version_1]
        quota, period = map(int, texts)
    except (OSError, ValueError):  # there is no such file, or it says "max"
        return None
    return quota / period if quota > 0 and period > 0 else None


def resident_memory(pid: int) -> int | None:
    """Bytes of memory that a process holds now; None where that cannot be told."""
    if sys.platform == "linux":
        return _resident_by_procfs(pid)
    if sys.platform == "win32":
        return _resident_by_windows(pid)
    return _resident_by_macos(pid) if sys.platform == "darwin" else _resident_by_ps(pid)


def cpu_seconds(pid: int) -> float | None:
    """CPU time that a process has used so far; None where that cannot be told.

    By its CPU-time clock, whose number is made of its own as in Linux's `posix-timers.h`: 40 times quicker than procfs.
    """
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime((~pid << 3) | _SCHEDULER_CLOCK)
    except OSError:  # it has ended
        return None


def _resident_by_procfs(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/statm", "rb", buffering=0) as file:  # noqa: PTH123 - after each page, three times as quick
            pages = int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _resident_by_macos(pid: int) -> int | None:
    """By `proc_pidinfo`: the second number of `struct proc_taskinfo`, which has 96 bytes."""
    facts = (ctypes.c_uint64 * 12)()
    try:
        size = ctypes.CDLL("/usr/lib/libproc.dylib").proc_pidinfo(
            pid, _PROC_PIDTASKINFO, ctypes.c_uint64(0), facts, ctypes.sizeof(facts)
        )
    except (OSError, AttributeError):
        return _resident_by_ps(pid)
    return int(facts[1]) if size == ctypes.sizeof(facts) else None


def _resident_by_ps(pid: int) -> int | None:
    command = ["/bin/ps", "-o", "rss=", "-p", str(pid)]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=10)  # noqa: S603 - no shell, a number
        return int(answer.stdout) * 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


class _MemoryCounters(ctypes.Structure):
    """`PROCESS_MEMORY_COUNTERS` of the Windows API."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("page_faults", ctypes.c_uint32),
        ("peak_resident", ctypes.c_size_t),
        ("resident", ctypes.c_size_t),
        *((f"quota_{number}", ctypes.c_size_t) for number in range(4)),
        ("pagefile", ctypes.c_size_t),
        ("peak_pagefile", ctypes.c_size_t),
    )


def _resident_by_windows(pid: int) -> int | None:
    if sys.platform != "win32":
        return None
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(_PROCESS_QUERY_LIMITED_INFORMATION, False, pid))
    if not handle:
        return None
    counters = _MemoryCounters(size=ctypes.sizeof(_MemoryCounters))
    found = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.size)
    kernel.CloseHandle(handle)
    return int(counters.resident) if found else None


def interpreter() -> tuple[str, dict[str, str]]:
    """The Python program that runs workers, and variables that it needs.

    In a virtual environment on Windows `python.exe` only starts the real one as a child, so that its process id and
    its end would not be the worker's; the real one is started directly, as `multiprocessing` does.
    """
    base = getattr(sys, "_base_executable", sys.executable)
    if sys.platform == "win32" and base != sys.executable:
        return base, {"__PYVENV_LAUNCHER__": sys.executable}
    return sys.executable, {}


def spawn_options() -> dict[str, Any]:
    """Options of `Popen` that keep the terminal's Ctrl-C away from a worker and make it the head of its own group."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started with `spawn_options`, and what it started itself, at once."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def describe_exit(code: int) -> str:
    """How a process ended, from its return code: `it was ended by SIGSEGV` or `it exited with code 3`."""
    if code >= 0:
        return f"it exited with code {code}"
    try:
        return f"it was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was ended by signal {-code}"


def guard_worker(parent: int) -> bool:
    """Make this process a worker: no Ctrl-C, no core dump, few files, no new privileges.

    It has no life without `parent`: where the system does not end a process with its parent, the end of the pipe does
    (see `worker`). Where memory runs out, Linux takes a worker, never the server.

    Args:
        parent: process id of the server.

    Returns:
        Whether new privileges were given up.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_resources()
    if sys.platform != "linux":
        return False
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it was watched
        os._exit(1)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OUT_OF_MEMORY_SCORE)
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _limit_resources() -> None:
    """A core dump would write documents to disk. The address space stays free, or ONNX Runtime breaks.

    A file that grows too large is an `OSError` (EFBIG), because Python ignores SIGXFSZ.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_FSIZE: _LARGEST_FILE,
        resource.RLIMIT_CORE: 0,
    }
    for kind, wanted in limits.items():
        hard = resource.getrlimit(kind)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))


def _prctl(option: int, value: int) -> bool:
    """Whether it was done. A refusal (an old kernel, a strict sandbox) is no reason not to work."""
    try:
        return bool(ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False
