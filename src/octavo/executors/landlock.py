"""Which files a worker may open, by Landlock (Linux 5.13 and later): what Python needs, and the folders of its work.

A process that is confined so cannot look into the memory of others either, whatever the files.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE, _MAKE_DIR, _MAKE_FILE = 1 << 4 | 1 << 5, 1 << 7, 1 << 8
_MAKE_DEVICE = 1 << 6 | 1 << 11
_RENAME, _TRUNCATE = 1 << 13, 1 << 14

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights on files there are since which version of Landlock: bits from 0 on."""

_TCP_SINCE, _SCOPES_SINCE = 4, 6
_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | _REMOVE | _MAKE_DIR | _MAKE_FILE | _RENAME | _TRUNCATE
_OF_A_FILE = _READ_FILE | _WRITE_FILE | _TRUNCATE

_SYSTEM = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/bus/pci",
    "/sys/devices",
    "/dev/urandom",
)
"""What programs read; not every system has all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where a worker works.

    Attributes:
        readable: folders that it may read, besides those of Python and the system.
        writable: folders that it may read and write.
    """

    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()


def confine(folders: Folders | None) -> int | None:
    """Confine the calling thread, and those that it starts from now on, for good.

    Args:
        folders: those of the work; None leaves all files free, and shields nothing but other processes.

    Returns:
        The version of Landlock; None where the system has none or refuses.

    Raises:
        OSError: one of the folders does not exist.
    """
    version = _landlock(_CREATE, None, 0, _VERSION) if sys.platform == "linux" else -1
    if version < 1:
        return None
    files = _all_rights(version) if folders else _MAKE_DEVICE
    # struct landlock_ruleset_attr: what is forbidden unless allowed, of files, TCP, and towards other processes.
    rules = struct.pack("=QQQ", files, 3 * (version >= _TCP_SINCE), 3 * (version >= _SCOPES_SINCE))
    size = 8 * (1 + (version >= _TCP_SINCE) + (version >= _SCOPES_SINCE))
    ruleset = _landlock(_CREATE, rules, size, 0)
    if ruleset < 0:
        return None
    try:
        if folders:
            _allow(ruleset, folders, files)
        return version if _landlock(_RESTRICT, ruleset, 0) == 0 else None
    finally:
        os.close(ruleset)


def _all_rights(version: int) -> int:
    return int((1 << max(count for since, count in _FILE_RIGHTS.items() if since <= version)) - 1)


def _allow(ruleset: int, folders: Folders, rights: int) -> None:
    for path in _needed():
        with contextlib.suppress(OSError):  # it is not there
            _allow_path(ruleset, path, _READ & rights)
    _allow_path(ruleset, Path(os.devnull), _OF_A_FILE & rights)
    for path in folders.readable:
        _allow_path(ruleset, path, _READ & rights)
    for path in folders.writable:
        _allow_path(ruleset, path, _WRITE & rights)


def _needed() -> Iterable[Path]:
    """What Python and its packages are made of, wherever they were installed."""
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *sys.path}
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    return _folders((*_SYSTEM, *python, *libraries))


def _folders(names: Iterable[str]) -> Iterator[Path]:
    return (Path(name) for name in names if name)


def _allow_path(ruleset: int, path: Path, rights: int) -> None:
    """The file, or the folder and all below it.

    The file descriptor is kept: the kernel may forget a rule for a folder of procfs that nobody has open.
    """
    held = os.open(path, os.O_PATH | os.O_CLOEXEC)
    allowed = rights if path.is_dir() else rights & _OF_A_FILE
    _landlock(_ADD, ruleset, _PATH_BENEATH, struct.pack("=Qi", allowed, held), 0)
    if not path.is_relative_to("/proc"):
        os.close(held)


def _landlock(number: int, *arguments: int | bytes | None) -> int:
    """One of the system calls; -1 when it is refused."""
    try:
        call = ctypes.CDLL(None).syscall
    except (OSError, AttributeError):
        return -1
    return int(call(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)))
