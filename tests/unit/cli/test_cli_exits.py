"""Exit codes: one for every error, each with its meaning."""

from __future__ import annotations

import pytest
from octavo_program import Octavo

from octavo import __version__
from octavo.cli.exits import EXIT_CODES, MEANINGS, error_classes, exit_code, exit_code_of_page
from octavo.domain import errors


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_with_a_meaning(kind: type[errors.OctavoError]) -> None:
    assert exit_code(kind) in MEANINGS
    assert exit_code_of_page(kind.code) == exit_code(kind)


def test_every_code_of_the_table_has_a_meaning() -> None:
    assert set(EXIT_CODES.values()) <= set(MEANINGS)


def test_a_child_has_the_code_of_its_nearest_parent() -> None:
    assert exit_code(errors.EngineTimeout) == exit_code(errors.EngineError) == 7
    assert exit_code(errors.EncryptedDocument) == 4
    assert exit_code(errors.CorruptDocument) == 3


def test_a_page_with_an_unknown_code_is_a_breakdown() -> None:
    assert exit_code_of_page("something_new") == 1


def test_help_lists_commands_and_exit_codes(octavo: Octavo) -> None:
    ended = octavo("--help")
    assert ended.code == 0
    assert all(name in ended.out for name in ("serve", "ocr", "models", "doctor"))
    assert all(meaning[:40] in ended.out for meaning in MEANINGS.values())


def test_the_version_is_printed(octavo: Octavo) -> None:
    ended = octavo("--version")
    assert (ended.code, ended.out) == (0, f"octavo {__version__}\n")


def test_an_unknown_command_is_a_usage_error(octavo: Octavo) -> None:
    assert octavo("sevre").code == 2
