"""The workbench needs nothing but its server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from quiet_chromium import PROGRAM

ALONE = ("unshare", "--map-root-user", "--net")


@pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed: run `sh scripts/test-programs`")
@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not installed")
def test_the_sample_is_read_where_the_network_is_cut(tmp_path: Path) -> None:
    walk = [sys.executable, str(Path(__file__).parent / "walk_without_network.py"), str(tmp_path)]
    told = subprocess.run([*ALONE, *walk], capture_output=True, text=True, check=False)
    assert json.loads(told.stdout or "null") == ["A Year on the Gravel Banks", 17], told.stderr
