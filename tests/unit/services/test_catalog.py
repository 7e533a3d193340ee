from __future__ import annotations

import pytest

from octavo.domain.errors import UnknownModel
from octavo.domain.model import ModelCard
from octavo.services.models import ModelCatalog

FIRST = ModelCard(id="octavo-1", aliases=("mistral-ocr-latest", "octavo"), description="", created=0)
SECOND = ModelCard(id="octavo-fake", aliases=(), description="", created=0)
CATALOG = ModelCatalog((FIRST, SECOND))


@pytest.mark.parametrize("name", [None, "", "octavo-1", "octavo", "mistral-ocr-latest"])
def test_names_of_the_default_model(name):
    assert CATALOG.resolve(name) is FIRST


def test_another_model_has_to_be_named():
    assert CATALOG.resolve("octavo-fake") is SECOND


@pytest.mark.parametrize("name", ["gpt-4", "OCTAVO-1", " "])
def test_an_unknown_model(name):
    with pytest.raises(UnknownModel, match=f"Invalid model: {name}"):
        CATALOG.resolve(name)
