import asyncio
from pathlib import Path

import pytest

import scripted_pipeline
from octavo.domain.errors import OutOfSpace
from octavo.executors.inline import InlineExecutor
from scripted_pipeline import page_task, until


def test_one_executor_serves_one_event_loop_after_another(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    executor = InlineExecutor(scripted_pipeline.build, {"journal": journal})
    threads = {asyncio.run(executor.recognize(page_task(tmp_path / "a", "thread"))).warnings for _ in range(3)}
    assert len(threads) == 1, "the pipeline was called from several threads"
    asyncio.run(executor.close())
    assert [line.split()[0] for line in journal.read_text().splitlines()] == ["warm", "closed"]


def test_nothing_is_built_before_the_first_call(tmp_path: Path) -> None:
    async def main() -> None:
        executor = InlineExecutor(scripted_pipeline.build, {"journal": tmp_path / "journal"})
        await executor.start()
        await asyncio.sleep(0)
        assert executor.stats().workers == 0
        await executor.close()

    asyncio.run(main())
    assert not (tmp_path / "journal").exists()


def test_a_page_may_use_all_cpus(tmp_path: Path) -> None:
    async def main() -> None:
        executor = InlineExecutor(scripted_pipeline.build, {}, cpus=5)
        report, gate = tmp_path / "report", tmp_path / "gate"
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"threads {report} {gate}")))
        await until(report.exists)
        assert report.read_text() == "5"
        gate.touch()
        await page
        await executor.close()

    asyncio.run(main())


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    async def main() -> None:
        executor = InlineExecutor(scripted_pipeline.build, {})
        with pytest.raises(OutOfSpace, match="disk is full"):
            await executor.recognize(page_task(tmp_path / "a", "full ENOSPC"))
        await executor.close()

    asyncio.run(main())
