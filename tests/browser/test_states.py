"""What the workbench says when something is wrong, and that it goes on afterwards."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from browser_watch import Watch
from octavo_server import eventually, get, serving
from pages_to_read import letter, scans
from playwright.sync_api import Browser, Page, expect


def pick(page: Page, name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)


def test_a_damaged_file_is_told_and_another_one_read(page: Page, watch: Watch) -> None:
    pick(page, "half.pdf", letter()[:300])
    expect(page.get_by_role("alert")).to_contain_text("cut off or damaged", timeout=60_000)
    page.get_by_role("button", name="Another document").click()
    pick(page, "letter.pdf", letter())
    expect(page.get_by_role("heading", name="Report number 1")).to_be_visible(timeout=60_000)
    watch.forgive("400")


def test_a_protected_file_asks_for_its_password(page: Page, watch: Watch) -> None:
    pick(page, "locked.pdf", letter(password="open sesame"))
    expect(page.get_by_role("alert")).to_contain_text("password", timeout=60_000)
    page.get_by_role("textbox", name="Password").fill("wrong")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("password", timeout=60_000)
    page.get_by_role("textbox", name="Password").fill("open sesame")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="Report number 1")).to_be_visible(timeout=60_000)
    expect(page.locator(".sheet img")).to_have_js_property("complete", value=True)
    expect.soft(page.locator(".sheet")).not_to_contain_text("cannot be shown")
    assert "sesame" not in page.url
    watch.forgive("400")


def test_pages_that_are_not_there_are_told(page: Page, watch: Watch) -> None:
    page.locator("summary").click()
    page.get_by_role("textbox", name="Pages Which").fill("7")
    pick(page, "letter.pdf", letter(2))
    expect(page.get_by_role("alert")).to_contain_text("page", timeout=60_000)
    watch.forgive("400", "422")


def test_a_refused_address_is_told(page: Page, watch: Watch) -> None:
    page.get_by_role("textbox", name="the address").fill("http://127.0.0.1:9/private.pdf")
    page.get_by_role("button", name="Fetch").click()
    expect(page.get_by_role("alert")).to_contain_text("no public address", timeout=60_000)
    watch.forgive("403", "400", "422")


def test_a_document_comes_from_its_address(page: Page) -> None:
    signed = page.evaluate(
        """async bytes => {
            const form = new FormData();
            form.append("purpose", "ocr");
            form.append("file", new Blob([new Uint8Array(bytes)]), "letter.pdf");
            const file = await (await fetch("v1/files", { method: "POST", body: form })).json();
            return (await (await fetch(`v1/files/${file.id}/url`)).json()).url;
        }""",
        list(letter()),
    )
    page.get_by_role("textbox", name="the address").fill(signed)
    page.get_by_role("button", name="Fetch").click()
    expect(page.get_by_role("heading", name="Report number 1")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_ends_is_told(chromium: Browser, tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path, ENGINES__MODEL="octavo-fake") as server, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_role("button", name="Choose files")).to_be_visible()
        server.stop(how)
        pick(page, "letter.pdf", letter())
        expect(page.get_by_role("alert").first).to_contain_text("The server does not answer", timeout=60_000)
        expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_key_opens_the_door(chromium: Browser, tmp_path: Path) -> None:
    with (
        serving(tmp_path, ENGINES__MODEL="octavo-fake", API_KEYS="alice=s3cret,bob=other") as server,
        chromium.new_context(locale="en-GB") as context,
    ):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_label("Key").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("This key is not known here")
        page.get_by_label("Key").fill("s3cret")
        page.get_by_role("button", name="Sign in").click()
        pick(page, "letter.pdf", letter())
        expect(page.locator(".toolbar .state")).to_contain_text("1 page in", timeout=60_000)
        expect(page.locator(".sheet img")).to_be_visible()
        (cookie,) = context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Key")).to_be_visible()
        assert context.cookies() == []


def test_where_nothing_is_kept_there_are_no_links(chromium: Browser, tmp_path: Path) -> None:
    with (
        serving(tmp_path, ENGINES__MODEL="octavo-fake", RETENTION="none") as server,
        chromium.new_context(locale="en-GB") as context,
    ):
        page = context.new_page()
        page.goto(server.url)
        pick(page, "letter.pdf", letter())
        expect(page.locator(".toolbar .state")).to_contain_text("1 page in", timeout=60_000)
        expect(page.locator(".sheet img")).to_be_visible()
        expect(page.get_by_role("button", name="Link")).to_be_disabled()
        assert page.url == f"{server.url}/"
        (file,) = get(f"{server.url}/v1/files").json()["data"]
        assert file["filename"] == "letter.pdf"
        page.get_by_role("button", name="Options").click()
        page.get_by_role("button", name="Read again").click()
        expect(page.locator(".toolbar .state")).to_contain_text("1 page in", timeout=60_000)
        expect(page.locator(".sheet img")).to_be_visible()
        page.get_by_role("button", name="Another document").click()
        expect(page.get_by_role("button", name="Choose files")).to_be_visible()
        assert eventually(lambda: get(f"{server.url}/v1/files").json()["data"] == [])
        pick(page, "letter.pdf", letter())
        expect(page.locator(".toolbar .state")).to_contain_text("1 page in", timeout=60_000)
        page.close(run_before_unload=True)
        assert eventually(lambda: get(f"{server.url}/v1/files").json()["data"] == [])


def test_a_server_that_ends_in_the_middle_leaves_what_is_read(chromium: Browser, tmp_path: Path) -> None:
    with (
        serving(tmp_path, ENGINES__MODEL="octavo-1") as server,
        chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB") as context,
    ):
        page = context.new_page()
        page.goto(server.url)
        pick(page, "log.tiff", scans(20))
        expect(page.locator(".text-pane")).to_contain_text("Sheet 1 of the log", timeout=60_000)
        server.stop(signal.SIGKILL)
        expect(page.locator(".toolbar").get_by_role("alert")).to_contain_text(
            "Try again: pages that are read are not read twice.",
            timeout=60_000,
        )
        expect(page.locator(".text-pane")).to_contain_text("Sheet 1 of the log")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (413, "<html>Too large</html>", "larger than what is taken in"),
        (502, "", "cannot be reached"),
        (200, "<html>", "broke"),
    ],
)
def test_what_stands_before_the_server_is_told(page: Page, watch: Watch, status: int, body: str, told: str) -> None:
    page.route("**/v1/files", lambda route: route.fulfill(status=status, body=body))
    pick(page, "letter.pdf", letter())
    expect(page.get_by_role("alert")).to_contain_text(told)
    watch.forgive(str(status))


def test_a_file_that_is_gone_is_told(page: Page, watch: Watch, tmp_path: Path) -> None:
    gone = tmp_path / "gone.pdf"
    gone.write_bytes(letter())
    page.evaluate("addEventListener('change', (event) => event.stopPropagation(), {capture: true, once: true})")
    page.locator("input[type=file]").set_input_files(gone)
    gone.unlink()
    page.locator("input[type=file]").dispatch_event("change")
    expect(page.get_by_role("alert")).to_contain_text("The browser cannot read this")
    watch.forgive("ERR_FILE_NOT_FOUND")


def test_a_network_that_is_gone_is_no_server_that_is_gone(page: Page) -> None:
    page.get_by_role("button", name="Choose files").wait_for()
    with page.expect_response("**/session"):
        page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_answer_of_somebody_else_leaves_no_empty_page(page: Page) -> None:
    page.route("**/session", lambda route: route.fulfill(status=200, body="<html>Sign in to the hotel</html>"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/session")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()


def test_an_image_that_does_not_come_can_be_asked_for_again(page: Page, watch: Watch) -> None:
    page.route("**/pages/0?*", lambda route: route.fulfill(status=503, body=""))
    pick(page, "letter.pdf", letter())
    expect(page.locator(".sheet .missing")).to_contain_text("cannot be reached just now", timeout=60_000)
    page.unroute("**/pages/0?*")
    page.locator(".sheet").get_by_role("button", name="Try again").click()
    expect(page.locator(".sheet img")).to_be_visible()
    watch.forgive("503")


def test_a_sample_that_does_not_come_is_told(page: Page, watch: Watch) -> None:
    page.route("**/static/sample.pdf", lambda route: route.abort())
    page.get_by_role("button", name="Try a sample").click()
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    watch.forgive("ERR_FAILED")
