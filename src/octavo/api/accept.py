"""Which form of an answer a client takes."""

from __future__ import annotations

import math

from starlette.datastructures import Headers
from starlette.types import Scope

from octavo.api.admission import GUARDED

EVENTS = "text/event-stream"
_JSON = "application/json"


def wants_events(scope: Scope) -> bool:
    """Whether the answer of a request for reading is to come as events; OnePath lies around whoever asks.

    Only who names `text/event-stream` gets them, and not when `application/json` is named as better (RFC 9110, 12.5.1).
    """
    if (scope["method"], scope["path"]) != GUARDED:
        return False
    named = dict(map(_weighted, ",".join(Headers(scope=scope).getlist("accept")).split(",")))
    return named.get(EVENTS, 0.0) > 0 and named[EVENTS] >= named.get(_JSON, 0.0)


def _weighted(entry: str) -> tuple[str, float]:
    """A media type without its parameters, and its weight: 1 unless it names one, 0 where that is no weight."""
    media_type, *parameters = (part.strip().lower() for part in entry.split(";"))
    weights = [value.strip() for name, _, value in (each.partition("=") for each in parameters) if name.strip() == "q"]
    try:
        weight = float(weights[0]) if weights else 1.0
    except ValueError:
        return media_type, 0.0
    return media_type, weight if math.isfinite(weight) else 0.0
