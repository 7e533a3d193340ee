"""Bodies of requests: bounded while they arrive, parsed off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octavo.api.errors import TOO_LARGE, Complaint, InvalidBody, answer, invalid
from octavo.api.json_spool import JsonSpool
from octavo.api.paths import is_upload
from octavo.api.record import record_of
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.pieces import gathered
from octavo.documents.spooling.unbroken import unbroken
from octavo.domain.errors import FileTooLarge

Shape = TypeVar("Shape", bound=BaseModel)

MOST_VALUES = 100_000
"""Commas of a body: base64 has none, so this bounds how many values a parser has to build."""

PIECE = 256 * 1024
"""Bytes that are gathered before they are looked at: small enough for a thousand bodies at a time."""

DRAIN_SECONDS = 10.0

FORM_BYTES = 2 * 1024 * 1024
"""Bytes of an upload beside its file: fields, headers of parts, boundaries."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """So many bytes, and what raises them."""

    most: int
    setting: str

    @property
    def message(self) -> str:
        return (
            f"The request is larger than {self.most} bytes, the most that is taken here. "
            f"Send a smaller document, or raise the limit with {self.setting}."
        )


class BodyLimit:
    """Answers 413 to bodies over the limit, by their announced length or while they arrive; uploads have another."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, max_upload_bytes: int) -> None:
        self.app = app
        self._usual = _Limit(max_body_bytes, "OCTAVO_LIMITS__MAX_BODY_BYTES")
        self._upload = _Limit(max_upload_bytes + FORM_BYTES, "OCTAVO_LIMITS__MAX_UPLOAD_BYTES")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; OnePath lies around this."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._upload if is_upload(scope) else self._usual
        if _announced(scope) > limit.most:
            await _turn_away(limit, scope, receive, send)
        else:
            await self.app(scope, _counted(limit, receive), send)


def _counted(limit: _Limit, receive: Receive) -> Receive:
    """`receive`, with an end to patience."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit.most:
            await _drain(receive, limit.most)
            raise FileTooLarge(limit.message)
        return message

    return counted


async def _turn_away(limit: _Limit, scope: Scope, receive: Receive, send: Send) -> None:
    record_of(scope).error = FileTooLarge.code
    if not _waits_for_permission(scope):
        await _drain(receive, limit.most)
    await answer(TOO_LARGE, limit.message)(scope, receive, send)


def _announced(scope: Scope) -> int:
    """Length that the headers tell, 0 when they tell none."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _waits_for_permission(scope: Scope) -> bool:
    """Whether the client sends nothing before it is told to go on."""
    return bool(dict(scope["headers"]).get(b"expect", b"").lower() == b"100-continue")


async def _drain(receive: Receive, most: int) -> None:
    """Throw away what still comes, for a while: a client that is cut off while sending never reads the answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            message = await receive()
            while message.get("more_body") and most > 0:
                most -= len(message.get("body", b""))
                message = await receive()


def pieces_of(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces of about `PIECE`."""
    return gathered(request.stream(), PIECE)


async def parse_json(
    request: Request, shape: type[Shape], folder: Path, budget: SpoolBudget
) -> tuple[Shape, Mapping[str, Path]]:
    """The JSON body as `shape`, and the files of its long strings, by the placeholders that stand for them.

    Raises:
        InvalidBody: it is no JSON, too deep, has too many values or does not fit.
        FileTooLarge: it is over the limit, or much in it is no long string.
        Overloaded, OutOfSpace: there is no room for its long strings.
    """
    with JsonSpool(folder, budget) as spool:
        last = b""
        async for piece in pieces_of(request):
            if last:
                await unbroken(spool.write, last)
            last = piece
        return await unbroken(_finished, spool, last, shape), spool.texts


def _finished(spool: JsonSpool, last: bytes, shape: type[Shape]) -> Shape:
    """The body, whose last piece is the only one of most."""
    spool.write(last)
    return _parse(spool.close(), shape)


def _parse(body: bytes, shape: type[Shape]) -> Shape:
    if body.count(b",") > MOST_VALUES:
        raise InvalidBody([Complaint(type="too_many_values", loc=["body"], msg=f"More than {MOST_VALUES} values")])
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error, "body") from None
