"""axe-core finds nothing serious in any view, light or dark, wide or narrow."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from octavo_server import Server
from pages_to_read import letter
from playwright.sync_api import Browser, Page, expect

WIDE, PHONE = (1440, 900), (390, 844)


def check(page: Page) -> None:
    """Nothing that keeps somebody out, and no text that is hard to see."""
    page.wait_for_timeout(300)  # transitions are over
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert not serious, [(each["id"], each["help"], [node["html"] for node in each["nodes"]][:3]) for each in serious]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_reading_is_open_to_everybody(chromium: Browser, server: Server, scheme: str, size: tuple[int, int]) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with chromium.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB") as context:
        page = context.new_page()
        page.goto(server.url)
        page.locator("summary").click()
        check(page)
        file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter(3)}
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(".toolbar .state")).to_contain_text(re.compile("3 pages in "), timeout=60_000)
        check(page)
        if size == PHONE:
            page.get_by_role("tab", name="Text").first.click()
            check(page)
        page.get_by_role("tab", name="Markdown").click()
        check(page)
        page.get_by_role("button", name="As code").click()
        check(page)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Options").click()
        check(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter(2)}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".toolbar .state")).to_contain_text("2 pages in ", timeout=60_000)
    reached = []
    page.locator("body").press("Home")
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent.trim()"))
    for name in ("Read", "Language", "Next page", "Search", "Copy", "Save", "As code", "Options", "Larger", "Text"):
        assert name in reached, reached
    assert any(name.startswith("1, Heading") for name in reached)
