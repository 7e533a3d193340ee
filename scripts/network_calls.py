"""The network calls of a process: what strace wrote of them, and what the kernel could not send.

`strace` sees every call that names an address, whatever becomes of it. In a network namespace the kernel counts, too,
what it had no route for (`OutNoRoutes`).
"""

from __future__ import annotations

import fcntl
import re
import socket
import struct
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

CALLS = "socket,connect,bind,sendto,sendmsg,sendmmsg,io_uring_setup"
STRACE = ["strace", "-f", "-qq", "-s", "0", "-e", "signal=none", "-e", f"trace={CALLS}", "-o"]
"""Follows every process and thread, without `--seccomp-bpf`: so a call that a filter refuses is seen, too."""

HARMLESS = ("/var/run/nscd/", "/run/nscd/", "/run/systemd/userdb/")
"""Sockets of this machine that the C library asks for the names of users; no other file may be connected to."""

FAMILIES = {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}
"""Looked into, or unable to leave the machine: netlink asks the kernel, AF_UNSPEC takes an address back."""

INTERNET = re.compile(r'htons\((?P<port>\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"(?P<address>[^"]+)"', re.DOTALL)
"""An IPv4 or IPv6 address as strace writes it; the port always comes first."""


@dataclass(frozen=True)
class Row:
    """What one step did.

    Attributes:
        step: its name.
        calls: network calls that strace saw; None where it did not watch.
        loopback: those that name an address of loopback.
        local: those that name a socket file or the kernel.
        outside: the calls that aim at anything else, as strace wrote them.
        unsent: packets that the kernel had no route for while it ran, whoever sent them; None outside a namespace.
    """

    step: str
    calls: int | None
    loopback: int
    local: int
    outside: list[str]
    unsent: int | None


def judge(step: str, trace: str, port: int | None = None) -> Row:
    """Read a trace. `port` is that of our own server, the only one of loopback that may be called."""
    lines = trace.splitlines()
    calls = sum(bool(re.match(r"\d+\s+\w+\(", line)) for line in lines)  # the others end a call that was cut in two
    outside = [line for line in lines if is_outside(line, port)]
    named = [line for line in lines if "sa_family=" in line and line not in outside]
    loopback = [line for line in named if INTERNET.search(line)]
    return Row(step, calls, len(loopback), len(named) - len(loopback), outside, None)


def is_outside(line: str, port: int | None) -> bool:
    """Whether a call aims at more than this machine, or might."""
    if "io_uring_setup(" in line:
        return True  # what goes through a ring is not seen
    if re.search(r"\bsocket(\(| resumed)", line):
        return "= -1" in line and not re.search("AF_UNIX|AF_NETLINK|EAFNOSUPPORT", line)  # who knows what for
    places = [(ip_address(found["address"]), int(found["port"])) for found in INTERNET.finditer(line)]
    if any(not address.is_loopback for address, _ in places):
        return True
    if " bind(" not in line and any(number != port for _, number in places):
        return True  # a name server, or a collector of something, of this machine
    files = re.findall(r'sun_path=@?"([^"]*)"', line)
    return bool(set(re.findall(r"sa_family=(\w+)", line)) - FAMILIES) or any(
        not file.startswith(HARMLESS) for file in files
    )


def lift_loopback() -> None:
    """`ip link set lo up`: SIOCGIFFLAGS and SIOCSIFFLAGS of netdevice(7)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        asked = fcntl.ioctl(door, 0x8913, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", asked)[1]
        fcntl.ioctl(door, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))


def unsent() -> int:
    """Packets of this namespace that had no route, over IPv4 and IPv6."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line[:3] == "Ip:")
    newer = Path("/proc/net/snmp6")
    counted = re.search(r"^Ip6OutNoRoutes\s+(\d+)", newer.read_text(), re.MULTILINE) if newer.exists() else None
    return int(values[names.index("OutNoRoutes")]) + int(counted[1] if counted else 0)
