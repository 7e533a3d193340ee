import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from octavo.executors import system


class Groups:
    """A procfs folder and mounted control groups, as a machine might have them."""

    def __init__(self, folder: Path) -> None:
        self.proc = folder / "proc"
        self.mount = folder / "cgroup"
        self.proc.mkdir()
        self.mount.mkdir()
        (self.proc / "cgroup").write_text("")
        (self.proc / "mountinfo").write_text("23 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n")

    def member(self, line: str) -> None:
        with (self.proc / "cgroup").open("a") as file:
            file.write(line + "\n")

    def mounted(self, kind: str, options: str, root: str = "/", place: str = "") -> None:
        with (self.proc / "mountinfo").open("a") as file:
            file.write(f"32 31 0:29 {root} {self.mount}{place} rw,relatime shared:9 - {kind} {kind} {options}\n")

    def limit(self, group: str, **files: str) -> None:
        folder = self.mount / group
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(text + "\n")

    def quota(self) -> float | None:
        return system.cpu_quota(self.proc)

    def memory(self) -> int | None:
        return system.usable_memory(self.proc)


@pytest.fixture
def groups(tmp_path: Path) -> Groups:
    return Groups(tmp_path)


def test_version_2(groups: Groups) -> None:
    groups.member("0::/app.slice/octavo")
    groups.mounted("cgroup2", "rw")
    groups.limit("app.slice/octavo", cpu__max="150000 100000")
    assert groups.quota() == 1.5


def test_version_2_the_tightest_of_all_groups_above_counts(groups: Groups) -> None:
    groups.member("0::/app.slice/octavo")
    groups.mounted("cgroup2", "rw")
    groups.limit("app.slice/octavo", cpu__max="max 100000")
    groups.limit("app.slice", cpu__max="200000 100000")
    assert groups.quota() == 2
    groups.limit("", cpu__max="50000 100000")
    assert groups.quota() == 0.5


def test_version_1(groups: Groups) -> None:
    groups.member("4:memory:/other")
    groups.member("3:cpu,cpuacct:/docker/abc")
    groups.mounted("cgroup", "rw,memory")
    groups.mounted("cgroup", "rw,cpu,cpuacct")
    groups.limit("other", cpu__cfs_quota_us="100000", cpu__cfs_period_us="100000")
    groups.limit("docker/abc", cpu__cfs_quota_us="300000", cpu__cfs_period_us="100000")
    groups.limit("docker", cpu__cfs_quota_us="-1", cpu__cfs_period_us="100000")
    assert groups.quota() == 3


def test_a_container_sees_its_own_group_as_the_root(groups: Groups) -> None:
    groups.member("0::/docker/abc")
    groups.mounted("cgroup2", "rw", root="/docker/abc")
    groups.limit("", cpu__max="100000 100000")
    assert groups.quota() == 1


def test_a_group_outside_of_what_is_mounted_falls_back_to_the_mount(groups: Groups) -> None:
    groups.member("0::/../../elsewhere")
    groups.mounted("cgroup2", "rw", root="/docker/abc")
    groups.limit("", cpu__max="400000 100000")
    assert groups.quota() == 4


def test_both_versions_at_once(groups: Groups) -> None:
    groups.member("2:cpu:/a")
    groups.member("0::/b")
    groups.mounted("cgroup2", "rw", place="/unified")
    groups.mounted("cgroup", "rw,cpu", place="/cpu")
    groups.limit("cpu/a", cpu__cfs_quota_us="250000", cpu__cfs_period_us="100000")
    groups.limit("unified/b")
    assert groups.quota() == 2.5


@pytest.mark.parametrize("text", ["max 100000", "", "nonsense", "0 100000", "100000 0", "1 2 3"])
def test_without_a_limit_or_without_sense_there_is_no_quota(groups: Groups, text: str) -> None:
    groups.member("0::/a")
    groups.mounted("cgroup2", "rw")
    groups.limit("a", cpu__max=text)
    assert groups.quota() is None


def test_a_system_without_control_groups_has_no_quota(tmp_path: Path) -> None:
    assert system.cpu_quota(tmp_path / "nowhere") is None


@pytest.mark.parametrize(("quota", "expected"), [(0.5, 1), (1.0, 1), (2.9, 2), (64.0, 3), (None, 3)])
def test_usable_cpus_are_whole_at_least_one_and_at_most_the_affinity(
    monkeypatch: pytest.MonkeyPatch, quota: float | None, expected: int
) -> None:
    monkeypatch.setattr(system, "_cpus_of_affinity", lambda: 3)
    monkeypatch.setattr(system, "cpu_quota", lambda: quota)
    assert system.usable_cpus() == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_usable_cpus_obey_the_affinity() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
        "from octavo.executors.system import usable_cpus; print(usable_cpus())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


def test_memory_is_what_the_tightest_group_grants(groups: Groups) -> None:
    groups.member("0::/app.slice/octavo")
    groups.mounted("cgroup2", "rw")
    groups.limit("app.slice/octavo", memory__max="max")
    whole = groups.memory()
    groups.limit("app.slice", memory__max="1000000")
    assert groups.memory() == 1000000
    assert whole is None or whole > 1000000


def test_memory_by_version_1(groups: Groups) -> None:
    groups.member("4:cpu:/other")
    groups.member("3:memory:/docker/abc")
    groups.mounted("cgroup", "rw,memory")
    groups.limit("docker/abc", memory__limit_in_bytes="2000000")
    groups.limit("", memory__limit_in_bytes="9223372036854771712")
    assert groups.memory() == 2000000


def test_a_system_without_control_groups_has_the_memory_of_the_machine(tmp_path: Path) -> None:
    assert system.usable_memory(tmp_path / "nowhere") == system._memory_of_machine()


def test_usable_cpus_of_this_machine() -> None:
    assert 1 <= system.usable_cpus() <= (os.cpu_count() or 1)


def test_resident_memory_of_this_process_grows_with_what_it_holds() -> None:
    before = system.resident_memory(os.getpid())
    held = os.urandom(1024) * (64 * 1024)
    after = system.resident_memory(os.getpid())
    assert before is not None
    assert after is not None
    assert after - before > 0.9 * len(held)


def test_resident_memory_of_a_process_that_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        assert system.resident_memory(process.pid) is None


@pytest.mark.skipif(sys.platform != "linux", reason="reads a clock of Linux")
def test_cpu_time_of_another_process_grows_while_it_works() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        while not (before := system.cpu_seconds(process.pid)):
            pass
        while (after := system.cpu_seconds(process.pid)) == before:
            pass
        process.kill()
        process.wait()
        assert after is not None
        assert after > before
        assert system.cpu_seconds(process.pid) is None


@pytest.mark.skipif(not shutil.which("ps", path="/bin"), reason="there is no /bin/ps")
def test_resident_memory_as_on_macos() -> None:
    by_ps = system._resident_by_ps(os.getpid())
    here = system.resident_memory(os.getpid())
    assert by_ps is not None
    assert here is not None
    assert 0.5 < by_ps / here < 2
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        assert system._resident_by_ps(process.pid) is None


def test_how_a_process_ended_is_told_in_words() -> None:
    assert system.describe_exit(3) == "it exited with code 3"
    assert system.describe_exit(-signal.SIGSEGV) == "it was ended by SIGSEGV"
    assert system.describe_exit(-200) == "it was ended by signal 200"


def test_a_kill_takes_what_the_process_started_with_it(tmp_path: Path) -> None:
    child = f"import os, time, pathlib; pathlib.Path(r'{tmp_path}', str(os.getpid())).touch(); time.sleep(1000)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, **system.spawn_options())
    while not list(tmp_path.iterdir()):
        assert process.poll() is None
    system.kill(process)
    process.communicate(timeout=60)  # ends once nobody holds the pipe: the grandchild is gone too
    assert process.returncode == -signal.SIGKILL
    system.kill(process)  # once more does no harm
