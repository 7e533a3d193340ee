"""Reads the sample in a browser and tells what it saw; called where there is no network but loopback.

python walk_without_network.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "process"), str(HERE.parent), str(HERE.parents[1] / "scripts")]

from network_calls import lift_loopback  # noqa: E402
from octavo_server import serving  # noqa: E402 - found once the path is set
from playwright.sync_api import sync_playwright  # noqa: E402
from quiet_chromium import launched  # noqa: E402


def main() -> None:
    """The walk."""
    lift_loopback()
    with (
        serving(Path(sys.argv[1]), ENGINES__MODEL="octavo-1") as server,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        page = browser.new_page(locale="en-GB")
        page.goto(server.url)
        page.get_by_role("button", name="Try a sample").click()
        page.locator(".text-pane h1").wait_for(timeout=60_000)
        told = [page.locator(".text-pane h1").inner_text(), page.locator(".sheet [data-block]").count()]
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
