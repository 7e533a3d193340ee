"""How many requests were answered how, and how long they took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from octavo.services.stages import Durations


@dataclass(slots=True)
class Traffic:
    """The requests for reading of one server since its start.

    Attributes:
        durations: by status of the answer; 499 where the client left before there was one.
    """

    durations: defaultdict[int, Durations] = field(default_factory=lambda: defaultdict(Durations))
