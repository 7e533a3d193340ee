"""Settings -> wired services: the only file that names a concrete plug-in.

Workers import this module too, so everything heavy is imported by the function that needs it.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octavo.domain.ports import CpuShare, DocumentFetcher, Executor, PageRecognizer, Pipeline, RegionRecognizer
from octavo.domain.stores import PageStore

if TYPE_CHECKING:
    from octavo.database.connection import Database
    from octavo.documents.spooling.budget import SpoolBudget
    from octavo.executors.local import LocalExecutor
    from octavo.services.files import FileService
    from octavo.services.models import ModelCatalog
    from octavo.services.running import Services
    from octavo.services.upkeep import Upkeep
    from octavo.settings import Settings

BUILT_IN: Mapping[str, str] = {
    "octavo-1": "octavo.bootstrap:standard_engine",
    "tesseract": "octavo.bootstrap:tesseract_engine",
    "octavo-fake": "octavo.engines.fake:FakeEngine",
}
"""Model ids to the factories of their recognisers; other packages declare theirs as entry points."""

LARGEST_DOWNLOAD = 4 * 1024**3
"""Bytes that the command line and the library fetch from an address at most."""


def build_services(settings: Settings) -> Services:
    """For a server: worker processes, the limits in force, and what is on disk below the data folder."""
    from octavo.database.ledger import SqlLedger
    from octavo.database.upkeep import state_of
    from octavo.documents.spooling.budget import SpoolBudget
    from octavo.executors.resting import RestingRenderer
    from octavo.pipeline.viewer import build_viewer
    from octavo.services.batch_work import BatchWork
    from octavo.services.batches import BatchService
    from octavo.services.clock import SteadyClock
    from octavo.services.keeping import SECONDS_OF_A_DAY
    from octavo.services.views import views_of
    from octavo.storage.data_folder import DataFolder
    from octavo.storage.pages import PageFolders

    limits, data, clock = settings.limits, DataFolder(settings.data_dir), SteadyClock()
    keeps, most = settings.retention, limits.max_kept_bytes
    pages = PageFolders(data.pages, keeps=keeps, max_bytes=most, clock=clock, keep_jobs=inf)
    budget, database = SpoolBudget(limits.max_spool_bytes), build_database(settings)
    ledger = SqlLedger(database, clock=clock)
    files = build_files(settings, database, budget, clock)
    fetcher = build_fetcher(settings, limits.max_file_bytes, budget, files)
    executor = build_executor(settings, data.spool, data.pages)
    seconds, memory = settings.executor.view_timeout, settings.executor.max_memory
    viewers = RestingRenderer(build_viewer, {"max_pixels": limits.max_pixels}, data.spool, seconds, memory)
    services = _services(settings, fetcher, executor, pages, data.spool, limits.max_pages)
    work = BatchWork(ledger=ledger, files=files, spool_dir=data.spool, capacity=executor.capacity)
    return replace(
        services,
        files=files,
        views=views_of(files, viewers, data.spool, limits.max_spool_bytes),
        batches=BatchService(ledger=ledger, files=files, work=work, dropped=pages.drop),
        work=work,
        keep_jobs=settings.keep.job_days * SECONDS_OF_A_DAY,
        budget=budget,
        claim=data,
        tell=database.lock.tell if database.lock else None,
        let_go=database.close,
        look=partial(state_of, database),
        tidy=partial(data.sweep, keeps),
    )


def build_database(settings: Settings) -> Database:
    """Where files and jobs are entered.

    Raises:
        InvalidSettings: another server uses it, it belongs to a newer version, or its address cannot be right.
        DatabaseFailed: it cannot be reached.
    """
    from octavo.database.open import open_database

    url = settings.database.url
    return open_database(url.get_secret_value() if url else settings.data_dir / "octavo.db")


def server_of(settings: Settings) -> tuple[int, str | None] | None:
    """Process and address of who works on the data folder; None if nobody does, or as many as like (PostgreSQL)."""
    from octavo.database.lock import holder_of

    return None if settings.database.url else holder_of(settings.data_dir)


def build_upkeep(settings: Settings) -> Upkeep:
    """The installation of these settings, to be backed up, restored, migrated or looked at."""
    from octavo.database.upkeep import SqlUpkeep
    from octavo.services.upkeep import Upkeep
    from octavo.storage.upkeep import BlobUpkeep

    data, url, bucket = settings.data_dir, settings.database.url, settings.storage.url
    return Upkeep(
        data_dir=data,
        is_plain=not (url or bucket),
        database=SqlUpkeep(url.get_secret_value() if url else data / "octavo.db"),
        storage=BlobUpkeep(bucket or str(data / "blobs")),
    )


def build_files(settings: Settings, database: Database, budget: SpoolBudget, clock: Callable[[], float]) -> FileService:
    """What callers upload: entered in the database, kept in the storage of the settings."""
    from octavo.database.files import SqlFiles
    from octavo.services.files import FileService
    from octavo.services.keeping import Keeping
    from octavo.storage.blobs import open_blobs

    keep, most = settings.keep, settings.limits.max_file_bytes
    return FileService(
        files=SqlFiles(database, clock=clock),
        blobs=open_blobs(settings.storage.url or str(settings.data_dir / "blobs")),
        keeping=Keeping(ocr=keep.ocr_days, batch=keep.batch_days, results=keep.result_days, other=keep.other_days),
        max_document_bytes=most,
        budget=budget,
        clock=clock,
    )


def build_local(settings: Settings, *, inline: bool = False) -> Services:
    """For one person's own documents: no limit on pages, and nothing stays on disk.

    `inline` reads in this process, which takes no time to start.
    """
    from octavo.documents.fetching.at_hand import AtHand
    from octavo.storage.pages import PageFolders

    temporary = Path(tempfile.mkdtemp(prefix="octavo-"))
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    pages = PageFolders(temporary, keeps=0, max_bytes=sys.maxsize)
    fetcher = AtHand(partial(build_fetcher, settings, LARGEST_DOWNLOAD))
    executor = build_inline(settings) if inline else build_executor(settings)
    return _services(settings, fetcher, executor, pages, Path(tempfile.gettempdir()), sys.maxsize)


def _services(
    settings: Settings, fetcher: DocumentFetcher, executor: Executor, pages: PageStore, spool: Path, max_pages: int
) -> Services:
    from octavo.engines.registry import GROUP
    from octavo.engines.tesseract_data import language_files
    from octavo.services.fingerprint import reading_fingerprint
    from octavo.services.ocr import OcrService
    from octavo.services.pages import PageReader
    from octavo.services.running import Services
    from octavo.services.turns import Turns

    reads = partial(reading_fingerprint, Path(__file__).parent, settings.engines.model, GROUP)
    told = cache(partial(reads, installed=language_files()))
    reader = PageReader(executor=executor, store=pages, turns=Turns(executor.capacity), fingerprint=told)
    service = OcrService(fetcher=fetcher, reader=reader, spool_dir=spool, max_pages=max_pages)
    return Services(ocr=service, models=build_catalog(settings), executor=executor, pages=pages)


def build_fetcher(
    settings: Settings, max_bytes: int, budget: SpoolBudget | None = None, files: FileService | None = None
) -> DocumentFetcher:
    """Brings documents to disk."""
    from octavo.documents.fetching.download import FetchTimeouts
    from octavo.documents.fetching.fetcher import Fetcher

    return Fetcher(
        max_bytes=max_bytes,
        allow_fetch=settings.allow_fetch,
        fetch_public=settings.fetch_public,
        timeouts=FetchTimeouts(total=settings.limits.fetch_timeout),
        uploads=files,
        budget=budget,
    )


def build_catalog(settings: Settings) -> ModelCatalog:
    """The model that is served, with all its names."""
    from octavo.services.models import catalog_of

    return catalog_of(settings.engines.model, settings.engines.aliases)


def build_executor(settings: Settings, *folders: Path) -> LocalExecutor:
    """Worker processes.

    `folders` are all that they may read and write, besides Python; without any, they may read every file and write
    temporary ones. Only models that ship with Octavo are held to it: others may need other files.
    """
    from octavo.engines.tesseract_data import data_folder
    from octavo.executors.landlock import Folders
    from octavo.executors.local import LocalExecutor
    from octavo.executors.pool import WorkerLimits

    chosen = settings.executor
    limits = WorkerLimits(
        page_timeout=chosen.page_timeout,
        inspect_timeout=chosen.inspect_timeout,
        max_memory=chosen.max_memory,
        max_calls=chosen.pages_per_worker,
        max_seconds=chosen.seconds_per_worker,
        max_threads=chosen.threads,
    )
    anywhere = Folders(readable=(Path("/"),), writable=(Path(tempfile.gettempdir()),))
    languages = data_folder()
    allowed = Folders(readable=(languages,) if languages else (), writable=folders) if folders else anywhere
    return LocalExecutor(
        build_pipeline,
        _pipeline_arguments(settings),
        workers=chosen.workers or None,
        limits=limits,
        folders=allowed if settings.engines.model in BUILT_IN else None,
    )


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
    from octavo.engines.standard import text_reader

    return _composite(text_reader(share), share)


def tesseract_engine(share: CpuShare) -> PageRecognizer:
    """`tesseract`.

    Raises:
        EngineNotInstalled: there is no Tesseract here.
    """
    from octavo.engines.standard import tesseract_reader

    return _composite(tesseract_reader(share), share)


def _composite(text: RegionRecognizer, share: CpuShare) -> PageRecognizer:
    from octavo.engines import standard
    from octavo.pipeline.composite import CompositeRecognizer

    return CompositeRecognizer(
        text=text,
        layout=standard.layout_detector(),
        tables=standard.table_reader(),
        turn_of=standard.turn_detector(share),
        flat_of=standard.flattener(),
        rotated=standard.rotator(),
        rules_of=standard.rule_finder(),
        begin=standard.early_starter(share),
    )


def installed_tesseract() -> tuple[str, list[str]]:
    """Version of Tesseract, and the names of its language data; empty where it is not installed."""
    from octavo.engines.tesseract_data import tesseract_languages, tesseract_version

    return tesseract_version(), sorted(tesseract_languages())


def usable_cpus() -> int:
    """CPUs that this process may keep busy."""
    from octavo.executors import system

    return system.usable_cpus()
