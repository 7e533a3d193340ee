"""The runtime of the models reports nothing and keeps no number for the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FIRST = ["import octavo, onnxruntime", "from octavo.engines import sessions"]


@pytest.mark.parametrize("first", FIRST)
def test_the_model_runtime_leaves_nothing_in_the_home_folder(tmp_path: Path, first: str) -> None:
    """Where it reports, it keeps a queue and a number there. It spares test servers, hence the bare environment."""
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    code = f"{first}; from octavo.engines.sessions import open_session; open_session('page_layout.onnx')"
    told = subprocess.run([sys.executable, "-c", code], env=home, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []
