"""However a document is spoiled, its first page is read, or refused as a document is: nothing crashes, nothing hangs.

The long form, `FUZZ_EXAMPLES=20000 pytest tests/properties/test_mutated_documents.py`, tries so many of each
kind, other ones each time.
"""

import hashlib
import json
import os
import select
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mutants import KINDS, changes, documents, spoiled

LONG_FORM = os.environ.get("FUZZ_EXAMPLES")
EXAMPLES = int(LONG_FORM or 300)
HANGS_AFTER = 60
READER = Path(__file__).with_name("first_pages.py")


class Reader:
    """The process that reads; a new one takes the place of one that died."""

    def __init__(self):
        self._process = None

    def read(self, data):
        """What became of the document, as `first_pages.py` tells it; how the process died, when it did."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, str(READER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        try:
            self._process.stdin.write(struct.pack(">I", len(data)) + data)
            self._process.stdin.flush()
            ready, _, _ = select.select([self._process.stdout], [], [], HANGS_AFTER)
            line = self._process.stdout.readline() if ready else b""
        except BrokenPipeError:
            line = b""
        return json.loads(line) if line else {"broke": f"the process hung or died with {self.close()}"}

    def close(self):
        """End the process; its exit status."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.stdin.close() if process.poll() is None else None
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()
        return process.wait()


@pytest.fixture(scope="module")
def reader():
    process = Reader()
    yield process
    process.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_to_be_spoiled_are_sound(reader, kind):
    assert [list(reader.read(data)) for data in documents(kind)] == [["page"]] * len(documents(kind))


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=not LONG_FORM,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(choice=st.integers(0, 99), spoilers=st.lists(changes, min_size=1, max_size=6))
def test_a_spoiled_document_is_a_page_or_a_typed_error(reader, kind, choice, spoilers):
    sound = documents(kind)
    data = spoiled(sound[choice % len(sound)], spoilers)
    found = reader.read(data)
    assert "broke" not in found, f"{found['broke']}\nThe document is kept as {kept(data)}"


def kept(data):
    """Where the bytes of a failing case lie."""
    path = Path(tempfile.gettempdir()) / f"octavo-mutant-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path
