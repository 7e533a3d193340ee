"""What a benchmark measured, kept as JSON: the runs of several machines beside each other, numbers and nothing else.

`benchmarks/results/quality.json` and its neighbours hold `{"runs": [...]}`; each run tells machine, version, commit and
date, and its rows: category, metric, value, bar. Nothing of a document's text ever goes in.
"""

from __future__ import annotations

import json
import operator
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
_DEMANDS = {">=": operator.ge, "<=": operator.le, "<": operator.lt}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One number.

    Attributes:
        category: the documents it was measured on.
        metric: what it says of them.
        value: the number.
        bar: what was demanded; None where the number is told for information.
        demand: how the value must stand to the bar: `>=`, `<=` or `<`.
        documents: how many were measured.
        counts: other whole numbers that belong to it, by name.
    """

    category: str
    metric: str
    value: float
    bar: float | None = None
    demand: str = ">="
    documents: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the bar is met; true where there is none."""
        return self.bar is None or _DEMANDS[self.demand](self.value, self.bar)

    @property
    def kept(self) -> dict[str, Any]:
        """As it stands in JSON, without what says nothing."""
        told = asdict(self) | {"value": round(self.value, 6)}
        if self.bar is None:
            del told["bar"], told["demand"]
        return {name: value for name, value in told.items() if value not in (0, {}) or name == "value"}


@dataclass(frozen=True, kw_only=True)
class Run:
    """Rows that were measured together.

    Attributes:
        machine: in words, such as "2 cores".
        version: of Octavo.
        commit: of its checkout; `+` behind it where files were changed.
        date: on which it began, as 2026-01-31.
        others: the share of the machine that other programs took meanwhile, 0 to 1; None if the system does not tell.
        rows: what was measured.
    """

    machine: str
    version: str
    commit: str
    date: str
    others: float | None = None
    rows: tuple[Row, ...]

    @property
    def noisy(self) -> bool:
        """Whether times are worth little: other programs took more than a twentieth of the machine."""
        return self.others is not None and self.others > 0.05


def read(path: Path) -> tuple[Run, ...]:
    """The runs of a file, oldest first; none where there is no file."""
    if not path.is_file():
        return ()
    return tuple(
        Run(**run | {"rows": tuple(Row(**row) for row in run["rows"])})
        for run in json.loads(path.read_text(encoding="utf-8"))["runs"]
    )


def keep(path: Path, run: Run) -> None:
    """Put a run behind those of other machines, instead of an earlier one of the same machine."""
    others = [each for each in read(path) if each.machine != run.machine]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written([*others, run]), encoding="utf-8")


def written(runs: Sequence[Run]) -> str:
    """As JSON with a line for each row, so that a difference can be read."""
    return '{"runs": [\n' + ",\n".join(map(_written, runs)) + "\n]}\n"


def _written(run: Run) -> str:
    head = {name: value for name, value in asdict(run).items() if name != "rows" and value is not None}
    rows = ",\n  ".join(json.dumps(row.kept, ensure_ascii=False) for row in run.rows)
    return json.dumps(head)[:-1] + f', "rows": [\n  {rows}\n]}}'


def today() -> str:
    """The date by UTC."""
    return datetime.now(UTC).date().isoformat()


def commit() -> str:
    """Of the checkout; empty where there is no git."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        told = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout.strip()
