"""What a benchmark found out: numbers, each with its bar, as the rows of one table."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (9, 66, 34, 12, 3)
HEAD = ("part", "measured", "number", "bar", "met")


@dataclass(frozen=True)
class Finding:
    """One row.

    Attributes:
        part: of the benchmark.
        measured: what, with its unit.
        number: as it is shown.
        bar: what was demanded; empty where the number is told for information.
        met: whether it is so.
    """

    part: str
    measured: str
    number: str
    bar: str = ""
    met: bool = True

    @property
    def row(self) -> str:
        """As a line of the table."""
        return line(self.part, self.measured, self.number, self.bar, ("yes" if self.met else "NO") if self.bar else "")


def line(*cells: str) -> str:
    """Cells of a Markdown table, in columns."""
    return "| " + " | ".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + " |"


def head() -> str:
    """The first two lines of the table."""
    return line(*HEAD) + "\n" + line(*("-" * width for width in WIDTHS))


def told(part: str, measured: str, number: float | str) -> Finding:
    """A number without a bar."""
    return Finding(part, measured, _shown(number))


def most(part: str, measured: str, number: float, bar: float) -> Finding:
    """A number that may not be larger than its bar."""
    return Finding(part, measured, _shown(number), f"<= {_shown(bar)}", number <= bar)


def exactly(part: str, measured: str, number: float, bar: float) -> Finding:
    """A number that must be its bar."""
    return Finding(part, measured, _shown(number), f"= {_shown(bar)}", number == bar)


def _shown(number: float | str) -> str:
    if isinstance(number, float):
        return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return str(number)
