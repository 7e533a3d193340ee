"""What crosses between the server and a worker: length, then a pickle.

The server trusts a worker with nothing but data, for it is the worker that meets hostile documents: answers are bounded
in size and may hold nouns of the domain only.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any, Literal, TypeAlias, TypeVar

Made = TypeVar("Made")
_LENGTH = struct.Struct(">Q")
_MAX_ANSWER = 64 * 1024 * 1024
_PATHS = {"pathlib", "pathlib._local"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The first message to a worker.

    Attributes:
        builder: `module:name` of the function that makes the pipeline; imported in the worker only.
        arguments: its keyword arguments.
    """

    builder: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One page or one document to be worked on."""

    method: Literal["inspect", "recognize"]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """How many threads the worker may use from now on."""

    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The worker ends once it has done what was asked before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error that crosses as data.

    Attributes:
        kind: name of a class in `domain/errors.py`.
        message: for the caller.
        detail: for the server's log: what was raised and where, without a word of the document.
    """

    kind: str
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a call, or (the first one) of the start."""

    value: Any = None
    failure: Failure | None = None


Command: TypeAlias = Setup | Call | Grant | Stop


def pack(message: Command | Answer) -> bytes:
    """The message as it travels.

    Raises:
        Exception: whatever pickling raises, when it holds something that cannot travel.
    """
    body = io.BytesIO()
    _Pickler(body, protocol=5).dump(message)
    return _LENGTH.pack(body.tell()) + body.getvalue()


def receive_command(stream: IO[bytes]) -> Command:
    """The next command, in a worker.

    Raises:
        EOFError: the server is gone.
    """
    command: Command = pickle.loads(_receive(stream))  # noqa: S301 - from the server, which the worker trusts
    return command


def receive_answer(stream: IO[bytes]) -> Answer:
    """The next answer, in the server.

    Raises:
        EOFError: the worker is gone, or it answered more than a page can hold.
        pickle.UnpicklingError: the answer holds something else than nouns of the domain.
    """
    body = _receive(stream, limit=_MAX_ANSWER)
    try:
        answer = _Nouns(io.BytesIO(body)).load()
    except Exception as error:
        raise pickle.UnpicklingError(str(error)) from error
    if not isinstance(answer, Answer):
        raise pickle.UnpicklingError(f"a worker answered with {type(answer).__name__}")
    return answer


def cross(value: Made) -> Made:
    """The value as it would come from a worker, so that what fails there fails here.

    Raises:
        Exception: as of `pack` and `receive_answer`.
    """
    made: Made = receive_answer(io.BytesIO(pack(Answer(value=value)))).value
    return made


def _receive(stream: IO[bytes], limit: int | None = None) -> bytes:
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    if limit is not None and length > limit:
        raise EOFError(f"an answer of {length} bytes is over the limit of {limit}")
    return _read_exactly(stream, length)


def _read_exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the other side is gone")
    return data


class _Pickler(pickle.Pickler):
    """Lets enums travel by value: Python 3.11.2 (Debian 12) asks the other side for `getattr`, which is refused."""

    def reducer_override(self, value: object) -> Any:
        """How `value` is pickled; NotImplemented leaves it as it is."""
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


class _Nouns(pickle.Unpickler):
    """Makes nouns of the domain, answers and paths; everything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if _may_name(module, name) else None
        if isinstance(found, type) and (found.__module__ == module):
            return found
        raise pickle.UnpicklingError(f"an answer may not hold {module}.{name}")


def _may_name(module: str, name: str) -> bool:
    if "." in name:
        return False
    ours = module.startswith("octavo.domain.") or (module == __name__ and name in {"Answer", "Failure"})
    return ours or (module in _PATHS and name.endswith("Path"))
