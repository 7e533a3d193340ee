"""Requests of all kinds, made from the description of the API: no answer is a 500, and each is as described.

`FUZZ_EXAMPLES=2000 pytest tests/unit/api/test_wire_fuzz.py` looks for longer, and each time elsewhere.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from fake_reading import FakeExecutor, FakeFetcher
from hypothesis import HealthCheck, settings
from schemathesis import checks as generic
from schemathesis.specs.openapi import checks

from made_service import make_service
from octavo.api.app import create_app
from octavo.api.options import ServerOptions
from octavo.domain.model import ModelCard
from octavo.services.models import ModelCatalog

EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
KEY = "a key of the tests"
CHECKS = [
    generic.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


SPOOL = TemporaryDirectory(ignore_cleanup_errors=True)
"""Tests are made of the description before fixtures are."""


def make_described() -> Any:
    """The described API of a server with a key; without one it would look at the name that it is called by."""
    service = make_service(FakeFetcher(), FakeExecutor(), Path(SPOOL.name))
    card = ModelCard(id="octavo-test", aliases=("mistral-ocr-latest",), description="Reads nothing.", created=1)
    app = create_app(ocr=service, models=ModelCatalog((card,)), options=ServerOptions(keys={"alice": KEY}))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


described = make_described()


@described.parametrize()
@settings(
    max_examples=int(EXAMPLES or 25),
    derandomize=EXAMPLES is None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    case.headers["Authorization"] = f"Bearer {KEY}"
    case.call_and_validate(checks=CHECKS)
