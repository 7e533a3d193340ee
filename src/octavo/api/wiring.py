"""What the routes work with, put together once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from octavo.api.admission import Admission
from octavo.api.attempts import Attempts
from octavo.api.auth import Keyring
from octavo.api.options import ServerOptions
from octavo.api.proxies import PublicAddress
from octavo.api.traffic import Traffic
from octavo.documents.spooling.budget import SpoolBudget
from octavo.services.batches import BatchService
from octavo.services.files import FileService
from octavo.services.models import ModelCatalog
from octavo.services.ocr import OcrService
from octavo.services.status import StatusService
from octavo.services.views import PageViews


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Services and options of one server.

    Attributes:
        ocr: reads documents.
        models: what can be asked for.
        files: what was uploaded; None on a server that keeps nothing.
        views: shows pages of files; None on such a server.
        batches: jobs; None on such a server.
        status: how the server is doing; None where nobody can ask.
        budget: what lies on disk for requests.
        options: how the server behaves.
        keyring: who may ask.
        admission: who is inside, and who was sent away.
        address: by which clients call the server.
        traffic: what was answered.
        attempts: to sign in with wrong keys.
    """

    ocr: OcrService
    models: ModelCatalog
    files: FileService | None
    views: PageViews | None
    batches: BatchService | None
    status: StatusService | None
    budget: SpoolBudget
    options: ServerOptions
    keyring: Keyring
    admission: Admission
    address: PublicAddress
    traffic: Traffic = field(default_factory=Traffic)
    attempts: Attempts = field(default_factory=Attempts)


async def wiring(request: Request) -> Wiring:
    """The wiring of the server that serves `request`; asynchronous, for others are called in threads."""
    found: Wiring = request.app.state.wiring
    return found


Wired = Annotated[Wiring, Depends(wiring)]
