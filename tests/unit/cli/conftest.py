"""The program in this process, with the fake engine unless a test says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from octavo_program import Ended, Octavo


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no setting but the engine and the place of data."""
    for name in [name for name in os.environ if name.upper().startswith("OCTAVO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OCTAVO_ENGINES__MODEL", "octavo-fake")
    monkeypatch.setenv("OCTAVO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def octavo(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Octavo:
    """Runs `octavo ARGUMENTS`."""
    from octavo.cli.main import run

    def call(*arguments: str | Path) -> Ended:
        monkeypatch.setattr("sys.argv", ["octavo", *map(str, arguments)])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        out, err = capfdbinary.readouterr()
        return Ended(int(ended.value.code or 0), out.decode(), err.decode())

    return call
