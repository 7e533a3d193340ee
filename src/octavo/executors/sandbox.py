"""What a worker may ask of the Linux kernel: no sockets, no programs, no processes, nothing of other processes.

A seccomp filter (`seccomp(2)`), written out as classic BPF. A call that is forbidden fails with EPERM, as it would for
lack of a privilege, and kills nothing, because libraries try things out.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterator
from typing import TypeAlias

Instruction: TypeAlias = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand; jumps count the instructions that are left out."""

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Place in the table of calls, and what the kernel calls the architecture (`AUDIT_ARCH_…`)."""

_X32 = 0x4000_0000
"""Added to the numbers of a second set of calls that x86_64 has."""

_FORBIDDEN = {
    "network": "socket 41 198, socketpair 53 199, bind 49 200, connect 42 203, listen 50 201, accept 43 202, "
    "accept4 288 242, sendto 44 206, sendmsg 46 211, sendmmsg 307 269",
    "the same by another way": "io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427",
    "programs and processes": "execve 59 221, execveat 322 281, fork 57 -, vfork 58 -",
    "other processes": "ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440, "
    "pidfd_open 434 434, pidfd_getfd 438 438, pidfd_send_signal 424 424, kcmp 312 272, tkill 200 130",
    "messages": "shmget 29 194, shmat 30 196, msgget 68 186, msgsnd 69 189, semget 64 190, semop 65 193, "
    "mq_open 240 180",
    "name spaces and mounts": "unshare 272 97, setns 308 268, mount 165 40, umount2 166 39, pivot_root 155 41, "
    "chroot 161 51, fsopen 430 430, fsconfig 431 431, fsmount 432 432, fspick 433 433, move_mount 429 429, "
    "open_tree 428 428, mount_setattr 442 442",
    "keys": "add_key 248 217, request_key 249 218, keyctl 250 219",
    "the kernel": "bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, fanotify_init 300 262, "
    "open_by_handle_at 304 265, syslog 103 116, kexec_load 246 104, kexec_file_load 320 294, init_module 175 105, "
    "finit_module 313 273, delete_module 176 106",
    "the machine": "reboot 169 142, swapon 167 224, swapoff 168 225, acct 163 89, quotactl 179 60, "
    "settimeofday 164 170, clock_settime 227 112, clock_adjtime 305 266, adjtimex 159 171, sethostname 170 161, "
    "setdomainname 171 162, iopl 172 -, ioperm 173 -",
    "owners and rights of files": "chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, "
    "fchown 93 55, lchown 94 -, fchownat 260 54, setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7",
}
"""Numbers on x86_64 and aarch64, from Linux' `asm/unistd_64.h` and `asm-generic/unistd.h`."""

_OF_ITSELF = "kill 62 129, tgkill 234 131, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240, prlimit64 302 261"
"""Calls whose first argument is a process, which must be the worker itself."""

_CLONE, _CLONE3, _SECCOMP = (56, 220), (435, 435), (317, 277)
_CLONE_THREAD = 0x10000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOWED = (_RETURN, 0, 0, 0x7FFF0000)
_DENIED = (_RETURN, 0, 0, 0x00050000 | errno.EPERM)
_UNKNOWN = (_RETURN, 0, 0, 0x00050000 | errno.ENOSYS)

_SET_MODE_FILTER = 1
_ALL_THREADS = 1
_SPECULATE = 4


def program(machine: str, pid: int) -> list[Instruction] | None:
    """The filter for the process `pid` on a machine as `os.uname` names it; None on one that is not known here."""
    if machine not in _ARCHITECTURES:
        return None
    column, architecture = _ARCHITECTURES[machine]
    code = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), _DENIED, (_LOAD, 0, 0, _NUMBER)]
    code += [(_AT_LEAST, 0, 1, _X32), _DENIED] if machine == "x86_64" else []
    for calls in _FORBIDDEN.values():
        for number in _numbers(calls, column):
            code += [(_EQUAL, 0, 1, number), _DENIED]
    # Flags of clone3 lie in memory, where a filter cannot look: without it, libraries take clone.
    code += [(_EQUAL, 0, 1, _CLONE3[column]), _UNKNOWN]
    code += [(_EQUAL, 0, 4, _CLONE[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    code += [(_ANY_BIT, 0, 1, _CLONE_THREAD), _ALLOWED, _DENIED]
    for number in _numbers(_OF_ITSELF, column):
        code += [(_EQUAL, 0, 5, number), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
        code += [(_EQUAL, 1, 0, 0), (_EQUAL, 0, 1, pid), _ALLOWED, _DENIED]
    return [*code, _ALLOWED]


def _numbers(calls: str, column: int) -> Iterator[int]:
    """Of the calls that the architecture has."""
    for call in calls.split(", "):
        if (number := call.split()[1 + column]) != "-":
            yield int(number)


def forbid_calls() -> bool:
    """Put the filter on every thread of this process, for good; False where the system has none or refuses it.

    The process must have given up new privileges before (`PR_SET_NO_NEW_PRIVS`).
    """
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return False
    machine = os.uname().machine
    code = program(machine, os.getpid())
    return code is not None and _install(_SECCOMP[_ARCHITECTURES[machine][0]], code)


def _install(seccomp: int, code: list[Instruction]) -> bool:
    """Without `_SPECULATE`, kernels before 5.16 slow every filtered process down by a measure against Spectre."""
    body = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *instruction) for instruction in code))
    # struct sock_fprog: the number of instructions, and where they are.
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(code), ctypes.addressof(body)))
    try:
        call = ctypes.CDLL(None).syscall
    except (OSError, AttributeError):
        return False
    arguments = ctypes.c_long(seccomp), ctypes.c_long(_SET_MODE_FILTER)
    return any(
        call(*arguments, ctypes.c_long(flags), filter_) == 0 for flags in (_ALL_THREADS | _SPECULATE, _ALL_THREADS)
    )
