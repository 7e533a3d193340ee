"""Models by name: built in, or declared by other packages."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from octavo.bootstrap import BUILT_IN
from octavo.domain.errors import EngineNotInstalled
from octavo.engines.fake import FakeEngine
from octavo.engines.registry import load_engine


@pytest.fixture
def another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution that declares three engines, as it lies in an environment."""
    folder = tmp_path / "another-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: another\nVersion: 1.0\n")
    engines = {"another-1": "make", "gone-1": "gone", "octavo-fake": "make"}
    lines = [f"{name} = another_engine:{factory}" for name, factory in engines.items()]
    (folder / "entry_points.txt").write_text("\n".join(["[octavo.engines]", *lines]))
    (tmp_path / "another_engine.py").write_text("def make(share):\n    return 'another'\n")
    monkeypatch.syspath_prepend(tmp_path)


def test_built_in_models_are_there() -> None:
    assert load_engine("octavo-fake", BUILT_IN) is FakeEngine
    assert set(BUILT_IN) == {"octavo-1", "octavo-fake", "tesseract"}


@pytest.mark.usefixtures("another_package")
def test_other_packages_bring_engines_but_replace_none() -> None:
    assert metadata.version("another") == "1.0"
    assert load_engine("another-1", BUILT_IN)(None) == "another"  # type: ignore[arg-type, comparison-overlap]
    assert load_engine("octavo-fake", BUILT_IN) is FakeEngine


@pytest.mark.usefixtures("another_package")
def test_an_engine_that_cannot_be_imported_is_told() -> None:
    with pytest.raises(EngineNotInstalled, match="gone-1 cannot be loaded"):
        load_engine("gone-1", BUILT_IN)


def test_an_unknown_model_names_those_that_are_there() -> None:
    with pytest.raises(EngineNotInstalled, match="octavo-1, octavo-fake"):
        load_engine("nonsense", BUILT_IN)
