"""Events that wait to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from functools import partial
from typing import TypeAlias

from octavo.api.events import comment, page_event, result_event, start_event
from octavo.domain.result import OcrResult
from octavo.domain.work import AnswerOptions
from octavo.services.progress import FinishedPage, OpenedDocument

Event: TypeAlias = Callable[[], Iterator[bytes]]
"""Makes the bytes of an event when its turn has come; going through them blocks."""


class EventQueue:
    """What is told of a document, as its `Progress`, and is sent by somebody else.

    It holds no more of a page than where it lies, so it may be as long as the document.
    """

    def __init__(self, options: AnswerOptions, model: str) -> None:
        self._options = options
        self._model = model
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue()

    def opened(self, document: OpenedDocument) -> None:
        """The document is open."""
        self._waiting.put_nowait(partial(start_event, document, self._model))

    def finished(self, page: FinishedPage) -> None:
        """A page is finished."""
        self._waiting.put_nowait(partial(page_event, page, self._options))

    async def told(self, result: OcrResult) -> None:
        """Everything is read; returns when everything is sent."""
        self._waiting.put_nowait(partial(result_event, result, self._options, self._model))
        await self._waiting.join()

    def end(self) -> None:
        """Nothing more comes."""
        self._waiting.put_nowait(None)

    async def until_end(self, silence: float) -> AsyncGenerator[Event, None]:
        """Each event when it comes, and a comment whenever none came for so many seconds."""
        while True:
            try:
                async with asyncio.timeout(silence):
                    event = await self._waiting.get()
            except TimeoutError:
                yield comment
                continue
            if event is None:
                return
            yield event
            self._waiting.task_done()
