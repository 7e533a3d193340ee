"""Documents that stay on disk for a while, for who asks again."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kept_files import blobs_in, kept_files
from octavo.documents.spooling.budget import SpoolBudget
from octavo.documents.spooling.spool import spool_bytes
from octavo.domain.errors import FileTooLarge, Overloaded, StorageFailed
from octavo.domain.file import StoredFile
from octavo.services.files import FileService, Upload
from octavo.services.kept_documents import MOST, KeptDocuments
from scripted_pipeline import until

pytestmark = pytest.mark.anyio


@pytest.fixture
def budget() -> SpoolBudget:
    return SpoolBudget(1000)


@pytest.fixture
def files(tmp_path: Path, budget: SpoolBudget) -> Iterator[FileService]:
    with kept_files(tmp_path, budget=budget, max_document_bytes=800) as service:
        yield service


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def uploaded(files: FileService, tmp_path: Path) -> Callable[..., object]:
    async def upload(content: bytes) -> StoredFile:
        document = spool_bytes(content, tmp_path, name="a.pdf", max_bytes=10**6)
        return await files.upload("alice", Upload(document=document))

    return upload


def lying(spool: Path) -> list[bytes]:
    return [path.read_bytes() for path in spool.rglob("*") if path.is_file()]


async def test_a_document_is_brought_once_and_kept_for_a_while(files, spool, budget, uploaded) -> None:
    documents, file = KeptDocuments(files, spool, max_bytes=1000), await uploaded(b"one" * 100)
    async with documents.held(file) as first, documents.held(file) as second:
        assert first == second
        assert first.path.read_bytes() == b"one" * 100
        assert first.path.is_relative_to(spool)
        assert budget.used == 300
    async with documents.held(file) as again:
        assert again == first
    assert budget.used == 300
    await documents.close()
    assert (lying(spool), list(spool.iterdir()), budget.used) == ([], [], 0)


async def test_what_is_kept_cannot_be_reached_from_the_spool(files, spool, uploaded, tmp_path) -> None:
    documents, file = KeptDocuments(files, spool, max_bytes=1000), await uploaded(b"kept")
    async with documents.held(file) as document:
        (blob,) = blobs_in(tmp_path)
        assert document.path.stat().st_ino != blob.stat().st_ino
    await documents.close()


async def test_a_document_that_nobody_uses_goes_in_a_while(files, spool, budget, uploaded) -> None:
    documents, file = KeptDocuments(files, spool, max_bytes=1000, idle=0.02), await uploaded(b"one")
    async with documents.held(file) as document:
        await asyncio.sleep(0.1)
        assert document.path.exists()
    await until(lambda: not list(spool.iterdir()))
    assert budget.used == 0
    async with documents.held(file) as document:
        assert document.path.read_bytes() == b"one"
    await documents.close()


async def test_a_deleted_file_goes_at_once_or_with_its_last_user(files, spool, uploaded) -> None:
    documents = KeptDocuments(files, spool, max_bytes=1000)
    idle, used = await uploaded(b"idle"), await uploaded(b"used")
    async with documents.held(idle):
        pass
    documents.forget(idle.id)
    await until(lambda: not lying(spool))
    async with documents.held(used):
        documents.forget(used.id)
        await asyncio.sleep(0.05)
        assert lying(spool) == [b"used"]
    await until(lambda: not list(spool.iterdir()))
    documents.forget("unknown")
    await documents.close()


async def test_those_that_were_not_used_for_longest_make_room_for_others(files, spool, uploaded) -> None:
    documents = KeptDocuments(files, spool, max_bytes=50)
    for name in (b"a", b"b", b"c"):
        async with documents.held(await uploaded(name * 20)):
            pass
    await until(lambda: sorted(lying(spool)) == [b"b" * 20, b"c" * 20])
    await documents.close()
    many = KeptDocuments(files, spool, max_bytes=1000)
    for number in range(MOST + 3):
        async with many.held(await uploaded(b"%d" % number)):
            pass
    await until(lambda: len(lying(spool)) == MOST)
    assert b"0" not in lying(spool)
    await many.close()


async def test_where_the_spool_is_full_those_that_nobody_uses_go(files, spool, budget, uploaded) -> None:
    documents = KeptDocuments(files, spool, max_bytes=1000)
    small, large = await uploaded(b"s" * 300), await uploaded(b"l" * 800)
    async with documents.held(small):
        with pytest.raises(Overloaded):
            async with documents.held(large):
                pass
    async with documents.held(large):
        assert budget.used == 800
        with pytest.raises(Overloaded):
            async with documents.held(small):
                pass
    await documents.close()


async def test_those_that_nobody_uses_make_room_for_whoever_needs_it(files, spool, budget, uploaded, tmp_path) -> None:
    documents = KeptDocuments(files, spool, max_bytes=1000)
    old, late, used = await uploaded(b"o" * 300), await uploaded(b"l" * 300), await uploaded(b"u" * 300)
    for file in (old, late):
        async with documents.held(file):
            pass
    async with documents.held(used):
        other = tmp_path / "other"
        other.mkdir()
        for _ in range(4):
            await asyncio.to_thread(budget.take, other, 100)
        assert sorted(lying(spool)) == [b"l" * 300, b"u" * 300]
        with pytest.raises(Overloaded):
            budget.take(other, 301)
        assert lying(spool) == [b"u" * 300]
        assert (budget.used, budget.refused) == (700, 1)
        shutil.rmtree(other)
    async with documents.held(old) as document:
        assert document.path.read_bytes() == b"o" * 300
    await documents.close()
    assert (list(spool.iterdir()), budget.used) == ([], 0)


async def test_what_cannot_be_brought_is_told_and_tried_anew(files, spool, uploaded, tmp_path) -> None:
    documents = KeptDocuments(files, spool, max_bytes=1000)
    with pytest.raises(FileTooLarge):
        async with documents.held(await uploaded(bytes(801))):
            pass
    file = await uploaded(b"lost")
    blob = next(path for path in blobs_in(tmp_path) if path.read_bytes() == b"lost")
    away = blob.rename(tmp_path / "away")
    with pytest.raises(StorageFailed):
        async with documents.held(file):
            pass
    away.rename(blob)
    async with documents.held(file) as document:
        assert document.path.read_bytes() == b"lost"
    await documents.close()
    assert list(spool.iterdir()) == []


async def ask_and_leave(documents: KeptDocuments, file: StoredFile) -> None:
    async def use() -> None:
        async with documents.held(file):
            await asyncio.sleep(60)

    using = asyncio.create_task(use())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    using.cancel()
    await asyncio.wait({using})


async def test_what_is_brought_when_they_leave_is_there_for_who_asks_next(files, spool, budget, uploaded) -> None:
    documents, file = KeptDocuments(files, spool, max_bytes=1000), await uploaded(b"one" * 100)
    for _ in range(20):
        await ask_and_leave(documents, file)
        assert len(list(spool.iterdir())) == 1
    async with documents.held(file) as document:
        assert document.path.read_bytes() == b"one" * 100
        assert budget.used == 300
    await documents.close()
    assert list(spool.iterdir()) == []


async def test_what_nobody_waited_for_goes_in_a_while(files, spool, budget, uploaded) -> None:
    documents, file = KeptDocuments(files, spool, max_bytes=1000, idle=0.02), await uploaded(b"one")
    await ask_and_leave(documents, file)
    await until(lambda: not list(spool.iterdir()))
    lost = await uploaded(b"lost")
    files.blobs.delete(lost.blob.name)
    await ask_and_leave(documents, lost)
    await until(lambda: not list(spool.iterdir()))
    assert budget.used == 0
    await documents.close()


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_comes_together_nothing_is_lost_or_left(files, spool, budget, uploaded, seed) -> None:
    """Users come, stay, leave early and delete, with room for a few documents at a time."""
    chance = random.Random(seed)
    documents = KeptDocuments(files, spool, max_bytes=500, idle=0.01)
    known = [await uploaded(bytes([number]) * 150) for number in range(10)]

    async def use(place: int, stays: float, leaves: float) -> bytes | None:
        try:
            async with asyncio.timeout(leaves), documents.held(known[place]) as document:
                await asyncio.sleep(stays)
                return await asyncio.to_thread(document.path.read_bytes)
        except (TimeoutError, Overloaded):
            return None

    async def visit() -> None:
        for _ in range(25):
            place = chance.randrange(10)
            found = await use(place, chance.uniform(0, 0.01), chance.choice([0.002, 10]))
            assert found in (None, bytes([place]) * 150)
            if chance.random() < 0.2:
                documents.forget(known[chance.randrange(10)].id)
            assert budget.used <= 1000

    async with asyncio.timeout(120):
        await asyncio.gather(*(visit() for _ in range(12)))
        await documents.close()
        await until(lambda: not list(spool.iterdir()))
    assert budget.used == 0


async def test_a_file_that_is_deleted_while_room_is_made_for_it_holds_up_nobody(files, spool, uploaded) -> None:
    documents = KeptDocuments(files, spool, max_bytes=1000)
    used, idle, wanted = await uploaded(b"u" * 500), await uploaded(b"i" * 300), await uploaded(b"w" * 400)
    async with documents.held(idle):
        pass

    async def want() -> bytes:
        async with documents.held(wanted) as document:
            return await asyncio.to_thread(document.path.read_bytes)

    async def delete() -> None:
        documents.forget(wanted.id)

    async with asyncio.timeout(60), documents.held(used):
        found, _ = await asyncio.gather(want(), delete())
    assert found == b"w" * 400
    await documents.close()
    assert list(spool.iterdir()) == []
