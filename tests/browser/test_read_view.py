"""Reading in the browser: from a dropped document to what can be taken along."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from octavo_server import Server, eventually
from pages_to_read import WORDS, letter, scans, speckled
from playwright.sync_api import Browser, Page, expect


def pick(page: Page, name: str, data: bytes, kind: str = "application/pdf") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})


def drop(page: Page, name: str, data: bytes, kind: str) -> None:
    """As if the file were dropped anywhere on the page."""
    transfer = page.evaluate_handle(
        """([name, bytes, type]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
            return transfer;
        }""",
        [name, list(data), kind],
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": transfer})
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})


def read(page: Page, name: str, data: bytes, kind: str = "application/pdf") -> None:
    pick(page, name, data, kind)
    expect(page.locator(".toolbar .state")).to_contain_text(re.compile(r"\d+ pages? in "), timeout=60_000)


def test_the_sample_is_one_click_away(page: Page) -> None:
    page.get_by_role("button", name="Try a sample").click()
    expect(page.get_by_role("heading", name="A Year on the Gravel Banks")).to_be_visible(timeout=60_000)
    boxes = page.locator(".sheet [data-block]")
    expect(boxes).to_have_count(page.locator(".text-pane [data-block]").count())
    expect(page.locator(".text-pane table tr")).to_have_count(5)
    image = page.get_by_role("img", name="Page 1")
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("image => image.naturalWidth") >= 800
    expect(page.locator(".text-pane .rich img")).to_have_js_property("complete", value=True)


def test_the_first_view_is_light(chromium: Browser, server: Server) -> None:
    with chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        sizes: dict[str, int] = {}
        page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
        page.goto(server.url)
        expect(page.get_by_role("button", name="Choose files")).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert f"{server.url}/static/vendor/preact.js" in sizes
    assert sum(sizes.values()) < 300_000


def test_a_click_on_either_side_goes_to_the_block(page: Page) -> None:
    read(page, "letter.pdf", letter())
    chosen = page.locator(".chosen")
    page.locator(".text-pane [data-block='1']").click()
    expect(page.locator(".sheet [data-block='1']")).to_have_class(re.compile("chosen"))
    page.locator(".sheet [data-block='0']").click()
    expect(page.locator(".text-pane [data-block='0']")).to_have_class(re.compile("chosen"))
    expect(chosen).to_have_count(2)
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    page.locator(".sheet [data-block='2']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".text-pane [data-block='2']")).to_have_class(re.compile("chosen"))


def test_boxes_lie_where_the_words_are(page: Page) -> None:
    read(page, "letter.pdf", letter())
    box = page.locator(".sheet [data-block='0'] .area").bounding_box()
    sheet = page.locator(".sheet img").bounding_box()
    assert box is not None
    assert sheet is not None
    # The heading is set at 72 points from the left, its baseline at 110 of 842.
    assert (box["x"] - sheet["x"]) / sheet["width"] == pytest.approx(72 / 595.3, abs=0.01)
    assert (box["y"] + box["height"] - sheet["y"]) / sheet["height"] == pytest.approx(110 / 841.9, abs=0.02)


def test_text_is_there_while_later_pages_are_read(page: Page) -> None:
    drop(page, "log.tiff", scans(8), "image/tiff")
    expect(page.locator(".text-pane")).to_contain_text("Sheet 1 of the log", timeout=60_000)
    expect(page.locator(".toolbar .state")).to_contain_text("of 8 pages")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".strip button")).not_to_have_count(0)
    expect(page.locator(".toolbar .state")).to_contain_text("8 pages in ", timeout=90_000)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".text-pane")).to_contain_text("Sheet 2 of the log")


def test_reading_can_be_stopped(page: Page) -> None:
    pick(page, "log.tiff", scans(12), "image/tiff")
    expect(page.locator(".text-pane")).to_contain_text("Sheet 1 of the log", timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".toolbar .state")).to_contain_text("Stopped")
    expect(page.locator(".text-pane")).to_contain_text("Sheet 1 of the log")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".toolbar .state")).to_contain_text("12 pages in ", timeout=90_000)


def test_markdown_stands_as_it_is(page: Page) -> None:
    read(page, "letter.pdf", letter())
    page.get_by_role("tab", name="Markdown").click()
    expect(page.locator(".source")).to_contain_text("# Report number 1")
    page.locator(".source [data-block='1']").click()
    expect(page.locator(".sheet [data-block='1']")).to_have_class(re.compile("chosen"))


def test_words_in_doubt_are_marked(page: Page) -> None:
    read(page, "speckled.png", speckled(), "image/png")
    answer = saved(page, "JSON, as the API answers")
    words = json.loads(answer.read_text())["pages"][0]["confidence_scores"]["word_confidence_scores"]
    doubtful = [word["text"].strip() for word in words if word["confidence"] < 0.7]
    assert doubtful
    assert page.locator(".text-pane mark.doubt").all_inner_texts() == doubtful
    expect(page.locator(".sheet .doubt-box")).to_have_count(len(doubtful))


def test_other_options_read_it_again(page: Page) -> None:
    read(page, "letter.pdf", letter(3))
    page.get_by_role("button", name="Options").click()
    page.get_by_role("textbox", name="Pages Which").fill("2-3")
    page.get_by_label("Text inside a PDF").select_option("never")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".toolbar .state")).to_contain_text("2 pages in ", timeout=60_000)
    expect(page.get_by_role("heading", name="Report number 2")).to_be_visible()
    expect(page.locator(".text-pane")).to_contain_text("Read from pixels")


def saved(page: Page, what: str) -> Path:
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=what).click()
    return download.value.path()


def test_what_is_read_can_be_taken_along(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Try a sample").click()
    expect(page.locator(".toolbar .state")).to_contain_text("1 page in ", timeout=60_000)
    answer = json.loads(saved(page, "JSON, as the API answers").read_text())
    markdown = answer["pages"][0]["markdown"].strip() + "\n"
    with zipfile.ZipFile(saved(page, "Markdown with figures")) as archive:
        assert archive.read("sample.md").decode() == markdown
        assert archive.read("img-0.jpeg").startswith(b"\xff\xd8")
    html = saved(page, "HTML").read_text()
    assert "<h1>A Year on the Gravel Banks</h1>" in html
    assert 'src="data:image/jpeg;base64,' in html
    assert server.url not in html
    assert "Every spring the melt water of the upper valley brings sand" in saved(page, "Plain text").read_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == markdown


def test_a_link_opens_the_same_result(page: Page) -> None:
    read(page, "letter.pdf", letter(2))
    page.get_by_role("button", name="Link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    other = page.context.browser
    assert other is not None
    with other.new_context(locale="en-GB") as context:
        opened = context.new_page()
        opened.goto(link)
        expect(opened.get_by_role("heading", name="Report number 1")).to_be_visible(timeout=60_000)
        expect(opened.locator(".toolbar h1")).to_have_text("letter.pdf")


def test_code_that_is_shown_runs(page: Page, tmp_path: Path) -> None:
    name = 'The "last", final; letter.pdf'
    (tmp_path / name).write_bytes(letter())
    read(page, name, letter())
    page.get_by_role("button", name="As code").click()
    page.get_by_role("tab", name="Python (requests)").click()
    code = page.locator("dialog pre").inner_text().replace("import requests", "import httpx as requests")
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert WORDS[:40] in run.stdout
    page.get_by_role("tab", name="curl").click()
    shell = page.locator("dialog pre").inner_text()
    run = subprocess.run(["sh", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Report number 1" in json.loads(run.stdout)["pages"][0]["markdown"], run.stderr


def test_code_that_is_shown_reads_no_other_file(page: Page, server: Server, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(letter())
    (tmp_path / "secret").write_text("octavo-1")
    shell = page.evaluate(
        """async (server) => {
            const { samplesOf } = await import("/static/read/samples.js");
            const { USUAL } = await import("/static/read/options.js");
            const reading = { options: { ...USUAL, model: "<secret" }, source: { id: "1" }, name: "letter.pdf" };
            return samplesOf(reading, server).find(([name]) => name === "curl")[2];
        }""",
        server.url,
    )
    run = subprocess.run(["sh", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "<secret" in json.loads(run.stdout)["message"], run.stderr


def test_search_goes_through_all_pages(page: Page) -> None:
    read(page, "letter.pdf", letter(5))
    page.keyboard.press("/")
    page.keyboard.type("ON DAY")
    expect(page.get_by_role("search")).to_contain_text("1 of 5")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".text-pane")).to_contain_text("On day 3")
    assert page.evaluate("[...CSS.highlights.get('found-now')].map(String)") == ["On day"]


def test_keys_scroll_before_they_turn(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 260})
    read(page, "letter.pdf", letter(2))
    pane, field = page.locator(".text-pane .scroll"), page.get_by_role("textbox", name="Page", exact=True)
    assert pane.evaluate("(pane) => pane.scrollHeight > pane.clientHeight")
    pane.focus()
    page.keyboard.press("PageDown")
    assert eventually(lambda: pane.evaluate("(pane) => pane.scrollTop > 0"))
    expect(field).to_have_value("1")
    page.keyboard.press("Shift+ArrowRight")
    expect(field).to_have_value("1")
    pane.evaluate("(pane) => { pane.scrollTop = pane.scrollHeight }")
    page.keyboard.press("PageDown")
    expect(field).to_have_value("2")
    page.keyboard.press("ArrowLeft")
    expect(field).to_have_value("1")


def test_several_documents_are_open_at_a_time(page: Page) -> None:
    files = [{"name": f"{n}.pdf", "mimeType": "application/pdf", "buffer": letter(n)} for n in (1, 2, 3)]
    page.locator("input[type=file]").set_input_files(files)
    for place in range(3):
        page.get_by_label("Open documents").select_option(str(place))
        expect(page.locator(".toolbar .state")).to_contain_text(re.compile(rf"{place + 1} pages? in "), timeout=60_000)


def test_it_speaks_french(page: Page) -> None:
    page.get_by_label("Language").select_option("fr")
    expect(page.get_by_role("heading", name="Que dit le document ?")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Choisir des fichiers")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "fr"
