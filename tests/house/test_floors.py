"""Imports only point down, and what must be light is light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_import_contracts_are_kept() -> None:
    # As a process of its own, for it silences every logger that it finds.
    program = "from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", program, "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_plug_ins_are_protected_as_soon_as_they_are_there() -> None:
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    protected = contracts.partition('name = "Only bootstrap names a concrete plug-in"')[2].partition("allowed")[0]
    for room in ("engines", "executors", "storage", "database"):
        assert not (ROOT / "src" / "octavo" / room).exists() or f'"octavo.{room}"' in protected


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("octavo", ["onnxruntime", "fastapi", "cv2", "numpy", "pydantic", "octavo.library"]),
        ("octavo.library", ["onnxruntime", "fastapi", "cv2", "PIL", "httpx"]),
        ("octavo.bootstrap", ["onnxruntime", "fastapi", "cv2", "pydantic", "httpx"]),
        ("octavo.cli.main", ["onnxruntime", "fastapi", "cv2", "pydantic", "httpx", "uvicorn"]),
        ("octavo.executors.worker", ["onnxruntime", "fastapi", "cv2", "pydantic", "httpx"]),
        ("octavo.domain.ports", ["onnxruntime", "fastapi", "cv2", "pydantic", "PIL", "httpx"]),
    ],
)
def test_importing_it_loads_nothing_heavy(module: str, heavy: list[str]) -> None:
    program = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
