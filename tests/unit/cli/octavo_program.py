"""What a run of the program left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Ended:
    """Exit code, standard output and standard error."""

    code: int
    out: str
    err: str


Octavo: TypeAlias = Callable[..., Ended]
