from __future__ import annotations

import ast
from pathlib import Path

import octavo

SOURCE = Path(octavo.__file__).parent
RUNTIMES = {"onnxruntime", "cv2"}


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_model_runtimes_are_imported_by_engines_alone():
    users = {file.relative_to(SOURCE).parts[0] for file in SOURCE.rglob("*.py") if imported(file) & RUNTIMES}
    assert users == {"engines"}


def test_sessions_are_opened_in_one_place():
    users = [file.name for file in SOURCE.rglob("*.py") if "onnxruntime" in imported(file)]
    assert users == ["sessions.py"]
