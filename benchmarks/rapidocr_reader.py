"""RapidOCR as it comes, in a process of its own that needs none of Octavo: a path on a line of standard input, an
answer on a line of standard output, `{"seconds", "cpu", "text"}`. The first line says that it is loaded.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time


def main() -> None:
    """Read what is asked for until standard input ends."""
    from rapidocr import RapidOCR

    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        engine = RapidOCR()
        print("{}", file=answers, flush=True)
        for line in sys.stdin:
            began, computed = time.monotonic(), time.process_time()
            text = "\n".join(engine(line.rstrip("\n")).txts or ())
            told = {"seconds": time.monotonic() - began, "cpu": time.process_time() - computed, "text": text}
            print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    main()
