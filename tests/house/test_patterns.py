"""Patterns that Python 3.11.2, which Debian 12 has, would read otherwise than those after it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "octavo"
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{[^}]*\})\+")


def test_no_group_is_repeated_possessively() -> None:
    """It goes on behind a group that failed half way."""
    assert POSSESSIVE_GROUP.search(r"(?:a|bc)*+d")
    assert not POSSESSIVE_GROUP.search(r"(?:a++|bc)*d")
    found = [
        f"{file.name}: {text}"
        for file in SOURCE.rglob("*.py")
        for text in texts(file)
        if "(?" in text and POSSESSIVE_GROUP.search(text)
    ]
    assert found == []


def texts(file: Path) -> list[str]:
    """All that stands in quotes in a file."""
    values = [
        node.value for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    ]
    return [
        each if isinstance(each, str) else each.decode("latin-1") for each in values if isinstance(each, str | bytes)
    ]
