"""Settings: where they come from, what is refused, and what stays secret."""

import os
from pathlib import Path

import pytest

from octavo.domain.errors import InvalidSettings
from octavo.settings import Settings, load_settings, setting_names, unknown_variables, variable_of


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder and an environment without any setting."""
    for name in [name for name in os.environ if name.upper().startswith("OCTAVO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_everything_has_a_default() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.api_keys) == ("127.0.0.1", 8000, ())
    assert settings.data_dir.name == "octavo"
    assert "mistral-ocr-latest" in settings.engines.aliases


def test_a_flag_wins_over_the_environment_over_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "octavo.toml").write_text('host = "file"\nport = 1\ndocs = false\n[limits]\nmax_pages = 3\nmax_pixels = 4')
    monkeypatch.setenv("OCTAVO_HOST", "environment")
    monkeypatch.setenv("OCTAVO_PORT", "2")
    monkeypatch.setenv("OCTAVO_LIMITS__MAX_PAGES", "5")
    settings = load_settings(host="flag", port=None)
    assert (settings.host, settings.port, settings.docs) == ("flag", 2, False)
    assert (settings.limits.max_pages, settings.limits.max_pixels) == (5, 4)


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", "")
    monkeypatch.setenv("OCTAVO_PORT", "")
    assert load_settings().port == 8000


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_another_file_can_be_named(bare: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    (bare / "octavo.toml").write_text("port = 1")
    (bare / "other.toml").write_text("port = 2")
    if how == "environment":
        monkeypatch.setenv("OCTAVO_CONFIG", "other.toml")
    assert load_settings(config=Path("other.toml") if how == "flag" else None).port == 2


def test_a_named_file_must_exist() -> None:
    with pytest.raises(InvalidSettings, match=r"no file missing\.toml"):
        load_settings(config=Path("missing.toml"))


@pytest.mark.parametrize(
    "written", ["alice=one,alice=two,bob=a=b", "alice=one alice=two bob=a=b", "alice=one\nalice=two,\n bob=a=b\n"]
)
def test_keys_are_pairs_and_a_name_may_have_several(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", written)
    pairs = [(name, key.get_secret_value()) for name, key in load_settings().api_keys]
    assert pairs == [("alice", "one"), ("alice", "two"), ("bob", "a=b")]


def test_keys_may_stand_in_the_file(bare: Path) -> None:
    (bare / "octavo.toml").write_text('api_keys = ["alice=one"]')
    assert load_settings().api_keys[0][1].get_secret_value() == "one"


def test_keys_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", "alice=hunter2")
    settings = load_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize("written", ["hunter2", "=hunter2", "hunter2="])
def test_a_malformed_key_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("OCTAVO_API_KEYS", written)
    with pytest.raises(InvalidSettings, match="name=key") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("toml", "hint"),
    [
        ("prot = 1", "Did you mean `port`"),
        ("max_pages = 1", "Did you mean `limits.max_pages`"),
        ("[limits]\nmax_page = 1", "Did you mean `limits.max_pages`"),
        ("[limit]\nmax_pages = 1", "Did you mean `limits`"),
        ("[executor]\nmax_pages = 1", "Did you mean `limits.max_pages`"),
        ("wholly_different = 1", "no setting `wholly_different`"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(bare: Path, toml: str, hint: str) -> None:
    (bare / "octavo.toml").write_text(toml)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    assert hint in str(caught.value)


def test_broken_toml_names_the_file_and_the_line(bare: Path) -> None:
    (bare / "octavo.toml").write_text("port = = 1")
    with pytest.raises(InvalidSettings, match=r"octavo\.toml .*line 1"):
        load_settings()


def test_an_impossible_value_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_PORT", "70000")
    with pytest.raises(InvalidSettings, match="OCTAVO_PORT"):
        load_settings()


def test_sizes_may_have_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_LIMITS__MAX_FILE_BYTES", "3 MiB")
    assert load_settings().limits.max_file_bytes == 3 * 1024 * 1024


def test_lists_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_ALLOW_FETCH", "a.example, b.example:8080")
    assert load_settings().allow_fetch == ("a.example", "b.example:8080")


def test_the_home_folder_may_be_a_tilde() -> None:
    assert load_settings(data_dir="~/pages").data_dir == Path.home() / "pages"


def test_a_person_without_a_home_has_data_in_the_working_directory(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    assert load_settings().data_dir == bare / "octavo-data"


def test_settings_cannot_be_changed() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.limits.max_pages = 1  # type: ignore[misc]


def test_variables_that_are_no_settings_are_told_with_the_nearest_one() -> None:
    environment = {"OCTAVO_MAX_PAGES": "1", "OCTAVO_PORT": "1", "OCTAVO_LIMITS": "{}", "PATH": "", "OCTAVO_XYZZY": "1"}
    assert unknown_variables(environment) == {"OCTAVO_MAX_PAGES": "limits.max_pages", "OCTAVO_XYZZY": None}


def test_every_setting_can_be_set_by_its_variable(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    (bare / "empty.toml").write_text("")
    values = {
        "config": "empty.toml",
        "api_keys": "a=b",
        "model_type": "base",
        "docs": "false",
        "metrics": "no",
        "workbench": "no",
        "fetch_public": "no",
        "data_dir": "elsewhere",
        "engines.languages": "ar",
    }
    default = Settings().model_dump()
    for name in setting_names():
        group, _, last = name.rpartition(".")
        before = (default[group] if group else default)[last]
        monkeypatch.setenv(variable_of(name), values.get(name, str(before + 1) if isinstance(before, int) else "300"))
        after = load_settings().model_dump()
        assert (after[group] if group else after)[last] != before, name


def test_languages_are_checked_when_settings_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_ENGINES__LANGUAGES", "ar, fr")
    assert load_settings().engines.languages == ("ar", "fr")
    monkeypatch.setenv("OCTAVO_ENGINES__LANGUAGES", "klingon")
    with pytest.raises(InvalidSettings, match="klingon is no language that is known"):
        load_settings()
