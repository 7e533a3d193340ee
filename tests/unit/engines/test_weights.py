from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files

import pytest

from octavo.domain.errors import EngineFailed
from octavo.engines.sessions import open_session

FOLDER = files("octavo") / "weights"
SOURCES = tomllib.loads((FOLDER / "SOURCES.toml").read_text(encoding="utf-8"))["weights"]
MOST_BYTES = 32_000_000


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["file"])
def test_a_file_is_what_its_entry_says(source):
    assert hashlib.sha256((FOLDER / source["file"]).read_bytes()).hexdigest() == source["sha256"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["file"])
def test_an_entry_names_origin_and_a_permissive_licence(source):
    assert source["licence"] in ("Apache-2.0", "MIT", "BSD-3-Clause")
    for key in ("role", "package", "version", "source_file", "source_sha256", "origin"):
        assert source[key]
    assert source["file"] in (FOLDER / "LICENSES.md").read_text(encoding="utf-8")


def test_every_file_has_an_entry():
    shipped = {file.name for file in FOLDER.iterdir() if file.name.endswith(".onnx")}
    assert shipped == {source["file"] for source in SOURCES}


def test_the_weights_stay_small():
    assert sum(len((FOLDER / source["file"]).read_bytes()) for source in SOURCES) < MOST_BYTES


def test_missing_weights_say_what_to_do():
    with pytest.raises(EngineFailed, match=r"nothing\.onnx are missing.*Reinstall"):
        open_session("nothing.onnx")
