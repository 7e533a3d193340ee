"""A document can say what it likes: in the workbench it runs nothing, loads nothing and opens nothing."""

from __future__ import annotations

import re

import pytest
from browser_watch import Watch
from pages_to_read import hostile
from playwright.sync_api import Page, expect
from pretended import answering, doubted, opened

PAYLOADS = [
    "<script>window.caught=1</script>",
    "<img src=x onerror=window.caught=2>",
    "<img srcset='https://tracker.example/a 1x'>",
    "![pixel](https://tracker.example/pixel.png)",
    "![](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](javascript:window.caught=3)",
    "[click](vbscript:x) [click](data:text/html,x) [click](//tracker.example) [click](/v1/files)",
    "<a href='jav&#x09;ascript:window.caught=4' ping='https://tracker.example'>x</a>",
    "<svg><script>window.caught=5</script><animate onbegin=window.caught=6 attributeName=x dur=1s></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.caught=7&gt;'>",
    "<iframe src=https://tracker.example srcdoc='<script>parent.caught=8</script>'></iframe>",
    "<object data=https://tracker.example></object><embed src=https://tracker.example>",
    "<link rel=stylesheet href=https://tracker.example/a.css><style>@import 'https://tracker.example'</style>",
    "<meta http-equiv=refresh content='0;url=https://tracker.example'><base href=https://tracker.example>",
    "<form action=https://tracker.example><input name=key><button>Sign in</button></form>",
    "<table background=https://tracker.example><tr><td style='background:url(https://tracker.example)'>x</td></tr></table>",
    "<video src=https://tracker.example autoplay></video><audio src=https://tracker.example></audio>",
    "<div id=app style='position:fixed;inset:0'>gone</div><p class=offline id=view>x</p>",
    r"$\href{javascript:window.caught=9}{x}$ $\url{https://tracker.example}$",
    r"$\includegraphics[width=3em]{https://tracker.example/a.png}$ $\htmlData{x=y}{z}$ $\style{color:red}{x}$",
    r"$\label{app} \ref{app}$ $x\tag{1}\label{view}$ $\eqref{view}$",
    "$" + "{" * 3000 + "$",
    "$" + "x+" * 9000 + "x$",
    "> " * 2000 + "deep",
    "\U000f0000 &#xF0001; &#983042; <https://a.example/%F3%B0%80%83> \U000ffffd",
    "\U000f0000\U000f0001 <mark onclick=window.caught=10>x</mark>",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_what_a_document_says_stays_text(page: Page, watch: Watch, payload: str) -> None:
    answering(page, [payload, "the end"])
    opened(page)
    expect(page.locator(".text-pane")).to_contain_text("the end")
    for link in page.locator(".text-pane a").all():
        assert re.match(r"(https?:|mailto:)", link.get_attribute("href") or "")
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in (link.get_attribute("rel") or "")
    found = page.locator(".text-pane .scroll").evaluate(
        """pane => [...pane.querySelectorAll("*")].flatMap(each => [
            ...(/^(script|style|iframe|object|embed|form|input|button|link|meta|base|video|audio)$/i.test(each.tagName)
                ? [each.tagName] : []),
            ...[...each.attributes].map(one => one.name)
                .filter(name => /^on|^style$|^src|^ping$|^background$/i.test(name)),
        ])"""
    )
    assert found == []
    page.get_by_role("tab", name="Markdown").click()
    expect(page.locator(".source")).to_contain_text("the end")
    assert page.evaluate("window.caught") is None
    assert page.locator("#app").count() == 1
    watch.forgive("Content Security Policy")  # what was looked at before it was thrown away


@pytest.mark.parametrize("own", ["\U000f0000", "&#xF0000;", "&#983041;", "<https://a.example/%F3%B0%80%80>"])
def test_signs_of_the_document_are_not_those_that_mark(page: Page, own: str) -> None:
    block = f"{own} the ferry left"
    answering(page, [block, "the harbour"], confidence_scores=doubted(f"{block}\n\nthe harbour", "ferry", "harbour"))
    opened(page)
    expect(page.locator(".text-pane mark.doubt")).to_have_text(["harbour"])
    assert any("\U000f0000" <= sign <= "\U000f0001" for sign in page.locator(".text-pane .block").first.inner_text())


def test_names_of_files_are_text(page: Page) -> None:
    name = "<img src=x onerror=window.caught=1>'\"&amp;.pdf"
    answering(page, ["Hello"], name)
    opened(page)
    expect(page.locator(".toolbar h1")).to_have_text(name)
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML", exact=True).click()
    html = download.value.path().read_text()
    assert "<title>&lt;img src=x onerror" in html
    assert html.index("Content-Security-Policy") < html.index("<title>")
    assert not re.search(r"[<>:\"/\\|?*]", download.value.suggested_filename)


def test_a_saved_page_is_as_harmless(page: Page, watch: Watch) -> None:
    image = {"id": "img-0.jpeg", "image_base64": None, "top_left_x": 1, "top_left_y": 1}
    image |= {"bottom_right_x": 9, "bottom_right_y": 9}
    answering(page, [*PAYLOADS, "![img-0.jpeg](img-0.jpeg)"], images=[image])
    opened(page)
    expect(page.locator(".text-pane svg.figure image")).to_have_count(1)
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML", exact=True).click()
    html = download.value.path().read_text()
    assert not re.search(
        r"<(script|iframe|object|embed|form|input|link|base|img|image|svg|video)\b", html.partition("<body>")[2]
    )
    assert not re.search(r"<[^>]*\s(on\w+|src|srcset|style)=", html.partition("<body>")[2])
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    watch.forgive("Content Security Policy")


def test_a_hostile_pdf_is_read_by_the_real_engine(page: Page) -> None:
    file = {"name": "hostile.pdf", "mimeType": "application/pdf", "buffer": hostile()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".toolbar .state")).to_contain_text("1 page in", timeout=60_000)
    expect(page.locator(".text-pane")).to_contain_text("window.caught = 1")
    page.wait_for_timeout(300)
    assert page.evaluate("window.caught") is None
