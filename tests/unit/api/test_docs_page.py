"""`/docs` and the description behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio

BASE = "http://localhost:8000/docs"


class Loaded(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if name in ("src", "href") and value]


async def test_the_page_loads_from_this_server_alone(client: httpx.AsyncClient) -> None:
    answer = await client.get(BASE)
    assert answer.status_code == 200
    loaded = Loaded()
    loaded.feed(answer.text)
    addresses = [address for address in loaded.addresses if address != "data:,"]
    assert len(addresses) == 3
    for address in addresses:
        part = await client.get(urljoin(BASE, address))
        assert part.status_code == 200
        assert part.headers["content-type"].split(";")[0] in ("text/css", "text/javascript")
    assert not re.search(r"https?://", answer.text)
    policy = dict(rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"


async def test_swagger_ui_can_show_the_version_of_the_description(client: httpx.AsyncClient) -> None:
    script = (await client.get("/docs/static/swagger-ui-bundle.js")).text
    assert re.search(r'PACKAGE_VERSION:"5\.', script), "version 4 cannot show OpenAPI 3.1"
    assert (await client.get("/openapi.json")).json()["openapi"].startswith("3.1")


async def test_the_start_names_the_description(client: httpx.AsyncClient) -> None:
    script = (await client.get("/docs/start.js")).text
    assert 'url: "openapi.json"' in script
    assert "validatorUrl: null" in script


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(references, node.values()))


async def test_the_description_is_whole(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) <= known
    assert {"/v1/ocr", "/v1/models", "/v1/models/{name}", "/health", "/ready"} <= set(described["paths"])
    content = described["paths"]["/v1/ocr"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"]["$ref"] == "#/components/schemas/OCRRequest"
    assert content["multipart/form-data"]["schema"]["properties"]["file"]["format"] == "binary"
    request = described["components"]["schemas"]["OCRRequest"]
    assert request["additionalProperties"] is False
    assert request["required"] == ["document"]


async def test_both_forms_of_the_answer_are_described(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    content = described["paths"]["/v1/ocr"]["post"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["$ref"] == "#/components/schemas/OCRResponse"
    assert content["text/event-stream"]["schema"] == {"type": "string"}


async def test_the_documentation_can_be_left_out(
    make_app: Callable[..., FastAPI], client_of: Callable[..., Any]
) -> None:
    async with client_of(make_app(docs=False)) as client:
        for path in ("/docs", "/docs/start.js", "/docs/static/swagger-ui.css", "/openapi.json"):
            assert (await client.get(path)).status_code == 404
