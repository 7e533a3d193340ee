"""The service on top of any executor, with a spool and finished pages in a folder of the test."""

from __future__ import annotations

from pathlib import Path

from octavo.domain.ports import DocumentFetcher, Executor
from octavo.services.ocr import OcrService
from octavo.services.pages import PageReader
from octavo.services.turns import Turns
from octavo.storage.pages import PageFolders


def make_service(
    fetcher: DocumentFetcher,
    executor: Executor,
    folder: Path,
    *,
    max_pages: int = 1000,
    keeps: float = 0,
    fingerprint: str = "",
) -> OcrService:
    """A service whose documents lie in `folder/spool`, and whose finished pages lie in `folder/pages`."""
    spool = folder / "spool"
    spool.mkdir(exist_ok=True)
    pages = PageFolders(folder / "pages", keeps=keeps, max_bytes=10**9)
    reader = PageReader(executor=executor, store=pages, turns=Turns(executor.capacity), fingerprint=lambda: fingerprint)
    return OcrService(fetcher=fetcher, reader=reader, spool_dir=spool, max_pages=max_pages)
