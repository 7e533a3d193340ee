"""What `octavo serve` tells of itself: its services and its settings, put together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial

from octavo.domain.installation import Finding, StorageState
from octavo.domain.status import Limits
from octavo.domain.stores import BlobStore
from octavo.services.findings import of_data_folder, of_database, of_storage, of_variables
from octavo.services.keeping import Keeping
from octavo.services.running import Services
from octavo.services.status import Place, StatusService
from octavo.settings import Settings, unknown_variables


def build_status(settings: Settings, services: Services) -> StatusService | None:
    """The status of a server; None of services that keep nothing."""
    if services.budget is None:
        return None
    return StatusService(
        reader=services.ocr.reader,
        models=services.models,
        budget=services.budget,
        place=_place(settings),
        checks=_checks(settings, services),
    )


def _place(settings: Settings) -> Place:
    keep, limits = settings.keep, settings.limits
    return Place(
        data_dir=settings.data_dir.absolute(),
        database=settings.database.kind,
        blobs=settings.storage.kind,
        started_at=int(time.time()),
        keeping=Keeping(ocr=keep.ocr_days, batch=keep.batch_days, results=keep.result_days, other=keep.other_days),
        job_days=keep.job_days,
        limits=Limits(
            max_file_bytes=limits.max_file_bytes,
            max_upload_bytes=limits.max_upload_bytes,
            max_pages=limits.max_pages,
            request_timeout=limits.request_timeout,
        ),
        findings=of_variables(unknown_variables(os.environ)),
    )


def _checks(settings: Settings, services: Services) -> dict[str, Callable[[], Finding]]:
    """Each looks at what the server itself works with, over the way that it takes itself."""
    checks: dict[str, Callable[[], Finding]] = {"data_folder": partial(of_data_folder, settings.data_dir.absolute())}
    if services.look is not None:
        checks["database"] = partial(of_database, services.look)
    if services.files is not None:
        place = settings.storage.url or str(settings.data_dir / "blobs")
        look = partial(_look, services.files.blobs, place, is_local=settings.storage.kind == "folder")
        checks["storage"] = partial(of_storage, look)
    return checks


def _look(blobs: BlobStore, place: str, *, is_local: bool) -> StorageState:
    blobs.reach()
    return StorageState(place=place, is_local=is_local)
