"""How quickly the workbench shows things, in a real browser against a real server.

    python benchmarks/workbench.py [--pages 400]

Prints a table in Markdown: the first view; pages of a long document turned, until image and text of the next one are
there; and how long after the server has told of a page its text and its image are on the screen.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / room) for room in ("", "process", "browser")]

from octavo_server import serving  # noqa: E402 - stands with the tests, as do the browser and the documents
from pages_to_read import letter, scans  # noqa: E402
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402
from quiet_chromium import launched  # noqa: E402

VIEWS, TURNS, SCANS = 5, 40, 12

TURN = """async turns => {
  const times = [];
  for (let turn = 0; turn < turns; turn++) {
    const number = Number(document.querySelector(".pager input").value) + 1;
    const began = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    for (;;) {
      await new Promise(requestAnimationFrame);
      const image = document.querySelector(".sheet img");
      const heading = document.querySelector(".text-pane h1")?.textContent ?? "";
      if (image?.complete && image.naturalWidth && heading.endsWith(` ${number}`)) break;
    }
    times.push(performance.now() - began);
  }
  return times;
}"""
"""Milliseconds for each of so many pages turned."""

LISTEN = """() => {
  window.told = {};
  const decode = TextDecoder.prototype.decode;
  TextDecoder.prototype.decode = function (...pieces) {
    const text = decode.apply(this, pieces);
    for (const [, done] of text.matchAll(/data: \\{"done":(\\d+),/g)) window.told[done] ??= performance.now();
    return text;
  };
}"""
"""Notes when the browser hears that so many pages are done."""

SHOWN = """async count => {
  const shown = {};
  while (!(count in shown)) {
    await new Promise(requestAnimationFrame);
    const state = document.querySelector(".toolbar .state")?.textContent ?? "";
    const done = Number(/^(\\d+) (of|pages)/.exec(state)?.[1] ?? 0);
    for (let page = 1; page <= done; page++) shown[page] ??= performance.now();
  }
  return Object.entries(shown).map(([page, time]) => time - window.told[page]).filter(time => time >= 0);
}"""
"""Milliseconds from that to the next frame that shows it."""


def first_views(browser: Browser, url: str) -> list[float]:
    """Milliseconds to the first view, each time in a browser that has never been there."""
    return [_first_view(browser, url) for _ in range(VIEWS)]


def _first_view(browser: Browser, url: str) -> float:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(url)
        page.locator(".drop").wait_for()
        return 1000 * (time.perf_counter() - began)


def turns(page: Page, pages: int) -> list[float]:
    """Milliseconds for each page turned in a long document."""
    _pick(page, "long.pdf", letter(pages))
    expect(page.locator(".toolbar .state")).to_contain_text(f"{pages} pages in ", timeout=600_000)
    times: list[float] = page.evaluate(TURN, TURNS)
    return times


def pages_shown(page: Page) -> list[float]:
    """Milliseconds from hearing that a page is read to showing it."""
    page.evaluate(LISTEN)
    _pick(page, "scans.tiff", scans(SCANS))
    times: list[float] = page.evaluate(SHOWN, SCANS)
    return times


def _pick(page: Page, name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)


def row(name: str, times: Sequence[float]) -> str:
    """A line of the table."""
    return f"| {name} | {len(times)} | {statistics.median(times):.0f} | {max(times):.0f} |"


def main(pages: int) -> None:
    """Measure and print."""
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder), ENGINES__MODEL="octavo-1") as server,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        rows = [row("first view", first_views(browser, server.url))]
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.goto(server.url)
        rows.append(row(f"next page of {pages}, image and text", turns(page, pages)))
        page.goto(server.url)
        rows.append(row("page shown after it is told, scans", pages_shown(page)))
    print("| what | times | median ms | worst ms |\n|---|---:|---:|---:|", *rows, sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    main(parser.parse_args().pages)
