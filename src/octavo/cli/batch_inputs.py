"""What `octavo batch run` is given: a file of requests, or a folder of documents that become requests.

All is looked through once, before anything is sent: the digest of what is to be done is the name under which the same
command finds its job again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from octavo.cli.inputs import ENDINGS, documents_below
from octavo.domain.errors import FileNotFound, InvalidRequest, InvalidSettings

_PIECE = 1 << 20
_FORM = "octavo-batch 1"
"""Part of every digest; another number makes earlier jobs strangers."""

Progress = Callable[[int], None]
"""Is told how many documents are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of a folder.

    Attributes:
        number: its place in the folder, from 0.
        name: its path in the folder; `custom_id` of its request.
        path: where it is.
        size: bytes.
        sha256: of them, in hex.
        problem: why it cannot be sent, when it cannot.
    """

    number: int
    name: str
    path: Path
    size: int
    sha256: str
    problem: str = ""

    @property
    def upload_name(self) -> str:
        """The part of its name on the server that is its own."""
        return f"{self.number:07d}-{Path(self.name).name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFile:
    """A file of requests.

    Attributes:
        title: as the person typed it.
        digest: the same for the same requests, in hex.
        sha256: of the file, in hex.
    """

    title: str
    digest: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFolder:
    """Documents in a folder, of which a list stands on disk, for there may be very many.

    Attributes:
        title: as the person typed it.
        digest: the same for the same requests, in hex.
        count: documents, those with a problem included.
        listed: the list.
        body: what every request says beside its document.
    """

    title: str
    digest: str
    count: int
    listed: Path
    body: Mapping[str, Any]

    def documents(self) -> Iterator[Document]:
        """All of them, in their order."""
        with self.listed.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                name, path, size, sha256, problem = json.loads(line)
                yield Document(number=number, name=name, path=Path(path), size=size, sha256=sha256, problem=problem)

    def line(self, document: Document, file_id: str) -> bytes:
        """The request for a document that is on the server."""
        body = {"document": {"type": "file", "file_id": file_id}, **self.body}
        return json.dumps({"custom_id": document.name, "body": body}).encode() + b"\n"


def is_job_id(text: str) -> bool:
    """Whether it may be a job's id, or the beginning of one."""
    return 4 <= len(text) <= 36 and not set(text.lower()) - set("0123456789abcdef-")


def look_at_file(path: Path, model: str | None) -> RequestFile:
    """A file of requests.

    Raises:
        InvalidRequest: it is a document.
        FileNotFound: it cannot be read.
    """
    if path.suffix.lower() in ENDINGS:
        raise InvalidRequest(
            f"{path} is a document. Name the folder that it lies in, or read it with `octavo ocr {path}`."
        )
    try:
        sha256 = digest_of(path)
    except OSError as error:
        raise FileNotFound(f"{path} cannot be read: {error.strerror}.") from None
    digest = _begun("file", model, sha256).hexdigest()
    return RequestFile(title=_name_of(path), digest=digest, path=path, sha256=sha256)


def look_at_folder(
    folder: Path, body: Mapping[str, Any], model: str | None, *, listed: Path, progress: Progress
) -> DocumentFolder:
    """The documents below a folder, sorted, listed in a new file.

    Raises:
        FileNotFound: there are none.
    """
    whole, count = _begun("folder", model, json.dumps(body, sort_keys=True)), 0
    with listed.open("w", encoding="utf-8") as lines:
        for path in documents_below(folder, None):
            name, seen = _name_of(path.relative_to(folder)), _look_at(path)
            whole.update(json.dumps([name, *seen]).encode())
            lines.write(json.dumps([name, str(path), *seen]) + "\n")
            count += 1
            progress(count)
    if not count:
        raise FileNotFound(f"{folder} holds no PDF and no image.")
    return DocumentFolder(title=_name_of(folder), digest=whole.hexdigest(), count=count, listed=listed, body=body)


def digest_of(path: Path) -> str:
    """The digest of a file, in hex."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        _feed(whole, file)
    return whole.hexdigest()


def body_of(
    *, pages: str | None, table_format: str | None, text_layer: str, languages: str, dpi: int | None
) -> dict[str, Any]:
    """What the flags say to every document of a folder, as a request says it; nothing where none was given.

    Raises:
        InvalidSettings: a request would be refused for it.
    """
    from pydantic import ValidationError

    from octavo.api.schemas.ocr_request import OCROptions

    own = {
        "text_layer": None if text_layer == "auto" else text_layer,
        "languages": languages.replace(",", " ").split() or None,
        "dpi": dpi,
    }
    own = {name: value for name, value in own.items() if value is not None}
    said = {"pages": pages, "table_format": table_format, "octavo": own or None}
    body = {name: value for name, value in said.items() if value is not None}
    try:
        OCROptions.model_validate(body)
    except ValidationError as error:
        wrong = error.errors()[0]
        flag = next(part for part in reversed(wrong["loc"]) if isinstance(part, str) and "[" not in part)
        raise InvalidSettings(f"--{flag.replace('_', '-')}: {wrong['msg'].removeprefix('Value error, ')}") from None
    return body


def _look_at(path: Path) -> tuple[int, str, str]:
    """Size, digest and problem of a document."""
    whole = hashlib.sha256()
    try:
        with path.open("rb") as file:
            size = _feed(whole, file)
    except OSError as error:
        return 0, "", f"The file cannot be read: {error.strerror}."
    return size, whole.hexdigest(), "" if size else "The file is empty."


def _feed(whole: hashlib._Hash, file: IO[bytes]) -> int:
    size = 0
    while piece := file.read(_PIECE):
        whole.update(piece)
        size += len(piece)
    return size


def _begun(*told: str | None) -> hashlib._Hash:
    return hashlib.sha256(json.dumps([_FORM, *told]).encode() + b"\n")


def _name_of(path: Path) -> str:
    """With slashes everywhere; bytes that are no UTF-8 as escapes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
