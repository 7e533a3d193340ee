"""What lies in the checkout: pins for everything, nothing of one machine, scripts that run."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# In two halves, so that this file does not name what it looks for.
FORBIDDEN = [
    "".join(halves)
    for halves in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("anaconda", ".org"),
        ("ghcr", ".io"),
        ("docker", ".io"),
        ("/wo", "rk/"),
        ("/op", "t/"),
        ("/home", "/"),
        ("/tmp", "/dev"),
        ("--index", "-url"),
        ("--find", "-links"),
    )
]


def checked_in() -> list[Path]:
    """Files of the checkout: those that git knows, or all where there is no git."""
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode == 0:
        return [ROOT / name for name in told.stdout.splitlines() if (ROOT / name).is_file()]
    return [file for file in ROOT.rglob("*") if file.is_file() and not any(part[0] == "." for part in file.parts[-3:])]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}


def pinned(file: str) -> set[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert all("--hash=" in entry for entry in re.split(r"\n(?=\w)", text) if entry.strip())
    return set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))


def test_everything_that_is_required_is_pinned_with_hashes() -> None:
    runtime = names(PROJECT["project"]["dependencies"]) | names(PROJECT["build-system"]["requires"])
    assert runtime <= pinned("constraints.txt")
    assert runtime | names(PROJECT["dependency-groups"]["dev"]) <= pinned("constraints-dev.txt")


def test_both_files_pin_the_same_versions() -> None:
    versions = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE))
        for file in ("constraints.txt", "constraints-dev.txt")
    ]
    assert versions[0].items() <= versions[1].items()


@pytest.mark.parametrize("file", [file for file in checked_in() if file.suffix != ".onnx"], ids=lambda file: file.name)
def test_no_file_names_a_registry_or_a_place_of_one_machine(file: Path) -> None:
    text = file.read_bytes().decode("utf-8", "replace").lower()
    if file.name == "lock":
        text = text.replace("--no-emit" + FORBIDDEN[-2][1:], "")
    assert [word for word in FORBIDDEN if word in text] == []


@pytest.mark.parametrize(
    "name", ["serve", "test", "check", "fix", "lock", "golden", "wheelhouse", "air-gap", "bench", "../.ci/run"]
)
def test_scripts_can_be_run_and_are_sound(name: str) -> None:
    script = ROOT / "scripts" / name
    assert os.access(script, os.X_OK)
    shell = script.read_text(encoding="utf-8").splitlines()[0].rpartition("/")[2].rpartition(" ")[2]
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0


def test_the_changelog_knows_this_version() -> None:
    from octavo import __version__

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog or "## [Unreleased]" in changelog


def test_no_two_modules_of_tests_have_the_same_name() -> None:
    files = [file for file in (ROOT / "tests").rglob("*.py") if file.name not in {"conftest.py", "__init__.py"}]
    names = Counter(file.name for file in files)
    assert [name for name, count in names.items() if count > 1] == []
