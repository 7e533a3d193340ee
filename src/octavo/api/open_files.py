"""How many files and connections the system lets us have."""

from __future__ import annotations

ENOUGH = 65_536
"""Files: more than a server needs. Where the system allows a billion, programs that go through all would be slow."""

_OWN = 256
"""Files beside those of requests: libraries, workers, logs."""
_EACH = 3
"""Files of one request: its connection, its document, and what it fetches or what is made of it."""


def allow_open_files() -> int:
    """Raise what is allowed as far as it may be raised by anybody; how many files may be open then."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return ENOUGH
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return ENOUGH if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # macOS has another limit below the one that it tells
        return soft
    return wanted


def connections_for(files: int, most: int) -> int:
    """Connections that so many open files are enough for, at most `most`."""
    return max(16, min(most, (files - _OWN) // _EACH))
