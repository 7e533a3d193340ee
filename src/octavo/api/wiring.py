"""What the routes work with, put together once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Request

from octavo.api.auth import Keyring
from octavo.services.models import ModelCatalog
from octavo.services.ocr import OcrService

ModelType = Literal["auto", "base", "image-to-text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Services and settings of one server.

    Attributes:
        ocr: reads documents.
        models: what can be asked for.
        keyring: who may ask.
        default_dpi: for requests that name no dpi.
        max_file_bytes: of a document that comes as a form's `file`.
        model_type: `type` of the model cards; `auto` tells each client what it needs.
    """

    ocr: OcrService
    models: ModelCatalog
    keyring: Keyring
    default_dpi: int
    max_file_bytes: int
    model_type: ModelType


def wiring(request: Request) -> Wiring:
    """The wiring of the server that serves `request`."""
    found: Wiring = request.app.state.wiring
    return found


Wired = Annotated[Wiring, Depends(wiring)]
