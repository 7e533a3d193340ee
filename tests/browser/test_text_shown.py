"""How the text of a page is shown: its marks, its formulas, its figures, and what is found in it."""

from __future__ import annotations

import pytest
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


@pytest.mark.parametrize(
    "tex",
    [r"\rule{100000em}{100000em}", r"\hspace{90000em}x", r"a\kern-2000em\rule{9999pt}{9999pt}", r"\raisebox{500em}{x}"],
)
def test_a_formula_keeps_its_place(page: Page, tex: str) -> None:
    answering(page, ["before", f"${tex}$", "after"])
    opened(page)
    formula = page.locator(".text-pane .formula")
    expect(formula.locator("math")).to_have_count(1)
    assert formula.evaluate("each => getComputedStyle(each).overflow") == "clip"
    box = formula.bounding_box()
    assert box is not None
    assert max(box["width"], box["height"]) < 800


def test_a_formula_of_several_lines_is_one(page: Page) -> None:
    tex = "a\n+ b\n= c\n- d\n\\text{costs \\$5}"
    answering(page, [f"$$\n{tex}\n$$", f"> $$\n> {tex.splitlines()[0]}\n> $$", f"In a line\n$$\n{tex}\n$$\nof text"])
    opened(page)
    blocks = page.locator(".text-pane [data-block]")
    expect(page.locator(".text-pane .formula-block math")).to_have_count(3)
    expect(blocks.nth(0)).to_contain_text("costs")
    expect(blocks.nth(2)).to_contain_text("of text")
    assert blocks.locator("ul, h1, h2").count() == 0


def test_a_formula_names_nothing_and_leads_nowhere(page: Page) -> None:
    answering(page, [r"$$\begin{equation}x\label{app}\end{equation}$$", r"$$y\tag{1}\label{view}$$", r"$z \ref{app}$"])
    opened(page)
    expect(page.locator(".text-pane .rich math")).to_have_count(3)
    assert page.locator(".text-pane .rich").locator("[id], [href], a").count() == 0


@pytest.mark.parametrize(
    ("markdown", "doubts", "shape", "marked"),
    [
        ("1. The ferry\n2. The pier", ["1.", "ferry", "2."], "ol > li", ["ferry"]),
        ("- The ferry\n- The pier", ["-", "ferry"], "ul > li", ["ferry"]),
        ("Salt & AT&amp;T <sup>left</sup>", ["AT&amp;T", "sup>"], "sup", ["AT&T"]),
        (
            "See <https://a.example/ferry>",
            ["See", "https://a.example/ferry"],
            "a[href='https://a.example/ferry']",
            ["See"],
        ),
        ("[See it](https://a.example/ferry)", ["See", "ferry"], "a[href='https://a.example/ferry']", ["See"]),
        ("A $x + y$ is -1", ["A", "x", "-1"], ".formula math", ["A", "-1"]),
    ],
)
def test_marks_change_nothing_of_what_is_said(
    page: Page, markdown: str, doubts: list[str], shape: str, marked: list[str]
) -> None:
    answering(page, [markdown], confidence_scores=doubted(markdown, *doubts))
    opened(page)
    expect(page.locator(".text-pane mark.doubt")).to_have_text(marked)
    expect(page.locator(".text-pane .rich").locator(shape).first).to_be_visible()


def figures(count: int) -> tuple[list[str], list[dict[str, object]]]:
    """Blocks that are figures, and the figures, which did not come along."""
    names = [f"img-{number}.jpeg" for number in range(count)]
    corners = {"top_left_x": 10, "top_left_y": 10, "bottom_right_x": 90, "bottom_right_y": 30}
    return [f"![{name}]({name})" for name in names], [{"id": name, "image_base64": None, **corners} for name in names]


def test_a_page_of_figures_holds_its_image_only_so_often(page: Page) -> None:
    blocks, images = figures(30)
    answering(page, blocks, images=images)
    opened(page)
    expect(page.locator(".text-pane .figure-alt")).to_have_text([f"img-{number}.jpeg" for number in range(20, 30)])
    expect(page.locator(".text-pane svg.figure")).to_have_count(20)


def test_figures_of_a_protected_document_are_named(page: Page) -> None:
    blocks, images = figures(1)
    answering(page, blocks, images=images)
    opened(page)
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Password").fill("sesame")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".text-pane .figure-alt")).to_have_text(["img-0.jpeg"])
    expect(page.locator(".text-pane svg.figure")).to_have_count(0)


ASKED = """async ([pages, dpi]) => {
    const { bodyOf, checkPages, USUAL } = await import(new URL("static/read/options.js", document.baseURI).href);
    const body = bodyOf({ ...USUAL, pages, dpi });
    try {
        checkPages(pages);
    } catch (error) {
        return [body.pages, body.octavo?.dpi, error.message.slice(0, 8)];
    }
    return [body.pages, body.octavo?.dpi, ""];
}"""


@pytest.mark.parametrize(
    ("pages", "dpi", "asked"),
    [
        ("1 2 3", "150", ["0,1,2", 150, ""]),
        ("1 - 3,, 7;", "abc", ["0-2,6", "abc", ""]),
        ("0", "1e999", ["0", "1e999", "“0” is n"]),
        ("2, 0-2", "72.5", ["2, 0-2", 72.5, "“0-2” is"]),
        ("3-1", " ", ["3-1", " ", "“3-1” is"]),
        ("-2", "-1", ["-2", -1, "“-2” is "]),
    ],
)
def test_what_is_asked_for_is_sent_or_told(page: Page, pages: str, dpi: str, asked: list[object]) -> None:
    assert page.evaluate(ASKED, [pages, dpi]) == asked


def test_pages_that_are_none_are_told_before_anything_is_sent(page: Page) -> None:
    page.get_by_text("Options", exact=False).first.click()
    page.get_by_role("textbox", name="Pages Which").fill("0-2")
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Pages are counted from 1")


def test_names_of_saved_files_keep_their_letters(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const { plainName, plainPath } = await import(new URL("static/parts/file_name.js", document.baseURI).href);
            const long = plainName("Résumé (2) Отчёт");
            return [long, plainName("..\\\\a/b\\u202e?\\n"), plainPath("../é//a:b"), plainPath("/")];
        }"""
    )
    assert told == ["Résumé (2) Отчёт", "__a_b___", "_/é/a_b", "document"]
