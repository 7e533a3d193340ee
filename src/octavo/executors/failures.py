"""Errors as data and back, and what callers are told when reading breaks down."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pickle import UnpicklingError

from octavo.domain import errors
from octavo.domain.disk import FULL
from octavo.domain.errors import (
    EngineFailed,
    EngineTimeout,
    NoWorker,
    OctavoError,
    OutOfSpace,
    ShuttingDown,
    WorkerEvicted,
    WorkerLost,
)
from octavo.executors.messages import Failure

READ, SHOWN = "read", "shown"
"""What is done to a page."""
_MEBIBYTE = 1024 * 1024


def failure_of(error: Exception) -> Failure:
    """`error` as data. One of ours keeps its name and message; of others the message stays here.

    The message of a foreign exception may quote the document, so neither caller nor log gets it.
    """
    if isinstance(error, OctavoError):
        return Failure(kind=_known_name(type(error)), message=str(error), detail="")
    if any(isinstance(each, OSError) and each.errno in FULL for each in _with_causes(error)):
        return _out_of_space(error)
    kind = type(error).__name__
    message = f"The reading engine broke down ({kind}). Try again; if it happens again, please report it."
    return Failure(kind=EngineFailed.__name__, message=message, detail=_trace(error))


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _out_of_space(error: Exception) -> Failure:
    message = (
        "The disk is full, or a file grew larger than may be written. Make room where Octavo writes (OCTAVO_DATA_DIR; "
        "the folder of temporary files with `octavo ocr`) and try again."
    )
    return Failure(kind=OutOfSpace.__name__, message=message, detail=_trace(error))


def _known_name(kind: type[OctavoError]) -> str:
    """Of the class or, for one that the domain does not know, of its nearest base there."""
    names = (base.__name__ for base in kind.__mro__ if getattr(errors, base.__name__, None) is base)
    return str(next(names))


def _trace(error: Exception) -> str:
    """What was raised and where, down to the cause, without messages."""
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    text = f"{type(error).__qualname__} at " + ", ".join(places)
    cause = error.__cause__
    return f"{text}; caused by {_trace(cause)}" if isinstance(cause, Exception) else text


def error_of(failure: Failure) -> OctavoError:
    """The error to raise."""
    kind = getattr(errors, failure.kind, EngineFailed)
    return kind(failure.message) if isinstance(kind, type) and issubclass(kind, OctavoError) else EngineFailed()


def refused(error: UnpicklingError) -> Failure:
    """A pipeline answered with something else than nouns of the domain; the log says with what."""
    message = "The reading engine broke down: it answered with something unexpected. Please report it."
    return Failure(kind=EngineFailed.__name__, message=message, detail=str(error))


def start_failure(error: Exception) -> Failure:
    """Why a worker cannot start: no document is involved, so the message may travel."""
    reason = str(error) if isinstance(error, OctavoError) else f"{type(error).__name__}: {error}"
    return Failure(kind=NoWorker.__name__, message=f"The reading engine cannot start: {reason}", detail=_trace(error))


def never_warm(how: str) -> Failure:
    """A worker ended without a word before it was warm."""
    message = f"The reading engine cannot start: its process did not get ready, {how}. Is there enough memory?"
    return Failure(kind=NoWorker.__name__, message=message)


def died(subject: str, how: str, deed: str = READ) -> Failure:
    """A worker died during a call."""
    message = f"{subject} could not be {deed}: the worker process died, {how}. Nothing else was harmed; try again."
    return Failure(kind=WorkerLost.__name__, message=message, detail=f"the worker died, {how}")


def too_large(subject: str, held: int, limit: int, deed: str = READ) -> Failure:
    """A call took too much memory."""
    raised = "The limit can be raised with OCTAVO_EXECUTOR__MAX_MEMORY."
    advice = raised if deed == READ else "It may be read all the same, which may take more."
    message = (
        f"{subject} could not be {deed}: it took {_size(held)} of memory, and a worker may take {_size(limit)}. "
        f"Nothing else was harmed. {advice}"
    )
    return Failure(kind=WorkerLost.__name__, message=message, detail=f"killed for holding {_size(held)}")


def too_large_together(subject: str, held: int, together: int) -> Failure:
    """All calls together took more memory than the machine can spare, and this one took most."""
    message = (
        f"{subject} could not be read: it took {_size(held)} of memory and all workers took {_size(together)}, more "
        "than this machine can spare. Try again while less is read, read fewer pages at a time "
        "(OCTAVO_EXECUTOR__WORKERS), or give Octavo more memory."
    )
    detail = f"killed for holding {_size(held)} while all workers held {_size(together)}"
    return Failure(kind=WorkerEvicted.__name__, message=message, detail=detail)


def _size(count: int) -> str:
    mebibytes = count / _MEBIBYTE
    return f"{mebibytes / 1024:.1f} GiB" if mebibytes >= 1024 else f"{mebibytes:.0f} MiB"


def overran(subject: str, seconds: float, setting: str, deed: str = READ) -> Failure:
    """A call took too long."""
    message = f"{subject} could not be {deed} within {seconds:g} s. The limit can be raised with {setting}."
    return Failure(kind=EngineTimeout.__name__, message=message, detail=f"killed after {seconds:g} s")


def closing() -> Failure:
    """The executor ends, or never began."""
    return Failure(
        kind=ShuttingDown.__name__, message="No pages are read now: Octavo is shutting down. Try again later."
    )
