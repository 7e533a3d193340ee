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
