"""The documentation at `/docs`. Every part of it is served from here, so it works where there is no other network."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic.json_schema import models_json_schema

from octavo.api.schemas.ocr_request import OCRForm, OCRRequest

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Octavo API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/static/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/static/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
# Whatever the page's scripts try, the browser loads nothing from anywhere else.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_REFERENCE = "#/components/schemas/{model}"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def page() -> HTMLResponse:
    """Swagger UI."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/start.js")
async def start() -> Response:
    """What starts Swagger UI: a file of its own, for the page may not have inline scripts."""
    return Response(_START, media_type="text/javascript")


def install(app: FastAPI) -> None:
    """Serve the documentation and the description behind it."""
    app.include_router(router)
    static = Path(str(importlib.resources.files(fastapi_offline))) / "static"
    app.mount("/docs/static", StaticFiles(directory=static))
    app.openapi = lambda: app.openapi_schema or _described(app)  # type: ignore[method-assign]  # FastAPI's own way


def _described(app: FastAPI) -> dict[str, Any]:
    """The description with the bodies of `POST /v1/ocr`, which the route reads by itself."""
    description = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    shapes, definitions = models_json_schema(
        [(OCRRequest, "validation"), (OCRForm, "validation")], ref_template=_REFERENCE
    )
    description["components"]["schemas"] |= definitions["$defs"]
    description["paths"]["/v1/ocr"]["post"]["requestBody"] = {
        "required": True,
        "content": {
            "application/json": {"schema": shapes[(OCRRequest, "validation")]},
            "multipart/form-data": {"schema": _with_file(definitions["$defs"]["OCRForm"])},
        },
    }
    app.openapi_schema = description
    return description


def _with_file(form: dict[str, Any]) -> dict[str, Any]:
    """The form's fields and its file."""
    file = {"type": "string", "format": "binary", "description": "The document."}
    return {**form, "properties": {"file": file, **form["properties"]}, "required": ["file"]}
