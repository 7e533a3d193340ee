"""Worker processes as they are: killed, hung, worn out, left alone."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import textwrap
from contextvars import ContextVar
from pathlib import Path

import pytest
from worker_scenes import MEBIBYTE, TESTS, children_of, full, is_alive, pid_of_next, play, procfs

import scripted_pipeline
from octavo.domain.errors import EngineFailed, EngineTimeout, OutOfSpace, ShuttingDown, WorkerEvicted, WorkerLost
from octavo.domain.geometry import Size
from octavo.domain.result import RecognizedPage
from octavo.executors import system
from octavo.executors.local import LocalExecutor
from octavo.executors.messages import Answer, Call, Setup, pack, receive_answer
from octavo.executors.pool import _CALM, WorkerLimits
from octavo.executors.process import Excess
from scripted_pipeline import document, page_task, until


@pytest.mark.parametrize(
    ("command", "how"),
    [("kill SIGKILL", "SIGKILL"), ("segfault", "SIGSEGV"), ("kill SIGABRT", "SIGABRT"), ("exit 3", "code 3")],
)
def test_a_worker_that_dies_costs_its_own_page_only(tmp_path: Path, command: str, how: str) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        gate = tmp_path / "gate"
        neighbour = asyncio.create_task(executor.recognize(page_task(tmp_path / "n", f"wait {gate}", "say fine")))
        with pytest.raises(EngineFailed, match=rf"Page 4 .*{how}"):
            await executor.recognize(page_task(tmp_path / "a", command, index=4))
        gate.touch()
        assert (await neighbour).warnings == ("fine",)
        pages = [executor.recognize(page_task(tmp_path / f"{n}", f"say {n}")) for n in range(4)]
        assert [page.warnings for page in await asyncio.gather(*pages)] == [(str(n),) for n in range(4)]
        await full(executor)
        assert executor.stats().restarts == 1

    play(scene, workers=2)


def test_a_worker_killed_from_outside_costs_its_own_page_only(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        gate, begun = tmp_path / "gate", tmp_path / "begun"
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"touch {begun}", f"wait {gate}")))
        await until(begun.exists)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(EngineFailed):
            await page
        assert await pid_of_next(executor, tmp_path) != pid

    play(scene)


def test_the_spare_steps_in_before_another_worker_is_started(tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        warm = {int(line.split()[1]) for line in journal.read_text().splitlines()}
        assert len(warm) == 2
        with pytest.raises(EngineFailed):
            await executor.recognize(page_task(tmp_path / "a", "segfault"))
        assert await pid_of_next(executor, tmp_path) in warm

    play(scene, journal=journal)


def test_the_spare_starts_once_the_others_are_warm(tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: LocalExecutor) -> None:
        me = os.getpid()
        while executor.stats().workers < executor.capacity:
            assert len(children_of(me)) <= executor.capacity
            await asyncio.sleep(0.001)
        await full(executor)
        assert executor.stats().workers == executor.capacity + 1 == len(journal.read_text().splitlines())

    play(scene, workers=2, journal=journal)


def test_the_spare_waits_until_nobody_works(tmp_path: Path) -> None:
    journal, gate = tmp_path / "journal", tmp_path / "gate"

    async def scene(executor: LocalExecutor) -> None:
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"wait {gate}")))
        await asyncio.sleep(4 * _CALM)
        assert len(journal.read_text().splitlines()) == 1
        gate.touch()
        await page
        await full(executor)

    play(scene, journal=journal)


def test_the_spare_starts_by_and_by_on_a_server_that_always_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    monkeypatch.setattr("octavo.executors.pool._LOOKS", 2)

    async def scene(executor: LocalExecutor) -> None:
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"wait {gate}")))
        await full(executor)
        assert not page.done()
        gate.touch()
        await page

    play(scene)


def test_an_idle_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: executor.stats().restarts == 1)
        await full(executor)
        assert await pid_of_next(executor, tmp_path) != pid

    play(scene)


def test_workers_that_never_worked_are_replaced_too(tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        for line in journal.read_text().splitlines():
            os.kill(int(line.split()[1]), signal.SIGKILL)
        await until(lambda: executor.stats().restarts == 2)
        await executor.ready()
        assert (await executor.recognize(page_task(tmp_path / "a", "say again"))).warnings == ("again",)
        await full(executor)

    play(scene, journal=journal)


@pytest.mark.parametrize("command", ["hang", "hang_in_c"])
def test_a_page_that_hangs_times_out(tmp_path: Path, command: str) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        with pytest.raises(EngineTimeout, match=r"Page 2 .*2 s.*OCTAVO_EXECUTOR__PAGE_TIMEOUT"):
            await executor.recognize(page_task(tmp_path / "a", command, index=2))
        assert not is_alive(pid)
        assert await pid_of_next(executor, tmp_path) != pid

    play(scene, limits=WorkerLimits(page_timeout=2))


def test_a_page_that_is_ready_as_its_time_runs_out_is_kept_but_not_its_worker(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", "hang", index=3)))
        await until(lambda: executor.stats().busy == 1)
        ((worker, request),) = executor._busy.items()
        read = RecognizedPage(index=3, size=Size(1, 1), dpi=72)
        request.cpu = None  # else its time may be prolonged: it has hardly begun
        executor._on_overrun(worker, request)
        assert worker.doomed
        executor._on_answer(worker, Answer(value=read))
        assert await page == read
        assert await pid_of_next(executor, tmp_path) != pid
        await until(lambda: executor.stats().restarts == 1)

    play(scene)


def test_an_inspection_has_a_limit_of_its_own(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        with pytest.raises(EngineTimeout, match=r"The document .*OCTAVO_EXECUTOR__INSPECT_TIMEOUT"):
            await executor.inspect(document(tmp_path / "a", "hang"))
        assert (await executor.inspect(document(tmp_path / "b", "say hello"))).page_count == 1

    play(scene, limits=WorkerLimits(inspect_timeout=2, page_timeout=100))


def test_a_caller_that_left_a_hung_page_leaves_no_hung_worker(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        begun = tmp_path / "begun"
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"touch {begun}", "hang")))
        await until(begun.exists)
        page.cancel()
        assert (await executor.recognize(page_task(tmp_path / "b", "say next"))).warnings == ("next",)
        assert executor.stats().restarts == 1

    play(scene, limits=WorkerLimits(page_timeout=2))


def test_a_builder_that_hangs_is_given_up() -> None:
    async def main() -> None:
        limits = WorkerLimits(start_timeout=1)
        executor = LocalExecutor(scripted_pipeline.build, {"trouble": "hang"}, workers=1, limits=limits)
        await executor.start()
        with pytest.raises(EngineFailed, match="cannot start"):
            await executor.ready()
        await executor.close()

    asyncio.run(main())


def test_a_builder_that_fails_is_tried_again(tmp_path: Path) -> None:
    async def main() -> None:
        missing = tmp_path / "later"
        executor = LocalExecutor(scripted_pipeline.build, {"trouble": f"touch {missing}/file"}, workers=2, cpus=2)
        await executor.start()
        with pytest.raises(EngineFailed, match="FileNotFoundError"):
            await executor.ready()
        missing.mkdir()
        await until(lambda: executor.stats().workers == 3)
        await executor.ready()
        await executor.close()

    asyncio.run(main())


def test_workers_are_replaced_by_age_without_failing_a_page(tmp_path: Path) -> None:
    pids: list[str] = []
    journal = tmp_path / "journal"

    async def scene(executor: LocalExecutor) -> None:
        for n in range(12):
            await full(executor)
            pids.extend((await executor.recognize(page_task(tmp_path / str(n), "pid"))).warnings)
        assert executor.stats().recycled == 4
        assert executor.stats().restarts == 0

    play(scene, limits=WorkerLimits(max_calls=3), journal=journal)
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 3, 3]
    warm = [line.split()[1] for line in journal.read_text().splitlines() if line.startswith("warm")]
    assert list(dict.fromkeys(pids)) == warm[:4], "the spare worked before it was needed"


def test_a_worn_worker_goes_on_while_no_spare_is_ready(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        tasks = [page_task(tmp_path / str(n), f"say {n}") for n in range(30)]
        pages = await asyncio.gather(*map(executor.recognize, tasks))
        assert [page.warnings for page in pages] == [(str(n),) for n in range(30)]
        assert executor.stats().restarts == 0

    play(scene, workers=2, limits=WorkerLimits(max_calls=1))


def test_a_worker_that_holds_much_memory_is_replaced(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        first = await pid_of_next(executor, tmp_path)
        assert await pid_of_next(executor, tmp_path) == first
        page = await executor.recognize(page_task(tmp_path / "a", "hold 400", "say done"))
        assert page.warnings == ("done",)
        await until(lambda: not is_alive(first))
        assert await pid_of_next(executor, tmp_path) != first
        assert (executor.stats().recycled, executor.stats().restarts) == (1, 0)

    play(scene, limits=WorkerLimits(max_memory=800 * MEBIBYTE))


def test_a_replaced_worker_closes_its_pipeline(tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        await until(lambda: f"closed {pid}" in journal.read_text())

    play(scene, limits=WorkerLimits(max_calls=1), journal=journal)


def test_the_cpus_are_divided_among_the_calls_that_run(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        reports = [tmp_path / f"report{n}" for n in range(4)]
        gates = [tmp_path / f"gate{n}" for n in range(4)]
        calls = []

        def shares() -> list[int]:
            running = zip(reports, gates, strict=True)
            return [int(report.read_text()) for report, gate in running if report.exists() and not gate.exists()]

        for n, expected in enumerate([[4], [2, 2], [2, 1, 1], [1, 1, 1, 1]]):
            task = page_task(tmp_path / f"page{n}", f"threads {reports[n]} {gates[n]}")
            calls.append(asyncio.create_task(executor.recognize(task)))
            await until(lambda expected=expected: shares() == expected)
        for gate, expected in zip(gates, [[2, 1, 1], [2, 2], [4], []], strict=True):
            gate.touch()
            await until(lambda expected=expected: shares() == expected)
        await asyncio.gather(*calls)

    play(scene, workers=4, cpus=4)


def test_a_dead_worker_gives_its_cpus_back(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        report, gate, other_gate = (tmp_path / name for name in ("report", "gate", "other"))
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"threads {report} {gate}")))
        await until(lambda: report.exists() and report.read_text() == "4")
        other = page_task(tmp_path / "b", f"wait {other_gate}", "segfault")
        dying = asyncio.create_task(executor.recognize(other))
        await until(lambda: report.read_text() == "2")
        other_gate.touch()
        with pytest.raises(EngineFailed):
            await dying
        await until(lambda: report.read_text() == "4")
        gate.touch()
        await page

    play(scene, workers=2, cpus=4)


def test_a_page_gets_no_more_cpus_than_it_may_have(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        report, gate = tmp_path / "report", tmp_path / "gate"
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"threads {report} {gate}")))
        await until(report.exists)
        gate.touch()
        await page
        assert report.read_text() == "2"

    play(scene, workers=2, cpus=4, limits=WorkerLimits(max_threads=2))


def test_never_more_workers_than_cpus() -> None:
    assert LocalExecutor(scripted_pipeline.build, {}, workers=8, cpus=3).capacity == 3
    assert LocalExecutor(scripted_pipeline.build, {}).capacity == system.usable_cpus()


def test_libraries_are_told_to_use_one_thread_before_they_are_imported(tmp_path: Path) -> None:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

    async def scene(executor: LocalExecutor) -> None:
        page = await executor.recognize(page_task(tmp_path / "a", *(f"env {name}" for name in names)))
        assert page.warnings == ("1", "1", "1")
        pid = await pid_of_next(executor, tmp_path)
        given = procfs(pid, "environ").split("\0")
        assert {f"{name}=1" for name in names} <= set(given)

    play(scene)


def test_keys_stay_in_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", "me=secret")

    async def scene(executor: LocalExecutor) -> None:
        page = await executor.recognize(page_task(tmp_path / "a", "env OCTAVO_API_KEYS"))
        assert page.warnings == ("unset",)
        pid = await pid_of_next(executor, tmp_path)
        assert "secret" not in procfs(pid, "environ")

    play(scene)


@pytest.mark.skipif(sys.platform != "linux", reason="reads procfs")
def test_a_worker_has_no_core_dump_few_files_and_no_new_privileges(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        pid = await pid_of_next(executor, tmp_path)
        limits = procfs(pid, "limits").splitlines()
        assert next(line for line in limits if line.startswith("Max core file size")).split()[4:6] == ["0", "0"]
        assert int(next(line for line in limits if line.startswith("Max open files")).split()[3]) <= 512
        assert "NoNewPrivs:\t1" in procfs(pid, "status")
        assert os.getsid(pid) == pid

    play(scene)


@pytest.mark.skipif(sys.platform != "linux", reason="reads procfs")
def test_a_page_that_others_keep_from_the_cpu_has_more_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works while its worker reports little CPU time, as on a machine that is busy with something else."""
    shares = {"busy": 0.3, "hangs": 0.01}

    async def scene(executor: LocalExecutor) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        monkeypatch.setattr(system, "cpu_seconds", lambda _: share * (loop.time() - began))
        share = shares["busy"]
        loop.call_later(1.5, (tmp_path / "gate").touch)
        assert await executor.recognize(page_task(tmp_path / "slow", f"wait {tmp_path / 'gate'}"))
        with pytest.raises(EngineTimeout):
            await executor.recognize(page_task(tmp_path / "endless", "hang"))
        share = shares["hangs"]
        with pytest.raises(EngineTimeout):
            await executor.recognize(page_task(tmp_path / "hangs", "hang"))

    play(scene, limits=WorkerLimits(page_timeout=1.0))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads procfs")
def test_a_worker_does_not_end_itself_before_the_server_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own clock, for when the server is gone, knows of the longer time on a machine that is busy."""

    async def scene(executor: LocalExecutor) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        monkeypatch.setattr(system, "cpu_seconds", lambda _: 0.3 * (loop.time() - began))
        loop.call_later(17, (tmp_path / "gate").touch)
        assert await executor.recognize(page_task(tmp_path / "slow", f"wait {tmp_path / 'gate'}"))

    play(scene, limits=WorkerLimits(page_timeout=6.0))


def test_ctrl_c_does_not_reach_a_page(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        pid = await pid_of_next(executor, tmp_path)
        gate, begun = tmp_path / "gate", tmp_path / "begun"
        task = page_task(tmp_path / "a", f"touch {begun}", f"wait {gate}", "pid")
        page = asyncio.create_task(executor.recognize(task))
        await until(begun.exists)
        os.kill(pid, signal.SIGINT)
        gate.touch()
        assert (await page).warnings == (str(pid),)

    play(scene)


def test_a_library_that_prints_does_not_disturb(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def scene(executor: LocalExecutor) -> None:
        page = await executor.recognize(page_task(tmp_path / "a", "print loading fonts", "say fine"))
        assert page.warnings == ("fine",)

    play(scene)
    told = capfd.readouterr()
    assert told.out == ""
    assert "loading fonts" in told.err


def test_closing_ends_every_worker_also_those_that_hang(tmp_path: Path) -> None:
    pids: list[int] = []

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pids.extend(children_of(os.getpid()))
        assert len(pids) == 4
        begun = [tmp_path / f"begun{n}" for n in range(3)]
        tasks = [
            page_task(tmp_path / "a", f"touch {begun[0]}", "hang"),
            page_task(tmp_path / "b", f"touch {begun[1]}", "hang_in_c"),
            page_task(tmp_path / "c", "ignore_sigterm", f"touch {begun[2]}", "hang"),
        ]
        calls = [asyncio.create_task(executor.recognize(task)) for task in tasks]
        await until(lambda: all(path.exists() for path in begun))
        await executor.close()
        assert not any(map(is_alive, pids))
        ends = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(end) for end in ends] == [ShuttingDown] * 3

    play(scene, workers=3)
    assert not any(map(is_alive, pids))


def test_closing_while_workers_start_ends_them() -> None:
    async def main() -> None:
        executor = LocalExecutor(scripted_pipeline.build, {}, workers=2, cpus=2)
        await executor.start()
        await executor.close()
        assert children_of(os.getpid()) == []
        await executor.start()
        with pytest.raises(ShuttingDown):
            await executor.ready()
        assert children_of(os.getpid()) == []

    asyncio.run(main())


def test_the_log_tells_which_page_failed_in_the_context_of_its_request(tmp_path: Path) -> None:
    request: ContextVar[str] = ContextVar("request", default="")
    told: list[tuple[str, str]] = []

    class Journal(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append((request.get(), record.getMessage()))

    async def call(executor: LocalExecutor, name: str, command: str, index: int) -> None:
        request.set(name)
        with pytest.raises((EngineFailed, EngineTimeout)):
            await executor.recognize(page_task(tmp_path / name, command, index=index))

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        calls = [("a", "segfault", 1), ("b", "hang", 2), ("c", "raise ValueError confidential", 3)]
        await asyncio.gather(*(call(executor, *each) for each in calls))

    logger, journal = logging.getLogger("octavo.executors.local"), Journal()
    logger.addHandler(journal)
    try:
        play(scene, workers=3, limits=WorkerLimits(page_timeout=2))
    finally:
        logger.removeHandler(journal)
    assert [(name, message[:6]) for name, message in sorted(told)] == [
        ("a", "Page 1"),
        ("b", "Page 2"),
        ("c", "Page 3"),
    ]
    assert "confidential" not in str(told)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        with pytest.raises(EngineFailed):
            await executor.recognize(page_task(tmp_path / "a", "segfault"))
        await full(executor)

    before = open_files()
    play(scene, workers=2)
    assert open_files() == before
    assert children_of(os.getpid()) == []


SERVER = """
    import asyncio, os, signal, sys
    from pathlib import Path
    import scripted_pipeline
    from scripted_pipeline import page_task, until
    from octavo.executors.local import LocalExecutor

    async def main():
        folder = Path(sys.argv[1])
        executor = LocalExecutor(scripted_pipeline.build, {"journal": folder / "journal"}, workers=2, cpus=2)
        await executor.start()
        await until(lambda: executor.stats().spare == 1)
        pages = [page_task(folder / c, f"touch {folder}/{c}.begun", c) for c in ("hang", "hang_in_c")]
        calls = [asyncio.create_task(executor.recognize(page)) for page in pages]
        await until(lambda: all((folder / f"{c}.begun").exists() for c in ("hang", "hang_in_c")))
        END

    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads procfs")
@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os._exit(5)", 5),
        ("sys.exit(6)", 6),
    ],
)
def test_no_worker_outlives_the_server(tmp_path: Path, end: str, code: int) -> None:
    script = tmp_path / "server.py"
    script.write_text(textwrap.dedent(SERVER).replace("END", end))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    server = subprocess.run([sys.executable, script, tmp_path], env=environment, timeout=120, check=False)
    assert server.returncode == code
    pids = [int(line.split()[1]) for line in (tmp_path / "journal").read_text().splitlines()]
    assert len(pids) == 3
    asyncio.run(until(lambda: not any(map(is_alive, pids))))


@pytest.mark.skipif(sys.platform != "linux", reason="reads procfs")
@pytest.mark.parametrize(("command", "seconds", "code"), [("hang", None, 0), ("hang_in_c", 0.5, 1)])
def test_a_worker_ends_with_the_pipe_where_the_system_does_not_end_it(
    tmp_path: Path, command: str, seconds: float | None, code: int
) -> None:
    """The way of macOS and Windows: nothing but the end of the pipe tells that the server is gone.

    A library that never lets Python run hides that end, too; then a clock ends the process.
    """
    guard = "import octavo.executors.system as s; s._prctl = lambda *a: False;"
    guard += "from octavo.executors import worker; worker._GRACE = 0.5;"
    program = f"{guard} import sys, os; sys.argv = ['worker', str(os.getppid())]; worker.main()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        begun = tmp_path / "begun"
        task = page_task(tmp_path / "a", f"touch {begun}", command)
        try:
            worker.stdin.write(pack(Setup(builder="scripted_pipeline:build", arguments={})))
            worker.stdin.write(pack(Call(method="recognize", arguments=(task,), seconds=seconds)))
            worker.stdin.flush()
            assert receive_answer(worker.stdout).failure is None
            asyncio.run(until(begun.exists))
            worker.stdin.close()
            assert worker.wait(timeout=60) == code
        finally:
            worker.kill()


def test_a_program_without_a_main_guard_can_use_workers(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        import scripted_pipeline
        from octavo.executors.local import LocalExecutor

        print("begin")

        async def main():
            executor = LocalExecutor(scripted_pipeline.build, {}, workers=1, cpus=1)
            await executor.start()
            page = await executor.recognize(scripted_pipeline.page_task(Path(sys.argv[1]) / "a", "say hello"))
            print(*page.warnings)
            await executor.close()

        asyncio.run(main())
        """)
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    command = [sys.executable, "-W", "error", script, tmp_path]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (told.stdout, told.stderr) == ("begin\nhello\n", "")


def test_a_page_that_eats_memory_is_ended_and_costs_no_other(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        gate = tmp_path / "gate"
        neighbour = asyncio.create_task(executor.recognize(page_task(tmp_path / "n", f"wait {gate}", "say fine")))
        with pytest.raises(WorkerLost, match=r"Page 4 .*\d+ MiB of memory.* 300 MiB.*OCTAVO_EXECUTOR__MAX_MEMORY"):
            await executor.recognize(page_task(tmp_path / "a", "eat", index=4))
        gate.touch()
        assert (await neighbour).warnings == ("fine",)
        assert executor.stats().restarts == 1
        assert (await executor.recognize(page_task(tmp_path / "b", "say next"))).warnings == ("next",)

    play(scene, workers=2, limits=WorkerLimits(max_memory=300 * MEBIBYTE))


def test_when_all_workers_take_too_much_together_the_largest_goes(tmp_path: Path) -> None:
    """Ordinary pages stay, for they hold less than 1 GiB."""

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        gate = tmp_path / "gate"
        held = [page_task(tmp_path / f"{n}", "hold 150", f"wait {gate}", "say fine") for n in range(2)]
        neighbours = [asyncio.create_task(executor.recognize(task)) for task in held]
        with pytest.raises(WorkerEvicted, match=r"Page 4 .*all workers took .*OCTAVO_EXECUTOR__WORKERS"):
            await executor.recognize(page_task(tmp_path / "a", "eat", index=4))
        gate.touch()
        assert [(await page).warnings for page in neighbours] == [("fine",)] * 2

    play(scene, workers=3, memory=900 * MEBIBYTE)


def test_a_call_that_got_a_worker_killed_for_the_call_before_it_is_read_by_another(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        first = await pid_of_next(executor, tmp_path)
        gate = tmp_path / "gate"
        page = asyncio.create_task(executor.recognize(page_task(tmp_path / "a", f"wait {gate}", "pid")))
        await until(lambda: executor.stats().busy == 1)
        (worker,) = executor._busy
        worker.kill_for(Excess(call=worker.calls - 1, held=10**12))
        gate.touch()
        assert (await page).warnings[0] not in {"", str(first)}

    play(scene)


@pytest.mark.parametrize("command", ["full ENOSPC", "full EDQUOT", "full EFBIG", "write_all FILE 300"])
def test_a_full_disk_is_told_as_such(tmp_path: Path, command: str) -> None:
    async def scene(executor: LocalExecutor) -> None:
        pid = await pid_of_next(executor, tmp_path)
        with pytest.raises(OutOfSpace, match=r"disk is full.*OCTAVO_DATA_DIR"):
            await executor.recognize(page_task(tmp_path / "a", command.replace("FILE", f"{tmp_path}/large")))
        assert await pid_of_next(executor, tmp_path) == pid

    play(scene)
    assert not (tmp_path / "large").exists() or (tmp_path / "large").stat().st_size == 256 * MEBIBYTE


def test_a_worker_that_says_too_much_is_ended(tmp_path: Path) -> None:
    async def scene(executor: LocalExecutor) -> None:
        with pytest.raises(WorkerLost, match=r"Page 3 .*answered more than a page can hold"):
            await executor.recognize(page_task(tmp_path / "a", "babble huge", "hang", index=3))
        assert (await executor.recognize(page_task(tmp_path / "b", "say next"))).warnings == ("next",)

    play(scene)


@pytest.mark.parametrize("lie", ["noise", "torrent"])
def test_an_answer_that_is_noise_fails_its_page_and_no_other(tmp_path: Path, lie: str) -> None:
    """What follows the noise is the answer of the page, which would be taken for that of the next."""

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        with pytest.raises(EngineFailed):
            await executor.recognize(page_task(tmp_path / "a", f"babble {lie}", "say wrong"))
        pages = [executor.recognize(page_task(tmp_path / f"{n}", f"say {n}")) for n in range(6)]
        assert [page.warnings for page in await asyncio.gather(*pages)] == [(str(n),) for n in range(6)]
        assert not is_alive(pid)

    play(scene)


def test_a_process_that_the_system_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that waits for a dead network drive; here the kill is kept from it."""
    monkeypatch.setattr("octavo.executors.process._PATIENCE", 0.2)
    kill = system.kill

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        monkeypatch.setattr(system, "kill", lambda _: None)
        with pytest.raises(EngineTimeout, match="Page 2"):
            await executor.recognize(page_task(tmp_path / "a", "hang", index=2))
        assert is_alive(pid)
        monkeypatch.setattr(system, "kill", kill)
        assert (await executor.recognize(page_task(tmp_path / "b", "say next"))).warnings == ("next",)
        assert executor.stats().restarts == 1
        os.kill(pid, signal.SIGKILL)
        await full(executor)
        assert executor.stats().restarts == 1

    play(scene, limits=WorkerLimits(page_timeout=2))


def test_workers_that_grow_old_are_replaced_while_they_are_idle(tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        pid = await pid_of_next(executor, tmp_path)
        await until(lambda: not is_alive(pid))
        await full(executor)
        assert await pid_of_next(executor, tmp_path) != pid
        assert executor.stats().restarts == 0

    play(scene, limits=WorkerLimits(max_seconds=2), journal=journal)


def test_workers_that_never_worked_do_not_grow_old() -> None:
    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        workers = set(executor._pool.workers)
        await asyncio.sleep(0.6)
        assert set(executor._pool.workers) == workers

    play(scene, limits=WorkerLimits(max_seconds=0.2))


DEEDS = ("kill SIGKILL", "segfault", "hang", "eat", "babble huge", "babble noise", "hang_in_c", "exit 0")


def test_one_bad_page_after_another_under_load_costs_no_good_one(tmp_path: Path) -> None:
    rounds = int(os.environ.get("TEST_ROUNDS", "1"))

    async def good(executor: LocalExecutor, over: asyncio.Event, name: str) -> int:
        count = 0
        while not over.is_set():
            count += 1
            page = await executor.recognize(page_task(tmp_path / name, f"say {name}{count}"))
            assert page.warnings == (f"{name}{count}",)
        return count

    async def scene(executor: LocalExecutor) -> None:
        await full(executor)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            counts = [group.create_task(good(executor, over, name)) for name in "ab"]
            for deed in DEEDS * rounds:
                with pytest.raises((EngineFailed, EngineTimeout)):
                    await executor.recognize(page_task(tmp_path / "bad", deed))
            over.set()
        assert all(count.result() > 0 for count in counts)
        await full(executor)
        assert executor.stats().restarts == len(DEEDS) * rounds
        assert len(children_of(os.getpid())) == executor.capacity + 1

    play(scene, workers=3, limits=WorkerLimits(page_timeout=2, max_memory=400 * MEBIBYTE), patience=120 + 60 * rounds)
    assert children_of(os.getpid()) == []
