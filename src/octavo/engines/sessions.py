"""Opens the weights that ship with Octavo: one way for every model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from weakref import WeakValueDictionary

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from octavo.domain.errors import EngineFailed
from octavo.engines.whole_numbers import PROBE, PROBED, unsigned

_ERRORS_ONLY = 3
_OPEN: WeakValueDictionary[str, ort.InferenceSession] = WeakValueDictionary()
_OPENING = threading.Lock()


def open_session(file: str) -> ort.InferenceSession:
    """The session on one file of `octavo/weights`, computing in float32 (and in bytes) on the calling thread alone.

    Whoever asks for the same file has the same session, for as long as somebody holds it.

    One thread per session keeps sums in one order, so a result never depends on how many threads read; threads come
    from calling the session for several lines at once, which is safe.

    Raises:
        EngineFailed: the file is missing or damaged.
    """
    with _OPENING:
        session = _OPEN.get(file)
        if session is None:
            session = _OPEN[file] = _opened(file)
    return session


def _opened(file: str) -> ort.InferenceSession:
    ort.disable_telemetry_events()
    _share_memory()
    resource = files("octavo") / "weights" / file
    if not resource.is_file():
        raise EngineFailed(f"The weights {file} are missing from this installation. Reinstall Octavo.")
    try:
        data = resource.read_bytes()
        return _session(data if _sums_hold() else unsigned(data))
    except Exception as error:  # onnxruntime's classes share no base but Exception
        raise EngineFailed(f"The weights {file} cannot be opened ({error}). Reinstall Octavo.") from error


def giving_back() -> ort.RunOptions:
    """For a run after which the pool of memory gives back to the system what no network uses."""
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def outputs_of(session: ort.InferenceSession, values: NDArray[np.float32]) -> list[Callable[[], NDArray[np.float32]]]:
    """What a network with one input makes of `values`; each output is copied only when it is asked for."""
    made = session.run_with_ort_values(None, {session.get_inputs()[0].name: ort.OrtValue.ortvalue_from_numpy(values)})
    return [each.numpy for each in made]


def _session(data: bytes) -> ort.InferenceSession:
    return ort.InferenceSession(data, _options(), providers=["CPUExecutionProvider"])


@cache
def _sums_hold() -> bool:
    """Whether this processor adds up products of signed bytes without cutting off pairs, as those before VNNI do."""
    session = _session(PROBE)
    made = session.run(None, {session.get_inputs()[0].name: np.ones((1, 4), np.float32)})[0]
    return bool(np.allclose(made, PROBED, rtol=0.02))


@cache
def _share_memory() -> None:
    """One pool of memory for all networks of this process; each alone would keep the most that it ever needed."""
    kind = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
    ort.create_and_register_allocator(kind, None)


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _ERRORS_ONLY
    # Every line of text has a width of its own: plans of memory per shape would only pile up.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.use_env_allocators", "1")
    # Weights stay as long as the process: among what comes and goes they would keep whole pieces of the pool in use.
    options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options
