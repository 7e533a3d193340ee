from __future__ import annotations

from importlib.resources import files

import numpy as np
import onnxruntime as ort
import pytest

from octavo.engines.sessions import open_session, outputs_of
from octavo.engines.whole_numbers import unsigned

FILES = ["text_recognition_quick.onnx", "text_recognition.onnx"]
LINE = np.random.default_rng(7).uniform(-1, 1, (1, 3, 48, 320)).astype(np.float32)


def weights(file: str) -> bytes:
    return (files("octavo") / "weights" / file).read_bytes()


@pytest.mark.parametrize("file", FILES)
def test_unsigned_weights_say_the_same(file):
    signed = outputs_of(open_session(file), LINE)
    shifted = outputs_of(ort.InferenceSession(unsigned(weights(file)), providers=["CPUExecutionProvider"]), LINE)
    for before, after in zip(signed, shifted, strict=True):
        np.testing.assert_allclose(before(), after(), atol=1e-4)


@pytest.mark.parametrize("file", FILES)
def test_unsigned_weights_are_other_bytes(file):
    model = weights(file)
    shifted = unsigned(model)
    assert len(shifted) == len(model)
    assert sum(a != b for a, b in zip(model, shifted, strict=True)) > len(model) // 4


def test_models_without_products_of_bytes_stay_as_they_are():
    model = weights("page_layout.onnx")
    assert unsigned(model) == model
