import asyncio
import sys
import threading
from collections.abc import Callable

import pytest

import scripted_pipeline
from octavo.domain.errors import InvalidSettings, ShuttingDown
from octavo.domain.ports import Pipeline
from octavo.executors.local import LocalExecutor
from octavo.executors.process import worker_environment


def test_what_cannot_cross_to_a_worker_is_refused_at_once() -> None:
    with pytest.raises(InvalidSettings, match="scripted_pipeline:build cannot cross"):
        LocalExecutor(scripted_pipeline.build, {"journal": threading.Lock()})


def _local_builder() -> Callable[..., Pipeline]:
    def build(**_: object) -> Pipeline:
        raise AssertionError

    return build


@pytest.mark.parametrize("builder", [_local_builder(), lambda **_: None, type("Main", (), {"__module__": "__main__"})])
def test_a_builder_that_a_worker_cannot_import_is_refused_at_once(builder: Callable[..., Pipeline]) -> None:
    with pytest.raises(InvalidSettings, match="cannot import"):
        LocalExecutor(builder, {})


def test_nothing_runs_before_the_start() -> None:
    async def main() -> None:
        threads = threading.active_count()
        executor = LocalExecutor(scripted_pipeline.build, {}, cpus=3)
        with pytest.raises(ShuttingDown):
            await executor.ready()
        assert executor.stats().workers == 0
        assert executor.capacity == 3
        await executor.close()
        assert threading.active_count() == threads

    asyncio.run(main())


def test_a_worker_finds_the_modules_of_the_server_and_none_of_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", "a=b")
    monkeypatch.setenv("OMP_NUM_THREADS", "64")
    environment = worker_environment()
    assert not [name for name in environment if name.startswith("OCTAVO_")]
    assert environment["OMP_NUM_THREADS"] == "1"
    assert int(environment["MALLOC_MMAP_THRESHOLD_"]) > 0
    assert all(entry in environment["PYTHONPATH"] for entry in sys.path)
