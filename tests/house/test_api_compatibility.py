"""`docs/api-compatibility.md` names what the API has."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.api.errors import FAULTS, FORBIDDEN, UNAUTHORIZED
from octavo.api.schemas import status
from octavo.api.schemas.batch import BatchJobIn, BatchJobOut, BatchLine
from octavo.api.schemas.files import RetrievedFile, SignedUrl, UploadForm
from octavo.api.schemas.ocr_request import OCRForm, OCRRequest, OctavoOptions
from octavo.api.schemas.ocr_response import OctavoPage
from octavo.api.schemas.session import SessionOut, SignIn

PAGE = (Path(__file__).parents[2] / "docs" / "api-compatibility.md").read_text(encoding="utf-8")


FILES, BATCHES = (UploadForm, RetrievedFile, SignedUrl), (BatchJobIn, BatchJobOut, BatchLine)
STATUS = [shape for shape in vars(status).values() if isinstance(shape, type) and shape.__module__ == status.__name__]
SHAPES = (OCRRequest, OCRForm, OctavoOptions, OctavoPage, *FILES, *BATCHES, *STATUS, SignIn, SessionOut)
OTHERS = {UNAUTHORIZED.type: UNAUTHORIZED, FORBIDDEN.type: FORBIDDEN}


@pytest.mark.parametrize("field", sorted({name for shape in SHAPES for name in shape.model_fields}))
def test_every_field_is_compared(field):
    assert f"`{field}`" in PAGE


@pytest.mark.parametrize("fault", ({kind.__name__: fault for kind, fault in FAULTS.items()} | OTHERS).values())
def test_every_error_has_its_row(fault):
    code = f"`{fault.code}`" if fault.code else "null"
    assert any(f"| {fault.status} | `{fault.type}` | {code} |" in line for line in PAGE.splitlines())
