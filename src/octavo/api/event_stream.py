"""The answer of `POST /v1/ocr` as events: each page when it is read, at last the whole answer or what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, aclosing
from functools import partial
from typing import TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.api.accept import EVENTS
from octavo.api.checked_answer import BrokenOff
from octavo.api.context import broken_down
from octavo.api.errors import BROKEN, fault_of
from octavo.api.event_queue import Event, EventQueue
from octavo.api.events import error_event
from octavo.api.record import CLIENT_LEFT, record_of
from octavo.api.sending import gathered, off_loop, stopped, while_client_stays
from octavo.domain.errors import OctavoError
from octavo.domain.result import OcrResult
from octavo.domain.work import AnswerOptions
from octavo.services.progress import Progress

SILENCE = 15.0
"""Seconds without an event after which a comment is sent, for clients and proxies give up silent connections."""

Reading: TypeAlias = Callable[[Progress], AbstractAsyncContextManager[OcrResult]]


class EventStream(Response):
    """Reads a document when it is sent, and tells of each page when it is read.

    One page, and of the whole answer one picture, is in memory at a time, however slowly the client takes them.
    """

    media_type = EVENTS

    def __init__(self, reading: Reading, options: AnswerOptions, model: str, *, silence: float = SILENCE) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})  # nginx passes events on as they come
        del self.headers["content-length"]
        self._reading = reading
        self._options = options
        self._model = model
        self._silence = silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read and tell; stop both when the client leaves."""
        await while_client_stays(receive, self._answer(scope, send))

    async def _answer(self, scope: Scope, send: Send) -> None:
        """Everything; errors are told in place of the result, and those that nobody planned raised after that."""
        record = record_of(scope)
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            await self._tell(scope, send)
        except asyncio.CancelledError:
            record.status = CLIENT_LEFT
            raise
        except OctavoError as error:
            fault = fault_of(error)
            record.status, record.error = fault.status, error.code
            await _send(partial(error_event, fault, str(error), error.code), send)
        except Exception as error:
            record.status = BROKEN.status
            if isinstance(error.__cause__, OctavoError):
                record.error = error.__cause__.code
            if not isinstance(error, BrokenOff):
                await _send(partial(error_event, BROKEN, broken_down()), send)
                await _end(send)
            raise
        await _end(send)

    async def _tell(self, scope: Scope, send: Send) -> None:
        events = EventQueue(self._options, self._model)
        reader = asyncio.create_task(self._read(scope, events))
        reader.add_done_callback(lambda _: events.end())
        try:
            async with aclosing(events.until_end(self._silence)) as told:
                async for event in told:
                    await _send(event, send)
            await reader  # raises what went wrong
        except OctavoError:
            if reader.done():  # what ended the reading may have taken the pages along that were still to be told
                await reader
            raise
        finally:
            await stopped(reader)

    async def _read(self, scope: Scope, events: EventQueue) -> None:
        async with self._reading(events) as result:
            record_of(scope).pages = result.pages_processed
            await events.told(result)


async def _send(event: Event, send: Send) -> None:
    """Send one event.

    Raises:
        BrokenOff: it cannot be made to its end, and its beginning is sent.
        Exception: it cannot be made.
    """
    begun = False
    try:
        async for piece, _ in off_loop(gathered(event())):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            begun = True
    except Exception as error:
        if begun:
            raise BrokenOff from error
        raise


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})
