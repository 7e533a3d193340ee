"""`octavo models` and `octavo doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest
from octavo_program import Octavo

from octavo.services import shipped_files as shipped
from octavo.services.shipped_files import is_intact, shipped_files


def test_models_names_the_model_and_its_aliases(octavo: Octavo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_ENGINES__MODEL", "octavo-1")
    ended = octavo("models")
    assert ended.code == 0
    assert ended.out.startswith("octavo-1 ")
    assert "mistral-ocr-latest" in ended.out
    assert "fake" not in ended.out


def test_licences_names_origin_licence_and_sha256_of_every_file(octavo: Octavo) -> None:
    out = octavo("models", "--licences").out
    for each in shipped_files():
        assert all(word in out for word in (each.file, each.licence, each.package, each.version, each.sha256))


def test_all_weights_fonts_and_word_lists_are_intact_and_told() -> None:
    told = {each.file for each in shipped_files()}
    there = {f"{kind}/{file.name}" for kind in shipped.KINDS for file in (shipped.FOLDER / kind).iterdir()}
    assert told == {file for file in there if file.endswith((".onnx", ".ttf", ".words"))}
    assert all(is_intact(each) for each in shipped_files())


@pytest.mark.parametrize("kind", shipped.KINDS)
def test_what_changed_is_not_intact(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(each for each in shipped_files() if each.file.startswith(kind))
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    assert not is_intact(first)
    (tmp_path / kind).mkdir()
    (tmp_path / first.file).write_bytes(b"something else")
    assert not is_intact(first)


def test_doctor_finds_nothing_wrong(octavo: Octavo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_ENGINES__MODEL", "octavo-1")
    ended = octavo("doctor")
    assert ended.code == 0, ended.out
    assert "wrong" not in ended.out
    assert all(
        word in ended.out
        for word in (
            "Python 3",
            "onnxruntime",
            "sha256",
            "CPUs",
            "GiB free",
            "loads the model octavo-1 in",
            "Workers: ",
            "Tesseract",
        )
    )


def test_doctor_tells_what_is_broken_and_what_to_do(octavo: Octavo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTAVO_ENGINES__MODEL", "no-such-model")
    monkeypatch.setenv("OCTAVO_MAX_PAGES", "3")
    monkeypatch.setattr("octavo.cli.admin.LIBRARIES", {"something-absent": "something_absent"})
    ended = octavo("doctor")
    assert ended.code == 1
    assert "wrong something-absent" in ended.out
    assert "OCTAVO_ENGINES__MODEL" in ended.out
    assert "OCTAVO_MAX_PAGES is no setting" in ended.out
    assert "limits.max_pages" in ended.out
