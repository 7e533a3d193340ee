"""Settings -> wired services: the only file that names a concrete plug-in.

Workers import this module too, so everything heavy is imported by the function that needs it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octavo.domain.errors import InvalidSettings
from octavo.domain.model import ModelCard
from octavo.domain.ports import CpuShare, DocumentFetcher, Executor, PageRecognizer, Pipeline

if TYPE_CHECKING:
    from octavo.services.models import ModelCatalog
    from octavo.services.ocr import OcrService
    from octavo.settings import Settings

BUILT_IN: Mapping[str, str] = {
    "octavo-1": "octavo.bootstrap:standard_engine",
    "octavo-fake": "octavo.engines.fake:FakeEngine",
}
"""Model ids to the factories of their recognisers; other packages declare theirs as entry points."""

DESCRIPTIONS = {
    "octavo-1": "Reads printed documents: the text inside a PDF where it is sound, else the pixels; on the CPU.",
    "octavo-fake": "Reads nothing and answers at once, always the same; for trying out and for tests.",
}
RELEASED = 1795219200
"""2026-11-21, in Unix seconds."""

LARGEST_DOWNLOAD = 4 * 1024**3
"""Bytes that the command line and the library fetch from an address at most."""

STALE = 24 * 3600.0
"""Seconds after which a folder in the spool belongs to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the command line, the library and the server work with."""

    ocr: OcrService
    models: ModelCatalog
    executor: Executor

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While entered, pages can be read; workers start in the background."""
        await self.executor.start()
        try:
            yield
        finally:
            await self.executor.close()


def build_services(settings: Settings) -> Services:
    """For a server: worker processes, the limits in force, and a spool below the data folder."""
    spool, limits = _spool_below(settings.data_dir), settings.limits
    fetcher = build_fetcher(settings, limits.max_file_bytes)
    return _services(settings, fetcher, build_executor(settings), spool, limits.max_pages)


def build_local(settings: Settings, *, inline: bool = False) -> Services:
    """For one person's own documents: no limit on pages, and a spool that the system cleans.

    Args:
        settings: those in force.
        inline: read in this process, which takes no time to start.
    """
    from octavo.documents.at_hand import AtHand

    fetcher = AtHand(partial(build_fetcher, settings, LARGEST_DOWNLOAD))
    executor = build_inline(settings) if inline else build_executor(settings)
    return _services(settings, fetcher, executor, Path(tempfile.gettempdir()), sys.maxsize)


def _services(
    settings: Settings, fetcher: DocumentFetcher, executor: Executor, spool: Path, max_pages: int
) -> Services:
    from octavo.services.ocr import OcrService

    service = OcrService(fetcher=fetcher, executor=executor, spool_dir=spool, max_pages=max_pages)
    return Services(ocr=service, models=build_catalog(settings), executor=executor)


def build_fetcher(settings: Settings, max_bytes: int) -> DocumentFetcher:
    """Brings documents to disk."""
    from octavo.documents.fetch import Fetcher

    return Fetcher(max_bytes=max_bytes, allow_fetch=settings.allow_fetch)


def build_catalog(settings: Settings) -> ModelCatalog:
    """The model that is served, with all its names."""
    from octavo.services.models import ModelCatalog

    model = settings.engines.model
    description = DESCRIPTIONS.get(model, "Comes with another package.")
    card = ModelCard(id=model, aliases=settings.engines.aliases, description=description, created=RELEASED)
    return ModelCatalog((card,))


def build_executor(settings: Settings) -> Executor:
    """Worker processes."""
    from octavo.executors.local import LocalExecutor
    from octavo.executors.pool import WorkerLimits

    chosen = settings.executor
    limits = WorkerLimits(
        page_timeout=chosen.page_timeout,
        inspect_timeout=chosen.inspect_timeout,
        max_memory=chosen.max_memory,
        max_calls=chosen.pages_per_worker,
    )
    arguments = _pipeline_arguments(settings)
    return LocalExecutor(build_pipeline, arguments, workers=chosen.workers or None, limits=limits)


def build_inline(settings: Settings) -> Executor:
    """This process."""
    from octavo.executors.inline import InlineExecutor

    return InlineExecutor(build_pipeline, {**_pipeline_arguments(settings), "eager": False})


def _pipeline_arguments(settings: Settings) -> dict[str, Any]:
    """What crosses to a worker: plain values, so that it need not read settings itself."""
    return {"model": settings.engines.model, "max_pixels": settings.limits.max_pixels}


def build_pipeline(*, model: str, max_pixels: int, eager: bool = True, share: CpuShare) -> Pipeline:
    """What a worker works with: a reader of documents and the engine of `model`, loaded now or (not `eager`) at need.

    Raises:
        EngineNotInstalled: there is no such model.
    """
    from octavo.documents.reader import open_document
    from octavo.engines.registry import load_engine
    from octavo.pipeline.page import PagePipeline

    opener, engine = partial(open_document, max_pixels=max_pixels), load_engine(model, BUILT_IN)(share)
    return PagePipeline(opener, engine, eager=eager)


def standard_engine(share: CpuShare) -> PageRecognizer:
    """`octavo-1`."""
    from octavo.engines import standard
    from octavo.pipeline.composite import CompositeRecognizer

    return CompositeRecognizer(
        text=standard.text_reader(share),
        layout=standard.layout_detector(),
        tables=standard.table_reader(),
        turn_of=standard.turn_detector(),
        rules_of=standard.rule_finder(),
    )


def usable_cpus() -> int:
    """CPUs that this process may keep busy."""
    from octavo.executors import system

    return system.usable_cpus()


def _spool_below(data_dir: Path) -> Path:
    """A folder that only this user may look into; what a killed server left there long ago is removed.

    Raises:
        InvalidSettings: it cannot be made.
    """
    spool = data_dir / "spool"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        spool.mkdir(mode=0o700, exist_ok=True)
        stale = [folder for folder in spool.iterdir() if time.time() - folder.stat().st_mtime > STALE]
    except OSError as error:
        reason = f"The data folder {data_dir} cannot be used: {error.strerror}."
        raise InvalidSettings(f"{reason} Name another one with OCTAVO_DATA_DIR.") from None
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return spool
