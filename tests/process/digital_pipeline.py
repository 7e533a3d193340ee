"""The pipeline of workers that read what PDFs themselves say: real pages, no models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octavo.documents.reader import open_document
from octavo.pipeline.page import PagePipeline
from reading import digital_recognizer

if TYPE_CHECKING:
    from octavo.domain.ports import CpuShare


def build(*, share: CpuShare) -> PagePipeline:
    """The pipeline."""
    del share
    return PagePipeline(open_document, digital_recognizer(), eager=False)
