"""Uploads: a form whose file goes to disk while it comes, or from its address, hashed, in constant memory."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from pydantic import ValidationError

from octavo.api.errors import Complaint, InvalidBody, invalid
from octavo.api.forms import FILE, MISSING, FormReceiver, plain_name, receive
from octavo.api.schemas.files import UploadForm
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import Spool
from octavo.domain.document import DataUriRef, SpooledDocument, UrlRef
from octavo.domain.errors import FileTooLarge
from octavo.domain.file import FilePurpose
from octavo.domain.ports import DocumentFetcher
from octavo.services.files import Upload

NAMELESS = "file"
URL = "url"


class UploadSpool(Spool):
    """The file of an upload, never more than `most` bytes."""

    def __init__(self, folder: Path, most: int, budget: SpoolBudget) -> None:
        super().__init__(folder, sys.maxsize, budget)
        self._most = most

    def write(self, chunk: bytes) -> None:
        """Append `chunk`.

        Raises:
            FileTooLarge: it would go over the limit; nothing of it is written.
            Overloaded, OutOfSpace: there is no room for it.
        """
        check_upload(self.size + len(chunk), self._most)
        super().write(chunk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An upload as it was sent.

    Attributes:
        form: its fields.
        document: its file in the spool; None where the form names an address instead.
    """

    form: UploadForm
    document: SpooledDocument | None

    @property
    def told(self) -> tuple[object, ...]:
        """All that it says."""
        form, document = self.form, self.document
        what = ("url", form.url) if document is None else (document.sha256, document.name)
        return ("files", *what, form.purpose, form.visibility, form.expiry)

    async def brought(self, fetcher: DocumentFetcher, folder: Path, most: int) -> Upload:
        """The upload with its file, fetched into `folder` if it is not there.

        Raises:
            InvalidDocumentReference, FetchFailed, FetchForbidden: the address does not deliver it.
            FileTooLarge: it has more than `most` bytes, or more than a document may have.
            Overloaded, OutOfSpace: there is no room for it.
        """
        form = self.form
        document = self.document or await fetcher.fetch(_reference(form.url or ""), folder)
        check_upload(document.size, most)
        return Upload(document=document, purpose=form.purpose, visibility=form.visibility, hours=form.expiry)


async def parse_upload(request: Request, folder: Path, most: int, budget: SpoolBudget) -> Sent:
    """The form's fields, and its file in `folder`.

    Raises:
        InvalidBody: it is no form, has no file or an empty one and no address, or both, or its fields do not fit.
        FileTooLarge: the file has more than `most` bytes, or the request is over its limit.
        Overloaded, OutOfSpace: there is no room for the file.
    """
    with UploadSpool(folder, most, budget) as spool:
        receiver = FormReceiver(request.headers.get("content-type", ""), spool)
        name = await receive(request, receiver)
        form = _form(receiver.fields)
        if form.url is not None:
            if name or spool.size:  # a page's form sends an empty part without a name where no file was chosen
                raise InvalidBody([Complaint(type="file_and_url", loc=["body", URL], msg="Send a file or its address")])
            return Sent(form=form, document=None)
        if name is None:
            raise InvalidBody([MISSING])
        if not spool.size and form.purpose is not FilePurpose.BATCH:  # that has a sentence of its own
            raise InvalidBody([Complaint(type="empty_file", loc=["body", FILE], msg="The file is empty")])
        return Sent(form=form, document=spool.document(plain_name(name) or NAMELESS))


def check_upload(size: int, most: int) -> None:
    """Compare bytes with the limit of uploads.

    Raises:
        FileTooLarge: there are more.
    """
    if size > most:
        raise FileTooLarge(
            f"The file is larger than {most:,} bytes, the most that is taken here. Send it in parts, "
            "or raise the limit with OCTAVO_LIMITS__MAX_UPLOAD_BYTES."
        )


def _reference(address: str) -> UrlRef | DataUriRef:
    """An address is one of the web unless it says that it is the file itself: mere base64 could be anything."""
    return DataUriRef(uri=address) if address[:5].lower() == "data:" else UrlRef(url=address)


def _form(fields: dict[str, str]) -> UploadForm:
    try:
        return UploadForm.model_validate(fields)
    except ValidationError as error:
        raise invalid(error, "body") from None
