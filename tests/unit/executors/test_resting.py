"""Workers that are there while somebody looks: real processes."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest

import scripted_pipeline
from octavo.domain.errors import (
    EncryptedDocument,
    EngineFailed,
    EngineTimeout,
    InvalidPageRange,
    OctavoError,
    ShuttingDown,
    WorkerLost,
)
from octavo.domain.view import PageView, View, ViewTask
from octavo.executors.resting import RestingRenderer, memory_of
from octavo.pipeline.viewer import build_viewer
from papers import text_pdf
from scripted_pipeline import build_in_vain, until
from shown_pages import opened

GIB = 1024**3
LIMITS = (30.0, 10**9)


def play(scene, folder: Path, builder=build_viewer, **options: float) -> None:
    async def main() -> None:
        renderer = RestingRenderer(builder, {"max_pixels": 10**6}, folder, *LIMITS, **options)
        try:
            async with asyncio.timeout(120):
                await scene(renderer)
        finally:
            await renderer.close()
        assert renderer.stats().workers == 0

    asyncio.run(main())


async def shown(renderer: RestingRenderer, folder: Path, index: int = 0) -> PageView:
    path = folder / "a.pdf"
    if not path.exists():
        text_pdf(path, [["One"], ["Two"]])
    return await renderer.render(ViewTask(path=path, view=View(index=index, width=64)))


def test_workers_start_with_the_first_page_and_end_after_a_while(tmp_path: Path) -> None:
    async def scene(renderer: RestingRenderer) -> None:
        assert renderer.stats().workers == 0
        assert opened((await shown(renderer, tmp_path)).jpeg).width == 64
        assert renderer.stats().workers >= 1
        await until(lambda: renderer.stats().workers == 0)
        assert (await shown(renderer, tmp_path, 1)).page_count == 2

    play(scene, tmp_path, rest=0.05)


def test_workers_that_are_woken_are_there_when_somebody_looks(tmp_path: Path) -> None:
    async def scene(renderer: RestingRenderer) -> None:
        await renderer.wake()
        await renderer.wake()
        await until(lambda: renderer.stats().workers >= 1)
        assert opened((await shown(renderer, tmp_path)).jpeg).width == 64
        await renderer.close()
        await renderer.wake()
        assert renderer.stats().workers == 0

    play(scene, tmp_path)


def test_workers_that_were_woken_in_vain_sleep_again(tmp_path: Path) -> None:
    async def scene(renderer: RestingRenderer) -> None:
        await renderer.wake()
        await until(lambda: renderer._awake is None)
        assert (await shown(renderer, tmp_path)).page_count == 2

    play(scene, tmp_path, rest=0.05)


def test_workers_stay_while_somebody_looks(tmp_path: Path) -> None:
    async def scene(renderer: RestingRenderer) -> None:
        found = await asyncio.gather(*(shown(renderer, tmp_path, number % 2) for number in range(20)))
        assert {view.page_count for view in found} == {2}
        with pytest.raises(InvalidPageRange):
            await shown(renderer, tmp_path, 2)
        assert renderer.stats().restarts == 0

    play(scene, tmp_path)


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    async def scene(renderer: RestingRenderer) -> None:
        await shown(renderer, tmp_path)
        for worker in renderer._awake._pool.workers:
            os.kill(worker._process.pid, 9)
        await until(lambda: renderer.stats().restarts >= 1)
        assert (await shown(renderer, tmp_path)).page_count == 2

    play(scene, tmp_path)


@pytest.mark.parametrize(
    ("command", "kind", "told"),
    [
        (
            "hang",
            EngineTimeout,
            "Page 7 could not be shown within 3 s. The limit can be raised with OCTAVO_EXECUTOR__VIEW",
        ),
        ("eat", WorkerLost, "It may be read all the same"),
        ("exit 3", WorkerLost, "Page 7 could not be shown: the worker process died"),
        ("raise EncryptedDocument It is locked.", EncryptedDocument, "It is locked."),
        ("raise ValueError confidential", EngineFailed, "ValueError"),
    ],
)
def test_what_goes_wrong_with_a_page_is_typed_and_harms_no_other(
    tmp_path: Path, command: str, kind: type[OctavoError], told: str
) -> None:
    def task(name: str, *commands: str) -> ViewTask:
        (tmp_path / name).write_text("\n".join(commands))
        return ViewTask(path=tmp_path / name, view=View(index=7, width=64))

    async def main() -> None:
        renderer = RestingRenderer(scripted_pipeline.build, {}, tmp_path, 3, 300 * 2**20)
        try:
            with pytest.raises(kind, match=re.escape(told)) as caught:
                await renderer.render(task("bad", command))
            assert "confidential" not in str(caught.value)
            assert (await renderer.render(task("good", "say on"))).jpeg == b"on"
        finally:
            await renderer.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("usable", "reading", "limit"),
    [
        (24 * GIB, 4 * GIB, GIB),
        (6 * GIB, 4 * GIB, 6 * GIB // 8),
        (GIB, 4 * GIB, GIB // 2),
        (24 * GIB, GIB // 2, GIB // 2),
        (None, 4 * GIB, GIB),
    ],
)
def test_a_viewer_takes_a_small_part_of_the_memory(usable: int | None, reading: int, limit: int) -> None:
    assert memory_of(reading, usable) == limit


def test_a_viewer_that_cannot_start_is_told(tmp_path: Path) -> None:
    async def scene(renderer: RestingRenderer) -> None:
        with pytest.raises(EngineFailed, match=r"layout\.onnx is missing"):
            await shown(renderer, tmp_path)

    play(scene, tmp_path, build_in_vain)


def test_nothing_is_shown_after_the_end(tmp_path: Path) -> None:
    async def main() -> None:
        renderer = RestingRenderer(build_viewer, {"max_pixels": 10**6}, tmp_path, *LIMITS)
        waiting = asyncio.create_task(shown(renderer, tmp_path))
        await asyncio.sleep(0)
        await renderer.close()
        for each in (waiting, asyncio.create_task(shown(renderer, tmp_path))):
            with pytest.raises(ShuttingDown):
                await each

    asyncio.run(main())
