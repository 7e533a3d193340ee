"""How long files are kept that nobody deletes."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.domain.file import FilePurpose, FileSource

SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Days for each kind of file; 0 is until it is deleted.

    Attributes:
        ocr: documents.
        batch: inputs of batches.
        results: what batches leave.
        other: files for other purposes.
    """

    ocr: float = 30.0
    batch: float = 30.0
    results: float = 30.0
    other: float = 30.0

    def seconds_of(self, purpose: FilePurpose, source: FileSource) -> int:
        """How long a file is kept; 0 is without end."""
        if source is FileSource.MISTRAL:
            days = self.results
        else:
            days = {FilePurpose.OCR: self.ocr, FilePurpose.BATCH: self.batch}.get(purpose, self.other)
        return int(days * SECONDS_OF_A_DAY)
