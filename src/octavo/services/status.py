"""How this server is doing: numbers of now, what its settings say, and whether it is in order."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from octavo import __version__
from octavo.documents.spooling.budget import SpoolBudget
from octavo.domain.installation import Finding
from octavo.domain.status import (
    FileDays,
    History,
    Limits,
    Pages,
    Queue,
    Readiness,
    Retention,
    ServedModel,
    ServerStatus,
    Storage,
    Workers,
)
from octavo.services.findings import good, wrong
from octavo.services.keeping import Keeping
from octavo.services.models import ModelCatalog
from octavo.services.pace import STEP
from octavo.services.pages import PageReader
from octavo.services.probes import Probe
from octavo.services.readiness import readiness

_LOG = logging.getLogger(__name__)
FRESH = 1.0
"""Seconds for which what was gathered is told again, however many ask."""
CHECKED = 10.0
"""Seconds for which a check counts."""
PATIENCE = 2.0
"""Seconds after which what does not answer is told as that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of an installation from its start on.

    Attributes:
        started_at: in Unix seconds.
        keeping: days of files.
        job_days: days of batch jobs that are over.
        findings: of checks that need not be made again.
    """

    data_dir: Path
    database: Literal["SQLite", "PostgreSQL"]
    blobs: Literal["folder", "bucket"]
    started_at: int
    keeping: Keeping
    job_days: float
    limits: Limits
    findings: tuple[Finding, ...] = ()


class StatusService:
    """The status of one server, for one event loop.

    Args:
        reader: reads pages.
        models: what can be asked for.
        budget: what lies on disk for requests.
        place: what does not change.
        checks: by the names of their findings. They block.
    """

    def __init__(
        self,
        *,
        reader: PageReader,
        models: ModelCatalog,
        budget: SpoolBudget,
        place: Place,
        checks: Mapping[str, Callable[[], Finding]],
    ) -> None:
        self._reader = reader
        self._models = models
        self._place = place
        self._free = Probe(lambda: _free(place.data_dir), fresh=FRESH, patience=PATIENCE)
        self._spool = Probe(lambda: budget.used, fresh=FRESH, patience=PATIENCE)
        self._checks = {
            name: Probe(partial(_found, name, check), fresh=CHECKED, patience=PATIENCE)
            for name, check in checks.items()
        }
        self._looking: asyncio.Task[ServerStatus] | None = None
        self._looked = 0.0

    async def look(self) -> ServerStatus:
        """How the server is doing, now or a second ago."""
        looking = self._looking
        if looking is None or (looking.done() and time.monotonic() - self._looked >= FRESH):
            looking = self._looking = asyncio.create_task(self._look())
            self._looked = time.monotonic()
        return await asyncio.shield(looking)

    async def _look(self) -> ServerStatus:
        storage, checks = await asyncio.gather(self._storage(), self._checked())
        state, detail = await readiness(self._reader.executor)
        return ServerStatus(
            version=__version__,
            started_at=self._place.started_at,
            models=tuple(
                ServedModel(id=card.id, aliases=card.aliases, state=state, detail=detail) for card in self._models.cards
            ),
            workers=self._workers(),
            queue=self._queue(),
            pages=self._pages(),
            storage=storage,
            retention=self._retention(),
            limits=self._place.limits,
            checks=(self._of_model(state, detail), *checks, *self._place.findings),
        )

    def _workers(self) -> Workers:
        executor = self._reader.executor
        stats = executor.stats()
        return Workers(
            capacity=executor.capacity,
            warm=stats.workers,
            busy=stats.busy,
            waiting=stats.waiting,
            spare=stats.spare,
            restarts=stats.restarts,
            recycled=stats.recycled,
        )

    def _queue(self) -> Queue:
        waiting = self._reader.waiting
        return Queue(running=self._reader.running, waiting_requests=waiting["request"], waiting_batch=waiting["batch"])

    def _pages(self) -> Pages:
        counts, pace = self._reader.stages.pages, self._reader.stages.pace
        return Pages(
            read=counts["read"],
            kept=counts["kept"],
            failed=counts["failed"],
            per_second=round(pace.per_second, 3),
            history=History(step_seconds=STEP, read=pace.history),
        )

    async def _storage(self) -> Storage:
        free, spool = await asyncio.gather(self._free.answer(), self._spool.answer())
        return Storage(
            data_dir=str(self._place.data_dir),
            database=self._place.database,
            blobs=self._place.blobs,
            free_bytes=free,
            kept_bytes=self._reader.store.size,
            spool_bytes=spool,
        )

    def _retention(self) -> Retention:
        keeping, seconds = self._place.keeping, self._reader.store.keeps
        return Retention(
            pages_seconds=seconds,
            results_linked=seconds > 0,
            file_days=FileDays(ocr=keeping.ocr, batch=keeping.batch, results=keeping.results, other=keeping.other),
            job_days=self._place.job_days,
        )

    async def _checked(self) -> list[Finding]:
        return await asyncio.gather(*(self._check(name) for name in self._checks))

    async def _check(self, name: str) -> Finding:
        found = await self._checks[name].answer()
        if found is None:
            return wrong(name, f"There is no answer since {PATIENCE:g} seconds or more.")
        return found

    def _of_model(self, state: Readiness, detail: str) -> Finding:
        name = self._models.default.id
        if state == "ready":
            return good("model", f"The model {name} is loaded")
        return Finding(name="model", state="error" if state == "failed" else "warning", detail=detail)


def _found(name: str, check: Callable[[], Finding]) -> Finding:
    """What the check says; that it cannot be made is a finding too."""
    try:
        return check()
    except OSError as error:
        return wrong(name, f"This cannot be looked at: {error.strerror}")
    except Exception:  # noqa: BLE001  all else that is told with it counts
        _LOG.exception("The check of the %s broke down", name)
        return wrong(name, "This cannot be looked at; the log of the server says why")


def _free(folder: Path) -> int | None:
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return None
