"""What every `Executor` promises, on each of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import scripted_pipeline
from octavo.domain.errors import CorruptDocument, EncryptedDocument, EngineFailed, OctavoError, ShuttingDown
from octavo.domain.ports import Executor
from octavo.executors.inline import InlineExecutor
from octavo.executors.local import LocalExecutor
from scripted_pipeline import document, page_task, until

Scene = Callable[[Executor], Awaitable[None]]
KINDS = {
    "inline": lambda builder, arguments: InlineExecutor(builder, arguments, cpus=2),
    "local": lambda builder, arguments: LocalExecutor(builder, arguments, workers=2, cpus=2),
}


@pytest.fixture(params=KINDS)
def play(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Run a scene with a started executor, and close it."""

    def play(scene: Scene, builder: Any = scripted_pipeline.build, **arguments: object) -> None:
        async def main() -> None:
            executor = KINDS[request.param](builder, arguments)
            await executor.start()
            try:
                async with asyncio.timeout(120):
                    await scene(executor)
            finally:
                await executor.close()

        asyncio.run(main())

    return play


def test_a_page_is_read(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        page = await executor.recognize(page_task(tmp_path / "a", "say hello", "say world", index=7))
        assert (page.index, page.warnings) == (7, ("hello", "world"))

    play(scene)


def test_a_document_is_inspected(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        facts = await executor.inspect(document(tmp_path / "a", "say one", "say two"), "secret")
        assert (facts.media_type, facts.page_count, facts.encrypted) == ("text/plain", 2, True)
        assert not (await executor.inspect(document(tmp_path / "b", "say one"))).encrypted

    play(scene)


def test_ready_comes_once_the_pipeline_is_warm(play, tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: Executor) -> None:
        assert not journal.exists()
        await executor.ready()
        assert journal.read_text().startswith("warm ")
        await executor.ready()

    play(scene, journal=journal)


def test_closing_closes_the_pipeline(play, tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: Executor) -> None:
        await executor.ready()

    play(scene, journal=journal)
    assert "closed" in journal.read_text()


@pytest.mark.parametrize("kind", [CorruptDocument, EncryptedDocument, EngineFailed])
def test_our_errors_travel_as_themselves(play, tmp_path: Path, kind: type[OctavoError]) -> None:
    async def scene(executor: Executor) -> None:
        command = f"raise {kind.__name__} It ends in the middle."
        with pytest.raises(kind, match=r"^It ends in the middle\.$") as caught:
            await executor.recognize(page_task(tmp_path / "a", command))
        assert type(caught.value) is kind
        with pytest.raises(kind):
            await executor.inspect(document(tmp_path / "b", command))

    play(scene)


def test_foreign_errors_become_engine_failed_without_their_text(play, tmp_path: Path, caplog) -> None:
    async def scene(executor: Executor) -> None:
        with pytest.raises(EngineFailed, match="ValueError") as caught:
            await executor.recognize(page_task(tmp_path / "a", "raise ValueError confidential"))
        assert "confidential" not in str(caught.value)
        assert (await executor.recognize(page_task(tmp_path / "b", "say on"))).warnings == ("on",)

    with caplog.at_level(logging.DEBUG):
        play(scene)
    told = [record.getMessage() for record in caplog.records if "ValueError" in record.getMessage()]
    assert len(told) == 1
    assert "_do_raise" in told[0]
    assert "confidential" not in caplog.text


@pytest.mark.parametrize(("what", "told"), [("lambda", "at "), ("foreign", "Foreign"), ("number", "numpy")])
def test_an_answer_that_is_no_noun_fails_its_page_only(play, tmp_path: Path, caplog, what: str, told: str) -> None:
    async def scene(executor: Executor) -> None:
        before = await executor.recognize(page_task(tmp_path / "a", "pid"))
        with pytest.raises(EngineFailed):
            await executor.recognize(page_task(tmp_path / "b", f"answer {what}"))
        assert await executor.recognize(page_task(tmp_path / "a", "pid")) == before

    with caplog.at_level(logging.ERROR):
        play(scene)
    assert [told in record.getMessage() for record in caplog.records] == [True]


def test_a_builder_that_fails_is_told_by_ready_and_by_calls(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        with pytest.raises(EngineFailed, match=r"layout\.onnx is missing"):
            await executor.ready()
        with pytest.raises(EngineFailed, match=r"layout\.onnx is missing"):
            await executor.recognize(page_task(tmp_path / "a", "say hello"))

    play(scene, builder=scripted_pipeline.build_in_vain)


def test_a_call_that_waits_for_a_builder_that_fails_ends(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        with pytest.raises(EngineFailed, match=r"layout\.onnx is missing"):
            await executor.recognize(page_task(tmp_path / "a", "say hello"))

    play(scene, builder=scripted_pipeline.build_in_vain)


def test_calls_are_served_in_the_order_in_which_they_came(play, tmp_path: Path) -> None:
    order: list[int] = []

    async def scene(executor: Executor) -> None:
        await executor.ready()
        gate = tmp_path / "gate"
        blockers = [page_task(tmp_path / f"b{n}", f"wait {gate}") for n in range(executor.capacity)]
        running = [asyncio.create_task(executor.recognize(task)) for task in blockers]
        await until(lambda: executor.stats().busy == executor.capacity)

        async def call(n: int) -> None:
            path = tmp_path / f"p{n}"
            task = page_task(path, f"touch {path}.begun", f"wait {path}.gate", f"say {n}", index=n)
            page = await executor.recognize(task)
            assert page.warnings == (str(n),)

        calls = [asyncio.create_task(call(n)) for n in range(5)]
        await until(lambda: executor.stats().waiting == 5)
        gate.touch()
        for n in range(5):
            await until((tmp_path / f"p{n}.begun").exists)
            begun = [m for m in range(5) if (tmp_path / f"p{m}.begun").exists()]
            assert begun == list(range(len(begun)))
            order.append(n)
            (tmp_path / f"p{n}.gate").touch()
        await asyncio.gather(*running, *calls)

    play(scene)
    assert order == [0, 1, 2, 3, 4]


def test_each_of_many_callers_gets_its_own_page(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        tasks = [page_task(tmp_path / str(n), f"say {n}", index=n) for n in range(60)]
        pages = await asyncio.gather(*map(executor.recognize, tasks))
        assert [(page.index, page.warnings) for page in pages] == [(n, (str(n),)) for n in range(60)]
        assert executor.stats().pages == 60

    play(scene)


def test_a_caller_may_leave_while_waiting_or_while_being_served(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        gate = tmp_path / "gate"
        count = 3 * executor.capacity
        tasks = [page_task(tmp_path / str(n), f"touch {tmp_path}/{n}.begun", f"wait {gate}") for n in range(count)]
        calls = [asyncio.create_task(executor.recognize(task)) for task in tasks]
        await until(lambda: all((tmp_path / f"{n}.begun").exists() for n in range(executor.capacity)))
        for call in calls:
            call.cancel()
        assert all(
            isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*calls, return_exceptions=True)
        )
        gate.touch()
        after = [page_task(tmp_path / f"a{n}", f"say {n}", index=n) for n in range(count)]
        pages = await asyncio.gather(*map(executor.recognize, after))
        assert [page.warnings for page in pages] == [(str(n),) for n in range(count)]
        begun = {n for n in range(count) if (tmp_path / f"{n}.begun").exists()}
        assert begun == set(range(executor.capacity)), "a caller that left while waiting was served all the same"

    play(scene)


def test_closing_fails_the_calls_that_wait(play, tmp_path: Path) -> None:
    async def scene(executor: Executor) -> None:
        gate = tmp_path / "gate"
        count = executor.capacity + 2
        tasks = [page_task(tmp_path / str(n), f"wait {gate}") for n in range(count)]
        calls = [asyncio.create_task(executor.recognize(task)) for task in tasks]
        await until(lambda: executor.stats().busy == executor.capacity)
        closing = asyncio.create_task(executor.close())
        await asyncio.sleep(0)
        gate.touch()
        await closing
        ends = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(end) for end in ends[-2:]] == [ShuttingDown, ShuttingDown]
        with pytest.raises(ShuttingDown):
            await executor.recognize(tasks[0])
        with pytest.raises(ShuttingDown):
            await executor.ready()

    play(scene)
