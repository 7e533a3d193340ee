"""Asks a real server for documents behind addresses that it must never call, where nobody else can be called.

    PYTHONPATH=tests:scripts unshare --map-root-user --net python sealed_caller.py FOLDER

Inside a network namespace that has nothing but loopback. A list of addresses comes as JSON on standard input; what
became of each goes to standard output, with what the two witnesses saw: a listener on every address of loopback, and
the kernel's count of packets that had no way to go.
"""

from __future__ import annotations

import json
import socket
import socketserver
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from octavo_server import PATIENCE, serving

from papers import text_pdf

PORTS = (80, 443, 8080)
REDIRECTS = 7000
TO = "http://127.0.0.1:7000/"
"""Followed by a quoted address: a host that is opened, and that redirects there."""


class Trap(socketserver.BaseRequestHandler):
    """Hears whoever calls."""

    heard: list[str] = []  # noqa: RUF012  one list for all connections

    def handle(self) -> None:
        self.heard.append(f"{self.client_address[0]} to {self.server.server_address[1]}")
        with suppress(OSError):
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nfrom inside!")


class Redirector(socketserver.StreamRequestHandler):
    """Sends callers on to the address in their path."""

    def handle(self) -> None:
        place = unquote(self.rfile.readline().split()[1].decode()[1:])
        while self.rfile.readline().strip():
            pass
        self.wfile.write(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))


class BothVersions(socketserver.ThreadingTCPServer):
    """Listens on all addresses of IPv4 and, where there is one, IPv6."""

    address_family = socket.AF_INET6 if socket.has_ipv6 else socket.AF_INET
    allow_reuse_address = True
    daemon_threads = True

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


def seen() -> tuple[int, int]:
    """What both witnesses have counted so far."""
    from network_calls import unsent

    return len(Trap.heard), unsent()


def control() -> bool:
    """Whether the witnesses notice a call to this machine, and one to the outside."""
    before = seen()
    with socket.create_connection(("127.0.0.1", PORTS[0])) as inside:
        inside.recv(1)
    with socket.socket() as outside, suppress(OSError):
        outside.connect(("192.0.2.1", PORTS[0]))
    return all(after > earlier for after, earlier in zip(seen(), before, strict=True))


def ask(client: httpx.Client, address: str) -> tuple[int, Any]:
    answer = client.post("/v1/ocr", json={"document": {"type": "document_url", "document_url": address}})
    return answer.status_code, answer.json()


def keep(client: httpx.Client, address: str) -> tuple[int, Any]:
    answer = client.post("/v1/files", files={"url": (None, address), "purpose": (None, "ocr")})
    return answer.status_code, answer.json()


def main(folder: Path) -> None:
    from network_calls import lift_loopback

    addresses = json.load(sys.stdin)
    lift_loopback()
    with ExitStack() as stack:
        for port, handler in [*((port, Trap) for port in PORTS), (REDIRECTS, Redirector)]:
            server = stack.enter_context(BothVersions(("", port), handler))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        told: dict[str, Any] = {"control": control()}
        octavo = stack.enter_context(serving(folder, ALLOW_FETCH=f"127.0.0.1:{REDIRECTS}"))
        client = stack.enter_context(httpx.Client(base_url=octavo.url, trust_env=False, timeout=PATIENCE))
        before = seen()
        told["answers"] = {address: ask(client, address) for address in addresses}
        told["kept"] = {address: keep(client, address) for address in addresses}
        told["calls"] = [after - earlier for after, earlier in zip(seen(), before, strict=True)]
        told["files"] = client.get("/v1/files").json()["total"]
        told["heard"] = Trap.heard[before[0] :]
        good = text_pdf(folder / "good.pdf", [["Still here"]]).read_bytes()
        told["good"] = client.post("/v1/ocr", files={"file": ("good.pdf", good)}).status_code
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
