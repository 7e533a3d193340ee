"""How often somebody may try to sign in with keys that are wrong."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

FREE = 5
"""Wrong keys that cost nothing."""
PAUSES = (10.0, 20.0, 40.0, 60.0)
"""Seconds after the last of them, and after each one more."""
FORGOTTEN = 900.0
"""Seconds without another wrong key after which all is as if there had been none."""
MOST = 10_000
"""Addresses that are remembered."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Wrong keys of one address: how many, and when the last of them came."""

    count: int
    last: float

    @property
    def until(self) -> float:
        """When the address may try again."""
        beyond = self.count - FREE
        return self.last + PAUSES[min(beyond, len(PAUSES) - 1)] if beyond >= 0 else self.last


@dataclass(slots=True)
class Attempts:
    """Wrong keys by the address that they came from; a right one does not clear them, for its owner may try others'.

    Attributes:
        clock: seconds that only go forward.
    """

    clock: Callable[[], float] = time.monotonic
    _wrong: OrderedDict[str, _Wrong] = field(default_factory=OrderedDict)

    def pause(self, address: str) -> int:
        """Seconds for which this address must wait; 0 is not at all."""
        wrong = self._wrong.get(_group(address))
        return max(0, math.ceil(wrong.until - self.clock())) if wrong else 0

    def note(self, address: str) -> None:
        """A wrong key came from there."""
        group, now = _group(address), self.clock()
        before = self._wrong.pop(group, None)
        count = before.count if before is not None and now - before.last < FORGOTTEN else 0
        self._wrong[group] = _Wrong(count + 1, now)
        if len(self._wrong) > MOST:
            self._wrong.popitem(last=False)


def _group(address: str) -> str:
    """Who has one address of IPv6 has the 2^64 of its network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)
