from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_watch import Watch
from octavo_server import Server, serving
from playwright.sync_api import Browser, Page, sync_playwright
from quiet_chromium import PROGRAM, launched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; no longer than a module, for its event loop is in the way of all others."""
    if PROGRAM is None:
        pytest.skip("chromium is not installed: run `sh scripts/test-programs`")
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the real engine and no keys."""
    with serving(tmp_path_factory.mktemp("workbench"), ENGINES__MODEL="octavo-1") as running:
        yield running


@pytest.fixture
def watch(chromium: Browser, server: Server) -> Iterator[Watch]:
    """A fresh browser at the workbench; at the end nothing may have gone wrong in it but what the test forgave."""
    with chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
        watched = Watch(context.new_page(), server.url)
        watched.page.goto(server.url)
        yield watched
        watched.check()


@pytest.fixture
def page(watch: Watch) -> Page:
    """The page that is watched."""
    return watch.page
