"""Hold a real server to what is promised of it: memory, crowds, long documents, hostile files, killed workers.

    python benchmarks/robustness.py                       # all parts but hostile: about half an hour on two cores
    python benchmarks/robustness.py text400 hangup
    python benchmarks/robustness.py --hostile FOLDER hostile
    python benchmarks/robustness.py --quick               # each part small: a smoke test, not a measurement

Each part starts `octavo serve` with the engine that ships on a free port, with a data folder of its own. The table is
Markdown; the exit code is 1 when a bar is missed. Needs Linux; `callers` needs `sh scripts/client-envs mistralai-3`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import findings
from crowds import callers
from endurance import hostile, kills, steady
from findings import Finding, exactly
from interruptions import fairness, hangup, resume
from long_documents import scans400, scans1000, text400

PARTS = {
    part.__name__: part for part in (text400, scans400, scans1000, callers, fairness, hangup, steady, resume, kills)
}


def main() -> int:
    """Parse the command line; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join((*PARTS, "hostile")))
    parser.add_argument("--quick", action="store_true", help="each part small")
    parser.add_argument("--hostile", type=Path, metavar="FOLDER", help="files for the part `hostile`, at any depth")
    options = parser.parse_args()
    parts = PARTS | ({"hostile": hostile(options.hostile)} if options.hostile else {})
    wanted = options.parts or list(parts)
    if strange := [name for name in wanted if name not in parts]:
        parser.error(f"There is no part {strange[0]}" + (" without --hostile." if strange[0] == "hostile" else "."))
    print(findings.head())
    rows = [row for name in wanted for row in run(name, parts[name], quick=options.quick)]
    return 0 if all(row.met for row in rows) else 1


def run(name: str, part: object, *, quick: bool) -> list[Finding]:
    """One part; its rows are printed."""
    begun, rows = time.monotonic(), []
    try:
        for row in part(quick=quick):
            print(row.row, flush=True)
            rows.append(row)
    except Exception as error:  # noqa: BLE001 - the other parts are worth having
        rows.append(exactly(name, f"broke off: {type(error).__name__}: {error}"[:200], 0, 1))
        print(rows[-1].row, flush=True)
    print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    sys.exit(main())
