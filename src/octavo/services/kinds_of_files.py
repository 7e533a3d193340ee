"""What is in a file, as far as its purpose, its first bytes and its name tell."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from octavo.documents.media_type import HEAD_BYTES, sniff_bytes
from octavo.domain.file import FilePurpose, SampleType

JSONL = "application/jsonl"
_NAMES = mimetypes.MimeTypes(filenames=())
"""Python's own table, without those of the machine: the same file has the same type everywhere."""


def sample_type_of(purpose: FilePurpose) -> SampleType:
    """The sample type of an upload."""
    known = {FilePurpose.OCR: SampleType.OCR_INPUT, FilePurpose.BATCH: SampleType.BATCH_REQUEST}
    return known.get(purpose, SampleType.INSTRUCT)


def mimetype_of(path: Path, name: str, purpose: FilePurpose) -> str:
    """What the bytes are, if that can be told without decoding them; else what the name says."""
    if purpose is FilePurpose.BATCH or name.lower().endswith((".jsonl", ".ndjson")):
        return JSONL
    with path.open("rb") as file:
        kind = sniff_bytes(file.read(HEAD_BYTES))
    return str(kind.value) if kind else _NAMES.guess_type(f"x{Path(name).suffix}")[0] or "application/octet-stream"
