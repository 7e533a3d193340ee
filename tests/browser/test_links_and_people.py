"""Links to results, the clipboard, and what one person leaves to the next."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from browser_watch import Watch
from octavo_server import Server, eventually, get, serving
from pages_to_read import letter
from playwright.sync_api import Browser, Page, expect

NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {get: () => undefined})"
CLIPBOARD = "Object.getOwnPropertyDescriptor(Navigator.prototype, 'clipboard').get.call(navigator).readText()"


def read(page: Page, name: str = "letter.pdf", pages: int = 1) -> None:
    file = {"name": name, "mimeType": "application/pdf", "buffer": letter(pages)}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".toolbar .state")).to_contain_text(" in ", timeout=60_000)


def file_of(page: Page) -> str:
    """The upload that the address names."""
    page.wait_for_url("**/?file=*")
    (file,) = parse_qs(urlsplit(page.url).query)["file"]
    return file


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_who_signs_out_leaves_nothing_open(chromium: Browser, tmp_path: Path) -> None:
    keys = {"ENGINES__MODEL": "octavo-fake", "API_KEYS": "alice=s3cret,bob=other", "RETENTION": "none"}
    with serving(tmp_path, **keys) as server, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(server.url)
        sign_in(page, "s3cret")
        read(page)
        page.get_by_label("Views").get_by_role("link", name="Compare").click()
        file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter()}
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(".toolbar h1")).to_have_text("letter.pdf", timeout=60_000)
        page.get_by_role("button", name="Sign out").click()
        sign_in(page, "other")
        for view in ("Compare", "Read"):
            page.get_by_label("Views").get_by_role("link", name=view).click()
            expect(page.get_by_role("button", name="Choose")).to_be_visible()
            assert urlsplit(page.url).query == ""
        assert "letter.pdf" not in page.content()
        key = {"Authorization": "Bearer s3cret"}
        assert eventually(lambda: get(f"{server.url}/v1/files", **key).json()["data"] == [])


def test_a_comparison_leaves_nothing_where_nothing_is_kept(chromium: Browser, tmp_path: Path) -> None:
    settings = {"ENGINES__MODEL": "octavo-fake", "RETENTION": "none"}
    with serving(tmp_path, **settings) as server, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{server.url}/compare")
        file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": letter()}
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_role("button", name="Link")).to_be_disabled(timeout=60_000)
        assert urlsplit(page.url).query == ""
        page.get_by_role("button", name="Another document").click()
        assert eventually(lambda: get(f"{server.url}/v1/files").json()["data"] == [])


def test_without_a_clipboard_it_is_copied_all_the_same(page: Page) -> None:
    read(page)
    page.evaluate(NO_CLIPBOARD)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert "Report number 1" in page.evaluate(CLIPBOARD)
    page.get_by_role("button", name="As code").click()
    page.locator("dialog").get_by_role("button", name="Copy").click()
    assert eventually(lambda: "client.ocr.process" in page.evaluate(CLIPBOARD))


def test_what_cannot_be_copied_is_told(page: Page) -> None:
    read(page)
    page.evaluate(NO_CLIPBOARD + "; document.execCommand = () => false")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("does not let this be copied")).to_be_visible()


def test_the_link_stays_whatever_is_clicked(page: Page) -> None:
    read(page)
    for name in ("Octavo", "Read"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator(".toolbar h1")).to_have_text("letter.pdf")
        page.wait_for_url("**/?file=*")
    page.get_by_role("button", name="Link").click()
    expect(page.get_by_text("The link is copied")).to_be_visible()
    assert parse_qs(urlsplit(page.evaluate("navigator.clipboard.readText()")).query)["file"]


def test_options_of_a_link_are_those_of_its_document_alone(page: Page, watch: Watch, server: Server) -> None:
    read(page)
    file = file_of(page)
    page.goto(f'{server.url}/?file={file}&options={{"languages":"xx-none"}}')
    expect(page.get_by_role("alert")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Another document").click()
    read(page, "other.pdf")
    watch.forgive("400", "422")


def test_another_link_to_the_same_file_opens_it_otherwise(page: Page) -> None:
    read(page, pages=2)
    file = file_of(page)
    for options, told in (('{"pages":"2"}', "1 page in"), ("", "2 pages in")):
        page.get_by_role("link", name="Service", exact=True).click()
        expect(page.locator(".service")).to_be_visible()
        page.evaluate(
            "(to) => { history.replaceState(null, '', to); dispatchEvent(new PopStateEvent('popstate')) }",
            f"./?file={file}&options={options}",
        )
        expect(page.locator(".toolbar .state")).to_contain_text(told, timeout=60_000)
    expect(page.get_by_label("Open documents").locator("option")).to_have_count(2)


def test_a_page_that_is_no_number_changes_nothing(page: Page) -> None:
    read(page, pages=3)
    field = page.get_by_role("textbox", name="Page", exact=True)
    for typed, shown in (("2", "2"), ("abc", "2"), ("", "2"), ("2.9", "2"), ("99", "3"), ("0", "3")):
        field.fill(typed)
        field.press("Enter")
        expect(field).to_have_value(shown)
    expect(page.locator(".text-pane")).to_contain_text("On day 3")


def test_a_document_that_is_gone_is_sent_again(page: Page, watch: Watch) -> None:
    read(page)
    file = file_of(page)
    page.evaluate("(id) => fetch(`v1/files/${id}`, {method: 'DELETE'})", file)
    page.get_by_role("button", name="Options").click()
    page.get_by_role("textbox", name="Pages Which").fill("1")
    page.get_by_role("button", name="Read again").click()
    page.wait_for_url(lambda url: "file=" in url and file not in url)
    expect(page.locator(".toolbar .state")).to_contain_text("1 page in", timeout=60_000)
    watch.forgive("404")


def test_the_keyboard_comes_back_from_a_menu(page: Page) -> None:
    read(page)
    button = page.get_by_role("button", name="Save")
    for key in ("Escape", "Enter"):
        button.click()
        expect(page.get_by_role("button", name="Markdown with figures")).to_be_focused()
        page.keyboard.press(key)
        expect(button).to_be_focused()
