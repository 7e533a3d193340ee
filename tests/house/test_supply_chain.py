"""What `pip install octavo` brings, and what our own code never does with what it is given."""

from __future__ import annotations

import ast
import importlib.metadata
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import octavo

ROOT = Path(__file__).parents[2]
SOURCE = Path(octavo.__file__).parent
VIRAL = re.compile(r"\b(A?GPL|Affero|GNU General Public|RAIL|SSPL|non-?commercial)\b", re.IGNORECASE)


def required(name: str, found: dict[str, str]) -> dict[str, str]:
    """Licences by package: of `name`, and of all that it needs on this system without extras."""
    if name.lower() in found:
        return found
    package = importlib.metadata.distribution(name)
    told = [package.metadata[field] or "" for field in ("License-Expression", "License")]
    told += [line for line in package.metadata.get_all("Classifier") or [] if line.startswith("License")]
    found[name.lower()] = " ".join(line.strip().splitlines()[0] for line in told if line.strip())
    for line in package.requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            required(requirement.name, found)
    return found


def test_the_default_install_brings_permissive_licences_only() -> None:
    licences = required("octavo", {})
    assert {"fastapi", "onnxruntime", "pypdfium2", "pillow"} <= licences.keys()
    assert all(licences.values()), licences
    assert {name: licence for name, licence in licences.items() if VIRAL.search(licence)} == {}


@pytest.mark.parametrize("file", ["constraints.txt", "constraints-dev.txt"])
def test_pins_come_from_no_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert [line for line in lines if re.search(r"://|\bgit\+| @ |^-", line.replace("--hash=", ""))] == []


def test_weights_are_of_a_kind_that_runs_nothing() -> None:
    kinds = {file.suffix for file in (SOURCE / "weights").iterdir() if file.is_file()}
    assert kinds == {".onnx", ".toml", ".md"}


def test_pickles_are_opened_where_they_are_guarded_alone() -> None:
    users = {file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*.py") if "pickle.loads" in called(file)}
    assert users == {"executors/messages.py"}  # commands, from the server to its worker
    subclasses = [file.name for file in SOURCE.rglob("*.py") if "pickle.Unpickler" in file.read_text(encoding="utf-8")]
    assert subclasses == ["portable.py"]


def test_nothing_is_evaluated_or_given_to_a_shell() -> None:
    forbidden = {
        "eval",
        "exec",
        "os.system",
        "os.popen",
        "subprocess.getoutput",
        "np.load",
        "pickle.load",
        "marshal.loads",
    }
    assert {file.name: called(file) & forbidden for file in SOURCE.rglob("*.py") if called(file) & forbidden} == {}
    assert [file.name for file in SOURCE.rglob("*.py") if "shell=True" in file.read_text(encoding="utf-8")] == []


def called(file: Path) -> set[str]:
    """Everything that the file calls, as it is written there."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
