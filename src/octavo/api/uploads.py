"""Uploads: a form whose file goes to disk while it comes, hashed, in constant memory."""

from __future__ import annotations

import sys
from pathlib import Path

from fastapi import Request
from pydantic import ValidationError

from octavo.api.errors import Complaint, InvalidBody, invalid
from octavo.api.forms import FILE, FormReceiver, plain_name, receive
from octavo.api.schemas.files import UploadForm
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import Spool
from octavo.domain.errors import FileTooLarge
from octavo.domain.file import FilePurpose
from octavo.services.files import Upload

NAMELESS = "file"


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
        if self.size + len(chunk) > self._most:
            raise FileTooLarge(
                f"The file is larger than {self._most:,} bytes, the most that is taken here. Send it in parts, "
                "or raise the limit with OCTAVO_LIMITS__MAX_UPLOAD_BYTES."
            )
        super().write(chunk)


async def parse_upload(request: Request, folder: Path, most: int, budget: SpoolBudget) -> Upload:
    """The form's fields, and its file in `folder`.

    Raises:
        InvalidBody: it is no form, has no file or an empty one, or its fields do not fit.
        FileTooLarge: the file has more than `most` bytes, or the request is over its limit.
        Overloaded, OutOfSpace: there is no room for the file.
    """
    with UploadSpool(folder, most, budget) as spool:
        receiver = FormReceiver(request.headers.get("content-type", ""), spool)
        name = plain_name(await receive(request, receiver))
        form = _form(receiver.fields)
        if not spool.size and form.purpose is not FilePurpose.BATCH:  # that has a sentence of its own
            raise InvalidBody([Complaint(type="empty_file", loc=["body", FILE], msg="The file is empty")])
        return Upload(
            document=spool.document(name or NAMELESS),
            purpose=form.purpose,
            visibility=form.visibility,
            hours=form.expiry,
        )


def _form(fields: dict[str, str]) -> UploadForm:
    try:
        return UploadForm.model_validate(fields)
    except ValidationError as error:
        raise invalid(error, "body") from None
