"""How the text of a page is shown: its marks, its formulas, its figures, and what is found in it."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from pretended import answering, doubted, opened


def test_a_header_that_left_the_text_is_not_looked_for_in_it(page: Page) -> None:
    blocks = ["The log", "It left at noon", "This is The log of May"]
    markdown = "\n\n".join(blocks[1:])
    told = {"markdown": markdown, "header": blocks[0], "confidence_scores": doubted(markdown, "noon", "May")}
    answering(page, blocks, kinds=["header", "text", "text"], **told)
    opened(page)
    expect(page.locator(".text-pane mark.doubt")).to_have_text(["noon", "May"])
    page.get_by_role("tab", name="Markdown").click()
    expect(page.locator(".source [data-block]")).to_have_text(blocks[1:])


FOUND_NOW = "[...CSS.highlights.get('found-now')].map(String)"


def test_what_is_counted_can_be_seen(page: Page) -> None:
    blocks = [
        "The **ferry** left\nthe harbour ![ferry](img-9.jpeg)",
        "<table><tr><td>ferry</td><td>left</td></tr></table>",
        "$ferry$ and a fer*ry* <b title='ferry'>left</b>",
    ]
    answering(page, blocks, warnings=["This ferry was hard to read."])
    opened(page)
    field = page.get_by_role("searchbox")
    field.fill("ferry")
    expect(page.get_by_role("search")).to_contain_text("1 of 3")
    assert page.evaluate("CSS.highlights.get('found').size") == 3
    for words in ("ferry", "ferry", "ferry"):
        assert page.evaluate(FOUND_NOW) == [words]
        field.press("Enter")
    field.fill("Ferry left the")
    expect(page.get_by_role("search")).to_contain_text("1 of 1")
    assert page.evaluate(FOUND_NOW) == ["ferry left\nthe"]
    field.fill("ferry left")
    expect(page.get_by_role("search")).to_contain_text("1 of 2")
    field.fill("img-9")
    expect(page.get_by_role("search")).not_to_contain_text("of")


def test_a_hit_is_brought_into_sight_once(page: Page) -> None:
    answering(page, [f"The ferry on day {day}\n\n{'and on ' * 200}" for day in range(20)])
    opened(page)
    page.get_by_role("searchbox").fill("day 19")
    pane = page.locator(".text-pane .scroll")
    page.wait_for_function("pane => pane.scrollTop > 0", arg=pane.element_handle())
    page.evaluate(NOTED)
    page.locator(".text-pane [data-block='0']").evaluate("block => block.click()")
    expect(page.locator(".text-pane [data-block='0']")).to_have_class("block kind-text chosen")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_function("brought.length === 3")
    assert page.evaluate("brought") == ["g", "DIV", "P"]  # its box, its block, and the hit when it is asked for


NOTED = """() => {
    window.brought = [];
    Element.prototype.scrollIntoView = function () { brought.push(this.nodeName); };
}"""


LATER_PAGES = """async () => {
    const { Search } = await import(new URL("static/read/search.js", document.baseURI).href);
    const page = (index, content) => ({ index, tables: [], blocks: [{ type: "text", content }] });
    const pages = [page(0, "the ferry, a ferry"), page(1, "nothing"), page(2, "ferry")];
    const search = new Search();
    const told = () => [search.at, search.hits.length];
    search.look("ferry", [pages[1]]);
    const none = told();
    search.again(pages.slice(1));
    const come = told();
    search.step(1);
    const first = told();
    search.again(pages);
    return [none, come, first, told(), search.hit];
}"""


def test_pages_that_come_later_are_searched(page: Page) -> None:
    told = page.evaluate(LATER_PAGES)
    assert told == [[-1, 0], [-1, 1], [0, 1], [2, 3], {"index": 2, "block": 0, "nth": 0}]
