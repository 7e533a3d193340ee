"""The lines of a job's inputs: found in the blobs and entered in blocks, while the first are worked on already."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice

from octavo.domain.batch import Plan, Span
from octavo.domain.errors import OutOfSpace, StorageFailed
from octavo.domain.stores import BatchLedger
from octavo.services.files import FileService
from octavo.services.lines import spans_of
from octavo.services.setbacks import Setbacks

_LOG = logging.getLogger(__name__)
BLOCK = 2000
"""Lines that are entered in one transaction."""
OWNERS = 100
"""Owners who have a turn at a time."""
PAUSE = 5.0
"""Seconds for which a job is left alone whose input cannot be read."""
TRIES = 5
"""After so many the rest of an input is given up."""


@dataclass(slots=True, kw_only=True, eq=False)
class Planner:
    """Enters lines.

    Attributes:
        changed: told when there are more lines to work on.
    """

    ledger: BatchLedger
    files: FileService
    changed: Callable[[], None] = lambda: None
    _setbacks: Setbacks = field(default_factory=Setbacks)

    async def step(self) -> bool:
        """Enter a block of each owner's oldest job whose lines are not all known; whether there was one."""
        plans = await self.files.threads.run(self._turn)
        for plan in plans:
            await self.files.threads.run(self._try, plan)
            self.changed()
        return bool(plans)

    def _turn(self) -> tuple[Plan, ...]:
        return self.ledger.unplanned(OWNERS, one_each=True, but=self._setbacks.waiting())

    def _try(self, plan: Plan) -> None:
        """An input that cannot be read is tried again later, a few times, and holds up nobody else."""
        try:
            self._plan(plan)
        except OutOfSpace:
            raise
        except StorageFailed as error:
            times = self._setbacks.add(plan.job_id, PAUSE)
            _LOG.warning("input %d of job %s cannot be read: %s", plan.place + 1, plan.job_id, error)
            if times >= TRIES:
                self._give_up(plan)
        else:
            self._setbacks.clear(plan.job_id)

    def _give_up(self, plan: Plan) -> None:
        """Go on with the next input; the job fails in the end, with what is done."""
        _LOG.error(
            "the rest of input %d of job %s is given up, from line %d on", plan.place + 1, plan.job_id, plan.number
        )
        self.ledger.plan(plan, [], rest=None)
        self._setbacks.clear(plan.job_id)

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
