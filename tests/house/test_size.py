"""The size budget, without exceptions: what is small can be read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "octavo"
FILES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 400
MOST_FUNCTION_LINES = 50
MOST_BOOTSTRAP_LINES = 300
MOST_CHECKOUT_BYTES = 50_000_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_files_and_functions_are_small(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = {node.name: lines_of(node) - lines_of_docstring(node) for node in functions}
    assert {name: size for name, size in sizes.items() if size > MOST_FUNCTION_LINES} == {}


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def lines_of_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """What is told of a function does not count against it."""
    return lines_of(node.body[0]) if ast.get_docstring(node) is not None else 0


def test_the_wiring_stays_one_page() -> None:
    assert len((SOURCE / "bootstrap.py").read_text(encoding="utf-8").splitlines()) <= MOST_BOOTSTRAP_LINES


def test_what_is_checked_in_stays_light() -> None:
    kept = [SOURCE, ROOT / "tests", ROOT / "docs", ROOT / "scripts"]
    files = [
        file for folder in kept for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    ]
    assert sum(file.stat().st_size for file in files) < MOST_CHECKOUT_BYTES


def test_there_is_no_room_for_odds_and_ends() -> None:
    assert [file.name for file in FILES if file.stem in {"utils", "helpers", "common", "base", "misc", "manager"}] == []
