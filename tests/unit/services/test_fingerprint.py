"""The fingerprint of what reads changes with everything that may change a page, and with nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import octavo
from octavo.engines.registry import GROUP
from octavo.engines.tesseract_data import language_files
from octavo.services.fingerprint import LIBRARIES, READING, reading_fingerprint
from octavo.services.shipped_files import shipped_files

PACKAGE = Path(octavo.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of our own code, without the bytes of what ships with it."""
    copy = tmp_path / "octavo"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.onnx", "*.ttf", "*.words", "__pycache__"))
    for each in shipped_files():
        (copy / each.file).write_bytes(each.sha256.encode())
    return copy


def told(package: Path, model: str = "octavo-1") -> str:
    return reading_fingerprint(package, model, GROUP)


@pytest.mark.parametrize(
    "file",
    [
        "documents/pdf/text.py",
        "structure/equations/__init__.py",
        "pipeline/page.py",
        "engines/fake.py",
        "domain/block.py",
        "bootstrap.py",
        "weights/page_layout.onnx",
        "weights/text_recognition.onnx",
        "fonts/wqy-microhei.ttf",
        "words/fr.words",
    ],
)
def test_it_changes_with_code_that_reads_and_with_models(package: Path, file: str) -> None:
    before = told(package)
    content = (package / file).read_bytes()
    (package / file).write_bytes(content + b"\n")
    assert told(package) != before
    (package / file).write_bytes(content)
    assert told(package) == before
    (package / file).unlink()
    assert told(package) != before


@pytest.mark.parametrize("file", ["api/app.py", "services/pages.py", "cli/main.py", "weights/LICENSES.md", "py.typed"])
def test_it_does_not_change_with_what_never_sees_a_page(package: Path, file: str) -> None:
    before = told(package)
    (package / file).write_text("something else", encoding="utf-8")
    assert told(package) == before


def test_it_changes_with_a_file_that_comes_or_takes_another_name(package: Path) -> None:
    before = told(package)
    new = package / "structure" / "new.py"
    new.write_text("")
    with_new = told(package)
    new.rename(package / "structure" / "newer.py")
    assert len({before, with_new, told(package)}) == 3


def test_it_does_not_depend_on_where_the_code_lies_or_was_compiled(package: Path, tmp_path: Path) -> None:
    before = told(package)
    (package / "domain" / "__pycache__").mkdir()
    (package / "domain" / "__pycache__" / "block.pyc").write_bytes(b"compiled")
    package.rename(tmp_path / "elsewhere")
    assert told(tmp_path / "elsewhere") == before


def test_all_that_it_names_is_there() -> None:
    assert [name for name in READING if not (PACKAGE / name).exists()] == []
    names = ["numpy", "onnxruntime", "opencv-python-headless", "pillow", "pypdfium2"]
    assert [name for name in names if name not in LIBRARIES] == []


def installed(folder: Path, name: str, version: str, entry_points: str = "") -> None:
    """A distribution as an installer would have left it."""
    shutil.rmtree(folder, ignore_errors=True)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(entry_points)


def test_it_changes_with_the_versions_of_libraries(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path / "installed")
    seen = {reading_fingerprint(package, "octavo-1", GROUP, ["decodes-all"])}
    for version in ("1.0", "1.1"):
        installed(tmp_path / "installed", "decodes_all", version)
        seen.add(reading_fingerprint(package, "octavo-1", GROUP, ["decodes-all"]))
    assert len(seen) == 3


def test_it_changes_with_the_version_of_a_package_that_brings_the_model(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path / "installed")
    ours, seen = told(package), {told(package, "theirs")}
    for version in ("1.0", "1.1"):
        installed(tmp_path / "installed", "their_model", version, "[octavo.engines]\ntheirs = their_model:make\n")
        seen.add(told(package, "theirs"))
    assert len(seen) == 3
    assert told(package) == ours


WORKED_OUT = """
from octavo.bootstrap import build_local
from octavo.settings import Settings
print(build_local(Settings(), inline=True).ocr.reader.fingerprint())
"""


def test_every_process_works_out_the_same() -> None:
    found = {
        subprocess.run([sys.executable, "-c", WORKED_OUT], check=True, stdout=subprocess.PIPE).stdout for _ in "12"
    }
    ours = reading_fingerprint(PACKAGE, "octavo-1", GROUP, installed=language_files())
    assert found == {ours.encode() + b"\n"}


def test_language_data_that_are_installed_count() -> None:
    assert reading_fingerprint(PACKAGE, "octavo-1", GROUP, installed=["ara"]) != told(PACKAGE)
