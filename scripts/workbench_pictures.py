"""Pictures of the workbench for README and docs, from a real server and a real browser.

python scripts/workbench_pictures.py    # needs chromium; writes docs/images/workbench-*.png
"""

from __future__ import annotations

import re
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / room) for room in ("", "process", "browser")]

from octavo_server import serving  # noqa: E402 - stands with the tests, as does the browser
from pages_to_read import letter, scans  # noqa: E402
from quiet_chromium import launched  # noqa: E402

IMAGES = ROOT / "docs" / "images"
VIEWS = {"light": (1280, 800, "light"), "dark": (1280, 800, "dark"), "phone": (390, 780, "light")}


def main() -> None:
    """Read the sample in each of them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), ENGINES__MODEL="octavo-1") as server,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        for name in VIEWS:
            draw(browser, server.url, name)
        draw_compare(browser, server.url)
        draw_batches(browser, server.url)
        draw_service(browser, server.url)


def draw(browser: Browser, url: str, name: str) -> None:
    """The sample, a block of it chosen; on a phone its text."""
    width, height, scheme = VIEWS[name]
    viewport = {"width": width, "height": height}
    with browser.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB") as context:
        page = context.new_page()
        page.goto(url)
        page.get_by_role("button", name="Try a sample").click()
        expect(page.locator(".toolbar .state")).to_contain_text(re.compile(r"1 page in "), timeout=60_000)
        expect(page.locator(".sheet img")).to_have_js_property("complete", value=True)
        page.locator(".sheet [data-block='9']").dispatch_event("click")
        if name == "phone":
            page.get_by_role("tab", name="Text").first.click()
        page.wait_for_timeout(500)
        keep(page, name)


def draw_compare(browser: Browser, url: str) -> None:
    """The sample: its own text against its pixels."""
    with browser.new_context(viewport={"width": 1280, "height": 640}, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{url}/compare")
        page.get_by_role("button", name="Try a sample").click()
        expect(page.get_by_text("alike")).to_be_visible(timeout=60_000)
        page.wait_for_timeout(500)
        keep(page, "compare")


def draw_service(browser: Browser, url: str) -> None:
    """The server while it works on what the other pictures began."""
    with browser.new_context(viewport={"width": 1280, "height": 620}, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{url}/service")
        expect(page.locator(".uplot").first).to_be_visible(timeout=60_000)
        page.wait_for_timeout(2500)
        keep(page, "service")


def draw_batches(browser: Browser, url: str) -> None:
    """Three batches, of which one runs."""
    letters = {f"letter {number:02}.pdf": letter(number % 3 + 1) for number in range(1, 25)}
    with browser.new_context(viewport={"width": 1280, "height": 380}, locale="en-GB") as context:
        page = context.new_page()
        begin(page, url, letters)
        expect(page.get_by_text("Done", exact=True).first).to_be_visible(timeout=60_000)
        begin(
            page, url, {"minutes 1897.pdf": letter(3), "minutes 1898.pdf": b"%PDF-1.7", "minutes 1899.pdf": letter(2)}
        )
        expect(page.get_by_text("Done, with failures")).to_be_visible(timeout=60_000)
        papers = {f"parish {year}.pdf": letter(year - 1800) for year in range(1831, 1861)}
        begin(page, url, {**papers, **{f"plan {number}.tiff": scans(number + 5) for number in range(3)}})
        expect(page.locator(".numbers")).to_contain_text("30 of 33", timeout=120_000)
        page.goto(f"{url}/batches")
        expect(page.get_by_text("pages/min")).to_be_visible()
        keep(page, "batches")


def begin(page: Page, url: str, documents: dict[str, bytes]) -> None:
    """A batch of these."""
    page.goto(f"{url}/batches?new=1")
    kind = "application/octet-stream"
    chosen = [FilePayload(name=name, mimeType=kind, buffer=data) for name, data in documents.items()]
    page.locator("input[name=files]").set_input_files(chosen)
    page.get_by_role("button", name="Start a batch").click()


def keep(page: Page, name: str) -> None:
    """What is seen now."""
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(128).save(IMAGES / f"workbench-{name}.png", optimize=True)


if __name__ == "__main__":
    main()
