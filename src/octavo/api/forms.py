"""Bodies as `multipart/form-data`: the `file` part goes to disk while it arrives, the other parts are fields."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from pydantic_core import from_json
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from octavo.api.body import pieces_of
from octavo.api.errors import Complaint, InvalidBody, invalid
from octavo.api.schemas.ocr_request import NO_CONTENT, OCRForm
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import Spool
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.document import SpooledDocument

FILE = "file"
MOST_FIELDS = 64
LARGEST_FIELDS = 1024 * 1024
"""Bytes of all fields together; what is large belongs into the file."""
LONGEST_NAME = 255
MISSING = Complaint(type="missing", loc=["body", FILE], msg="Field required")


class FormReceiver:
    """Takes a form piece by piece."""

    def __init__(self, content_type: str, spool: Spool) -> None:
        """Nothing is read yet.

        Args:
            content_type: of the request; it names the boundary.
            spool: where the file goes.

        Raises:
            InvalidBody: there is no boundary.
        """
        self.fields: dict[str, str] = {}
        self.file_name: str | None = None
        self.ended = False
        self._spool = spool
        self._label = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._value = bytearray()
        self._room = LARGEST_FIELDS
        self._parser = self._parser_of(content_type)

    def _parser_of(self, content_type: str) -> MultipartParser:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise wrong("the Content-Type is not multipart/form-data with a boundary")
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._headers.clear,
                "on_header_field": lambda data, start, end: self._label[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._label[1].extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_part,
                "on_part_data": self._take,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def write(self, piece: bytes) -> None:
        """Take the next piece of the body.

        Raises:
            InvalidBody: it is no form, or has too many or too large fields.
            FileTooLarge: the file is over the limit.
            Overloaded, OutOfSpace: there is no room for the file.
        """
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise wrong("its parts are not well formed") from error

    def _end_header(self) -> None:
        name, value = self._label
        self._headers[bytes(name).lower()] = bytes(value)
        name.clear()
        value.clear()

    def _begin_part(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition"))[1]
        self._name = _text(options.get(b"name", b""))
        if self._name == FILE:
            if self.file_name is not None:
                raise wrong("it has two files; send one document in each request")
            self.file_name = _text(options.get(b"filename", b""))
        elif len(self.fields) >= MOST_FIELDS:
            raise wrong(f"it has more than {MOST_FIELDS} fields")

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._name == FILE:
            self._spool.write(data[start:end])
            return
        self._room -= end - start
        if self._room < 0:
            raise wrong(f"its fields are larger than {LARGEST_FIELDS} bytes; the document belongs into the part `file`")
        self._value += data[start:end]

    def _end_part(self) -> None:
        if self._name != FILE:
            self.fields[self._name] = _text(bytes(self._value))
        self._value.clear()

    def _end(self) -> None:
        self.ended = True


async def parse_form(
    request: Request, folder: Path, max_bytes: int, budget: SpoolBudget
) -> tuple[OCRForm, SpooledDocument]:
    """The form's fields, and its file in `folder`.

    Raises:
        InvalidBody: it is no form, has no file, or its fields do not fit.
        FileTooLarge: the file has more than `max_bytes`, or the request is over its limit.
        Overloaded, OutOfSpace: there is no room for the file.
    """
    with Spool(folder, max_bytes, budget) as spool:
        receiver = FormReceiver(request.headers["content-type"], spool)
        name = await receive(request, receiver)
        if name is None:
            raise InvalidBody([MISSING])
        if not spool.size:
            raise InvalidBody([Complaint(type="value_error", loc=["body", FILE], msg=f"Value error, {NO_CONTENT}")])
        form = await unbroken(_form, receiver.fields)
        return form, spool.document(form.document_name or plain_name(name) or "document")


async def receive(request: Request, receiver: FormReceiver) -> str | None:
    """Let the whole body go to the receiver; the name of its file as it was sent, or None where it has no file.

    Raises:
        InvalidBody: it is no form.
        FileTooLarge: the file is over its limit, or the request is.
        Overloaded, OutOfSpace: there is no room for the file.
    """
    async for piece in pieces_of(request):
        await unbroken(receiver.write, piece)
    if not receiver.ended:
        raise wrong("it breaks off before its last boundary")
    return receiver.file_name


def plain_name(sent: str) -> str:
    """The name of a file without its folders, on whatever system they were, and without what cannot be seen.

    Clients write a quotation mark as `%22` (HTML's rules for forms) and other characters as they are.
    """
    name = re.split(r"[/\\]", sent.replace("%22", '"'))[-1]
    return "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_NAME]


def _form(fields: dict[str, str]) -> OCRForm:
    try:
        return OCRForm.model_validate({name: _value(text) for name, text in fields.items()})
    except ValidationError as error:
        raise invalid(error, "body") from None


def _value(text: str) -> Any:
    """A field's value: JSON where it is a list, an object, a quoted string or null; else the text as it stands.

    Numbers and booleans stay text: the fields read them from it, and `0` may be a page range.
    """
    if text[:1] not in tuple('[{"') and text != "null":
        return text
    try:
        return from_json(text)
    except ValueError:
        return text


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def wrong(reason: str) -> InvalidBody:
    """A form that cannot be read."""
    return InvalidBody([Complaint(type="form_invalid", loc=["body"], msg=f"The form cannot be read: {reason}")])
