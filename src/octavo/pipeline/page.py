"""One page: `PageTask` in, `RecognizedPage` out. Runs in a worker."""

from __future__ import annotations

from octavo.domain.document import DocumentFacts, SpooledDocument
from octavo.domain.ports import PageRecognizer
from octavo.domain.result import RecognizedPage
from octavo.domain.work import PageTask
from octavo.pipeline.last_document import LastDocument, OpenDocument


class PagePipeline:
    """Reads single pages of documents (`Pipeline`); the document of the last page stays open for the next."""

    def __init__(self, open_document: OpenDocument, recognizer: PageRecognizer, *, eager: bool = True) -> None:
        """Not `eager`, models wait for the first page that needs them."""
        self._document = LastDocument(open_document)
        self._recognizer = recognizer
        self._eager = eager

    def warm_up(self) -> None:
        """Load all models."""
        if self._eager:
            self._recognizer.warm_up()

    def inspect(self, document: SpooledDocument, password: str | None) -> DocumentFacts:
        """Tell what the document is, without reading a page.

        Raises:
            UnsupportedDocument, CorruptDocument, EncryptedDocument.
        """
        return self._document.opened(document.path, password).facts

    def recognize(self, task: PageTask) -> RecognizedPage:
        """Read one page; figures are written into the task's folder.

        Raises:
            DocumentError, EngineError: this page cannot be read.
        """
        page = self._document.opened(task.path, task.password).page(task.index, task.options.dpi)
        return self._recognizer.recognize(page, task.options, task.figures_dir)

    def close(self) -> None:
        """Close the open document and release the models."""
        self._document.close()
        self._recognizer.close()
