"""Every option with real clients, and whole answers looked through for what they could not make sense of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sample_documents import RUSSIAN

from octavo.domain.block import BlockKind
from octavo.engines.tesseract_data import tesseract_languages

Run = Callable[..., Any]
GENERATIONS = ["mistralai-1", "mistralai-2", "mistralai-3"]


@pytest.mark.parametrize("environment", GENERATIONS)
def test_no_answer_has_anything_strange_for_the_client(run_client: Run, environment: str) -> None:
    found = run_client(environment, "answers_mistralai.py")
    assert found["strange"] == []
    assert found["lost"] == []
    assert found["asked"] >= 12


@pytest.mark.parametrize("environment", GENERATIONS)
def test_every_option_has_its_effect(run_client: Run, environment: str) -> None:
    effects = run_client(environment, "answers_mistralai.py")["effects"]
    newer = {"page ranges": [1, 0], "kinds": sorted(BlockKind)}
    assert effects == {
        "pages": [1],
        "image_limit": 1,
        "image_min_size": 0,
        "nulls": 3,
        "dpi": 96,
        "model": "mistral-ocr-latest",
        "image_url object": 3,
        "async": 3,
        **({"id": 3} if environment == "mistralai-1" else newer),
    }


@pytest.mark.parametrize("environment", GENERATIONS)
def test_languages_to_expect_come_in_a_header(run_client: Run, environment: str) -> None:
    found = run_client(environment, "languages_mistralai.py")
    assert found["ru"] == found["nothing said"]
    assert found["en"] == found["all of a program"]
    assert found["en"].strip()
    assert not any("а" <= letter <= "я" for letter in found["en"].lower())
    assert found["unknown"][1] == 422
    assert "klingon is no language that is known" in found["unknown"][2]
    if "rus" in tesseract_languages():
        assert " ".join(found["ru"].split()) == " ".join(RUSSIAN)
    else:
        assert not found["ru"].strip()


@pytest.mark.parametrize("environment", GENERATIONS)
def test_every_card_is_understood(run_client: Run, environment: str) -> None:
    found = run_client(environment, "models_mistralai.py")
    assert found["strange"] == []
    assert {"octavo-1", "mistral-ocr-latest", "mistral-ocr-2505", "mistral-ocr-2512"} <= set(found["ids"])
    assert found["kinds"] in (["BaseModelCard"], ["Data"], ["ModelCard"])
    assert found["reads"] == []
    assert found["retrieved"] == ["octavo-1", "mistral-ocr-latest"]
    assert found["unknown"] == ["SDKError", 404]


def test_documents_may_come_as_files_of_a_form(run_client: Run) -> None:
    assert run_client("mistralai-3", "forms_requests.py") == {
        "index": 1,
        "markdown": "# Cake in the kitchen\n\nLine 1 says that ",
        "picture": "data:image/jpeg;base64,",
        "size": True,
        "without v1": 200,
        "twice v1": 200,
        "wrong field": 422,
    }


def test_pages_come_as_they_are_read_as_the_documentation_shows(run_client: Run) -> None:
    found = run_client("mistralai-3", "events_requests.py")
    assert found["names"] == ["event: start", "event: page", "event: page", "event: result"]
    assert (found["indices"], found["the same"]) == ([1, 0], True)
    printed = found["printed"]
    assert printed.startswith("['model', 'indices', 'page_count', 'doc_size_bytes']\n")
    assert "# Cake in the kitchen" in printed
    assert printed.endswith("['model', 'document_annotation', 'usage_info', 'pages']\n")
