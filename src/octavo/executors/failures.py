"""Errors as data and back, and what callers are told when reading breaks down."""

from __future__ import annotations

import traceback
from pickle import UnpicklingError

from octavo.domain import errors
from octavo.domain.errors import EngineFailed, EngineTimeout, OctavoError
from octavo.executors.messages import Failure


def failure_of(error: Exception) -> Failure:
    """`error` as data. One of ours keeps its name and message; of others the message stays here.

    The message of a foreign exception may quote the document, so neither caller nor log gets it.
    """
    if isinstance(error, OctavoError):
        return Failure(kind=_known_name(type(error)), message=str(error), detail="")
    kind = type(error).__name__
    message = f"The reading engine broke down ({kind}). Try again; if it happens again, please report it."
    return Failure(kind=EngineFailed.__name__, message=message, detail=_trace(error))


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
    return Failure(
        kind=EngineFailed.__name__, message=f"The reading engine cannot start: {reason}", detail=_trace(error)
    )


def never_warm(how: str) -> Failure:
    """A worker ended without a word before it was warm."""
    message = f"The reading engine cannot start: its process did not get ready, {how}. Is there enough memory?"
    return Failure(kind=EngineFailed.__name__, message=message)


def died(subject: str, how: str) -> Failure:
    """A worker died during a call."""
    message = f"{subject} could not be read: the worker process died, {how}. Nothing else was harmed; try again."
    return Failure(kind=EngineFailed.__name__, message=message, detail=f"the worker died, {how}")


def overran(subject: str, seconds: float, setting: str) -> Failure:
    """A call took too long."""
    message = f"{subject} could not be read within {seconds:g} s. The limit can be raised with {setting}."
    return Failure(kind=EngineTimeout.__name__, message=message, detail=f"killed after {seconds:g} s")


def closing() -> Failure:
    """The executor ends, or never began."""
    return Failure(
        kind=EngineFailed.__name__, message="No pages are read now: Octavo is shutting down. Try again later."
    )
