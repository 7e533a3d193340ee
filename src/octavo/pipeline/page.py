"""One page: `PageTask` in, `RecognizedPage` out. Runs in a worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.ports import DocumentReader, PageRecognizer
from octavo.domain.result import RecognizedPage
from octavo.domain.work import PageTask

OpenDocument = Callable[[Path, str | None], DocumentReader]
"""Opens the document at a path with a password (or None)."""


class PagePipeline:
    """Reads single pages of documents (`Pipeline`); the document of the last page stays open for the next."""

    def __init__(self, open_document: OpenDocument, recognizer: PageRecognizer, *, eager: bool = True) -> None:
        """Not `eager`, models wait for the first page that needs them."""
        self._open_document = open_document
        self._recognizer = recognizer
        self._eager = eager
        self._key: tuple[Path, str | None] | None = None
        self._reader: DocumentReader | None = None

    def warm_up(self) -> None:
        """Load all models."""
        if self._eager:
            self._recognizer.warm_up()

    def inspect(self, document: SpooledDocument, password: str | None) -> DocumentFacts:
        """Tell what the document is, without reading a page.

        Raises:
            UnsupportedDocument, CorruptDocument, EncryptedDocument.
        """
        return self._opened(document.path, password).facts

    def recognize(self, task: PageTask) -> RecognizedPage:
        """Read one page; figures are written into the task's folder.

        Raises:
            DocumentError, EngineError: this page cannot be read.
        """
        page = self._opened(task.path, task.password).page(task.index, task.options.dpi)
        return self._recognizer.recognize(page, task.options, task.figures_dir)

    def close(self) -> None:
        """Close the open document and release the models."""
        self._forget()
        self._recognizer.close()

    def _opened(self, path: Path, password: str | None) -> DocumentReader:
        if self._reader is None or self._key != (path, password):
            self._forget()
            self._reader = self._open_document(path, password)
            self._key = (path, password)
        return self._reader

    def _forget(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._key = None, None
