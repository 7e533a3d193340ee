"""What `/v1/files` takes and answers, field by field as Mistral's clients know it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from octavo.domain.file import FilePurpose, FileSource, SampleType, StoredFile, Visibility

LONGEST_EXPIRY = 24 * 366 * 100
"""Hours: a century."""


def _nothing(value: Any) -> Any:
    """A field of a form that says that there is nothing."""
    return None if value in ("", "null", "None") else value


def _stripped(value: Any) -> Any:
    """The same of a text that may have blanks around it."""
    return _nothing(value.strip() if isinstance(value, str) else value)


class UploadForm(BaseModel):
    """The fields of an upload beside its `file`, `url` instead of that among them; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    purpose: FilePurpose = FilePurpose.FINE_TUNE
    visibility: Visibility = Visibility.WORKSPACE
    expiry: Annotated[Annotated[int, Field(ge=1, le=LONGEST_EXPIRY)] | None, BeforeValidator(_nothing)] = None
    url: Annotated[str | None, BeforeValidator(_stripped)] = None


UPLOAD_SCHEMA: dict[str, Any] = {
    "type": "object",
    "oneOf": [{"required": ["file"]}, {"required": ["url"]}],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "The file."},
        "url": {
            "type": "string",
            "description": "Instead of `file`: the address that it is fetched from, `https:`, `http:` or `data:`.",
        },
        "purpose": {
            "type": "string",
            "enum": [purpose.value for purpose in FilePurpose],
            "default": FilePurpose.FINE_TUNE.value,
            "description": "What it is for: `ocr` for documents, `batch` for JSONL.",
        },
        "visibility": {
            "type": "string",
            "enum": [one.value for one in Visibility],
            "default": Visibility.WORKSPACE.value,
            "description": "Told back; files are seen by their owner alone.",
        },
        "expiry": {
            "type": "integer",
            "minimum": 1,
            "maximum": LONGEST_EXPIRY,
            "nullable": True,
            "description": "Hours that it is kept; none is as long as the server keeps files of this purpose.",
        },
    },
}
"""The form with its file, as the description of the API has it."""


class FileObject(BaseModel):
    """One file."""

    id: str
    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    filename: str
    purpose: FilePurpose
    sample_type: SampleType
    source: FileSource
    num_lines: int | None
    mimetype: str | None
    signature: str
    expires_at: int | None
    visibility: Visibility


class RetrievedFile(FileObject):
    """One file that was asked for by its id."""

    deleted: Literal[False] = False


class FileList(BaseModel):
    """A part of the files that were asked for; `total` is how many there are in all."""

    data: list[FileObject]
    object: Literal["list"] = "list"
    total: int | None


class DeletedFile(BaseModel):
    """A file that is gone."""

    id: str
    object: Literal["file"] = "file"
    deleted: Literal[True] = True


class SignedUrl(BaseModel):
    """An address that opens one file for a while."""

    url: str


class BadLine(BaseModel):
    """What is wrong with a line of an upload."""

    line: int
    message: str


def fields_of(file: StoredFile) -> dict[str, Any]:
    """The file as `FileObject` and `RetrievedFile` have it."""
    return {
        "id": file.id,
        "bytes": file.blob.size,
        "created_at": file.created_at,
        "filename": file.name,
        "purpose": file.purpose,
        "sample_type": file.sample_type,
        "source": file.source,
        "num_lines": file.num_lines,
        "mimetype": file.mimetype,
        "signature": file.blob.sha256[:16],
        "expires_at": file.expires_at,
        "visibility": file.visibility,
    }
