"""Crowds at the door of a real server: large bodies together, and connections that stop half-way. Others pass."""

from __future__ import annotations

import base64
import json
import re
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from octavo_server import PATIENCE, Server, eventually, get, serving

from papers import text_pdf

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

SCRIPT = Path(__file__).with_name("patient_server.py")
START = b"POST /v1/ocr HTTP/1.1\r\nHost: localhost\r\n"


@contextmanager
def patient(folder: Path, options: dict[str, object] | None = None, **crowd: object) -> Iterator[Server]:
    """A server of its own whose limits are those of the test."""
    errors = folder / "errors.log"
    arguments = [str(folder / "data"), json.dumps(options or {}), json.dumps(crowd)]
    with errors.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *arguments], stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"ready at (http://\S+)\n", line)
        assert found, errors.read_text()
        yield Server(url=found[1], process=process, errors=errors)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def connect(server: Server, begun: bytes = b"", receive_buffer: int = 0) -> socket.socket:
    host, _, port = server.url.removeprefix("http://").partition(":")
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(PATIENCE)
    connection.connect((host, int(port)))
    connection.sendall(begun)
    return connection


def heard(connection: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    found = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65536):
            found += piece
    return found


def held(server: Server, remote: str) -> bool:
    """Whether the server itself still holds the connection that comes from the port `remote`."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{line[9]}]" for line in lines if line[2].endswith(remote)}
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed just now
            if str(link.readlink()) in inodes:
                return True
    return False


def answered(raw: bytes) -> tuple[int, dict[str, object]]:
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def small_request(folder: Path) -> bytes:
    pdf = base64.b64encode(text_pdf(folder / "small.pdf", [["One"]]).read_bytes()).decode()
    return json.dumps({"document": {"document_url": pdf}}).encode()


def read(server: Server, body: bytes) -> httpx.Response:
    return httpx.post(f"{server.url}/v1/ocr", content=body, trust_env=False, timeout=PATIENCE)


def test_half_open_connections_harm_nobody_and_are_closed(tmp_path: Path) -> None:
    begun = (b"", START + b"X-Half: yes", START + b"Content-Length: 1000\r\n\r\n{", START + b"Transfer-Encoding: ch")
    with patient(tmp_path, {"idle_timeout": 3}, header_seconds=3) as server, ExitStack() as stack:
        halves = [stack.enter_context(connect(server, begun[number % 4])) for number in range(300)]
        assert get(f"{server.url}/health").status_code == 200
        assert read(server, small_request(tmp_path)).status_code == 200
        ends = [heard(connection) for connection in halves]
        assert {end for number, end in enumerate(ends) if number % 4 != 2} == {b""}
        for end in ends[2::4]:
            status, body = answered(end)
            assert (status, body["type"], body["raw_status_code"]) == (408, "request_timeout", 408)
            assert b"\r\nconnection: close\r\n" in end.lower()
        assert get(f"{server.url}/health").status_code == 200


def test_headers_that_come_in_drips_are_not_waited_for_without_end(tmp_path: Path) -> None:
    with patient(tmp_path, header_seconds=0.5) as server, connect(server, START) as connection:
        connection.settimeout(0.05)
        sent = 0

        def gone() -> bool:
            nonlocal sent
            try:
                connection.sendall(b"X")
                sent += 1
                return connection.recv(1) == b""
            except TimeoutError:
                return False
            except ConnectionError:
                return True

        assert eventually(gone)
        assert sent > 1


def test_a_second_request_on_a_connection_has_the_same_limit(tmp_path: Path) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with patient(tmp_path, header_seconds=0.5) as server, connect(server, whole + whole + START) as connection:
        assert heard(connection).count(b"HTTP/1.1 200 OK") == 2


def test_a_body_that_drips_ends_with_the_time_of_its_request(tmp_path: Path) -> None:
    with patient(tmp_path, {"request_timeout": 1.0}, linger_seconds=0.5) as server:
        with connect(server, START + b"Content-Length: 100000\r\n\r\n") as connection:
            connection.settimeout(0.05)
            answer = b""
            with suppress(ConnectionError):
                while True:
                    connection.sendall(b" ")
                    with suppress(TimeoutError):
                        piece = connection.recv(65536)
                        answer += piece
                        if not piece:
                            break
        status, body = answered(answer)
        assert (status, body["type"]) == (504, "timeout")
        assert b"retry-after: " in answer.lower()


def test_a_body_that_nobody_reads_is_not_waited_for_without_end(tmp_path: Path) -> None:
    with patient(tmp_path, linger_seconds=0.5) as server:
        for line in (b"GET /health", b"POST /nowhere"):
            begun = line + b" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"
            with connect(server, begun) as connection:
                assert heard(connection).startswith(b"HTTP/1.1 ")


@linux_only
def test_a_client_that_does_not_take_its_answers_is_left(tmp_path: Path) -> None:
    asked = b"GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20
    with patient(tmp_path, stall_seconds=1) as server:
        length = len(get(f"{server.url}/docs/static/swagger-ui-bundle.js").content)
        with connect(server, receive_buffer=4096) as connection:
            port = f":{connection.getsockname()[1]:04X}"
            assert eventually(lambda: held(server, port))
            connection.sendall(asked)
            assert eventually(lambda: not held(server, port))
            assert len(heard(connection)) < 20 * length


def test_more_connections_than_allowed_push_out_the_idle_ones(tmp_path: Path) -> None:
    with patient(tmp_path, most=20, header_seconds=1e6) as server, ExitStack() as stack:
        first, *_ = [stack.enter_context(connect(server)) for _ in range(60)]
        assert heard(first) == b""
        assert get(f"{server.url}/health").status_code == 200
        assert read(server, small_request(tmp_path)).status_code == 200


def test_when_too_many_are_inside_the_next_one_is_told_to_come_back(tmp_path: Path) -> None:
    with patient(tmp_path, {"max_waiting": 2}) as server:
        with (
            connect(server, START + b"Content-Length: 9\r\n\r\n"),
            connect(server, START + b"Content-Length: 9\r\n\r\n"),
        ):
            assert eventually(lambda: read(server, b"{}").status_code == 429)
            refused = read(server, b"{}" + b" " * 5_000_000)
            assert (refused.status_code, refused.json()["code"]) == (429, "1300")
            assert int(refused.headers["retry-after"]) > 0
            assert get(f"{server.url}/health").status_code == 200
            assert get(f"{server.url}/v1/models").status_code == 200
        assert eventually(lambda: read(server, b"{}").status_code == 422)


def peak_memory(server: Server) -> int:
    """Most bytes that the server process itself, without its workers, ever had resident."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def large_body(size: int, escaped: bool) -> list[bytes]:
    """A request of `size` bytes whose document is no PDF, in pieces that all share one memory."""
    piece = base64.b64encode(bytes(range(256)) * 384)
    piece = piece.replace(b"/", b"\\/") if escaped else piece
    return [b'{"document": {"document_url": "', *[piece] * (size // len(piece)), b'"}}']


@linux_only
@pytest.mark.slow
def test_eight_large_bodies_at_once_take_little_memory(tmp_path: Path) -> None:
    with serving(tmp_path) as server, ThreadPoolExecutor(8) as threads:
        assert read(server, small_request(tmp_path)).status_code == 200
        before = peak_memory(server)

        def send(number: int) -> int:
            body = large_body(60_000_000, escaped=number % 2 == 1)
            answer = httpx.post(f"{server.url}/v1/ocr", content=iter(body), trust_env=False, timeout=PATIENCE)
            assert answer.json()["code"] == "3740", answer.text
            return answer.status_code

        sending = [threads.submit(send, number) for number in range(8)]
        while not all(sent.done() for sent in sending):
            assert get(f"{server.url}/health").status_code == 200
        assert {sent.result() for sent in sending} == {400}
        assert peak_memory(server) - before < 150_000_000
        assert eventually(lambda: not list((tmp_path / "data").glob("spool/*/*")))


def test_documents_of_all_requests_together_have_a_limit(tmp_path: Path) -> None:
    with serving(tmp_path, LIMITS__MAX_SPOOL_BYTES="5000000") as server:
        for answer in (
            read(server, b"".join(large_body(8_000_000, escaped=False))),
            httpx.post(f"{server.url}/v1/ocr", files={"file": bytes(6_000_000)}, trust_env=False, timeout=PATIENCE),
        ):
            assert (answer.status_code, answer.json()["code"]) == (429, "1300")
            assert "OCTAVO_LIMITS__MAX_SPOOL_BYTES" in answer.json()["message"]
            assert int(answer.headers["retry-after"]) > 0
        assert eventually(lambda: not list((tmp_path / "data").glob("spool/*/*")))
        assert read(server, small_request(tmp_path)).status_code == 200


def test_a_request_has_its_time_from_its_headers_on(tmp_path: Path) -> None:
    with serving(tmp_path, LIMITS__REQUEST_TIMEOUT="1") as server:
        with connect(server, START + b"Content-Length: 100\r\n\r\n{") as connection:
            piece = connection.recv(65536)
        assert piece.startswith(b"HTTP/1.1 504 ")


class Hostile(socketserver.StreamRequestHandler):
    """A server of files that never comes to an end."""

    def handle(self) -> None:
        path = self.rfile.readline().split()[1].partition(b"?")[0]
        while self.rfile.readline().strip():
            pass
        with suppress(OSError):
            if path == b"/circle":
                self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /circle\r\nContent-Length: 0\r\n\r\n")
            elif path == b"/silence":
                self.rfile.read()
            elif path == b"/200-gb":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000000\r\n\r\n")
            elif path == b"/endless":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    self.wfile.write(bytes(65536))
            elif path == b"/drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    self.wfile.write(b"%")
                    time.sleep(0.05)


@pytest.fixture
def hostile() -> Iterator[str]:
    """Address of one on loopback."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hostile) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_hostile_addresses_get_their_answer_in_time(tmp_path: Path, hostile: str) -> None:
    expected = {
        "circle": (400, "more than 5 redirects"),
        "silence": (400, "took more than 2 seconds"),
        "drip": (400, "took more than 2 seconds"),
        "200-gb": (413, "OCTAVO_LIMITS__MAX_FILE_BYTES"),
        "endless": (413, "OCTAVO_LIMITS__MAX_FILE_BYTES"),
    }
    limits = {"LIMITS__FETCH_TIMEOUT": "2", "LIMITS__MAX_FILE_BYTES": "3000000"}
    with serving(tmp_path, ALLOW_FETCH=hostile, **limits) as server, ThreadPoolExecutor() as threads:

        def fetch(name: str) -> tuple[int, str]:
            body = {"document": {"document_url": f"http://{hostile}/{name}?secret=1"}}
            answer = read(server, json.dumps(body).encode())
            return answer.status_code, answer.json()["message"]

        for name, (status, message) in zip(expected, threads.map(fetch, expected), strict=True):
            assert status == expected[name][0], (name, message)
            assert expected[name][1] in message
            assert "secret" not in message
        assert eventually(lambda: not list((tmp_path / "data").glob("spool/*/*")))


def test_a_server_that_fetches_nothing_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, FETCH_PUBLIC="false") as server:
        answer = read(server, b'{"document": {"document_url": "http://127.0.0.1:9/a.pdf"}}')
        assert (answer.status_code, answer.json()["code"]) == (400, "3310")
        assert "none of the hosts that this server fetches from" in answer.json()["message"]
        assert "--allow-fetch 127.0.0.1:9" in answer.json()["message"]
