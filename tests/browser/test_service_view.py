"""The service in the browser: numbers that move, charts that can be heard, and what is said when something is wrong."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_watch import Watch
from octavo_server import PATIENCE, Server, children, serving
from pages_to_read import letter
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

SLOWLY = PATIENCE * 1000
"""Milliseconds that a busy machine may take."""
NUMBERS = "Pages per second, last ten minutes"


@contextmanager
def looking(chromium: Browser, server: Server, view: str = "/service") -> Iterator[tuple[Page, Watch]]:
    """A browser at a view of this server."""
    with chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB") as context:
        page = context.new_page()
        watch = Watch(page, server.url)
        page.goto(server.url + view)
        yield page, watch
        watch.check()


@pytest.fixture
def service(page: Page) -> Page:
    """The service of the server with the real engine."""
    page.get_by_role("link", name="Service").click()
    expect(page.get_by_role("heading", name="Service")).to_be_visible()
    expect(fact(page, "pages", "Read since the start")).to_be_visible(timeout=SLOWLY)
    return page


def card(page: Page, name: str) -> Locator:
    return page.locator(f".card.{name}")


def fact(page: Page, of: str, name: str) -> Locator:
    """The value beside that name."""
    return card(page, of).locator(".facts > div").filter(has=page.locator("dt", has_text=name)).locator("dd")


def read(server: Server, document: bytes) -> None:
    uri = "data:application/pdf;base64," + base64.b64encode(document).decode()
    body = {"document": {"type": "document_url", "document_url": uri}}
    answer = httpx.post(f"{server.url}/v1/ocr", json=body, trust_env=False, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text


def changed(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """The server's status as if this were so, from the next answer on."""

    def answer(route: Route) -> None:
        status = route.fetch().json()
        change(status)
        route.fulfill(json=status)

    page.route("**/v1/status", answer)


def test_numbers_move_when_pages_are_read(service: Page, server: Server) -> None:
    before = int(fact(service, "pages", "Read since the start").inner_text())
    kept = int(fact(service, "pages", "Found among").inner_text())
    read(server, letter(3))
    expect(fact(service, "pages", "Read since the start")).to_have_text(str(before + 3), timeout=SLOWLY)
    expect(card(service, "pages").locator(".now strong")).not_to_have_text("0")
    read(server, letter(3))
    expect(fact(service, "pages", "Found among")).to_have_text(str(kept + 3), timeout=SLOWLY)
    expect(service.get_by_role("status").filter(has_text="Everything is in order.")).to_be_visible()


def test_what_a_chart_shows_is_written_too(service: Page, server: Server) -> None:
    read(server, letter(2))
    pages = card(service, "pages")
    expect(service.get_by_role("img", name=f"Chart: {NUMBERS}")).to_be_visible()
    expect(pages.locator("figcaption")).to_have_text(
        re.compile(NUMBERS + r" \d+ pages were read, at most [\d.]+ per second\."), timeout=SLOWLY
    )
    service.get_by_text("As a table").click()
    rows = pages.locator("tbody tr")
    expect(rows).to_have_count(10)
    expect(rows.first).to_have_text(re.compile(r"10 min ago\s*\d+"))
    told = int(re.findall(r"\d+ pages", pages.locator("figcaption").inner_text())[0].split()[0])
    assert sum(int(text) for text in pages.locator("tbody td").all_inner_texts()) >= told
    for name in ("Busy, last two minutes", "Waiting, last two minutes"):
        expect(service.get_by_role("img", name=f"Chart: {name}")).to_be_visible()
        expect(service.locator("figcaption", has_text=name)).to_contain_text(re.compile(r"Now \d+, at most \d+\."))


def test_charts_follow_the_width_and_the_light(service: Page) -> None:
    canvas = card(service, "workers").locator("canvas")
    expect(canvas).to_be_visible()
    colour = """canvas => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) sum = Math.max(sum, data[at]);
        return sum;
    }"""
    light = canvas.evaluate(colour)
    service.emulate_media(color_scheme="dark")
    service.wait_for_function(f"canvas => ({colour})(canvas) !== {light}", arg=canvas.element_handle())
    dark = canvas.evaluate(colour)
    service.get_by_role("button", name="Light or dark").click()
    service.wait_for_function(f"canvas => ({colour})(canvas) !== {dark}", arg=canvas.element_handle())
    wide = canvas.evaluate("canvas => canvas.clientWidth")
    service.set_viewport_size({"width": 390, "height": 844})
    service.wait_for_function(f"canvas => canvas.clientWidth < {wide}", arg=canvas.element_handle())
    box, place = canvas.bounding_box(), card(service, "workers").bounding_box()
    assert box is not None
    assert place is not None
    assert box["x"] + box["width"] <= place["x"] + place["width"] <= 390
    assert service.evaluate("document.documentElement.scrollWidth") == 390


def test_nobody_is_asked_while_nobody_looks(page: Page) -> None:
    asked: list[str] = []

    def count(request: Request) -> None:
        asked.extend([request.url] if request.url.endswith("/v1/status") else [])

    page.on("request", count)
    page.clock.install()
    page.get_by_role("link", name="Service").click()
    expect(card(page, "pages")).to_be_visible(timeout=SLOWLY)
    with page.expect_request("**/v1/status"):
        page.clock.run_for(3000)
    hide = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before
    with page.expect_request("**/v1/status"):
        page.evaluate(hide, False)
    page.get_by_role("link", name="Read").click()
    expect(page.get_by_role("button", name="Try a sample")).to_be_visible()
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before
    with page.expect_request("**/v1/status"):
        page.get_by_role("link", name="Service").click()


def test_a_server_that_stops_is_told_and_comes_back(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        port = str(urlsplit(server.url).port)
        with looking(chromium, server) as (page, watch):
            read(server, letter(2))
            expect(fact(page, "pages", "Read since the start")).to_have_text("2", timeout=SLOWLY)
            server.stop()
            expect(page.get_by_role("status").filter(has_text="The server does not answer.")).to_be_visible(
                timeout=SLOWLY
            )
            expect(page.get_by_text(re.compile(r"These numbers are those of \d\d:\d\d:\d\d\."))).to_be_visible()
            expect(fact(page, "pages", "Read since the start")).to_have_text("2")
            with serving(tmp_path, "--port", port):
                expect(page.get_by_text("Everything is in order.")).to_be_visible(timeout=SLOWLY)
                expect(fact(page, "pages", "Read since the start")).to_have_text("0")
                expect(page.get_by_text("These numbers are those of")).to_have_count(0)
            watch.forgive("net::ERR")


def test_a_view_that_cannot_be_loaded_is_told(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as server, looking(chromium, server, "/") as (page, watch):
        port = str(urlsplit(server.url).port)
        expect(page.get_by_role("button", name="Try a sample")).to_be_visible(timeout=SLOWLY)
        server.stop()
        page.get_by_role("link", name="Service").click()
        expect(page.get_by_role("alert")).to_contain_text("The server does not answer.", timeout=SLOWLY)
        with serving(tmp_path, "--port", port):
            page.get_by_role("button", name="Try again").click()
            expect(page.get_by_text("Everything is in order.")).to_be_visible(timeout=SLOWLY)
        watch.forgive("net::ERR")


def test_a_server_that_never_answered_is_told(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as server, looking(chromium, server) as (page, watch):
        page.get_by_role("link", name="Read").click()
        page.route("**/v1/status", lambda route: route.abort())
        page.reload()
        page.get_by_role("link", name="Service").click()
        expect(page.get_by_role("alert")).to_contain_text("How the server is doing is not known", timeout=SLOWLY)
        expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
        page.unroute("**/v1/status")
        expect(page.get_by_text("Everything is in order.")).to_be_visible(timeout=SLOWLY)
        watch.forgive("net::ERR")


def test_what_is_wrong_stands_first(chromium: Browser, tmp_path: Path) -> None:
    settings = {
        "MAX_PAGES": "5",
        "RETENTION": "none",
        "KEEP__OCR_DAYS": "0.5",
        "KEEP__OTHER_DAYS": "0",
        "DOCS": "false",
    }
    with serving(tmp_path, **settings) as server, looking(chromium, server) as (page, watch):
        expect(page.get_by_text("1 check asks for attention.")).to_be_visible(timeout=SLOWLY)
        expect(card(page, "checks").locator("li").first).to_contain_text("limits.max_pages")
        expect(card(page, "retention")).to_contain_text("Pages that are read are not kept.")
        expect(card(page, "retention")).to_contain_text("Deleted after 12 hours: uploaded documents.")
        expect(card(page, "retention")).to_contain_text("Deleted after 30 days: inputs of batches and results")
        expect(card(page, "retention")).to_contain_text("Kept until somebody deletes them: other files.")
        expect(fact(page, "limits", "Largest document")).to_have_text("50 MiB")
        expect(fact(page, "limits", "Time for a request")).to_have_text("4 mins 40 secs")
        shutil.rmtree(tmp_path / "data" / "blobs")
        expect(page.get_by_text("1 thing must be put right.")).to_be_visible(timeout=SLOWLY)
        expect(card(page, "checks").locator("li").first).to_contain_text(re.compile("^Error ?Storage of files"))
        page.get_by_role("button", name="See the checks").press("Enter")
        expect(page.get_by_role("heading", name="Checks")).to_be_focused()
        expect(page.get_by_role("heading", name="Checks")).to_be_in_viewport()
        expect(page.get_by_role("link", name="Documentation of the API")).to_have_count(0)
        watch.forgive("404")


def test_a_worker_that_dies_is_counted(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, EXECUTOR__WORKERS="1") as server, looking(chromium, server) as (page, _):
        expect(fact(page, "workers", "Restarts")).to_have_text("0", timeout=SLOWLY)
        for child in children(server.process.pid):
            os.kill(child, signal.SIGKILL)
        expect(fact(page, "workers", "Restarts")).not_to_have_text("0", timeout=SLOWLY)
        expect(page.get_by_text("Everything is in order.")).to_be_visible(timeout=SLOWLY)
        expect(card(page, "workers")).to_contain_text("0 of 1 busy")


def test_models_that_cannot_read_are_told(service: Page) -> None:
    def starting(status: dict[str, Any]) -> None:
        status["models"][0] |= {"state": "starting", "detail": "The models are being loaded."}
        status["checks"][0] |= {"state": "warning", "detail": "The models are being loaded."}
        status["storage"] |= {"free_bytes": None, "spool_bytes": None}
        status["limits"]["request_timeout"] = None

    def failed(status: dict[str, Any]) -> None:
        status["models"][0] |= {"state": "failed", "detail": "No worker can be started."}
        status["checks"][0] |= {"state": "error", "detail": "No worker can be started."}

    changed(service, starting)
    expect(service.get_by_role("status").filter(has_text="The models are being loaded; requests wait.")).to_be_visible(
        timeout=SLOWLY
    )
    expect(card(service, "models")).to_contain_text("Being loaded")
    expect(fact(service, "storage", "Free space")).to_have_text("The disk does not tell")
    expect(fact(service, "limits", "Time for a request")).to_have_text("no limit")
    service.unroute("**/v1/status")
    changed(service, failed)
    expect(service.get_by_text("1 thing must be put right.")).to_be_visible(timeout=SLOWLY)
    expect(card(service, "models")).to_contain_text(re.compile("Failed.*No worker can be started.", re.DOTALL))


def test_models_are_named_as_they_can_be_asked_for(service: Page, server: Server) -> None:
    listed = httpx.get(f"{server.url}/v1/models", trust_env=False).json()["data"]
    names = {each["id"] for each in listed}
    shown = card(service, "models")
    assert {shown.locator(".top strong").inner_text(), *shown.locator(".aliases code").all_inner_texts()} == names
    expect(shown).to_contain_text(listed[0]["description"])


def test_the_libraries_and_their_licences_are_listed(service: Page) -> None:
    vendor = Path(__file__).parents[2] / "src" / "octavo" / "web" / "static" / "vendor"
    packages = set(re.findall(r'^package = "(.+)"$', (vendor / "SOURCES.toml").read_text(), re.MULTILINE))
    service.get_by_text("Libraries and licences").click()
    assert set(service.locator(".about li strong").all_inner_texts()) == packages
    with service.context.expect_page() as opened:
        service.get_by_role("link", name="The text of each licence").click()
    expect(opened.value.locator("body")).to_contain_text("The MIT License")
    with service.context.expect_page() as opened:
        service.get_by_role("link", name="Documentation of the API").click()
    opened.value.wait_for_load_state()
    assert opened.value.title() == "Octavo API"


def test_a_key_opens_it(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, API_KEYS="alice=service-needle-7c1d") as server, looking(chromium, server) as (page, _):
        page.get_by_label("Key").fill("service-needle-7c1d")
        expect(page.locator(".card")).to_have_count(0)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Everything is in order.")).to_be_visible(timeout=SLOWLY)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Key")).to_be_visible()
        expect(page.locator(".card")).to_have_count(0)


def test_a_screen_reader_finds_its_way(service: Page) -> None:
    for scheme in ("light", "dark"):
        service.emulate_media(color_scheme=scheme)
        assert Axe().run(service).response["violations"] == []
    expect(service.get_by_role("region")).to_have_count(8)
    assert [heading.inner_text() for heading in service.get_by_role("heading", level=2).all()] == [
        *("Pages", "Models", "Workers", "Queue", "Checks", "Storage", "How long things are kept", "Limits")
    ]


def test_it_speaks_french(service: Page) -> None:
    service.get_by_label("Language").select_option("fr")
    expect(service.get_by_text("Tout est en ordre.")).to_be_visible()
    expect(service.get_by_role("img", name="Graphique : Pages par seconde, dix dernières minutes")).to_be_visible()
    expect(fact(service, "limits", "Document le plus lourd")).to_have_text("50 Mio")
    assert re.sub(r"\s", " ", fact(service, "limits", "Pages d’un document").inner_text()) == "1 000"
    expect(card(service, "retention")).to_contain_text(re.compile(r"Les pages lues sont conservées 1\sheure"))
    english = set(json.loads(service.evaluate(WORDS)))
    assert english == set()


WORDS = """async () => {
    const { en } = await import("./static/words/service/en.js");
    const { fr } = await import("./static/words/service/fr.js");
    const same = new Set(Object.values(fr));
    const parts = [...document.querySelectorAll(".service *:not([lang])")];
    const shown = new Set(parts.map((each) => each.textContent.trim()));
    return JSON.stringify(Object.values(en).filter((text) => shown.has(text) && !same.has(text)));
}"""
"""English sentences that stand on the page though French has others."""
