"""What the code offers is documented, and what is documented works."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import octavo
from octavo.api.errors import FAULTS
from octavo.cli.exits import EXIT_CODES, MEANINGS, error_classes
from octavo.cli.main import app
from octavo.domain import errors
from octavo.settings import Settings, setting_names, variable_of
from papers import text_pdf

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
ERRORS = [kind for kind in error_classes() if kind.__module__ == errors.__name__]
LEAVES = [kind for kind in ERRORS if not set(kind.__subclasses__()) & set(ERRORS)]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_generated_pages_are_fresh() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr


def test_every_setting_is_described_and_documented() -> None:
    documented = page("configuration.md")
    for name in setting_names():
        group, _, last = name.rpartition(".")
        owner = Settings.model_fields[group].annotation if group else Settings
        assert owner is not None
        assert owner.model_fields[last].description, name  # type: ignore[attr-defined]
        assert f"| `{name}` | `{variable_of(name)}` |" in documented


def test_every_variable_that_is_named_anywhere_exists() -> None:
    known = {variable_of(name) for name in setting_names()} | {"OCTAVO_", "OCTAVO_SERVICE_HOST", "OCTAVO_API_KEY"}
    files = [*PAGES, *(ROOT / "src").rglob("*.py"), *(ROOT / "scripts").glob("*")]
    for file in files:
        named = set(re.findall(r"OCTAVO_[A-Z_]*", file.read_text(encoding="utf-8"))) if file.is_file() else set()
        assert named <= known, file


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_every_error_has_an_answer_an_exit_code_and_a_paragraph(kind: type[errors.OctavoError]) -> None:
    own = [parent for parent in kind.__mro__ if parent is not errors.OctavoError]
    assert any(parent in FAULTS for parent in own)
    assert any(parent in EXIT_CODES for parent in own)
    assert f"### {kind.__name__}\n" in page("errors.md")


def test_every_error_is_in_the_tree_on_top_of_its_file() -> None:
    assert errors.__doc__ is not None
    assert all(re.search(rf"\b{kind.__name__}\b", errors.__doc__) for kind in ERRORS)
    codes = [kind.code for kind in ERRORS]
    assert len(codes) == len(set(codes))


def test_every_command_option_and_exit_code_is_documented() -> None:
    documented = page("cli.md")
    for name, command in every_command(typer.main.get_command(app), "octavo"):
        assert f"### {name}\n" in documented
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("-")]
        assert [option for option in options if f"`{option}`" not in documented] == []
    assert all(f"| {code} | {meaning} |" in documented for code, meaning in MEANINGS.items())


def every_command(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Commands and those of groups, with all that is typed for them."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_everything_public_says_what_it_is() -> None:
    assert octavo.__all__ == ["Octavo", "__version__"]
    members = [member for name, member in vars(octavo.Octavo).items() if not name.startswith("_")]
    assert all(inspect.getdoc(member) for member in members)


def links() -> list[tuple[str, str]]:
    """Every link of every page to another file of the checkout."""
    found = [(file, target) for file in PAGES for target in re.findall(r"\]\(([^)#\s]+)", file.read_text("utf-8"))]
    return [(file.relative_to(ROOT).as_posix(), target) for file, target in found if "://" not in target]


@pytest.mark.parametrize(("file", "target"), links())
def test_links_lead_somewhere(file: str, target: str) -> None:
    assert ((ROOT / file).parent / target).exists()


def snippets() -> list[str]:
    """The Python programs of the README that need nothing but Octavo."""
    found = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return [snippet for snippet in found if "from octavo import" in snippet]


@pytest.mark.parametrize("snippet", snippets())
def test_python_in_the_readme_runs(snippet: str, tmp_path: Path) -> None:
    for name in re.findall(r'"([^"/]+\.pdf)"', snippet):
        text_pdf(tmp_path / name, [["A title", "and its text"]])
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OCTAVO_")}
    told = subprocess.run(
        [sys.executable, "-c", snippet], cwd=tmp_path, env=bare, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "A title" in told.stdout


def test_commands_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shell = "\n".join(re.findall(r"```(?:sh|bash|console)\n(.*?)```", readme, re.DOTALL))
    for script in re.findall(r"\bscripts/[\w.-]+", shell):
        assert os.access(ROOT / script, os.X_OK), script
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"\boctavo (\w+)", shell)) <= known
