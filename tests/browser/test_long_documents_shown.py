"""A document of 400 pages stays easy to hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from octavo_server import Server, serving
from pages_to_read import letter
from playwright.sync_api import Page, expect

PAGES = 400
MOST_IMAGES = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With the engine that takes no time: what is tested is what the browser does."""
    with serving(tmp_path_factory.mktemp("long"), ENGINES__MODEL="octavo-fake") as running:
        yield running


def images(page: Page) -> int:
    return page.evaluate("document.querySelectorAll('img, image').length")


def test_four_hundred_pages(page: Page) -> None:
    file = {"name": "long.pdf", "mimeType": "application/pdf", "buffer": letter(PAGES)}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".toolbar .state")).to_contain_text("400 pages in ", timeout=240_000)
    assert images(page) <= MOST_IMAGES
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        assert images(page) <= MOST_IMAGES
    expect(page.get_by_role("img", name="Page 6")).to_have_js_property("complete", value=True)
    for place in (0.3, 0.9, 0.5):
        page.locator(".strip").evaluate("(strip, place) => { strip.scrollTop = place * strip.scrollHeight }", place)
        page.wait_for_timeout(100)
        assert images(page) <= MOST_IMAGES
        expect(page.locator(".strip button").first).to_be_visible()
    page.get_by_role("textbox", name="Page").fill("400")
    page.keyboard.press("Enter")
    expect(page.locator(".strip [aria-current=page]")).to_contain_text("400")
    expect(page.get_by_role("img", name="Page 400")).to_have_js_property("complete", value=True)
    assert images(page) <= MOST_IMAGES
