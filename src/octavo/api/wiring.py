"""What the routes work with, put together once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import Depends, Request

from octavo.api.admission import Admission
from octavo.api.auth import Keyring
from octavo.api.proxies import PublicAddress
from octavo.api.traffic import Traffic
from octavo.documents.spooling.budget import SpoolBudget
from octavo.services.batches import BatchService
from octavo.services.files import FileService
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
        request_timeout: seconds that a request may take; None is without limit.
        admission: who is inside, and who was sent away.
        budget: what lies on disk for requests.
        files: what was uploaded; None on a server that keeps nothing.
        batches: jobs; None on such a server.
        max_upload_bytes: of an upload.
        address: by which clients call the server.
        traffic: what was answered.
    """

    ocr: OcrService
    models: ModelCatalog
    keyring: Keyring
    default_dpi: int
    max_file_bytes: int
    model_type: ModelType
    request_timeout: float | None
    admission: Admission
    budget: SpoolBudget
    files: FileService | None = None
    batches: BatchService | None = None
    max_upload_bytes: int = 512 * 1024 * 1024
    address: PublicAddress = field(default_factory=PublicAddress)
    traffic: Traffic = field(default_factory=Traffic)


def wiring(request: Request) -> Wiring:
    """The wiring of the server that serves `request`."""
    found: Wiring = request.app.state.wiring
    return found


Wired = Annotated[Wiring, Depends(wiring)]
