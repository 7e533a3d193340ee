"""Keys and their owners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fake_reading import PDF
from fastapi import FastAPI

from octavo.api.auth import Keyring
from octavo.domain.errors import InvalidSettings

pytestmark = pytest.mark.anyio

KEYS = {"alice": "first key", "bob": ("old", "new"), "zoë": "schlüssel"}
BODY = {"document": {"document_url": PDF}}


def bearer(key: str) -> dict[str, bytes]:
    return {"authorization": f"Bearer {key}".encode()}


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        ("first key", "alice"),
        ("old", "bob"),
        ("new", "bob"),
        ("schlüssel", "zoë"),
        ("", None),
        ("ol", None),
        ("older", None),
    ],
)
def test_a_key_tells_its_owner(key: str, owner: str | None) -> None:
    assert Keyring(KEYS).owner_of(key) == owner


def test_a_keyring_keeps_no_keys() -> None:
    assert "first key" not in repr(vars(Keyring(KEYS)))


@pytest.mark.parametrize("keys", [{"alice": ""}, {"alice": ("good", "")}])
def test_an_empty_key_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettings, match="alice"):
        Keyring(keys)


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic b2xk"}, {"authorization": "old"}]
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/ocr"), ("GET", "/v1/models"), ("GET", "/v1/models/octavo-test")]
)
async def test_without_a_key_nothing_is_told(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], headers: dict[str, str], method: str, path: str
) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        answer = await client.request(method, path, json=BODY if method == "POST" else None, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["detail"] == answer.json()["message"] == "Unauthorized"
    assert answer.json()["object"] == "error"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_with_a_key_everything_works(make_app: Callable[..., FastAPI], client_of: Callable[..., Any]) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        for key in ("first key", "old", "new", "schlüssel"):
            assert (await client.post("/v1/ocr", json=BODY, headers=bearer(key))).status_code == 200
            assert (await client.get("/v1/models", headers=bearer(key))).status_code == 200


async def test_a_key_may_be_written_in_latin_1(make_app: Callable[..., FastAPI], client_of: Callable[..., Any]) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        for sent, status in (("schlüssel", 200), ("schlüsse", 401)):
            headers = {"authorization": f"Bearer {sent}".encode("latin-1")}
            assert (await client.get("/v1/models", headers=headers)).status_code == status


@pytest.mark.parametrize("path", ["/health", "/ready", "/docs", "/openapi.json"])
async def test_some_paths_need_no_key(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], path: str
) -> None:
    async with client_of(make_app(keys=KEYS)) as client:
        assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize("headers", [{}, bearer("any"), bearer(""), {"authorization": "Basic x"}])
async def test_a_server_without_keys_takes_everybody(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any], headers: dict[str, Any]
) -> None:
    async with client_of(make_app()) as client:
        assert (await client.post("/v1/ocr", json=BODY, headers=headers)).status_code == 200
