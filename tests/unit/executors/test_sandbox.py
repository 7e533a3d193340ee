"""The filter of system calls, run by an interpreter of classic BPF, so that both architectures are tested on each."""

from __future__ import annotations

import errno

import pytest

from octavo.executors.sandbox import Instruction, program

ALLOWED, DENIED, UNKNOWN = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 1234

NEEDED = {
    "x86_64": {"read": 0, "write": 1, "mmap": 9, "munmap": 11, "brk": 12, "ioctl": 16, "sched_yield": 24, "futex": 202}
    | {"getpid": 39, "exit": 60, "openat": 257, "set_robust_list": 273, "getrandom": 318, "rseq": 334, "statx": 332}
    | {"mkdir": 83, "unlink": 87, "rename": 82, "exit_group": 231, "clock_gettime": 228, "rt_sigaction": 13},
    "aarch64": {"read": 63, "write": 64, "mmap": 222, "munmap": 215, "brk": 214, "ioctl": 29, "sched_yield": 124}
    | {"futex": 98, "getpid": 172, "exit": 93, "openat": 56, "set_robust_list": 99, "getrandom": 278, "statx": 291}
    | {"mkdirat": 34, "unlinkat": 35, "renameat": 38, "exit_group": 94, "clock_gettime": 113, "rt_sigaction": 134},
}
REFUSED = {
    "x86_64": {"socket": 41, "connect": 42, "bind": 49, "accept4": 288, "sendto": 44, "execve": 59, "execveat": 322}
    | {"fork": 57, "vfork": 58, "ptrace": 101, "process_vm_readv": 310, "bpf": 321, "mount": 165, "unshare": 272}
    | {
        "setns": 308,
        "keyctl": 250,
        "perf_event_open": 298,
        "userfaultfd": 323,
        "kexec_load": 246,
        "io_uring_setup": 425,
    }
    | {"init_module": 175, "finit_module": 313, "delete_module": 176, "chmod": 90},
    "aarch64": {"socket": 198, "connect": 203, "bind": 200, "accept4": 242, "sendto": 206, "execve": 221}
    | {"execveat": 281, "ptrace": 117, "process_vm_readv": 270, "bpf": 280, "mount": 40, "unshare": 97, "setns": 268}
    | {"keyctl": 219, "perf_event_open": 241, "userfaultfd": 282, "kexec_load": 104, "io_uring_setup": 425}
    | {"init_module": 105, "finit_module": 273, "delete_module": 106, "fchmodat": 53},
}
OF_ITSELF = {"x86_64": [62, 234, 129, 297, 302], "aarch64": [129, 131, 138, 240, 261]}
CLONE = {"x86_64": 56, "aarch64": 220}


def verdict(code: list[Instruction], architecture: int, number: int, argument: int = 0) -> int:
    """What the filter says of a system call."""
    data = {0: number, 4: architecture, 16: argument}
    held, place = 0, 0
    while True:
        operation, yes, no, operand = code[place]
        place += 1
        match operation:
            case 0x20:
                held = data[operand]
            case 0x06:
                return operand
            case 0x15:
                place += yes if held == operand else no
            case 0x35:
                place += yes if held >= operand else no
            case 0x45:
                place += yes if held & operand else no
            case _:
                raise AssertionError(f"no such operation: {operation:#x}")


@pytest.fixture(params=ARCHITECTURES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ask(machine: str, number: int, argument: int = 0) -> int:
    code = program(machine, PID)
    assert code is not None
    return verdict(code, ARCHITECTURES[machine], number, argument)


def test_what_reading_needs_is_allowed(machine: str) -> None:
    assert {name for name, number in NEEDED[machine].items() if ask(machine, number) != ALLOWED} == set()


def test_what_reading_does_not_need_is_refused(machine: str) -> None:
    assert {name for name, number in REFUSED[machine].items() if ask(machine, number) != DENIED} == set()


def test_threads_are_allowed_and_processes_are_not(machine: str) -> None:
    thread, child = 0x3D0F00, 0x1200011
    assert ask(machine, CLONE[machine], thread) == ALLOWED
    assert ask(machine, CLONE[machine], child) == DENIED
    assert ask(machine, 435, thread) == UNKNOWN, "clone3 must seem to be missing, so that libraries take clone"


def test_a_process_may_signal_and_limit_itself_alone(machine: str) -> None:
    for number in OF_ITSELF[machine]:
        assert [ask(machine, number, pid) for pid in (PID, 0)] == [ALLOWED, ALLOWED]
        assert [ask(machine, number, pid) for pid in (1, PID + 1, 0xFFFFFFFF)] == [DENIED] * 3


def test_calls_of_other_architectures_are_refused(machine: str) -> None:
    code = program(machine, PID)
    assert code is not None
    assert verdict(code, 0x40000003, 3) == DENIED, "32 bits have numbers of their own"


def test_the_second_set_of_calls_of_x86_64_is_refused() -> None:
    assert {ask("x86_64", 0x4000_0000 + number) for number in range(600)} == {DENIED}


def test_other_machines_have_no_filter() -> None:
    assert program("riscv64", PID) is None


def test_the_filter_is_no_longer_than_the_system_takes(machine: str) -> None:
    assert len(program(machine, PID) or []) < 4096
