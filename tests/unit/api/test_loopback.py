"""A server without keys is no use to web pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio

Ask = Callable[..., Any]


@pytest.fixture
def ask(make_app: Callable[..., FastAPI], client_of: Callable[..., Any]) -> Ask:
    """A request with headers of its own, to an application with options of its own."""

    async def answer(headers: dict[str, str], method: str = "GET", **options: Any) -> httpx.Response:
        async with client_of(make_app(**options)) as client:
            found: httpx.Response = await client.request(method, "/v1/models", headers=headers)
            return found

    return answer


OWN = ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1:8000", "127.8.9.1", "[::1]", "[::1]:8000"]
FOREIGN = [
    "example.org",
    "localhost.example.org",
    "127.0.0.1.example.org:8000",
    "192.168.0.1",
    "0.0.0.0",
    "[::2]:8000",
    "[fe80::1",
    "",
    "127.0.0.1@example.org",
]


@pytest.mark.parametrize("host", OWN)
async def test_this_machine_may_be_named_in_every_way(ask: Ask, host: str) -> None:
    assert (await ask({"host": host})).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
async def test_another_host_may_not_be_named(ask: Ask, host: str) -> None:
    answer = await ask({"host": host})
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert "OCTAVO_API_KEYS" in answer.json()["message"]


async def test_a_host_may_be_allowed(ask: Ask) -> None:
    assert (await ask({"host": "Octavo.lan:80"}, allowed_hosts=("octavo.lan",))).status_code == 200
    assert (await ask({"host": "other.lan"}, allowed_hosts=("octavo.lan",))).status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org",
        "null",
        "http://localhost:3000",
        "http://localhost",
        "http://127.0.0.1:8000",
        "",
        "localhost:8000",
    ],
)
async def test_a_foreign_page_is_refused_and_told_how_to_come_in(ask: Ask, origin: str) -> None:
    answer = await ask({"host": "localhost:8000", "origin": origin})
    assert answer.status_code == 403
    assert "--cors-origin" in answer.json()["message"]
    assert "access-control-allow-origin" not in answer.headers


async def test_a_page_of_this_server_is_welcome(ask: Ask) -> None:
    assert (await ask({"host": "localhost:8000", "origin": "http://localhost:8000"})).status_code == 200


async def test_an_origin_may_be_let_in(ask: Ask) -> None:
    origins = ("https://app.example.org",)
    welcome = await ask({"origin": "https://app.example.org"}, cors_origins=origins)
    assert (welcome.status_code, welcome.headers["access-control-allow-origin"]) == (200, "https://app.example.org")
    assert "x-request-id" in welcome.headers["access-control-expose-headers"].lower()
    assert (await ask({"origin": "https://example.org"}, cors_origins=origins)).status_code == 403


async def test_every_origin_may_be_let_in(ask: Ask) -> None:
    answer = await ask({"origin": "https://example.org"}, cors_origins=("*",))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


async def test_a_browser_may_ask_before_it_sends_a_key(ask: Ask) -> None:
    headers = {
        "origin": "https://app.example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    options = {"cors_origins": ("https://app.example.org",), "keys": {"a": "k"}, "loopback_only": False}
    answer = await ask(headers, "OPTIONS", **options)
    assert answer.status_code == 200
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("options", [{"keys": {"alice": "k"}}, {"loopback_only": False}])
async def test_with_keys_or_a_proxy_in_front_nothing_is_guarded(ask: Ask, options: dict[str, Any]) -> None:
    headers = {"host": "example.org", "origin": "https://example.org", "authorization": "Bearer k"}
    answer = await ask(headers, **options)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
