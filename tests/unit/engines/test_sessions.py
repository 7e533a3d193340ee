"""Weights are opened once, and what a large page took of the networks' memory goes back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from octavo.domain.errors import EngineFailed
from octavo.engines.sessions import open_session

LARGE_PAGE = """
import os
import numpy as np
from octavo.engines.crew import Crew
from octavo.engines.text_detection import Detection, TextDetector
from octavo.executors.share import Allowance
from octavo.executors.system import resident_memory

detector = TextDetector(Crew(Allowance(1)), Detection(small=1e3, enough=1e5))
page = np.full((1400, 1400, 3), 255, np.uint8)
page[20:1380:40] = 0
held = []
for _ in range(2):
    detector._look(page, detector.scale(page))
    held.append(resident_memory(os.getpid()))
    detector.detect(page)
    held.append(resident_memory(os.getpid()))
print(*(number // 2**20 for number in held))
"""


def test_who_asks_for_the_same_weights_has_the_same_session() -> None:
    one = open_session("line_script.onnx")
    assert open_session("line_script.onnx") is one


def test_missing_weights_are_told() -> None:
    with pytest.raises(EngineFailed, match=r"nothing\.onnx are missing"):
        open_session("nothing.onnx")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep memory in their own ways")
def test_a_page_that_is_looked_at_closely_leaves_no_more_memory_behind_than_others() -> None:
    told = subprocess.run([sys.executable, "-c", LARGE_PAGE], check=True, capture_output=True, text=True).stdout
    first, closely, again, closely_again = map(int, told.split())
    assert closely <= first
    assert closely_again <= again
