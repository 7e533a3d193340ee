"""Signing in from a browser, and what others make a browser send."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from fake_reading import PDF
from fastapi import FastAPI

from octavo.api.attempts import FREE

pytestmark = pytest.mark.anyio

ODD = 'ключ "=;, \\ \t \U0001f511 schlüssel'
KEYS = {"alice": "first key", "bob": ("old", "new"), "zoë": ODD}
BODY = {"document": {"type": "document_url", "document_url": PDF}}
OWN = {"sec-fetch-site": "same-origin"}
NAME = "octavo-key-8000"
Connect = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def connect(make_app: Callable[..., FastAPI], client_of: Callable[..., Any]) -> Connect:
    """A browser at an application of the test's own; it sends what its pages would."""

    def connected(base_url: str = "http://localhost:8000", **options: Any) -> Any:
        return client_of(make_app(**{"keys": KEYS} | options), base_url)

    return connected


async def sign_in(client: httpx.AsyncClient, key: str, **headers: str) -> httpx.Response:
    return await client.post("/session", json={"key": key}, headers=OWN | headers)


def cookie(key: str, name: str = NAME) -> dict[str, str]:
    """A cookie as it is sent."""
    return {"cookie": f"{name}={base64.urlsafe_b64encode(key.encode()).decode().rstrip('=')}"}


async def status_of(client: httpx.AsyncClient, method: str = "GET", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path, body = ("/v1/models", None) if method == "GET" else ("/v1/ocr", BODY)
    return (await client.request(method, path, json=body, headers=named)).status_code


@pytest.mark.parametrize(("key", "owner"), [("first key", "alice"), ("old", "bob"), ("new", "bob"), (ODD, "zoë")])
async def test_who_signs_in_is_let_in_until_signing_out(connect: Connect, key: str, owner: str) -> None:
    async with connect() as client:
        client.headers.update(OWN)
        nobody = {"keys_needed": True, "signed_in": False, "owner": ""}
        assert (await client.get("/session")).json() == nobody
        assert await status_of(client) == 401
        signed = await sign_in(client, key)
        assert (signed.status_code, signed.json()) == (200, nobody | {"signed_in": True, "owner": owner})
        assert (await client.get("/session")).json() == signed.json()
        assert await status_of(client) == await status_of(client, "POST") == 200
        left = await client.delete("/session")
        assert (left.status_code, left.json(), dict(client.cookies)) == (200, nobody, {})
        assert await status_of(client) == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(connect: Connect) -> None:
    async with connect() as client:
        said = (await sign_in(client, "first key")).headers["set-cookie"]
    found = SimpleCookie(said)[NAME]
    assert (found["httponly"], found["samesite"], found["path"], found["domain"]) == (True, "strict", "/", "")
    assert not found["secure"]
    assert "first key" not in said


@pytest.mark.parametrize(
    ("options", "name", "path"),
    [
        ({"public_url": "https://ocr.example.org"}, "__Host-octavo-key", "/"),
        ({"public_url": "https://example.org/ocr"}, "__Secure-octavo-key", "/ocr"),
        ({"public_url": "http://example.org"}, "octavo-key-80", "/"),
    ],
)
async def test_over_tls_the_cookie_is_for_tls_alone(
    connect: Connect, options: dict[str, Any], name: str, path: str
) -> None:
    async with connect(**options) as client:
        found = SimpleCookie((await sign_in(client, "first key")).headers["set-cookie"])
        assert [*found] == [name]
        assert found[name]["path"] == path
        assert bool(found[name]["secure"]) is options["public_url"].startswith("https")
        client.cookies.clear()
        assert await status_of(client, **cookie("first key", name), **OWN) == 200
        if name.startswith("__"):  # one that was set without TLS
            assert await status_of(client, **cookie("first key"), **OWN) == 401


@pytest.mark.parametrize("headers", [OWN, {}])  # over plain HTTP browsers tell their origin alone
@pytest.mark.parametrize("opened", ["http://localhost:8000", "http://192.168.1.5:8000", "https://ocr.example.org"])
async def test_where_the_cookie_would_not_come_back_the_right_address_is_told(
    connect: Connect, headers: dict[str, str], opened: str
) -> None:
    public = "https://example.org/octavo"
    async with connect(opened, public_url=public) as client:
        answer = await client.post("/session", json={"key": "first key"}, headers={**headers, "origin": opened})
        assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
        assert f"{public} alone: open that address" in answer.json()["message"]
        assert "set-cookie" not in answer.headers
        for origin in ("https://example.org", "null"):
            answer = await sign_in(client, "first key", origin=origin)
            assert (answer.status_code, "set-cookie" in answer.headers) == (200, True)


async def test_without_a_public_address_every_one_will_do(connect: Connect) -> None:
    async with connect("http://127.0.0.1:8000") as client:  # as behind a proxy that tells nothing
        assert (await sign_in(client, "first key", origin="https://example.org")).status_code == 200


async def test_without_keys_nobody_is_sent_to_the_public_address(connect: Connect) -> None:
    async with connect(keys={}, public_url="https://example.org/octavo") as client:
        assert (await sign_in(client, "any", origin="http://localhost:8000")).status_code == 200


@pytest.mark.parametrize("key", ["wrong", "first ke", "FIRST KEY", "", " first key"])
async def test_a_wrong_key_signs_nobody_in(connect: Connect, key: str) -> None:
    async with connect() as client:
        answer = await sign_in(client, key)
        assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")
        assert "set-cookie" not in answer.headers
        headers = cookie(key) | OWN
        assert await status_of(client, **headers) == 401
        assert (await client.get("/session", headers=headers)).json()["signed_in"] is False


async def test_a_key_that_is_revoked_is_worth_nothing(connect: Connect) -> None:
    async with connect(keys={"bob": "new"}) as client:
        assert await status_of(client, **cookie("old"), **OWN) == 401
        assert await status_of(client, **cookie("new"), **OWN) == 200


async def test_without_keys_everybody_is_signed_in(connect: Connect) -> None:
    everybody = {"keys_needed": False, "signed_in": True, "owner": ""}
    async with connect(keys={}) as client:
        answers = [await client.get("/session"), await sign_in(client, "any"), await client.delete("/session")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, everybody)] * 3
    assert "set-cookie" not in answers[1].headers


HOSTILE: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://localhost:8000"},
    {"sec-fetch-site": "same-site", "origin": "http://localhost:3000"},
    {"origin": "https://evil.example"},
    {"origin": "http://localhost:3000"},
    {"origin": "null"},
]


@pytest.mark.parametrize("headers", HOSTILE)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_other_pages_cannot_use_the_cookie(connect: Connect, headers: dict[str, str], method: str) -> None:
    async with connect() as client:
        assert await status_of(client, method, **cookie("first key"), **headers) == 401
        found = await client.get("/session", headers=cookie("first key") | headers)
        assert (found.status_code, found.json()["signed_in"]) == (200, False)


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "none"}])
async def test_a_browser_that_tells_nothing_may_only_look(connect: Connect, headers: dict[str, str]) -> None:
    async with connect() as client:
        assert await status_of(client, "GET", **cookie("first key"), **headers) == 200
        assert await status_of(client, "POST", **cookie("first key"), **headers) == 401


async def test_a_browser_without_fetch_metadata_is_known_by_its_origin(connect: Connect) -> None:
    async with connect() as client:
        assert await status_of(client, "POST", **cookie("first key"), origin="http://localhost:8000") == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_forms_of_other_sites_change_nothing(connect: Connect, kind: str) -> None:
    async with connect() as client:
        headers = cookie("first key") | {"content-type": kind, "origin": "https://evil.example"}
        for path in ("/v1/ocr", "/v1/files", "/v1/batch/jobs", "/session"):
            answer = await client.post(path, content=json.dumps(BODY), headers=headers)
            assert answer.status_code in (401, 403, 404), path
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", [*HOSTILE, {"sec-fetch-site": "none"}])
async def test_nobody_is_signed_in_or_out_by_another_page(connect: Connect, headers: dict[str, str]) -> None:
    async with connect() as client:
        for method, body in (("POST", {"key": "first key"}), ("DELETE", None)):
            answer = await client.request(method, "/session", json=body, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "text/plain; application/json"]
)
async def test_a_key_comes_as_json_alone(connect: Connect, kind: str) -> None:
    async with connect() as client:
        answer = await client.post("/session", content=b'{"key": "first key"}', headers={"content-type": kind})
        assert answer.status_code == 415
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "origins", [("*",), ("https://app.example.org",), ("http://localhost:3000", "https://app.example.org")]
)
async def test_cors_lets_in_keys_but_never_the_cookie(connect: Connect, origins: tuple[str, ...]) -> None:
    origin = origins[-1] if origins != ("*",) else "https://evil.example"
    async with connect(cors_origins=origins) as client:
        for method in ("GET", "POST"):
            assert await status_of(client, method, **cookie("first key"), origin=origin) == 401
            assert await status_of(client, method, authorization="Bearer first key", origin=origin) == 200
        answer = await client.get("/session", headers=cookie("first key") | {"origin": origin})
        assert answer.json()["signed_in"] is False
        assert "access-control-allow-credentials" not in answer.headers
        answer = await client.post("/session", json={"key": "first key"}, headers={"origin": origin})
        assert answer.status_code == 403


@pytest.mark.parametrize("header", ["Bearer wrong", "bearer wrong", "Bearer"])
async def test_a_bearer_token_wins(connect: Connect, header: str) -> None:
    async with connect() as client:
        assert await status_of(client, **cookie("first key"), **OWN, authorization=header) == 401
        found = await client.get("/session", headers=cookie("first key") | OWN | {"authorization": "Bearer new"})
        assert found.json()["owner"] == "bob"


@pytest.mark.parametrize("header", ["Basic b2xk", "Basic Zmlyc3Qga2V5", "Negotiate YII=", "Bearers new", ""])
async def test_what_a_proxy_is_told_says_nothing_here(connect: Connect, header: str) -> None:
    async with connect() as client:
        assert await status_of(client, authorization=header) == 401
        for method in ("GET", "POST"):
            assert await status_of(client, method, **cookie("first key"), **OWN, authorization=header) == 200
            for hostile in HOSTILE:
                assert await status_of(client, method, **cookie("first key"), **hostile, authorization=header) == 401


@pytest.mark.parametrize(
    "sent",
    [
        f"{NAME}=Zmlyc3Qga2V5; {NAME}=b2xk",
        f"{NAME}=Zmlyc3Qga2V5; {NAME}=Zmlyc3Qga2V5",
        f"{NAME}=Zmlyc3Qga2V5; other=1; {NAME}=",
        f"{NAME}=",
        NAME,
        f"{NAME}=first key",
        f"{NAME}=Zmlyc3Qga2V5=",
        f'{NAME}="Zmlyc3Qga2V5"',
        f"{NAME}=Z",
        f"{NAME}=////",
        f"{NAME}=" + "Zmlyc3Qga2V5" * 300,
        f"{NAME}=" + "A" * 60_000,
        f"{NAME.upper()}=Zmlyc3Qga2V5",
        "octavo-key-80=Zmlyc3Qga2V5",
        "=Zmlyc3Qga2V5",
        ";" * 10_000,
    ],
)
async def test_cookies_that_are_odd_sign_nobody_in(connect: Connect, sent: str) -> None:
    async with connect() as client:
        assert await status_of(client, cookie=sent, **OWN) == 401
        assert (await client.get("/session", headers={"cookie": sent} | OWN)).json()["signed_in"] is False


async def test_two_headers_with_cookies_are_one(connect: Connect) -> None:
    async with connect() as client:
        good = ("cookie", f"{NAME}=Zmlyc3Qga2V5")
        for other, status in (("other=1", 200), (f"{NAME}=b2xk", 401)):
            headers = [good, ("cookie", other), *OWN.items()]
            assert (await client.get("/v1/models", headers=headers)).status_code == status


async def test_other_cookies_do_not_matter(connect: Connect) -> None:
    async with connect() as client:
        assert await status_of(client, cookie=f"a=1;{NAME}=Zmlyc3Qga2V5 ;b", **OWN) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'"first key"',
        b'{"key": 1}',
        b'{"key": null}',
        b'{"key": "a", "b": 1}',
        b'{"key": "\\ud800"}',
    ],
)
async def test_bodies_that_do_not_fit_are_told(connect: Connect, body: bytes) -> None:
    async with connect() as client:
        headers = OWN | {"content-type": "application/json"}
        answer = await client.post("/session", content=body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid_request_error")


async def test_a_key_that_no_browser_keeps_is_refused(connect: Connect) -> None:
    fits, too_long = "é" * 1024, "é" * 1025
    async with connect(keys={"a": fits, "b": too_long}) as client:
        answer = await sign_in(client, fits)
        assert len(answer.headers["set-cookie"]) < 4096
        assert await status_of(client, **OWN) == 200
        refused = await sign_in(client, too_long)
        assert (refused.status_code, "2048" in refused.json()["message"]) == (422, True)
        assert too_long[:10] not in refused.text
        assert (await sign_in(client, "x" * 17_000)).status_code == 413


async def test_after_some_wrong_keys_the_address_has_to_wait(connect: Connect) -> None:
    async with connect() as client:
        assert [(await sign_in(client, "wrong")).status_code for _ in range(FREE)] == [401] * FREE
        for key in ("wrong", "first key"):
            answer = await sign_in(client, key)
            assert (answer.status_code, answer.json()["type"]) == (429, "rate_limited")
            assert 0 < int(answer.headers["retry-after"]) <= 10
        # Who is signed in already, or has a key of a program, is not concerned.
        assert await status_of(client, authorization="Bearer first key") == 200
        assert await status_of(client, **cookie("first key"), **OWN) == 200


async def test_behind_a_believed_proxy_each_caller_waits_alone(connect: Connect) -> None:
    one, other = {"x-forwarded-for": "198.51.100.1"}, {"x-forwarded-for": "198.51.100.2"}
    async with connect(trusted_proxies=("127.0.0.1",)) as client:
        for number in range(FREE):
            spoofed = {"x-forwarded-for": f"203.0.113.{number}, 198.51.100.1"}
            assert (await sign_in(client, "wrong", **spoofed)).status_code == 401
        assert (await sign_in(client, "first key", **one)).status_code == 429
        assert (await sign_in(client, "first key", **other)).status_code == 200


async def test_nobody_escapes_by_naming_another_address(connect: Connect) -> None:
    async with connect() as client:
        for number in range(FREE):
            await sign_in(client, "wrong", **{"x-forwarded-for": f"203.0.113.{number}"})
        assert (await sign_in(client, "first key", **{"x-forwarded-for": "203.0.113.99"})).status_code == 429
