"""A browser signs in at a real server: what it keeps, what it may do with it, and what others cannot."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from octavo_server import PATIENCE, Server, serving

from octavo.api.attempts import FREE
from papers import text_pdf

ALICE, BOB, WRONG = "alice needle-3f9c ü", "bob-needle-77aa", "wrong-needle-0000"
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    keys = folder / "octavo.toml"
    keys.write_text(f'api_keys = [["alice", "{ALICE}"], ["bob", "{BOB}"]]', encoding="utf-8")
    with serving(folder, "--config", str(keys)) as found:
        yield found


@pytest.fixture
def browser(server: Server) -> Iterator[httpx.Client]:
    """It keeps cookies, and tells that its requests come from a page of the server."""
    with httpx.Client(base_url=server.url, headers=OWN, trust_env=False, timeout=PATIENCE) as found:
        yield found


def cookie(server: Server, key: str) -> str:
    """The cookie of a key, as a browser sends it."""
    value = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    return f"octavo-key-{urlsplit(server.url).port}={value}"


def signed_in(browser: httpx.Client, key: str) -> dict[str, Any]:
    answer = browser.post("/session", json={"key": key})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_who_is_signed_in_works_with_documents_and_sees_nobody_elses(
    browser: httpx.Client, server: Server, tmp_path: Path
) -> None:
    document = text_pdf(tmp_path / "a.pdf", [["One"]]).read_bytes()
    assert browser.post("/v1/files", files={"file": document}).status_code == 401
    assert signed_in(browser, ALICE) == {"keys_needed": True, "signed_in": True, "owner": "alice"}
    uploaded = browser.post("/v1/files", files={"file": document}, data={"purpose": "ocr"})
    assert uploaded.status_code == 200, uploaded.text
    content = f"/v1/files/{uploaded.json()['id']}/content"
    # As a person who clicks on a link, and as one who types the address.
    for site in ("same-origin", "none"):
        assert browser.get(content, headers={"Sec-Fetch-Site": site}).content == document
    body = {"document": {"type": "file", "file_id": uploaded.json()["id"]}}
    assert browser.post("/v1/ocr", json=body).status_code == 200
    assert browser.get("/v1/status").json()["checks"]
    with httpx.Client(base_url=server.url, headers=OWN, trust_env=False, timeout=PATIENCE) as other:
        signed_in(other, BOB)
        assert other.get(content).status_code == 404
        assert other.get("/v1/files").json()["data"] == []
    browser.delete("/session")
    assert browser.get(content).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_pages_of_others_can_do_nothing(server: Server, headers: dict[str, str]) -> None:
    bob = {"Cookie": cookie(server, BOB)}
    with httpx.Client(base_url=server.url, headers=bob, trust_env=False, timeout=PATIENCE) as browser:
        assert browser.get("/v1/files", headers=OWN).status_code == 200
        assert browser.get("/v1/files", headers=headers).status_code == 401
        plain = headers | {"Content-Type": "text/plain"}
        for path in ("/v1/ocr", "/v1/files", "/v1/batch/jobs"):
            answer = browser.post(path, headers=plain, content=json.dumps({"endpoint": "/v1/ocr", "requests": []}))
            assert answer.status_code == 401, path
        form = {"endpoint": "/v1/ocr", "purpose": "ocr"}
        assert browser.post("/v1/files", headers=headers, data=form, files={"file": b"x"}).status_code == 401


def test_cookies_that_are_too_large_end_nothing(server: Server, browser: httpx.Client) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as raw:
        large = cookie(server, "A" * 150_000).encode()
        raw.sendall(b"GET /session HTTP/1.1\r\nHost: localhost\r\nCookie: " + large + b"\r\n\r\n")
        with raw.makefile("rb") as answer:
            assert b" 400 " in answer.readline()
    assert browser.get("/session").json()["signed_in"] is False


def test_neither_keys_nor_cookies_end_in_the_log(tmp_path: Path) -> None:
    with serving(tmp_path, API_KEYS=f"bob={BOB}") as server:
        with httpx.Client(base_url=server.url, headers=OWN, trust_env=False, timeout=PATIENCE) as browser:
            signed_in(browser, BOB)
            assert browser.get("/v1/models").status_code == 200
            value = next(iter(browser.cookies.jar)).value
            for _ in range(FREE + 1):
                last = browser.post("/session", json={"key": WRONG})
            assert last.status_code == 429
            assert int(last.headers["retry-after"]) > 0
            assert browser.post("/session", json={"key": {"no": WRONG}}).status_code == 422
            wrong = cookie(server, WRONG)
            assert browser.get("/v1/models", headers={"Cookie": f"{wrong}; x={BOB}"}).status_code == 401
        server.stop()
        log = server.errors.read_text()
    told = [json.loads(line) for line in log.splitlines()]
    assert {"bob"} < {line.get("owner") for line in told if line.get("path") == "/session"}
    assert value
    assert not any(secret in log for secret in (BOB, WRONG, value, wrong.partition("=")[2], "127.0.0.1"))


def test_without_keys_there_is_nothing_to_sign_in_to(tmp_path: Path) -> None:
    everybody = {"keys_needed": False, "signed_in": True, "owner": ""}
    with (
        serving(tmp_path) as server,
        httpx.Client(base_url=server.url, headers=OWN, trust_env=False, timeout=PATIENCE) as browser,
    ):
        assert browser.get("/session").json() == signed_in(browser, WRONG) == everybody
        assert not browser.cookies
        assert browser.get("/v1/models").status_code == 200
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            assert browser.get("/session", headers=headers).status_code == 403
