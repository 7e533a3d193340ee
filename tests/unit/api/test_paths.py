"""Base addresses in every form that clients use."""

from __future__ import annotations

import httpx
import pytest
from fake_reading import PDF

from octavo.api.paths import canonical

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/v1/ocr", "/v1/ocr"),
        ("/v1/v1/ocr", "/v1/ocr"),
        ("/v1/v1/v1/models", "/v1/models"),
        ("/v1/v1", "/v1"),
        ("//v1/ocr", "/v1/ocr"),
        ("/v1//ocr/", "/v1/ocr"),
        ("/ocr", "/v1/ocr"),
        ("/models/a/b", "/v1/models/a/b"),
        ("/models", "/v1/models"),
        ("/files", "/v1/files"),
        ("/files/6e8b/content/", "/v1/files/6e8b/content"),
        ("/v1/v1//files", "/v1/files"),
        ("/batch/jobs", "/v1/batch/jobs"),
        ("/filestore", "/filestore"),
        ("/ocr-more", "/ocr-more"),
        ("/v11/ocr", "/v11/ocr"),
        ("/v1/models/v1/x", "/v1/models/v1/x"),
        ("/health", "/health"),
        ("/", "/"),
        ("", "/"),
    ],
)
def test_every_spelling_is_one_path(written: str, meant: str) -> None:
    assert canonical(written) == meant


@pytest.mark.parametrize("path", ["/v1/ocr", "/v1/v1/ocr", "/ocr", "/v1/ocr/", "//v1/ocr"])
async def test_reading_answers_on_every_spelling(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.post(f"http://localhost:8000{path}", json={"document": {"document_url": PDF}})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/v1/models", "/v1/v1/models", "/models", "/v1/models/", "/v1/models/octavo-test"])
async def test_models_answer_on_every_spelling(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200
