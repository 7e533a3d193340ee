"""Debian's Chromium without a window, which asks nobody but the page's server for anything."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PROGRAM = shutil.which("chromium")


def launched(playwright: Playwright) -> Browser:
    """The browser; where it is not installed, `PROGRAM` is None."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=QUIET)
