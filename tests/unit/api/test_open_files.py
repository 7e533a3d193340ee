"""How many files a server may open."""

from __future__ import annotations

import subprocess
import sys

import pytest

from octavo.api.open_files import connections_for


@pytest.mark.parametrize(
    ("files", "most", "connections"), [(1024, 4096, 256), (20_000, 4096, 4096), (20_000, 10_000, 6581), (100, 4096, 16)]
)
def test_connections_leave_files_for_documents(files: int, most: int, connections: int) -> None:
    assert connections_for(files, most) == connections


RAISE = """
import resource
from octavo.api.open_files import allow_open_files
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (300, min(hard, {hard})))
told = allow_open_files()
print(told, *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize("hard", [1000, 300])
def test_what_is_allowed_is_raised_as_far_as_it_may_be(hard: int) -> None:
    ended = subprocess.run([sys.executable, "-c", RAISE.format(hard=hard)], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == [str(hard)] * 3
