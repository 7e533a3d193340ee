"""What runs Octavo elsewhere: the systemd unit, the proxies, the container, as far as they can be checked here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from octavo.cli.serve import PATIENCE
from octavo.settings import Settings, setting_names, variable_of

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "octavo.service").read_text(encoding="utf-8")
MOST_EXPOSURE = 2.0
MEBIBYTE = 1024 * 1024


def instructions() -> list[tuple[str, str]]:
    """Keyword and the rest of each instruction of the Dockerfile."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split(None, 1)[0], " ".join(line.split()[1:])) for line in text.splitlines() if line.strip()]


def said(keyword: str) -> list[str]:
    return [rest for name, rest in instructions() if name == keyword]


def copied() -> list[str]:
    """Every path that goes from the checkout into the image."""
    return [path for rest in said("COPY") if "--from" not in rest for path in rest.split()[:-1]]


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(composed["volumes"]) == {"data"}
    found: dict[str, Any] = composed["services"]["octavo"]
    return found


def test_the_dockerfile_is_linted() -> None:
    linter = shutil.which("hadolint") or ROOT / ".venvs" / "hadolint" / "bin" / "hadolint"
    if not Path(linter).is_file():
        pytest.skip("hadolint is not installed: run `sh scripts/client-envs hadolint`")
    told = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_image_says_that_it_was_not_built_here() -> None:
    assert "NOT BUILT IN OUR CI" in DOCKERFILE.split("FROM")[0]
    assert "NOT RUN IN OUR CI" in (ROOT / "compose.yaml").read_text(encoding="utf-8").split("services:")[0]


def test_both_stages_start_from_the_same_pinned_slim_python_that_octavo_supports() -> None:
    bases = {rest.removesuffix(" AS build") for rest in said("FROM")}
    assert len(bases) == 1
    version = re.fullmatch(r"python:3\.(\d+)-slim-[a-z]+", bases.pop())
    assert version is not None
    assert int(version[1]) >= 11


def test_what_the_image_copies_is_there_and_is_let_through() -> None:
    kept = [
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    ]
    assert sorted(copied()) == sorted(kept)
    assert all((ROOT / path).exists() for path in kept)


def test_what_the_image_copies_is_enough_to_build_octavo(tmp_path: Path) -> None:
    for path in copied():
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / path, tmp_path / path)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "wheels"]
    told = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert list((tmp_path / "wheels").glob("octavo-*.whl"))


def test_every_package_of_the_image_is_checked_by_its_hash() -> None:
    installs = [command for rest in said("RUN") for command in rest.split("&&") if "pip install" in command]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert {"--no-deps", "--no-build-isolation"} <= set(installs[1].split())


def test_the_image_runs_as_nobody_special_and_is_healthy_without_other_tools() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said("USER")[-1])
    assert said("VOLUME") == ["/data"]
    health = said("HEALTHCHECK")[0]
    command = json.loads(health[health.index("[") :])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    assert json.loads(said("ENTRYPOINT")[0]) + json.loads(said("CMD")[0]) == ["octavo", "serve"]


def test_the_variables_of_the_image_and_the_unit_are_settings() -> None:
    known = {variable_of(name) for name in setting_names()}
    named = set(re.findall(r"OCTAVO_[A-Z_]+", DOCKERFILE + UNIT + (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert named
    assert named <= known


def test_the_composed_service_can_do_no_more_than_it_must(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == said("USER")[-1]
    assert [volume.split(":")[1] for volume in service["volumes"]] == said("VOLUME")
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert any(folder.startswith("/tmp:") for folder in service["tmpfs"])
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)


def test_whoever_stops_the_server_lets_it_drain(service: dict[str, Any]) -> None:
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert stop is not None
    assert int(stop[1]) > PATIENCE
    assert int(service["stop_grace_period"].removesuffix("s")) > PATIENCE
    assert "\nKillMode=mixed\n" in UNIT  # workers read on while the server drains


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "octavo.service"
    file.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT, flags=re.MULTILINE))
    return file


def test_systemd_understands_the_unit(unit: Path) -> None:
    told = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def test_systemd_finds_the_unit_well_confined(unit: Path) -> None:
    limit = f"--threshold={MOST_EXPOSURE * 10:.0f}"
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", limit, unit], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout


def test_the_confinement_of_workers_is_allowed_by_the_unit() -> None:
    allowed = re.search(r"^SystemCallFilter=@system-service (.+)$", UNIT, re.MULTILINE)
    assert allowed is not None
    assert {"seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"} == set(
        allowed[1].split()
    )
    assert "\nNoNewPrivileges=yes\n" in UNIT
    assert "\nProcSubset=" not in UNIT


@pytest.mark.parametrize("file", ["nginx.conf", "Caddyfile"])
def test_proxies_carry_more_and_wait_longer_than_octavo(file: str) -> None:
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    size = re.search(r"(?:client_max_body_size|max_size) (\d+)(?:m|MiB)\b", text)
    wait = re.search(r"(?:proxy_read_timeout +|response_header_timeout )(\d+)s", text)
    assert size is not None
    assert wait is not None
    limits = Settings().limits
    assert int(size[1]) * MEBIBYTE > max(limits.max_body_bytes, limits.max_upload_bytes)
    assert int(wait[1]) > 300 > limits.request_timeout
