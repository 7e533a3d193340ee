"""The Batch API of a real server: requests and answers as large as they may be, and those that break off."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from batch_client import Caller, Job
from octavo_server import PATIENCE, Server, eventually, get, serving
from PIL import Image

MEBIBYTE = 1 << 20
LARGE = int(os.environ.get("TEST_BATCH_MEBIBYTES", "96"))
"""Mebibytes of requests that come with a job; 512 is the most that a server takes by default."""
EACH = 4 * MEBIBYTE
"""Bytes of one of them."""
ANSWERS = 60
"""Lines of the job whose results come inside it, each of some mebibytes."""
ROOM = 60 * MEBIBYTE
"""Memory that all of it may cost: buffers, and what Python keeps for the next ones."""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def peak(server: Server) -> int:
    """Bytes of memory that the server has had at most since it was last asked."""
    process = Path(f"/proc/{server.process.pid}")
    status = (process / "status").read_text()
    (process / "clear_refs").write_text("5")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def picture_of(size: int) -> str:
    """A data URL of about so many bytes: a small picture, and nothing behind it."""
    lead, content = "data:image/png;base64,", png(Image.new("RGB", (64, 48), "white"))
    room = (size - len(lead)) // 4 * 3
    return lead + base64.b64encode(content.ljust(room, b"\0")).decode()


def request(name: str, url: str, **options: object) -> Job:
    return {"custom_id": name, "body": {"document": {"type": "image_url", "image_url": url}, **options}}


def body_of(count: int, size: int) -> Iterator[bytes]:
    """A body with so many requests, piece by piece."""
    yield b'{"model": "mistral-ocr-latest", "requests": ['
    url = picture_of(size - 200)
    for number in range(count):
        yield (b", " if number else b"") + json.dumps(request(str(number), url)).encode()
    yield b'], "endpoint": "/v1/ocr"}'


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def begin(server: Server, content: Iterator[bytes] | bytes) -> httpx.Response:
    return httpx.post(f"{server.url}/v1/batch/jobs", content=content, trust_env=False, timeout=PATIENCE)


@linux_only
@pytest.mark.slow
def test_many_large_requests_come_with_a_job_in_little_memory(tmp_path: Path) -> None:
    count = LARGE * MEBIBYTE // EACH
    with serving(tmp_path) as server:
        caller = Caller(server.url)
        caller.over(begin(server, body_of(2, MEBIBYTE)).json()["id"])  # to warm up
        before = peak(server)
        answer = begin(server, body_of(count, EACH))
        assert answer.status_code == 200, answer.text
        taken = peak(server)
        job = caller.over(answer.json()["id"])
        done = peak(server)
        assert (job["status"], job["succeeded_requests"]) == ("SUCCESS", count)
        assert [line["custom_id"] for line in caller.results(job)] == [str(number) for number in range(count)]
        blobs, spool = tmp_path / "data" / "blobs", tmp_path / "data" / "spool"
        assert max(path.stat().st_size for path in files_below(blobs)) > (LARGE - 1) * MEBIBYTE
        assert caller.told("DELETE", f"/v1/batch/jobs/{job['id']}")["deleted"]
        assert max(path.stat().st_size for path in files_below(blobs)) < 4 * MEBIBYTE
        assert eventually(lambda: files_below(spool) == [])
    told = {"before": before, "taken": taken, "done": done}
    assert max(taken, done) - before < ROOM, told
    sys.stdout.write(f"memory in MiB: { ({name: value >> 20 for name, value in told.items()}) }\n")


def nothing_stays(server: Server, folder: Path) -> bool:
    """Whether no job was made, and nothing of its requests lies on disk."""
    total = get(f"{server.url}/v1/batch/jobs").json()["total"]
    left = [*files_below(folder / "data" / "spool"), *files_below(folder / "data" / "blobs")]
    return (total, left) == (0, [])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server without jobs, and its folder; it is left as it was."""
    folder = tmp_path_factory.mktemp("empty")
    with serving(folder, LIMITS__MAX_UPLOAD_BYTES="6MiB") as server:
        yield server, folder


@pytest.mark.parametrize("sent", [0.0, 0.5, 0.999])
def test_a_body_that_breaks_off_makes_no_job(empty: tuple[Server, Path], sent: float) -> None:
    server, folder = empty
    body = b"".join(body_of(5, MEBIBYTE))
    head = f"POST /v1/batch/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    address = httpx.URL(server.url)
    with socket.create_connection((address.host, address.port)) as line:
        line.sendall(head.encode() + body[: int(len(body) * sent)])
        if sent:
            assert eventually(lambda: files_below(folder / "data" / "spool") != [])
    assert eventually(lambda: nothing_stays(server, folder))


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (b'], "endpoint": "/v1/nothing"}', 422),
        (b'], "endpoint": "/v1/ocr", "model": "gpt-9"}', 422),
        (b'], "endpoint": "/v1/ocr", "input_files": ["6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1"]}', 422),
        (b'], "endpoint": "/v1/ocr"', 422),
        (b', 7], "endpoint": "/v1/ocr"}', 422),
        (b', {"body": {}, "x": "\xff"}], "endpoint": "/v1/ocr"}', 422),
        (b', {"body": {"document": "' + b"x" * 3 * MEBIBYTE + b'"}}], "endpoint": "/v1/ocr"}', 413),
    ],
)
def test_requests_that_are_refused_in_the_end_leave_nothing(
    empty: tuple[Server, Path], end: bytes, status: int
) -> None:
    server, folder = empty
    answer = begin(server, b"".join(body_of(4, MEBIBYTE)).rpartition(b"]")[0] + end)
    assert answer.status_code == status, answer.text
    assert answer.json()["object"] == "error"
    assert eventually(lambda: nothing_stays(server, folder))


@pytest.fixture(scope="module")
def large_job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Caller, Job, Path]]:
    """A server, and a job on it whose output has more mebibytes than lines."""
    folder = tmp_path_factory.mktemp("answers")
    noise = Image.frombytes("1", (2400, 1200), os.urandom(300 * 1200))  # small as PNG, large as JPEG
    url = "data:image/png;base64," + base64.b64encode(png(noise)).decode()
    with serving(folder) as server:
        caller = Caller(server.url)
        lines = [request(str(number), url, include_image_base64=True) for number in range(ANSWERS)]
        job = caller.over(caller.submit([*lines, request("bad", "data:image/png;base64,AAAA")])["id"])
        assert (job["succeeded_requests"], job["failed_requests"]) == (ANSWERS, 1)
        yield server, caller, job, folder


@linux_only
def test_results_inside_a_job_flow_in_little_memory(large_job: tuple[Server, Caller, Job, Path]) -> None:
    server, caller, job, _ = large_job
    before, size, whole = peak(server), 0, bytearray()
    with httpx.stream("GET", f"{server.url}/v1/batch/jobs/{job['id']}?inline=true", trust_env=False) as answer:
        assert answer.headers["content-type"] == "application/json"
        for piece in answer.iter_bytes():
            size += len(piece)
            whole += piece
    after = peak(server)
    told: dict[str, Any] = json.loads(whole)
    assert size > ROOM
    assert told.pop("outputs") == caller.results(job)
    assert told == {name: value for name, value in caller.job(job["id"]).items() if name != "outputs"}
    assert after - before < ROOM, {"before": before, "after": after, "answer": size}


def test_a_caller_who_hangs_up_on_results_harms_nobody(large_job: tuple[Server, Caller, Job, Path]) -> None:
    server, caller, job, _ = large_job
    for _ in range(5):
        with httpx.stream("GET", f"{server.url}/v1/batch/jobs/{job['id']}?inline=true", trust_env=False) as answer:
            next(answer.iter_bytes())
    assert '"exception"' not in server.errors.read_text()
    assert caller.job(job["id"])["status"] == "SUCCESS"


def test_damaged_results_break_the_answer_off(large_job: tuple[Server, Caller, Job, Path]) -> None:
    server, caller, job, folder = large_job
    size = caller.told("GET", f"/v1/files/{job['output_file']}")["bytes"]
    (output,) = [path for path in files_below(folder / "data" / "blobs") if path.stat().st_size == size]
    with output.open("r+b") as file:
        file.seek(-100, os.SEEK_END)
        last = file.read(1)
        file.seek(-100, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    with pytest.raises(httpx.RemoteProtocolError):
        get(f"{server.url}/v1/batch/jobs/{job['id']}?inline=true")
    assert caller.job(job["id"])["status"] == "SUCCESS"
