"""Files that callers upload, and those that batches leave: what is known of each, never its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FilePurpose(StrEnum):
    """What a file is for, as the API names it."""

    FINE_TUNE = "fine-tune"
    BATCH = "batch"
    OCR = "ocr"
    AUDIO = "audio"
    AGENTIC_SAFETY = "agentic_safety"


class SampleType(StrEnum):
    """What is in a file, as the API names it."""

    PRETRAIN = "pretrain"
    INSTRUCT = "instruct"
    BATCH_REQUEST = "batch_request"
    BATCH_RESULT = "batch_result"
    BATCH_ERROR = "batch_error"
    OCR_INPUT = "ocr_input"


class FileSource(StrEnum):
    """Where a file comes from: a caller, or (`mistral`, the API's word for itself) this server."""

    UPLOAD = "upload"
    REPOSITORY = "repository"
    MISTRAL = "mistral"


class Visibility(StrEnum):
    """Who may see a file, as the API names it; as long as there are no teams, both mean its owner."""

    WORKSPACE = "workspace"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Bytes that are kept under a name of their own, and never change.

    Attributes:
        name: opaque; letters, digits, `-`.
        size: bytes.
        sha256: of the bytes, in hex.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file.

    Attributes:
        id: a UUID; the name under which its owner asks for it.
        owner: whose it is; to everybody else it does not exist.
        name: the caller's name for it; never a path that is opened.
        blob: its bytes; several files may share them.
        created_at, expires_at: seconds since 1970; None is never.
        num_lines: lines that are not blank, of JSONL; None for what has no lines.
        mimetype: what the bytes are, as far as that is known.
    """

    id: str
    owner: str
    name: str
    blob: Blob
    purpose: FilePurpose
    sample_type: SampleType
    source: FileSource
    created_at: int
    expires_at: int | None = None
    num_lines: int | None = None
    mimetype: str | None = None
    visibility: Visibility = Visibility.WORKSPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """Which files are listed; what is empty or None selects all.

    Attributes:
        search: a part of the name, in any case.
    """

    purpose: FilePurpose | None = None
    sample_types: tuple[SampleType, ...] = ()
    sources: tuple[FileSource, ...] = ()
    mimetypes: tuple[str, ...] = ()
    search: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which part of a list: pages of `size`, counted from 0."""

    page: int = 0
    size: int = 100

    @property
    def offset(self) -> int:
        """Entries before the part."""
        return self.page * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """A request that may come twice and shall be done once.

    Attributes:
        key: chosen by the caller, in `Idempotency-Key`.
        body: digest of what was asked; the same key with another body is a conflict.
    """

    key: str
    body: str
