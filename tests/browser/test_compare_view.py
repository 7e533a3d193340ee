"""Comparing in the browser: two readings of one page side by side."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from octavo_server import eventually
from pages_to_read import hostile, letter, misread
from playwright.sync_api import Page, Route, expect

if TYPE_CHECKING:
    from browser_watch import Watch
    from octavo_server import Server

LONG = 60_000


@pytest.fixture(autouse=True)
def view(page: Page, server: Server) -> None:
    """Every test begins at the comparison."""
    page.goto(f"{server.url}/compare")


def pick(page: Page, name: str, data: bytes, kind: str = "application/pdf") -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})


def told(page: Page) -> str:
    """What stands above the comparison once both sides are read."""
    state = page.locator(".toolbar .state")
    expect(state).to_have_class(re.compile("differ-(same|differing|nothing)"), timeout=LONG)
    return state.inner_text()


def link(page: Page) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(page.url).query).items()}


def compare(
    page: Page, server: Server, data: bytes, *, left: str = "always", right: str = "never", number: int = 1
) -> None:
    """Open a link to the comparison of an uploaded document."""
    form = {"file": {"name": "tides.pdf", "mimeType": "application/pdf", "buffer": data}, "purpose": "ocr"}
    file = page.request.post(f"{server.url}/v1/files", multipart=form).json()
    sides = {"left": json.dumps({"text_layer": left}), "right": json.dumps({"text_layer": right})}
    page.goto(f"{server.url}/compare?{urlencode({'file': file['id'], 'page': number, **sides})}")


def test_what_differs_is_marked_on_both_sides(page: Page, server: Server) -> None:
    compare(page, server, misread())
    assert "3 differences" in told(page)
    assert page.locator(".column.of-left del").all_inner_texts() == ["08:47", "pivot boot"]
    assert page.locator(".column.of-right ins").all_inner_texts() == ["07:41", "pilot boat", "all"]
    assert page.locator(".column.of-left .block.differs").count() == 1
    assert page.locator(".column.of-left .rich .nothing").count() == 1
    page.get_by_role("tab", name="Markdown").click()
    assert page.locator(".column.of-left del").all_inner_texts() == ["08:47", "pivot boot"]
    assert page.locator(".column.of-right ins").all_inner_texts() == ["07:41", "pilot boat", "all "]
    assert page.locator(".column.of-left .nothing").count() == 1


def test_marks_are_told_by_more_than_colour(page: Page, server: Server) -> None:
    compare(page, server, misread())
    told(page)
    line = "place => getComputedStyle(place).textDecorationLine"
    assert page.locator(".column del").first.evaluate(line) == "line-through"
    assert page.locator(".column ins").first.evaluate(line) == "underline"
    assert page.get_by_role("deletion").count() == 2
    assert page.get_by_role("insertion").count() == 3


def test_keys_go_from_one_difference_to_the_next(page: Page, server: Server) -> None:
    compare(page, server, misread())
    told(page)
    steps = page.locator(".steps")
    expect(steps).to_contain_text("– of 3")
    page.keyboard.press("n")
    expect(steps).to_contain_text("1 of 3")
    assert page.locator("[data-now]").all_inner_texts() == ["08:47", "07:41"]
    page.keyboard.press("p")
    expect(steps).to_contain_text("3 of 3")
    page.keyboard.press("n")
    page.get_by_role("button", name="Next difference").click()
    expect(steps).to_contain_text("2 of 3")
    expect(page.locator(".state [role=status]")).to_contain_text("Left: pivot boot. Right: pilot boat.")


def test_the_sample_is_compared_with_its_pixels(page: Page) -> None:
    page.get_by_role("button", name="Try a sample").click()
    told(page)
    expect(page.locator(".column.of-left .numbers")).to_contain_text("Text of the PDF")
    expect(page.locator(".column.of-right .numbers")).to_contain_text("Read from pixels")
    words = page.locator(".column.of-left .numbers div", has_text="Words").locator("dd").inner_text()
    assert int(words) > 200
    assert page.locator(".column.of-left .rich img, .column.of-left .rich .figure").count() == 1


def test_two_readings_can_say_the_same(page: Page) -> None:
    pick(page, "letter.pdf", letter())
    page.locator(".column.of-right").get_by_role("button", name="Change").click()
    page.get_by_label("Text inside a PDF").select_option("always")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".toolbar .state")).to_have_text("Both say the same", timeout=LONG)
    expect(page.locator(".column.of-right .chosen-options")).to_have_text("Always the text of the PDF")
    assert page.locator(".column del, .column ins, .column .differs").count() == 0


def test_tables_that_stand_apart_are_compared_all_the_same(page: Page) -> None:
    page.get_by_role("button", name="Try a sample").click()
    told(page)
    page.locator(".column.of-left").get_by_role("button", name="Change").click()
    page.get_by_label("Tables").select_option("markdown")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".column.of-left .chosen-options")).to_contain_text("Tables apart")
    told(page)
    assert page.locator(".column.of-left .kind-table.differs").count() == 0
    page.get_by_role("tab", name="Markdown").click()
    expect(page.locator(".column.of-left .source")).to_contain_text("1.84")
    expect(page.locator(".column.of-left")).to_contain_text("are put in here")


def test_pages_are_chosen_above(page: Page, server: Server) -> None:
    compare(page, server, misread(3), number=2)
    expect(page.locator(".column.of-right")).to_contain_text("Sheet 2 of all", timeout=LONG)
    expect(page.locator(".pager")).to_contain_text("of 3")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".column.of-right")).to_contain_text("Sheet 3 of all", timeout=LONG)
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.get_by_role("textbox", name="Page").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator(".column.of-left")).to_contain_text("Sheet 1 of all", timeout=LONG)
    assert "3 differences" in told(page)
    assert link(page)["page"] == "1"


def test_a_link_opens_the_same_comparison(page: Page, server: Server) -> None:
    compare(page, server, misread(2), number=2)
    told(page)
    page.locator(".column.of-right").get_by_role("button", name="Change").click()
    page.get_by_label("Resolution").fill("150")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".column.of-right .chosen-options")).to_have_text("Pixels only · 150 dpi")
    page.get_by_role("button", name="Link").click()
    address = page.evaluate("navigator.clipboard.readText()")
    other = page.context.browser
    assert other is not None
    with other.new_context(locale="en-GB") as context:
        opened = context.new_page()
        opened.goto(address)
        expect(opened.locator(".column.of-right .chosen-options")).to_have_text("Pixels only · 150 dpi")
        expect(opened.locator(".column.of-right")).to_contain_text("Sheet 2 of all", timeout=LONG)
        expect(opened.locator(".column.of-left .chosen-options")).to_have_text("Always the text of the PDF")


def test_the_document_that_is_read_can_be_compared(page: Page, server: Server) -> None:
    page.goto(server.url)
    pick(page, "letter.pdf", letter(3))
    expect(page.locator(".toolbar .state")).to_contain_text("3 pages in ", timeout=LONG)
    page.keyboard.press("ArrowRight")
    page.get_by_role("main").get_by_role("link", name="Compare").click()
    expect(page.locator(".column.of-right")).to_contain_text("Report number 2", timeout=LONG)
    told(page)
    assert link(page)["page"] == "2"
    page.get_by_role("button", name="Another document").click()
    page.get_by_role("button", name="letter.pdf").click()
    expect(page.locator(".column.of-left")).to_contain_text("Report number 1", timeout=LONG)


def test_it_is_still_there_after_a_look_elsewhere(page: Page, server: Server) -> None:
    compare(page, server, misread())
    told(page)
    bar = page.get_by_role("navigation", name="Views")
    bar.get_by_role("link", name="Read").click()
    expect(page.get_by_role("heading", name="What does the document say?")).to_be_visible()
    bar.get_by_role("link", name="Compare").click()
    assert "3 differences" in told(page)
    assert link(page)["left"] == '{"text_layer":"always"}'


def test_boxes_of_both_sides_lie_over_the_page(page: Page, server: Server) -> None:
    compare(page, server, misread())
    told(page)
    left, right = page.locator(".boxes.of-left .box"), page.locator(".boxes.of-right .box")
    assert left.count() == page.locator(".column.of-left .block").count()
    assert right.count() == page.locator(".column.of-right .block").count()
    assert page.locator(".boxes.of-left .box.differs").count() == 1
    page.get_by_role("tablist", name="Whose blocks are drawn").get_by_role("tab", name="Right").click()
    expect(left).to_have_count(0)
    right.last.click()
    expect(page.locator(".column.of-right .block").last).to_have_class(re.compile("chosen"))
    page.keyboard.press("Escape")
    expect(page.locator(".chosen")).to_have_count(0)
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator(".page-pane")).to_be_hidden()


def test_one_side_that_fails_says_why_and_can_be_tried_again(page: Page, watch: Watch, server: Server) -> None:
    left, right = json.dumps({"languages": "xx-nowhere"}), json.dumps({"text_layer": "never"})
    compare(page, server, misread())
    told(page)
    file = link(page)["file"]
    page.goto(f"{server.url}/compare?{urlencode({'file': file, 'left': left, 'right': right})}")
    expect(page.locator(".column.of-left [role=alert]")).to_contain_text("xx-nowhere", timeout=LONG)
    expect(page.locator(".column.of-right")).to_contain_text("07:41", timeout=LONG)
    expect(page.locator(".toolbar .state")).to_contain_text("one side could not be read")
    expect(page.get_by_role("img", name="Page 1")).to_be_visible()
    expect(page.locator(".column.of-left").get_by_role("button", name="Try again")).to_be_visible()
    page.locator(".column.of-left").get_by_role("button", name="Change").click()
    page.get_by_label("Languages").fill("")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".toolbar .state")).to_contain_text("Both say the same", timeout=LONG)
    watch.forgive("422")


def test_one_side_is_shown_while_the_other_is_still_read(page: Page, server: Server) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"never"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/ocr", hold)
    compare(page, server, misread())
    expect(page.locator(".column.of-left")).to_contain_text("08:47", timeout=LONG)
    expect(page.locator(".toolbar .state")).to_have_text("Reading …")
    expect(page.locator(".column.of-right .skeleton")).to_be_visible()
    assert page.locator(".column del").count() == 0
    held[0].continue_()
    assert "3 differences" in told(page)


def test_models_can_be_compared_where_there_are_several(page: Page) -> None:
    models = [{"id": "octavo-1", "name": "octavo-1"}, {"id": "mistral-ocr-latest", "name": "octavo-1"}]
    page.route("**/v1/models", lambda route: route.fulfill(json={"data": [*models, {"id": "other", "name": "other"}]}))
    page.reload()
    pick(page, "letter.pdf", letter())
    told(page)
    expect(page.locator(".column.of-left .chosen-options")).to_contain_text("The server's choice")
    page.locator(".column.of-left").get_by_role("button", name="Change").click()
    choice = page.get_by_label("Model")
    assert choice.locator("option").all_inner_texts() == ["The server's choice", "octavo-1", "other"]
    choice.select_option("octavo-1")
    with page.expect_request("**/v1/ocr") as asked:
        page.get_by_role("button", name="Read again").click()
    assert asked.value.post_data_json["model"] == "octavo-1"
    expect(page.locator(".column.of-left .chosen-options")).to_have_text("octavo-1 · Always the text of the PDF")
    assert json.loads(link(page)["left"]) == {"text_layer": "always", "model": "octavo-1"}
    told(page)


def test_hostile_text_does_nothing(page: Page, server: Server) -> None:
    compare(page, server, hostile())
    assert "difference" in told(page)
    for form in ("Text", "Markdown"):
        page.get_by_role("tab", name=form).click()
        expect(page.locator(".column.of-left")).to_contain_text("tracker.example")
        assert (
            page.locator(
                ".column :is(script, style, iframe, form, svg:not(.icon, .figure), [onclick], [onerror])"
            ).count()
            == 0
        )
        assert page.evaluate("window.caught ?? null") is None


def test_a_protected_document_asks_for_its_password(page: Page, watch: Watch) -> None:
    pick(page, "locked.pdf", letter(2, password="sesame"))
    field = page.get_by_label("Password")
    field.fill("wrong")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=LONG)
    field.fill("sesame")
    page.get_by_role("button", name="Open").click()
    expect(page.locator(".column.of-left")).to_contain_text("Report number 1", timeout=LONG)
    assert "sesame" not in page.url
    expect(page.get_by_role("img", name="Page 1")).to_have_js_property("complete", value=True)
    watch.forgive("422")


def test_a_link_whose_document_is_gone_says_so(page: Page, watch: Watch, server: Server) -> None:
    page.goto(f"{server.url}/compare?file=00000000-0000-4000-8000-000000000000")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Another document").click()
    expect(page.get_by_role("heading", name="Where do two readings differ?")).to_be_visible()
    assert link(page) == {}
    watch.forgive("404")


def test_a_page_beyond_the_last_says_so_and_lets_go_back(page: Page, watch: Watch, server: Server) -> None:
    compare(page, server, letter(2), number=9)
    expect(page.locator(".column.of-left [role=alert]")).to_be_visible(timeout=LONG)
    page.get_by_role("textbox", name="Page").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator(".column.of-left")).to_contain_text("Report number 2", timeout=LONG)
    watch.forgive("422")


def test_it_can_be_read_on_a_phone_and_in_french(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    compare(page, server, misread())
    told(page)
    expect(page.locator(".column.of-left")).to_be_visible()
    expect(page.locator(".column.of-right")).to_be_hidden()
    page.get_by_role("tablist", name="Page or text").get_by_role("tab", name="Right").click()
    expect(page.locator(".column.of-right")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Language").select_option("fr")
    expect(page.locator(".toolbar .state")).to_contain_text("3 différences · ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_can_use_it(page: Page, server: Server, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_role("heading", name="Where do two readings differ?")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    compare(page, server, misread())
    told(page)
    page.keyboard.press("n")
    for form in ("Text", "Markdown"):
        page.get_by_role("tab", name=form).click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_texts_scroll_together(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1440, "height": 320})
    compare(page, server, misread())
    told(page)
    left, right = page.locator(".column.of-left .scroll"), page.locator(".column.of-right .scroll")
    left.evaluate("pane => { pane.scrollTop = pane.scrollHeight }")
    foot = "pane => pane.scrollTop > 0 && pane.scrollTop >= pane.scrollHeight - pane.clientHeight - 2"
    assert eventually(lambda: right.evaluate(foot))
    right.evaluate("pane => { pane.scrollTop = 0 }")
    expect(left).to_have_js_property("scrollTop", 0)


DIFFER = """async ([left, right, patience]) => {
    const { differencesOf } = await import("/static/compare/difference.js");
    const found = differencesOf(left, right, patience);
    const said = (text, { start, end }) => text.slice(start, end);
    return [found.by, found.differences.map((each) => [said(left, each.left), said(right, each.right)])];
}"""


@pytest.mark.parametrize(
    ("left", "right", "differences"),
    [
        ("It cost 1,204.50 francs.", "It cost 1.204,50 francs.", [["1,204.50", "1.204,50"]]),
        ("one two three four", "one zwei drei four", [["two three", "zwei drei"]]),
        ("## Head\n\nText", "# Head\n\nText", [["##", "#"]]),
        ("Первый шаг сделан", "Первый шар сделан", [["шаг", "шар"]]),
        ("日本語", "日木語", [["本", "木"]]),
        ("one\n\ntwo\n\nthree", "one\n\nthree", [["two\n\n", ""]]),
        ("same", "same", []),
        ("", "new", [["", "new"]]),
    ],
)
def test_differences_are_those_of_words(page: Page, left: str, right: str, differences: list[list[str]]) -> None:
    assert page.evaluate(DIFFER, [left, right, 5000]) == ["words", differences]


def test_what_takes_too_long_is_compared_by_lines_or_not_at_all(page: Page) -> None:
    left = "".join(f"same {n // 50}\n" if n % 50 == 0 else f"l{n} l{n * 7} l{n * 13}\n" for n in range(3000))
    right = "".join(f"same {n // 50}\n" if n % 50 == 0 else f"r{n} r{n * 7} r{n * 13}\n" for n in range(3000))
    by, _ = page.evaluate(DIFFER, [left, right, 1])
    assert by == "page"
    by, _ = page.evaluate(DIFFER, [left, right, 400])
    assert by in ("lines", "page")
    some = left.replace("l77", "x77")
    by, differences = page.evaluate(DIFFER, [left, some, 60_000])
    assert by == "words"
    assert differences[0] == ["l77", "x77"]


def test_a_coarser_comparison_says_so(page: Page, server: Server) -> None:
    def hurry(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("PATIENCE = 2000", "PATIENCE = -1"))

    page.context.route("**/compare/difference.js", hurry)
    page.reload()
    compare(page, server, misread())
    assert told(page).startswith("1 difference")
    expect(page.get_by_role("note").first).to_contain_text("all of it is marked")
    assert page.locator(".column.of-left .block").count() == page.locator(".column.of-left .block.differs").count() == 2
