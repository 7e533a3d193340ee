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
from typing import IO, Any, Literal, TypeAlias, TypeVar

from octavo.domain.portable import from_bytes, to_bytes
from octavo.executors.landlock import Folders

Made = TypeVar("Made")
_LENGTH = struct.Struct(">Q")
_MAX_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The first message to a worker.

    Attributes:
        builder: `module:name` of the function that makes the pipeline; imported in the worker only.
        arguments: its keyword arguments.
        folders: where the worker works; None leaves all files free.
    """

    builder: str
    arguments: Mapping[str, Any]
    folders: Folders | None = None


LONGEST = 3.0
"""A call that others keep from the CPU gets at most so many times its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One page or one document to be worked on, or to be shown.

    Attributes:
        method: of the pipeline.
        arguments: of the method.
        seconds: that it may take; the server kills a worker that takes longer, be it `LONGEST` times as long where
            others keep it from the CPU. None is no limit.
    """

    method: Literal["inspect", "recognize", "render"]
    arguments: tuple[Any, ...]
    seconds: float | None = None


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
    """What became of a call or (the first one) of the start.

    Attributes:
        value: what the pipeline gave; of the start, what shields the worker, in words.
        failure: why there is no value.
        number: of the call, from 1 on.
    """

    value: Any = None
    failure: Failure | None = None
    number: int = 0


Command: TypeAlias = Setup | Call | Grant | Stop


class Babble(EOFError):
    """A worker says what cannot be the answer; the message says what, as the end of a sentence about a worker."""


def pack(message: Command | Answer) -> bytes:
    """The message as it travels.

    Raises:
        Exception: whatever pickling raises, when it holds something that cannot travel.
    """
    body = to_bytes(message)
    return _LENGTH.pack(len(body)) + body


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
        EOFError: the worker is gone.
        Babble: it answers more than a page can hold.
        pickle.UnpicklingError: the answer holds something else than nouns of the domain.
    """
    body = _receive(stream, limit=_MAX_ANSWER)
    try:
        return from_bytes(body, Answer, Failure)
    except ValueError as error:
        raise pickle.UnpicklingError(str(error)) from error


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
        raise Babble("it answered more than a page can hold")
    return _read_exactly(stream, length)


def _read_exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the other side is gone")
    return data
