"""The lines of a job's inputs: found in the blobs and entered in blocks, while the first are worked on already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from octavo.domain.batch import Plan, Span
from octavo.domain.stores import BatchLedger
from octavo.services.files import FileService
from octavo.services.lines import spans_of

BLOCK = 2000
"""Lines that are entered in one transaction."""


@dataclass(slots=True, kw_only=True, eq=False)
class Planner:
    """Enters lines.

    Attributes:
        changed: told when there are more lines to work on.
    """

    ledger: BatchLedger
    files: FileService
    changed: Callable[[], None] = lambda: None

    async def step(self) -> bool:
        """Enter a block of the oldest job whose lines are not all known; whether there was one."""
        plans = await self.files.threads.run(self.ledger.unplanned, 1)
        for plan in plans:
            await self.files.threads.run(self._plan, plan)
            self.changed()
        return bool(plans)

    def _plan(self, plan: Plan) -> None:
        """Enter the next block; an input that ends leads to the next one, which the ledger knows."""
        spans = spans_of(self.files.blobs.read(plan.blob.name, plan.offset), plan.offset)
        lines = [
            (plan.number + nth, Span(blob=plan.blob.name, offset=offset, length=length))
            for nth, (offset, length) in enumerate(islice(spans, BLOCK))
        ]
        whole = len(lines) < BLOCK
        self.ledger.plan(plan, lines, rest=None if whole else _after(plan, lines))


def _after(plan: Plan, lines: list[tuple[int, Span]]) -> Plan:
    number, last = lines[-1]
    return replace(plan, offset=last.offset + last.length, number=number + 1)
