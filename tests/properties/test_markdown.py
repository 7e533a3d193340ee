"""Whatever stands on a page, a reader of CommonMark sees it: no character is taken for a mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from factories import make_block, make_lines
from octavo.domain.block import Block, BlockKind, Cell, Table
from octavo.rendering.markdown import table_of, text_of
from octavo.structure.blocks.inline import cell_text, inline_text
from octavo.structure.text.lines import lines_of, segments_of

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKS = r"""*_`~#>+-=.:|()[]{}<>!&\$"'/1a"""

words = st.one_of(
    st.text(MARKS, min_size=1, max_size=8),
    st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=6),
    st.sampled_from(["word", "snake_case_name", "2*3*4", "**bold**", "$5", "6$", "&amp;", "&#35;", "1.", "1815."]),
    st.sampled_from(["<script>", "</b>", "<!--", "[x](y)", "![x](y)", "[1]:", "<https://example.org>", "```", "---"]),
).filter(lambda word: "\u00ad" not in word and not (len(word) == 1 and "\u3041" <= word <= "\u9fff"))
"""No soft hyphens, which stand for line breaks, and no ideograph alone: two of these are one spaced-out word."""
lines = st.lists(words, min_size=1, max_size=6).map(" ".join)
paragraphs = st.lists(lines, min_size=1, max_size=4)


def marked(texts: list[str]) -> str:
    """Lines of a page as inline Markdown, every break kept."""
    found = lines_of(segments_of(make_lines(texts)))
    return inline_text(found, [True] * len(found))


def shown(tokens: list[Token]) -> str:
    """The text of inline tokens; fails when there is anything but text."""
    (inline,) = [token for token in tokens if token.type == "inline"]
    assert inline.children is not None
    assert {child.type for child in inline.children} <= {"text", "text_special", "softbreak"}
    return "".join("\n" if child.type == "softbreak" else child.content for child in inline.children)


def seen(tokens: list[Token], kinds: str = "paragraph|ordered_list|list_item") -> str:
    """What a reader sees of paragraphs; a number looks the same whether a list or a sentence begins with it."""
    lines, number = [], ""
    for token in tokens:
        assert re.fullmatch(f"inline|({kinds})_(open|close)", token.type)
        if token.type == "list_item_open":
            number += f"{int(token.info) if token.info else ''}{token.markup} "
        if token.type == "inline" or (token.type == "list_item_close" and number):
            lines.append((number + (shown([token]) if token.type == "inline" else "")).rstrip())
            number = ""
    return "\n".join(lines)


def types(tokens: list[Token]) -> list[str]:
    return [token.type for token in tokens]


@given(paragraphs)
@example(["# a", "* b", "---", "_a_ and `c`"])
@example(["a", "-", "b", "=", "c", "***"])
@example(["*a", "b*"])
@example(["[", "[1]: a"])
@example(["a | b", "--- | ---"])
@example(["<script>alert(1)</script>", "[x](y) ![x](y)", "[1]: https://example.org"])
@example(["\\", "\\*a*", "\\`a`"])
@example(["1815. The ferry left.", "2) And came back."])
@example(["007. Bond", "1. # a", "4.", "1. 2. 3"])
@example(["AT&amp;T &lt; &#35;"])
def test_text_survives(texts):
    tokens = PARSER.parse(text_of(make_block(BlockKind.TEXT, marked(texts))).content)
    assert seen(tokens) == "\n".join(texts)


@given(lines)
@example("Learn C #")
@example("1. Introduction")
def test_titles_survive(text):
    tokens = PARSER.parse(text_of(make_block(BlockKind.TITLE, marked([text]), level=2)).content)
    assert types(tokens) == ["heading_open", "inline", "heading_close"]
    assert tokens[0].tag == "h2"
    assert shown(tokens) == text


@given(st.lists(lines, min_size=1, max_size=4), st.sampled_from(["- ", "1. "]))
@example(["# a", "- b", "1. c", "---"], "- ")
def test_items_of_lists_survive(texts, mark):
    content = "\n".join(mark + marked([text]) for text in texts)
    tokens = PARSER.parse(text_of(make_block(BlockKind.LIST, content)).content)
    assert seen(tokens, "paragraph|ordered_list|bullet_list|list_item") == "\n".join(mark + text for text in texts)


@given(st.lists(st.tuples(lines, lines), min_size=2, max_size=3))
@example([("a|b", "`a|b`"), ("\\|", "<br >")])
@example([("$5", "6$"), ("_a_", "**b**")])
def test_cells_of_tables_survive(rows):
    tokens = PARSER.parse(table_of(table_block(rows), "markdown").content)
    cells = [[token] for token in tokens if token.type == "inline"]
    assert [shown(cell) for cell in cells] == [text for row in rows for text in row]


def table_block(rows: Sequence[Sequence[str]]) -> Block:
    """A table with these texts in its cells, as a page shows them."""
    cells = [Cell(row=y, column=x, text=text) for y, row in enumerate(rows) for x, text in enumerate(row)]
    shown = tuple(replace(cell, text=cell_text(cell)) for cell in cells)
    table = Table(rows=len(rows), columns=len(rows[0]), cells=shown)
    return make_block(BlockKind.TABLE, "", table=table)


@given(lines)
@example("a < b & c &lt; d")
@example("$5 \\* 6$")
def test_cells_of_html_tables_survive(text):
    content = table_of(table_block([[text]]), "html").content
    root = ET.fromstring(content)
    assert [cell.text for cell in root.iter("td")] == [text]


@given(st.lists(st.text(MARKS + " ", max_size=12), min_size=1, max_size=4))
def test_code_survives(texts):
    (fence,) = PARSER.parse(text_of(make_block(BlockKind.CODE, "\n".join(texts))).content)
    assert (fence.type, fence.content) == ("fence", "\n".join(texts) + "\n")
