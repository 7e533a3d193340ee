"""The configurations of `deploy/`, run for real: TLS, a path prefix, large bodies and request numbers."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from front_proxies import KEY, NAME, Proxy, caddy, nginx, proxied
from octavo_server import serving

from octavo.api.attempts import FREE
from papers import text_pdf

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture(scope="module", params=[(nginx, "nginx.conf"), (caddy, "Caddyfile")], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    make, file = request.param
    if shutil.which(make.__name__) is None:
        pytest.skip(f"{make.__name__} is not installed, so deploy/{file} cannot be run")
    folder = tmp_path_factory.mktemp(make.__name__)
    with (
        serving(folder, API_KEYS=f"tests={KEY}", TRUSTED_PROXIES="127.0.0.1") as server,
        proxied(folder, server.url, make, (DEPLOY / file).read_text()) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    document = text_pdf(tmp_path_factory.mktemp("document") / "a.pdf", [["One"], ["Two"]]).read_bytes()
    # A comment after the end of a PDF is no part of it, but it has to be carried.
    uri = "data:application/pdf;base64," + base64.b64encode(document + b"\n%" + b"x" * 4_000_000).decode()
    return json.dumps({"document": {"type": "document_url", "document_url": uri}}).encode()


@pytest.mark.parametrize("prefix", ["", "/octavo"])
def test_a_document_is_read_through_tls_and_below_a_prefix(proxy: Proxy, body: bytes, prefix: str) -> None:
    answer = proxy.call(f"{prefix}/v1/ocr", body)
    assert answer.status_code == 200, answer.text
    assert [page["index"] for page in answer.json()["pages"]] == [0, 1]


@pytest.mark.parametrize("prefix", ["", "/octavo"])
@pytest.mark.parametrize("port", ["", ":8443"])
def test_a_signed_address_leads_back_through_the_proxy(proxy: Proxy, tmp_path: Path, prefix: str, port: str) -> None:
    document = text_pdf(tmp_path / "a.pdf", [["One"], ["Two"]]).read_bytes()
    own = {"Host": NAME + port, "Authorization": f"Bearer {KEY}"}
    uploaded = proxy.ask("POST", f"{prefix}/v1/files", headers=own, files={"file": document})
    assert uploaded.status_code == 200, uploaded.text
    name = uploaded.json()["id"]
    url = proxy.ask("GET", f"{prefix}/v1/files/{name}/url", headers=own).json()["url"]
    before, path, query = re.fullmatch(r"(.*)(/v1/files/.*)(\?.*)", url).groups()  # type: ignore[union-attr]
    assert before == f"https://{NAME}{port}{prefix}"
    assert proxy.ask("GET", prefix + path + query).content == document
    assert proxy.ask("GET", prefix + path).status_code == 401
    read = proxy.call(f"{prefix}/v1/ocr", json.dumps({"document": {"document_url": url}}).encode())
    assert [page["index"] for page in read.json()["pages"]] == [0, 1], read.text
    # Nobody but the proxy tells where the server is to be found.
    spoofed = own | {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Proto": "http"}
    again = proxy.ask("GET", f"{prefix}/v1/files/{name}/url", headers=spoofed).json()["url"]
    assert again.partition("?")[0] == url.partition("?")[0]
    assert proxy.ask("DELETE", f"{prefix}/v1/files/{name}", headers=own).status_code == 200
    assert proxy.ask("GET", prefix + path + query).status_code == 404


def test_large_files_go_through(proxy: Proxy) -> None:
    answer = proxy.ask(
        "POST", "/v1/files", headers={"Authorization": f"Bearer {KEY}"}, files={"file": bytes(90 * 1024 * 1024)}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["bytes"] == 90 * 1024 * 1024


@pytest.mark.parametrize("prefix", ["", "/octavo"])
@pytest.mark.parametrize("path", ["/v1/models", "/health", "/ready", "/docs", "/docs/start.js", "/openapi.json"])
def test_everything_else_is_there_too(proxy: Proxy, path: str, prefix: str) -> None:
    assert proxy.call(prefix + path).status_code == 200


def test_the_page_of_the_documentation_names_nothing_outside_its_prefix(proxy: Proxy) -> None:
    page = proxy.call("/octavo/docs").text
    assert 'src="docs/start.js"' in page
    assert 'src="/' not in page


def test_keys_are_asked_for_behind_the_proxy(proxy: Proxy) -> None:
    assert proxy.call("/octavo/v1/models", Authorization="Bearer wrong").status_code == 401


@pytest.mark.parametrize(
    ("prefix", "name", "path"), [("", "__Host-octavo-key", "/"), ("/octavo", "__Secure-octavo-key", "/octavo")]
)
def test_who_signs_in_through_tls_has_a_cookie_for_tls_alone(proxy: Proxy, prefix: str, name: str, path: str) -> None:
    session, own = f"{prefix}/session", {"Origin": f"https://{NAME}"}
    signed = proxy.ask("POST", session, headers=own, json={"key": KEY})
    assert (signed.status_code, signed.json()["owner"]) == (200, "tests")
    found = SimpleCookie(signed.headers["set-cookie"])[name]
    assert (found["path"], found["secure"], found["httponly"], found["samesite"]) == (path, True, True, "strict")
    cookie = {"Cookie": f"{name}={found.value}"}
    for headers, status in ((own, 200), ({"Sec-Fetch-Site": "same-origin"}, 200), ({}, 401)):
        answer = proxy.ask("POST", f"{prefix}/v1/files", headers=cookie | headers, files={"file": b"x"})
        assert answer.status_code == status, headers
    for origin in (f"http://{NAME}", f"https://{NAME}:8443", "http://127.0.0.1:8000", "https://evil.example"):
        assert proxy.ask("GET", f"{prefix}/v1/files", headers=cookie | {"Origin": origin}).status_code == 401
        assert proxy.ask("POST", session, headers={"Origin": origin}, json={"key": KEY}).status_code == 403


def test_each_caller_of_the_proxy_waits_for_wrong_keys_of_its_own(proxy: Proxy) -> None:
    def signed(address: str, key: str, **headers: str) -> int:
        asked = {"headers": headers, "json": {"key": key}}
        return proxy.ask("POST", "/session", client_address=address, **asked).status_code

    for number in range(FREE):
        assert signed("127.0.0.2", "wrong", **{"X-Forwarded-For": f"203.0.113.{number}"}) == 401
    assert signed("127.0.0.2", KEY, **{"X-Forwarded-For": "203.0.113.99"}) == 429
    assert signed("127.0.0.3", KEY) == 200


def test_the_number_of_a_request_is_kept(proxy: Proxy) -> None:
    assert proxy.call("/octavo/health", **{"X-Request-Id": "number-7"}).headers["x-request-id"] == "number-7"
    assert proxy.call("/octavo/health").headers["x-request-id"]


def test_what_is_too_large_for_octavo_is_told_by_octavo(proxy: Proxy) -> None:
    answer = proxy.call("/octavo/v1/ocr", b" " * (71 * 1024 * 1024))
    assert answer.status_code == 413
    assert "code" in answer.json()
