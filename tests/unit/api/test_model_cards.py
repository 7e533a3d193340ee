"""`GET /v1/models`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio

NAMES = ["octavo-test", "mistral-ocr-latest", "mistral-ocr-2512"]
NULLABLE = {
    "deprecation",
    "deprecation_replacement_model",
    "billing_model_name",
    "audio_transcription_capabilities",
    "audio_speech_capabilities",
}
PYTHON_CLIENT = {"user-agent": "mistral-client-python/1.12.4"}
TYPESCRIPT_CLIENT = {"user-agent": "mistral-client-typescript/2.7.0"}


async def test_the_model_and_each_alias_has_its_card(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v1/models")).json()
    assert listed["object"] == "list"
    assert [card["id"] for card in listed["data"]] == NAMES
    for card in listed["data"]:
        assert sorted([card["id"], *card["aliases"]]) == sorted(NAMES)
        assert card["name"] == "octavo-test"
        assert (card["object"], card["created"]) == ("model", 1_790_000_000)
        assert {name for name, able in card["capabilities"].items() if able} == {"ocr", "vision"}
        assert {name for name, value in card.items() if value is None} <= NULLABLE


@pytest.mark.parametrize("name", NAMES)
async def test_a_card_by_its_name(client: httpx.AsyncClient, name: str) -> None:
    listed = (await client.get("/v1/models")).json()["data"]
    assert (await client.get(f"/v1/models/{name}")).json() == next(card for card in listed if card["id"] == name)


@pytest.mark.parametrize("name", ["gpt-9", "a/b", "octavo-test/x", "OCTAVO-TEST", "two\nlines"])
async def test_a_name_that_nobody_has(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/v1/models/{quote(name)}")
    assert answer.status_code == 404
    assert (answer.json()["object"], answer.json()["message"]) == ("error", f"Model {name} not found.")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"model": "mistral-ocr-2512"}, ["mistral-ocr-2512"]),
        ({"model": "x"}, []),
        ({"model": ""}, NAMES),
        ({"provider": "x"}, NAMES),
    ],
)
async def test_the_list_may_be_narrowed(client: httpx.AsyncClient, query: dict[str, str], names: list[str]) -> None:
    assert [card["id"] for card in (await client.get("/v1/models", params=query)).json()["data"]] == names


@pytest.mark.parametrize(
    ("model_type", "headers", "told"),
    [
        ("auto", {}, "image-to-text"),
        ("auto", {"user-agent": "python-requests/2.34.2"}, "image-to-text"),
        ("auto", PYTHON_CLIENT, "base"),
        ("auto", TYPESCRIPT_CLIENT, "base"),
        ("base", {}, "base"),
        ("image-to-text", PYTHON_CLIENT, "image-to-text"),
    ],
)
async def test_the_type_is_what_the_client_needs(
    make_app: Callable[..., FastAPI],
    client_of: Callable[..., Any],
    model_type: str,
    headers: dict[str, str],
    told: str,
) -> None:
    async with client_of(make_app(model_type=model_type)) as client:
        listed = (await client.get("/v1/models", headers=headers)).json()["data"]
        single = (await client.get("/v1/models/octavo-test", headers=headers)).json()
    assert {card["type"] for card in (*listed, single)} == {told}
