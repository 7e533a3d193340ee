import errno
import inspect

import pytest

from octavo.domain import errors
from octavo.domain.errors import (
    CorruptDocument,
    EngineFailed,
    EngineNotInstalled,
    EngineTimeout,
    NoWorker,
    OctavoError,
    OutOfSpace,
    ShuttingDown,
    WorkerEvicted,
    WorkerLost,
)
from octavo.executors.failures import (
    closing,
    died,
    error_of,
    failure_of,
    never_warm,
    overran,
    start_failure,
    too_large,
    too_large_together,
)
from octavo.executors.messages import Failure

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, OctavoError)]


class TornPage(CorruptDocument):
    """An error that only a plug-in knows."""


def throw(error: Exception) -> None:
    raise error


def raised(error: Exception) -> Exception:
    """The error with a traceback."""
    try:
        throw(error)
    except Exception as caught:  # noqa: BLE001 - any
        return caught


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_of_ours_comes_back_as_itself(kind: type[OctavoError]) -> None:
    error = error_of(failure_of(kind("What is wrong. What to do.")))
    assert (type(error), str(error)) == (kind, "What is wrong. What to do.")


def test_an_error_that_only_a_plug_in_knows_comes_back_as_the_nearest() -> None:
    assert type(error_of(failure_of(TornPage("Torn.")))) is CorruptDocument


def test_a_foreign_error_tells_where_but_not_what() -> None:
    failure = failure_of(raised(KeyError("a word of the document")))
    assert "word of the document" not in failure.message + failure.detail
    assert "KeyError" in failure.message
    assert "test_failures.py" in failure.detail
    assert "in throw" in failure.detail
    assert type(error_of(failure)) is EngineFailed


def test_the_cause_of_a_foreign_error_is_told_too() -> None:
    try:
        try:
            throw(IndexError("secret"))
        except IndexError as cause:
            raise RuntimeError("secret") from cause
    except RuntimeError as error:
        detail = failure_of(error).detail
    assert detail.startswith("RuntimeError at ")
    assert "caused by IndexError at " in detail
    assert "secret" not in detail


def test_a_failed_start_tells_what_is_missing() -> None:
    missing = error_of(start_failure(raised(EngineNotInstalled("layout.onnx is missing."))))
    assert type(missing) is NoWorker
    assert "layout.onnx is missing." in str(missing)
    assert "FileNotFoundError: no such file" in str(error_of(start_failure(raised(FileNotFoundError("no such file")))))


@pytest.mark.parametrize("kind", ["OctavoError.__init__", "annotations", "Nothing", "__doc__"])
def test_a_failure_of_unknown_kind_is_engine_failed(kind: str) -> None:
    assert type(error_of(Failure(kind=kind, message="It broke."))) is EngineFailed


def test_messages_name_the_page_and_what_happened() -> None:
    assert "Page 3" in died("Page 3", "it was ended by SIGSEGV").message
    assert "SIGSEGV" in died("Page 3", "it was ended by SIGSEGV").message
    assert "SIGKILL" in never_warm("it was ended by SIGKILL").message
    assert type(error_of(closing())) is ShuttingDown
    late = error_of(overran("Page 3", 60, "OCTAVO_EXECUTOR__PAGE_TIMEOUT"))
    assert type(late) is EngineTimeout
    assert str(late) == (
        "Page 3 could not be read within 60 s. The limit can be raised with OCTAVO_EXECUTOR__PAGE_TIMEOUT."
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_an_error_of_its_own_however_deep_it_lies(number: int) -> None:
    full = OSError(number, "no room", "/spool/secret name.pdf")
    outer = RuntimeError("could not save")
    outer.__cause__ = full
    for error in (full, outer):
        failure = failure_of(error)
        assert type(error_of(failure)) is OutOfSpace
        assert "OCTAVO_DATA_DIR" in failure.message
        assert "secret" not in failure.message + failure.detail


def test_another_error_of_the_system_is_no_full_disk() -> None:
    assert type(error_of(failure_of(OSError(errno.EIO, "it broke")))) is EngineFailed


def test_a_page_that_took_too_much_memory_is_told_how_much() -> None:
    alone = error_of(too_large("Page 3", 5 * 1024**3, 4 * 1024**3))
    assert type(alone) is WorkerLost
    assert "Page 3 could not be read: it took 5.0 GiB of memory, and a worker may take 4.0 GiB." in str(alone)
    assert "OCTAVO_EXECUTOR__MAX_MEMORY" in str(alone)
    together = error_of(too_large_together("Page 3", 700 * 1024**2, 6 * 1024**3))
    assert type(together) is WorkerEvicted
    assert "700 MiB" in str(together)
    assert "6.0 GiB" in str(together)
    assert "OCTAVO_EXECUTOR__WORKERS" in str(together)
