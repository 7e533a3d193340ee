"""Who does the work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octavo.cli.batch_place import find_place
from octavo.database.lock import DATABASE, FolderLock
from octavo.domain.errors import InvalidSettings
from octavo.settings import Settings, load_settings


@pytest.fixture
def settings(bare: Path) -> Settings:
    (bare.parent / "data").mkdir()
    return load_settings()


def test_nobody_holds_the_folder_so_this_program_works(settings: Settings) -> None:
    place = find_place(settings, base_url=None, api_key=None)
    assert (place.url, place.key) == (None, None)


def test_a_server_that_holds_the_folder_works(settings: Settings) -> None:
    lock = FolderLock(settings.data_dir / DATABASE)
    lock.tell("http://127.0.0.1:1234")
    try:
        assert find_place(settings, base_url=None, api_key=None).url == "http://127.0.0.1:1234"
    finally:
        lock.close()
    assert find_place(settings, base_url=None, api_key=None).url is None


def test_one_who_holds_the_folder_and_does_not_answer_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octavo.cli.batch_place._PATIENCE", 0.0)
    lock = FolderLock(settings.data_dir / DATABASE)
    try:
        with pytest.raises(InvalidSettings, match=f"Process {os.getpid()} works on the data folder"):
            find_place(settings, base_url=None, api_key=None)
    finally:
        lock.close()


def test_the_first_key_of_the_settings_is_shown_unless_another_is_given(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", "alice=one,bob=two")
    settings = load_settings()
    assert find_place(settings, base_url=None, api_key=None).key == "one"
    assert find_place(settings, base_url=None, api_key="two").key == "two"


def test_a_server_that_is_named_is_taken_and_not_shown_the_keys_of_the_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", "alice=one")
    place = find_place(load_settings(), base_url="https://example.org/ocr/v1/", api_key=None)
    assert (place.url, place.key) == ("https://example.org/ocr", None)
    with pytest.raises(InvalidSettings, match="--base-url takes the address"):
        find_place(settings, base_url="example.org", api_key=None)
