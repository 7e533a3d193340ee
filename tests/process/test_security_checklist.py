"""What a real server keeps to itself, and what its workers may not do."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from octavo_server import PATIENCE, Server, children, eventually, serving

from papers import protected_pdf, text_image, text_pdf

SECCOMP = Path("/proc/sys/kernel/seccomp/actions_avail").exists() and os.uname().machine in {"x86_64", "aarch64"}
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ALICE, BOB, WRONG = "alice-needle-3f9c", "bob-needle-77aa", "wrong-needle-0000"
NEEDLES = {
    "keys": (ALICE, BOB, WRONG),
    "password": "password-needle",
    "text": "Textneedle",
    "name of a document": "name-needle.pdf",
    "name of a file": "file-needle.pdf",
    "query of an address": "query-needle",
    "user of an address": "user-needle",
    "host of an address": "host-needle.example",
    "field": "field-needle",
    "model": "model-needle",
    "header": "header-needle",
    "query of the request": "asked-needle",
}


def requests_with_needles(folder: Path) -> list[dict[str, Any]]:
    """Good ones and bad ones: what goes into them must not come out elsewhere."""
    page = text_pdf(folder / "a.pdf", [["Textneedle", "more of it"]]).read_bytes()
    scan = text_image(folder / "a.png", ["Textneedle"]).read_bytes()
    locked = protected_pdf(folder / "b.pdf", "another").read_bytes()

    def at(address: str, **more: object) -> dict[str, Any]:
        document = {"type": "document_url", "document_url": address, "document_name": "name-needle.pdf"}
        return {"json": {"document": document, **more}}

    def sent(data: bytes, **more: object) -> dict[str, Any]:
        return at("data:application/pdf;base64," + base64.b64encode(data).decode(), **more)

    odd = {"x-request-id": "header needle", "x-octavo-options": '{"password": "password-needle"}'}
    return [
        {**sent(page, include_image_base64=True), "params": {"key": "asked-needle"}},
        sent(scan, octavo={"password": "password-needle", "text_layer": "never"}),
        {**sent(page[: len(page) // 2]), "headers": odd},
        sent(locked, octavo={"password": "password-needle"}),
        sent(page, octavo={"password": "password-needle", "dpi": 1}),
        sent(page, **{"field-needle": "field-needle"}),
        sent(page, model="model-needle"),
        {"files": {"file": ("file-needle.pdf", page)}, "data": {"document_name": "name-needle.pdf"}},
        {"files": {"file": ("file-needle.pdf", b"Textneedle")}, "headers": {"cookie": "header-needle"}},
        at("http://127.0.0.1/a.pdf?token=query-needle#field-needle"),
        at("http://user-needle:password-needle@127.0.0.1/a.pdf"),
        at("http://host-needle.example:1/a.pdf?token=query-needle"),
        at("Textneedle*"),
        {"content": b'{"document": {"document_url": "Textneedle'},
    ]


def test_nothing_that_callers_send_is_in_the_log(tmp_path: Path) -> None:
    with serving(tmp_path, API_KEYS=f"alice={ALICE} bob={BOB}", FETCH_PUBLIC="false") as server:
        statuses = [send(server, ALICE, request) for request in requests_with_needles(tmp_path)]
        statuses += [send(server, key, {"json": {}}) for key in (BOB, WRONG)]
        server.stop()
        assert server.process.stdout is not None
        told = server.errors.read_text() + server.process.stdout.read()
    assert {200, 400, 401, 422} <= set(statuses)
    assert 500 not in statuses
    lines = [json.loads(line) for line in server.errors.read_text().splitlines()]
    assert [line["status"] for line in lines if line.get("path") == "/v1/ocr"] == statuses
    assert {line.get("owner") for line in lines if "status" in line} == {"alice", "bob", ""}
    for name, needle in NEEDLES.items():
        for each in (needle,) if isinstance(needle, str) else needle:
            assert each not in told, name
    assert "127.0.0.1" not in told
    assert base64.b64encode(b"%PDF-1").decode() not in told


def send(server: Server, key: str, request: dict[str, Any]) -> int:
    """The status; an error repeats neither key nor password."""
    headers = {"authorization": f"Bearer {key}", **request.get("headers", {})}
    more = {name: value for name, value in request.items() if name != "headers"}
    answer = httpx.post(f"{server.url}/v1/ocr", headers=headers, trust_env=False, timeout=PATIENCE, **more)
    if answer.status_code != 200:
        for secret in (ALICE, BOB, WRONG, "password-needle", "query-needle", "Textneedle", str(server.errors.parent)):
            assert secret not in answer.text
    return answer.status_code


@linux_only
def test_the_workers_of_a_real_server_are_shielded(tmp_path: Path) -> None:
    with serving(tmp_path, ENGINES__MODEL="octavo-1", API_KEYS=f"alice={ALICE}") as server:
        workers = children(server.process.pid)
        assert workers
        place = Path(f"/proc/{workers[0]}")
        # The filter is put on last, when a worker is warm.
        assert not SECCOMP or eventually(lambda: status_of(place)["Seccomp"] == "2")
        assert status_of(place)["NoNewPrivs"] == "1"
        limits = (place / "limits").read_text()
        assert limits.partition("Max core file size")[2].split()[:2] == ["0", "0"]
        assert ALICE.encode() not in (place / "environ").read_bytes()


def status_of(process: Path) -> dict[str, str]:
    lines = (process / "status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
