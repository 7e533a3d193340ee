"""Files on a real server: large ones in little memory, two owners, restarts, damage, and what the log tells."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from octavo_server import PATIENCE, Server, serving

from papers import text_pdf

MEBIBYTE = 1 << 20
LARGE = int(os.environ.get("TEST_UPLOAD_MEBIBYTES", "96"))
"""Mebibytes of the large upload; 512 is the most that a server takes by default."""
ROOM = 60 * MEBIBYTE
"""Memory that a large upload and its download may cost: buffers, and what Python keeps for the next ones."""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def speaking(server: Server, key: str = "") -> httpx.Client:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=PATIENCE)


def peak(server: Server) -> int:
    """Bytes of memory that the server has had at most since it was last asked."""
    process = Path(f"/proc/{server.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
    (process / "clear_refs").write_text("5")
    return int(status["VmHWM"].split()[0]) * 1024


def blobs_of(folder: Path) -> list[Path]:
    return [path for path in (folder / "data" / "blobs").rglob("*") if path.is_file()]


def form(mebibytes: int, lead: bytes, digest: object) -> Iterator[bytes]:
    """An upload for batches whose one line is as long as that."""
    yield b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="large.jsonl"\r\n\r\n'
    for number in range(mebibytes):
        piece = (lead if number == 0 else b"").ljust(MEBIBYTE, b"x")
        digest.update(piece)  # type: ignore[attr-defined]
        yield piece
    yield b"\r\n--b--\r\n"


@linux_only
@pytest.mark.slow
def test_a_large_file_comes_and_goes_in_little_memory(tmp_path: Path) -> None:
    digest, back, size = hashlib.sha256(), hashlib.sha256(), 0
    with serving(tmp_path) as server, speaking(server) as client:
        client.post("/v1/files", files={"file": b"to warm up"}).raise_for_status()
        before = peak(server)
        headers = {"content-type": "multipart/form-data; boundary=b"}
        answer = client.post("/v1/files", content=form(LARGE, b'{"custom_id": "', digest), headers=headers)
        assert answer.status_code == (200 if LARGE > 70 else 422), answer.text
        after_upload = peak(server)
        told = answer.json()
        assert (told["bytes"], told["num_lines"]) == (LARGE * MEBIBYTE, 1)
        assert told["signature"] == digest.hexdigest()[:16]
        with client.stream("GET", f"/v1/files/{told['id']}/content") as content:
            for piece in content.iter_bytes():
                back.update(piece)
                size += len(piece)
        after_download = peak(server)
        assert (size, back.hexdigest()) == (LARGE * MEBIBYTE, digest.hexdigest())
        assert [path.stat().st_size for path in blobs_of(tmp_path)].count(LARGE * MEBIBYTE) == 1
        client.delete(f"/v1/files/{told['id']}").raise_for_status()
        assert [path.stat().st_size for path in blobs_of(tmp_path)] == [len(b"to warm up")]
        spool = [path for path in (tmp_path / "data" / "spool").rglob("*") if path.is_file()]
    told_of_memory = {"before": before, "upload": after_upload, "download": after_download}
    assert max(after_upload, after_download) - before < ROOM, told_of_memory
    assert spool == []
    sys.stdout.write(f"memory in MiB: { ({name: value >> 20 for name, value in told_of_memory.items()}) }\n")


def test_two_owners_do_not_see_each_others_files(tmp_path: Path) -> None:
    document = text_pdf(tmp_path / "a.pdf", [["One"]]).read_bytes()
    with (
        serving(tmp_path, API_KEYS="alice=a,bob=b") as server,
        speaking(server, "a") as alice,
        speaking(server, "b") as bob,
        speaking(server) as nobody,
    ):
        name = alice.post("/v1/files", files={"file": ("a.pdf", document)}, data={"purpose": "ocr"}).json()["id"]
        assert bob.get("/v1/files").json() == {"data": [], "object": "list", "total": 0}
        for path in (f"/v1/files/{name}", f"/v1/files/{name}/content", f"/v1/files/{name}/url"):
            assert bob.get(path).status_code == 404
            assert nobody.get(path).status_code == 401
        assert bob.delete(f"/v1/files/{name}").status_code == 404
        assert bob.post("/v1/ocr", json={"document": {"file_id": name}}).status_code == 422
        assert alice.post("/v1/ocr", json={"document": {"file_id": name}}).status_code == 200
        assert alice.get(f"/v1/files/{name}/content").content == document


def test_files_and_signed_addresses_outlive_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as server, speaking(server) as client:
        name = client.post("/v1/files", files={"file": ("a.bin", b"kept")}).json()["id"]
        path = client.get(f"/v1/files/{name}/url").json()["url"].removeprefix(server.url)
        server.stop()
    with serving(tmp_path) as server, speaking(server) as client:
        assert client.get(path).content == b"kept"
        assert client.get("/v1/files").json()["total"] == 1


def test_damaged_files_break_off_and_are_told_in_the_log(tmp_path: Path) -> None:
    content = os.urandom(3 * MEBIBYTE)
    with serving(tmp_path) as server, speaking(server) as client:
        name = client.post("/v1/files", files={"file": content}).json()["id"]
        url = client.get(f"/v1/files/{name}/url").json()["url"]
        (blob,) = blobs_of(tmp_path)
        blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        for address in (url, f"/v1/files/{name}/content"):
            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
                client.get(address)
        assert client.get("/health").status_code == 200
    lines = [json.loads(line) for line in server.errors.read_text().splitlines() if line.startswith("{")]
    assert [line["exception"] for line in lines if "exception" in line] == ["BrokenOff"] * 2
    served = [line for line in lines if line["message"] == "request" and line["path"].endswith("/content")]
    assert [line["error"] for line in served] == ["storage_failed"] * 2
    assert "signature" not in server.errors.read_text()
    assert "expires=" not in server.errors.read_text()


def test_curl_asks_before_it_sends(tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(3 * MEBIBYTE))
    with serving(tmp_path, LIMITS__MAX_UPLOAD_BYTES="4MiB") as server:
        command = ["curl", "--silent", "--show-error", "--verbose", "-F", f"file=@{large}", f"{server.url}/v1/files"]
        told = subprocess.run(
            [*command, "-H", "Expect: 100-continue", "--expect100-timeout", "60"],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        assert json.loads(told.stdout)["bytes"] == 3 * MEBIBYTE
        assert "HTTP/1.1 100 Continue" in told.stderr
        large.write_bytes(bytes(7 * MEBIBYTE))
        told = subprocess.run(
            [*command, "-H", "Expect: 100-continue", "--expect100-timeout", "60"],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        assert json.loads(told.stdout)["type"] == "request_too_large"
        assert "100 Continue" not in told.stderr


@linux_only
def test_a_full_disk_is_a_typed_error_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    with serving(tmp_path) as server, speaking(server) as client:
        # The system says of a file beyond this size what it says of a full disk.
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4 * MEBIBYTE, 4 * MEBIBYTE))
        answer = client.post("/v1/files", files={"file": bytes(6 * MEBIBYTE)})
        assert (answer.status_code, answer.json()["type"]) == (503, "service_unavailable")
        assert "no space left" in answer.json()["message"]
        assert answer.headers["retry-after"]
        assert blobs_of(tmp_path) == []
        assert client.post("/v1/files", files={"file": bytes(MEBIBYTE)}).status_code == 200
        assert client.get("/v1/files").json()["total"] == 1


def test_headers_of_proxies_change_nothing_where_none_is_trusted(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "1.2.3.4"}
    with serving(tmp_path) as server, speaking(server) as client:
        name = client.post("/v1/files", files={"file": b"x"}).json()["id"]
        url = client.get(f"/v1/files/{name}/url", headers=forwarded).json()["url"]
    assert url.startswith(f"{server.url}/v1/files/{name}/content?")


def test_an_upload_that_is_cut_off_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as server, speaking(server) as client:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as connection:
            connection.sendall(
                b"POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(MEBIBYTE)
            )
        assert client.get("/v1/files").json()["total"] == 0
        assert blobs_of(tmp_path) == []
        server.stop()
    assert [path for path in (tmp_path / "data" / "spool").rglob("*") if path.is_file()] == []
