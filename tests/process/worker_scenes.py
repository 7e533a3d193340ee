"""Scenes with worker processes: an executor of scripted workers, and what the system says of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import scripted_pipeline
from octavo.executors.landlock import Folders
from octavo.executors.local import LocalExecutor
from octavo.executors.pool import WorkerLimits
from scripted_pipeline import page_task, until

MEBIBYTE = 1024 * 1024
TESTS = Path(scripted_pipeline.__file__).parent


def play(
    scene: Callable[[LocalExecutor], Awaitable[None]],
    *,
    workers: int = 1,
    cpus: int = 4,
    limits: WorkerLimits | None = None,
    folders: Folders | None = None,
    memory: int | None = None,
    patience: float = 120,
    **arguments: object,
) -> LocalExecutor:
    """Run a scene with a started executor and close it."""

    async def main() -> LocalExecutor:
        executor = LocalExecutor(
            scripted_pipeline.build,
            arguments,
            workers=workers,
            cpus=cpus,
            limits=limits or WorkerLimits(),
            folders=folders,
            memory=memory,
        )
        await executor.start()
        try:
            async with asyncio.timeout(patience):
                await executor.ready()
                await scene(executor)
        finally:
            await executor.close()
        return executor

    return asyncio.run(main())


async def full(executor: LocalExecutor) -> None:
    """Wait until all workers and the spare are warm."""
    await until(lambda: executor.stats().spare == 1)


async def pid_of_next(executor: LocalExecutor, folder: Path) -> int:
    """The process that gets the next call."""
    return int((await executor.recognize(page_task(folder / "pid", "pid"))).warnings[0])


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead but not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def procfs(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


STRANGERS: set[int] = set()
"""Servers that other tests left running."""


def children_of(pid: int) -> list[int]:
    """Of all threads of the process: each worker belongs to the thread that started it."""
    lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for text in lists for child in text.split() if int(child) not in STRANGERS]
