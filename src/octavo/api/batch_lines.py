"""One line of a batch: the same request, the same reading and the same answer as `/v1/ocr`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from octavo.api.answer import answer_pieces
from octavo.api.batch_output import error_line, kept, line_of
from octavo.api.errors import BROKEN, Complaint, Fault, InvalidBody, fault_of, invalid
from octavo.api.json_spool import LONG, JsonSpool, not_json
from octavo.api.schemas.batch import BatchLine
from octavo.api.schemas.ocr_request import OCRRequest, OctavoOptions
from octavo.api.schemas.to_domain import document_ref, read_request
from octavo.api.wiring import Wiring
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.batch import Lease
from octavo.domain.errors import (
    DatabaseFailed,
    NoWorker,
    OctavoError,
    Overloaded,
    ShuttingDown,
    StorageFailed,
    WorkerEvicted,
)
from octavo.services.outcomes import LineResult

_LATER = (DatabaseFailed, StorageFailed, ShuttingDown, Overloaded, NoWorker, WorkerEvicted)
"""These say nothing of the line."""
MOST_NAMES = 256
"""Lines under way, or to be tried again, whose names are remembered."""
SHORT = 64 * 1024
"""Bytes of a line whose request is checked sooner than a thread is asked to do it."""
_MISFIT = Fault(422, "invalid_request_error")


class _Names:
    """How callers call lines that broke off, for whoever tells that they failed."""

    def __init__(self) -> None:
        self._names: OrderedDict[tuple[str, int], str | None] = OrderedDict()

    @contextmanager
    def of(self, lease: Lease) -> Iterator[None]:
        """Around the work on a line: its name is remembered when an error breaks it off, and only then."""
        try:
            yield
        except Exception:
            raise
        except BaseException:  # nobody asks for the name of a line that was let go
            self.take(lease)
            raise
        self.take(lease)

    def put(self, lease: Lease, name: str | None) -> None:
        """Remember it, unless it is long; of too many the first are forgotten."""
        self._names[lease.job_id, lease.number] = name if len(name or "") <= LONG else None
        if len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)

    def take(self, lease: Lease) -> str | None:
        """The name, which is forgotten; None if it was never read."""
        return self._names.pop((lease.job_id, lease.number), None)


@dataclass(frozen=True, slots=True)
class LineReader:
    """The `LineAnswerer` of a server."""

    wired: Wiring
    _names: _Names = field(default_factory=_Names)

    async def answer(self, lease: Lease, line: Iterator[bytes], folder: Path) -> LineResult:
        """Read the document of one line.

        Raises:
            DatabaseFailed, StorageFailed, ShuttingDown, Overloaded, NoWorker, WorkerEvicted: the line is to be tried
                again.
        """
        with self._names.of(lease):
            return await self._answered(lease, line, folder)

    def failure(self, lease: Lease, error: Exception) -> LineResult:
        """The result of a line that could not be read itself, or on which something broke."""
        custom_id = self._names.take(lease)
        if isinstance(error, OctavoError):
            return _failed(lease, custom_id, error)
        told = "Something broke down on our side. The log of the server has more."
        content = error_line(lease, custom_id, BROKEN, told)
        return LineResult(lease=lease, custom_id=custom_id, error=_label(BROKEN, OctavoError.code), content=content)

    async def _answered(self, lease: Lease, line: Iterator[bytes], folder: Path) -> LineResult:
        custom_id = None
        try:
            parsed, texts = await unbroken(self._parsed, line, folder)
            custom_id = parsed.name
            self._names.put(lease, custom_id)
            request = _request_of(parsed) if lease.line.length <= SHORT else await unbroken(_request_of, parsed)
            return await self._read(lease, custom_id, request, texts, folder)
        except _LATER:
            raise
        except OctavoError as error:
            return _failed(lease, custom_id, error)
        except InvalidBody as error:
            detail = [item.model_dump() for item in error.complaints]
            content = error_line(lease, custom_id, _MISFIT, str(error), detail)
            return LineResult(lease=lease, custom_id=custom_id, error=_label(_MISFIT, "invalid_body"), content=content)

    def _parsed(self, line: Iterator[bytes], folder: Path) -> tuple[BatchLine, Mapping[str, Path]]:
        """The line, its long strings on disk.

        Raises:
            InvalidBody: it is no JSON object, or its name is long.
        """
        with JsonSpool(folder, self.wired.budget) as spool:
            for piece in line:
                spool.write(piece)
            skeleton = spool.close()
        try:
            line = from_json(skeleton)
        except ValueError as error:
            raise not_json(str(error)) from None
        parsed = BatchLine.model_validate(_object(line, "line"))
        _check_name(parsed, spool.texts)
        return parsed, spool.texts

    async def _read(
        self, lease: Lease, custom_id: str | None, request: OCRRequest, texts: Mapping[str, Path], folder: Path
    ) -> LineResult:
        """Read, and write the line of the output."""
        named = lease.model or request.model
        model = self.wired.models.resolve(named).id
        asked = read_request(
            request,
            document_ref(request, texts, owner=lease.owner),
            extra=request.octavo or OctavoOptions(),
            model=model,
            dpi=self.wired.options.default_dpi,
            languages=self.wired.options.default_languages,
            owner=lease.owner,
            job=lease.job_id,
        )
        async with self.wired.ocr.read(asked) as result:
            line = line_of(lease, custom_id, 200, answer_pieces(result, asked.answer, named or model))
            content = await unbroken(kept, line, folder, self.wired.budget)
            return LineResult(
                lease=lease, custom_id=custom_id, error=None, content=content, pages=result.pages_processed
            )


def _object(value: object, place: str) -> object:
    """The same value, if it is an object.

    Raises:
        InvalidBody: it is something else.
    """
    if isinstance(value, dict):
        return value
    message = "Input should be an object. A line is {custom_id, body}, and body is what you would send to /v1/ocr"
    raise InvalidBody([Complaint(type="dict_type", loc=[place], msg=message)])


def _check_name(line: BatchLine, texts: Mapping[str, Path]) -> None:
    """A name that is long lies on disk, with something else in its place.

    Raises:
        InvalidBody: it is long.
    """
    if any(text in (line.name or "") for text in texts):
        message = f"Value should have at most {LONG} bytes"
        raise InvalidBody([Complaint(type="string_too_long", loc=["line", "custom_id"], msg=message)])


def _request_of(line: BatchLine) -> OCRRequest:
    try:
        return OCRRequest.model_validate(_object(line.body, "body"))
    except ValidationError as error:
        raise invalid(error, "body") from None


def _failed(lease: Lease, custom_id: str | None, error: OctavoError) -> LineResult:
    fault = fault_of(error)
    content = error_line(lease, custom_id, fault, str(error))
    return LineResult(lease=lease, custom_id=custom_id, error=_label(fault, error.code), content=content)


def _label(fault: Fault, code: str) -> str:
    """As Mistral says it, and the kind of error: few enough to be counted."""
    return f"HTTP Error, status code: {fault.status} ({code})"
