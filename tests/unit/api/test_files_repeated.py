"""`Idempotency-Key`: what comes twice is done once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kept_files import blobs_in, kept_files
from octavo.api.idempotency import repeatable
from octavo.services.files import FileService

pytestmark = pytest.mark.anyio
KEYS = {"alice": "a", "bob": "b"}


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
async def client(make_app: Callable[..., FastAPI], client_of: Any, files: FileService) -> AsyncIterator[Any]:
    async with client_of(make_app(files=files, keys=KEYS)) as found:
        yield found


async def send(
    client: httpx.AsyncClient, key: str | bytes, content: bytes = b"x", name: str = "a", owner: str = "a", **fields: str
) -> httpx.Response:
    headers = {"idempotency-key": key, "authorization": f"Bearer {owner}"}
    return await client.post("/v1/files", files={"file": (name, content)}, data=fields, headers=headers)


async def test_the_same_key_and_request_make_one_file(client: httpx.AsyncClient, tmp_path: Path) -> None:
    first, second, other = [await send(client, key, purpose="ocr") for key in ("key 1", "key 1", "key 2")]
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json() != other.json()
    assert len(blobs_in(tmp_path)) == 2


@pytest.mark.parametrize(
    "changed", [{"content": b"y"}, {"name": "b"}, {"purpose": "ocr"}, {"visibility": "user"}, {"expiry": "3"}]
)
async def test_the_same_key_with_another_request_is_a_conflict(
    client: httpx.AsyncClient, tmp_path: Path, changed: dict[str, Any]
) -> None:
    await send(client, "k")
    answer = await send(client, "k", **changed)
    assert (answer.status_code, answer.json()["type"]) == (409, "conflict")
    assert len(blobs_in(tmp_path)) == 1


async def test_keys_belong_to_their_owner(client: httpx.AsyncClient) -> None:
    own, others = await send(client, "k"), await send(client, "k", b"y", owner="b")
    assert own.status_code == others.status_code == 200
    assert own.json()["id"] != others.json()["id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "é".encode("latin-1")])
async def test_keys_that_cannot_be_are_refused(client: httpx.AsyncClient, tmp_path: Path, key: str | bytes) -> None:
    answer = await send(client, key)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["header", "idempotency-key"]
    assert blobs_in(tmp_path) == []


async def test_the_longest_key_is_taken(client: httpx.AsyncClient) -> None:
    assert (await send(client, "x" * 255)).status_code == 200


def test_a_request_is_its_kind_and_all_that_it_says() -> None:
    assert repeatable(None, "files") is None
    told = [("files", "a"), ("jobs", "a"), ("files", "a", None), ("filesa",), ("files", "a", 1), ("files", "a", "1")]
    assert len({repeatable("k", *each) for each in told}) == len(told)
    assert repeatable("k", {"b": 1, "a": 2}) == repeatable("k", {"a": 2, "b": 1})
