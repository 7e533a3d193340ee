"""Images of pages: made once, in turn, and given up when nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kept_files import kept_files
from octavo.documents.spooling.spool import spool_file
from octavo.domain.errors import (
    EngineTimeout,
    InvalidPageRange,
    Overloaded,
    PageQuarantined,
    StorageFailed,
    WorkerEvicted,
    WorkerLost,
)
from octavo.domain.file import StoredFile
from octavo.domain.view import View
from octavo.services.files import FileService, Upload
from octavo.services.views import PageViews, fingerprint
from papers import text_pdf
from scripted_pipeline import until
from shown_pages import NearRenderer, made_views, opened

pytestmark = pytest.mark.anyio
SMALL = View(index=0, width=64)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileService]:
    with kept_files(tmp_path) as service:
        yield service


@pytest.fixture
def renderer() -> NearRenderer:
    return NearRenderer()


@pytest.fixture
async def views(files: FileService, renderer: NearRenderer, tmp_path: Path):
    made = made_views(files, renderer, tmp_path / "spool", most_waiting=8)
    yield made
    await made.close()
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.fixture
async def file(files: FileService, tmp_path: Path) -> StoredFile:
    return await upload(files, tmp_path)


async def upload(files: FileService, folder: Path, owner: str = "alice") -> StoredFile:
    document = spool_file(text_pdf(folder / "a.pdf", [["One"], ["Two"], [owner]]))
    return await files.upload(owner, Upload(document=document))


async def test_an_image_is_made(views: PageViews, file: StoredFile) -> None:
    made = await views.image(file, SMALL)
    assert (made.page_count, opened(made.jpeg).width) == (3, 64)
    with pytest.raises(InvalidPageRange):
        await views.image(file, replace(SMALL, index=3))
    assert views.outcomes == {"made": 1, "failed": 1}


async def test_many_who_want_the_same_image_share_it(views, renderer, file) -> None:
    renderer.gate.clear()
    waiting = [asyncio.create_task(views.image(file, SMALL)) for _ in range(30)]
    await until(lambda: len(renderer.asked) == 1)
    renderer.gate.set()
    assert len({made.jpeg for made in await asyncio.gather(*waiting)}) == 1
    assert len(renderer.asked) == 1
    await views.image(file, SMALL, "password")
    assert [task.password for task in renderer.asked] == [None, "password"]


async def test_errors_are_shared_as_well(views, renderer, file) -> None:
    renderer.gate.clear()
    renderer.troubles = [WorkerEvicted("too much memory")]
    waiting = [asyncio.create_task(views.image(file, SMALL)) for _ in range(3)]
    await until(lambda: len(renderer.asked) == 1)
    renderer.gate.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in found] == [WorkerEvicted] * 3
    assert (await views.image(file, SMALL)).page_count == 3


async def test_only_so_many_wait_and_who_leaves_frees_its_place(views, renderer, file, files, tmp_path) -> None:
    renderer.gate.clear()
    waiting = [asyncio.create_task(views.image(file, replace(SMALL, width=100 + n))) for n in range(8)]
    await until(lambda: len(renderer.asked) == 1)
    with pytest.raises(Overloaded):
        await views.image(file, SMALL)
    joined = asyncio.create_task(views.image(file, replace(SMALL, width=107)))
    other = asyncio.create_task(views.image(await upload(files, tmp_path, "bob"), SMALL))
    for task in waiting[1:]:
        task.cancel()
    await asyncio.wait(waiting[1:])
    again = asyncio.create_task(views.image(file, SMALL))
    await asyncio.sleep(0)
    renderer.gate.set()
    await asyncio.gather(waiting[0], joined, other, again)
    assert {task.view.width for task in renderer.asked} == {100, 107, 64}


async def test_an_image_that_nobody_waits_for_is_begun_anew(views, renderer, file) -> None:
    renderer.gate.clear()
    first = asyncio.create_task(views.image(file, SMALL))
    await until(lambda: len(renderer.asked) == 1)
    first.cancel()
    second = asyncio.create_task(views.image(file, SMALL))
    await asyncio.sleep(0)
    renderer.gate.set()
    assert (await second).page_count == 3
    assert first.cancelled()


async def test_what_runs_is_brought_to_its_end_whoever_leaves(views, renderer, file) -> None:
    """A worker cannot be stopped, and what it costs is counted."""
    for _ in range(2):
        renderer.gate.clear()
        renderer.troubles = [EngineTimeout("it hangs")]
        leaving = asyncio.create_task(views.image(file, SMALL))
        await until(lambda: renderer.running == 1)
        leaving.cancel()
        patient = asyncio.create_task(views.image(file, replace(SMALL, index=1)))
        await until(lambda: views._turns.waiting == (1, 0))
        assert (renderer.running, renderer.asked[-1].view.index) == (1, 0)
        renderer.gate.set()
        assert (await patient).page_count == 3
    with pytest.raises(PageQuarantined):
        await views.image(file, SMALL)


async def test_owners_come_in_turn(views, renderer, file, files, tmp_path) -> None:
    bobs = await upload(files, tmp_path, "bob")
    renderer.gate.clear()
    waiting = [asyncio.create_task(views.image(file, replace(SMALL, width=100 + n))) for n in range(8)]
    await until(lambda: len(renderer.asked) == 1)
    waiting.append(asyncio.create_task(views.image(bobs, SMALL)))
    await until(lambda: views._turns.waiting == (8, 0))
    renderer.gate.set()
    await asyncio.gather(*waiting)
    assert [task.view.width for task in renderer.asked].index(64) <= 2


async def test_only_the_documents_of_those_whose_turn_it_is_lie_on_disk(views, renderer, files, tmp_path) -> None:
    known = [await upload(files, tmp_path) for _ in range(4)]
    renderer.gate.clear()
    waiting = [asyncio.create_task(views.image(file, SMALL)) for file in known]
    waiting.append(asyncio.create_task(views.image(await upload(files, tmp_path, "bob"), SMALL)))
    await until(lambda: views._turns.waiting == (4, 0))
    await until(lambda: len(renderer.asked) == 1)
    assert len(list((tmp_path / "spool").iterdir())) == 1
    renderer.gate.set()
    assert {made.page_count for made in await asyncio.gather(*waiting)} == {3}


async def test_a_worker_that_died_is_replaced_once(views, renderer, file) -> None:
    renderer.troubles = [WorkerLost("it died")]
    assert (await views.image(file, SMALL)).page_count == 3
    assert len(renderer.asked) == 2


@pytest.mark.parametrize(("trouble", "tries"), [(WorkerLost, 1), (EngineTimeout, 2)])
async def test_a_page_that_costs_workers_is_left_alone(views, renderer, file, trouble, tries) -> None:
    for _ in range(tries):
        renderer.troubles = [trouble("it died")] * 2
        with pytest.raises(trouble):
            await views.image(file, SMALL)
    renderer.troubles = []
    asked = len(renderer.asked)
    with pytest.raises(PageQuarantined, match="Page 0 is not tried again"):
        await views.image(file, SMALL)
    assert len(renderer.asked) == asked
    assert (await views.image(file, replace(SMALL, index=1))).page_count == 3


async def test_a_document_whose_pages_all_cost_workers_is_left_alone(views, renderer, file) -> None:
    for index in range(3):
        renderer.troubles = [WorkerLost("it died")] * 2
        with pytest.raises(WorkerLost):
            await views.image(file, replace(SMALL, index=index))
    with pytest.raises(PageQuarantined, match="This document"):
        await views.image(file, replace(SMALL, index=3))


async def test_bytes_that_are_lost_are_told(views, file, files) -> None:
    files.blobs.delete(file.blob.name)
    with pytest.raises(StorageFailed):
        await views.image(file, SMALL)


async def test_images_are_named_by_all_that_they_are_made_of(file) -> None:
    other = replace(file, blob=replace(file.blob, sha256="0" * 64))
    different = [replace(SMALL, index=1), replace(SMALL, width=65), replace(SMALL, turned=90)]
    names = {fingerprint(file, SMALL), fingerprint(other, SMALL), *(fingerprint(file, view) for view in different)}
    assert len(names) == 5
    assert fingerprint(replace(file, id="another"), SMALL) in names
