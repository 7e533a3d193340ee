"""A renderer in this process for tests of what lies above it, and what is seen of the images."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image

from octavo.documents.reader import open_document
from octavo.domain.ports import WorkerStats
from octavo.domain.view import PageView, ViewTask
from octavo.pipeline.viewing import PageViewer
from octavo.services.files import FileService
from octavo.services.kept_documents import KeptDocuments
from octavo.services.views import PageViews


@dataclass
class NearRenderer:
    """The real viewer in a thread.

    Attributes:
        gate: images wait for it.
        asked: tasks, in the order in which they came.
        troubles: raised one by one, instead of an image, or of being woken.
        woken: how often it was.
    """

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[ViewTask] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    woken: int = 0
    running: int = 0
    viewer: PageViewer = field(default_factory=lambda: PageViewer(partial(open_document, max_pixels=10**7)))

    def __post_init__(self) -> None:
        self.gate.set()

    async def wake(self) -> None:
        """It is awake already."""
        self.woken += 1
        if self.troubles:
            raise self.troubles.pop(0)

    async def render(self, task: ViewTask) -> PageView:
        self.asked.append(task)
        self.running += 1
        try:
            await self.gate.wait()
            if self.troubles:
                raise self.troubles.pop(0)
            return await asyncio.to_thread(self.viewer.render, task)
        finally:
            self.running -= 1

    def stats(self) -> WorkerStats:
        return WorkerStats(workers=1, busy=self.running)

    async def close(self) -> None:
        """A thread cannot be ended: what runs is waited for."""
        self.gate.set()
        while self.running:  # noqa: ASYNC110 - threads tell no event
            await asyncio.sleep(0.005)
        self.viewer.close()


def made_views(files: FileService, renderer: NearRenderer, spool: Path, **options: int) -> PageViews:
    """Shows pages of `files`; documents lie in `spool`."""
    spool.mkdir(exist_ok=True)
    return PageViews(renderer=renderer, documents=KeptDocuments(files, spool, max_bytes=10**8), **options)


def opened(jpeg: bytes) -> Image.Image:
    """The image, decoded."""
    image = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    image.load()
    return image


def dark(image: Image.Image, where: Callable[[int, int], bool]) -> int:
    """Dark pixels at the places that `where` tells of, by x and y."""
    grey = image.convert("L")
    return sum(
        grey.getpixel((x, y)) < 128
        for x in range(grey.width)
        for y in range(grey.height)
        if where(x, y)  # type: ignore[operator]
    )
