"""Octavo needs no network and calls nobody: the proof, and whether it would notice."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 900


def ipv4(address: str, port: int) -> str:
    """As strace writes it, and `ipv6`, too."""
    return f'{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr("{address}")}}'


def ipv6(address: str, port: int) -> str:
    place = f'inet_pton(AF_INET6, "{address}", &sin6_addr)'
    return f"{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl(0), {place}, sin6_scope_id=0}}"


HARMLESS = [
    "7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3",
    f"7 bind(3, {ipv4('127.0.0.1', 0)}, 16) = 0",
    f"7 connect(3, {ipv4('127.0.0.1', 8000)}, 16) = 0",
    f"7 connect(3, {ipv6('::1', 8000)}, 28) = 0",
    '7 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)',
    "7 sendto(3, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20",
    '7 sendto(5, ""..., 1, 0, NULL, 0) = 1',
    "7 socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = -1 EAFNOSUPPORT (Address family not supported)",
]
OUTSIDE = {
    "an address": f"7 connect(3, {ipv4('192.0.2.1', 443)}, 16) = -1 ENETUNREACH (Network is unreachable)",
    "an address of IPv6": f"7 connect(3, {ipv6('2001:db8::1', 443)}, 28) = -1 ENETUNREACH (Network is unreachable)",
    "a name server of this machine": f"7 connect(3, {ipv4('127.0.0.53', 53)}, 16) = 0",
    "a door to the world": f"7 bind(3, {ipv4('0.0.0.0', 8000)}, 16) = 0",
    "a datagram": f"7 sendmsg(3, {{msg_name={ipv4('192.0.2.1', 9)}, msg_namelen=16}}, 0 <unfinished ...>",
    "a call cut in two": f"7 <... sendmmsg resumed>[{{msg_hdr={{msg_name={ipv4('192.0.2.1', 8000)}}}}}], 1, 0) = 1",
    "a file that somebody listens on": '7 connect(3, {sa_family=AF_UNIX, sun_path="/run/collector"}, 110) = 0',
    "an abstract name": '7 connect(3, {sa_family=AF_UNIX, sun_path=@"collector"}, 110) = 0',
    "a family that is not known": "7 bind(3, {sa_family=AF_PACKET, sll_protocol=htons(ETH_P_ALL)}, 20) = 0",
    "a socket that was refused": "7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = -1 EPERM (Operation not permitted)",
    "a ring": "7 io_uring_setup(8, {flags=0}) = 3",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a program of `scripts/`."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module


@pytest.fixture
def network_calls(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("network_calls")


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="namespaces, strace and the kernel's counters")


@linux_only
def test_calls_inside_the_machine_are_counted_and_harmless(network_calls: ModuleType) -> None:
    row = network_calls.judge("step", "\n".join(HARMLESS), port=8000)
    assert (row.calls, row.loopback, row.local, row.outside) == (len(HARMLESS), 3, 2, [])


@linux_only
@pytest.mark.parametrize("line", OUTSIDE.values(), ids=OUTSIDE)
def test_a_call_that_leaves_the_machine_is_noticed(network_calls: ModuleType, line: str) -> None:
    assert network_calls.judge("step", "\n".join([*HARMLESS, line]), port=8000).outside == [line]


@linux_only
def test_a_call_to_another_port_of_this_machine_is_noticed(network_calls: ModuleType) -> None:
    assert len(network_calls.judge("step", "\n".join(HARMLESS), port=4318).outside) == 2


@linux_only
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_steps_that_run_beside_each_other_keep_their_traces_apart(
    load: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    air_gap = load("air_gap")
    if not air_gap.works("strace", "-f", "-o", os.devnull, "true"):
        pytest.skip("this system does not let strace trace")
    watch = air_gap.Watch(tmp_path, traced=True, namespaced=False)
    with watch.running("outer", [sys.executable, "-c", "import time; time.sleep(2)"]):
        watch.run("inner", sys.executable, "-c", "import socket; socket.socket().bind(('127.0.0.1', 0))")
    assert [(row.step, row.calls, row.loopback) for row in watch.rows] == [("inner", 2, 1), ("outer", 0, 0)]


@linux_only
@pytest.mark.slow
def test_installed_from_a_wheelhouse_it_works_without_a_network_and_calls_nobody() -> None:
    told = subprocess.run(
        ["sh", str(ROOT / "scripts" / "air-gap")],
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    skipped = [line for line in told.stdout.splitlines() if line.startswith("SKIPPED")]
    if skipped:
        pytest.skip(" ".join(skipped))
    assert told.stdout.count("octavo serve ") == 2
    assert told.stdout.endswith("Nobody was called.\n")
