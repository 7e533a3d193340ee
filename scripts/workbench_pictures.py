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
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "process"), str(ROOT / "tests" / "browser")]

from octavo_server import serving  # noqa: E402 - stands with the tests, as does the browser
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
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
        shot.quantize(128).save(IMAGES / f"workbench-{name}.png", optimize=True)


if __name__ == "__main__":
    main()
