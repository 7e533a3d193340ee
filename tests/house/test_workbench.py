"""The workbench: its types, its sentences, its libraries, and the size of what is written here."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "octavo" / "web"
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
OURS = sorted(file for file in STATIC.rglob("*.js") if VENDOR not in file.parents)
MOST_LINES = 400
PERMISSIVE = {"MIT", "Apache-2.0", "BSD-3-Clause", "(MPL-2.0 OR Apache-2.0)"}


def test_its_types_fit() -> None:
    compiler = ROOT / ".venvs" / "npm-types" / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        pytest.skip("typescript is not installed: run `sh scripts/client-envs npm-types`")
    told = subprocess.run([compiler, "-p", WEB], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.relative_to(STATIC).as_posix())
def test_scripts_are_small_and_say_what_they_are(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("// ")
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.relative_to(STATIC).as_posix())
def test_no_text_becomes_markup_behind_the_sanitizer_s_back(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(
        r"\.innerHTML|outerHTML\s*=|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\b", text
    )


def sentences(language: str) -> dict[str, str]:
    """Those that every view has, and those of one view."""
    files = sorted((STATIC / "words").rglob(f"{language}.js"))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return {
        plain or quoted: value
        for plain, quoted, value in re.findall(r'^  (?:(\w+)|"([^"]+)"):\s+"(.*)",$', text, re.MULTILINE)
    }


def test_both_languages_say_the_same_things() -> None:
    english, french = sentences("en"), sentences("fr")
    assert english.keys() == french.keys()
    assert {key for key in english if holes(english[key]) != holes(french[key])} == set()


def test_french_signs_stay_with_their_words() -> None:
    """Before them French has a blank, at which no line may be broken."""
    assert {key for key, text in sentences("fr").items() if re.search(r" [:;?!%»]|« ", text)} == set()


def holes(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


def test_every_sentence_that_is_asked_for_is_there() -> None:
    asked = {key for file in OURS for key in re.findall(r'\bt\("([^"]+)"', file.read_text(encoding="utf-8"))}
    assert len(asked) > 50
    assert asked - sentences("en").keys() == set()


def test_the_page_has_no_script_or_style_within() -> None:
    text = (STATIC / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"https?://", text)


def test_libraries_are_those_that_are_listed() -> None:
    listed = tomllib.loads((VENDOR / "SOURCES.toml").read_text(encoding="utf-8"))["library"]
    found = {file.name for file in VENDOR.iterdir() if not file.name.endswith((".d.ts", ".toml", ".txt"))}
    assert {each["file"] for each in listed} == found
    for each in listed:
        assert hashlib.sha256((VENDOR / each["file"]).read_bytes()).hexdigest() == each["sha256"]
        assert each["licence"] in PERMISSIVE


def test_licences_of_the_libraries_travel_with_them() -> None:
    listed = tomllib.loads((VENDOR / "SOURCES.toml").read_text(encoding="utf-8"))["library"]
    licences = (VENDOR / "LICENCES.txt").read_text(encoding="utf-8")
    assert all(f"{each['package']} {each['version']} (" in licences for each in listed)
