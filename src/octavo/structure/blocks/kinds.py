"""Paragraphs to blocks: what each one is, and its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from textwrap import indent

from octavo.domain.block import Block, BlockKind, Word
from octavo.domain.geometry import BBox
from octavo.structure.blocks.headings import LEGIBLE, Body, is_heading
from octavo.structure.blocks.inline import advance_of, inline_text, plain_text
from octavo.structure.blocks.paragraphs import ATTACHED, Paragraph, has_marker
from octavo.structure.text.lines import dominant_font, lines_of, segments_of

NEAR = 3.5
"""A caption stands within so many ems of its figure or table."""

CAPTION = re.compile(
    r"^(?:fig(?:ure|\.)?|table|tab\.|chart|plate|scheme|exhibit|box|map|photo|"
    r"abb(?:ildung|\.)?|tabelle|tableau|graphique|figura|tabla|tabella|gr[áa]fico|図|表|图|圖)"
    r"(?:\s*(?:[A-Z]?\d+|[.:])|\s+(?-i:[IVX]+|[A-Z])\b)",
    re.IGNORECASE,
)
"""How captions begin."""
_BULLET = re.compile(r"^[•‣◦▪▫■□●○◆◇►▶➢➤✓✔❖∙·*\uf0b7\uf0a7\uf0d8\uf076–—-]$")
_BULLET_MARK = "- "
_ASTERISKS = frozenset("*∗")
_CODE = re.compile(
    r"[{}();=<>]|^\s*(?:def|class|import|return|for|if|int|void|var|let|const|#include|\$)\b", re.MULTILINE
)


def block_of(paragraph: Paragraph, body: Body, gap_above: float, pictures: Sequence[BBox]) -> Block:
    """One paragraph as a block; `pictures` are the boxes of the page's figures and tables."""
    words = tuple(word for line in paragraph.lines for word in line.words)
    text = inline_text(paragraph.lines, paragraph.breaks)
    kind = BlockKind.TEXT
    if _is_code(paragraph, words):
        kind, text = BlockKind.CODE, plain_text(paragraph.lines)
    elif CAPTION.match(text) and (_is_near(paragraph.box, pictures, body.size) or len(text) < 400):
        kind = BlockKind.CAPTION
    elif _is_bulleted(paragraph):
        kind, text = BlockKind.LIST, _item(paragraph, text)
    elif _mean_confidence(words) >= LEGIBLE and is_heading(paragraph, text, body, gap_above):
        kind, text = BlockKind.TITLE, text.replace("\n", " ")
    elif has_marker(paragraph.lines[0]):
        kind = BlockKind.LIST
    return Block(
        kind=kind,
        box=paragraph.box,
        text=text,
        confidence=_mean_confidence(words),
        font=dominant_font(words),
        words=words,
    )


def lists_joined(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Items that follow one another made one list, one item a line; a lone numbered paragraph is text."""
    out: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.LIST and out and _begins_list(out[-1], block):
            out[-1] = replace(out[-1], kind=BlockKind.LIST)
        if block.kind is BlockKind.LIST and out and out[-1].kind is BlockKind.LIST and _neighbours(out[-1], block):
            out[-1] = out[-1].followed_by(block, "\n")
        else:
            out.append(block)
    return tuple(_note_kept(block) for block in out)


def _note_kept(block: Block) -> Block:
    """A lone line behind an asterisk is a note that something above refers to, so it keeps its mark."""
    is_note = block.kind is BlockKind.LIST and block.words[:1] and block.words[0].text in _ASTERISKS
    if not is_note or "\n" in block.text:
        return block
    return replace(block, kind=BlockKind.TEXT, text=block.words[0].text + " " + block.text.removeprefix(_BULLET_MARK))


def _begins_list(before: Block, item: Block) -> bool:
    """Whether a numbered line taken for a heading is the first item of the list that goes on counting after it."""
    numbers = [re.match(r"(\d{1,3})[.)]\s", block.text) for block in (before, item)]
    if before.kind is not BlockKind.TITLE or numbers[0] is None or numbers[1] is None or before.font != item.font:
        return False
    return int(numbers[1][1]) == int(numbers[0][1]) + 1 and _neighbours(before, item)


def references_marked(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Texts and lists below a heading such as "References" are references, up to the next heading."""
    out: list[Block] = []
    inside = False
    for block in blocks:
        if block.kind is BlockKind.TITLE:
            inside = bool(_REFERENCES.match(block.text))
        elif inside and block.kind in (BlockKind.TEXT, BlockKind.LIST):
            out.append(replace(block, kind=BlockKind.REFERENCES))
            continue
        out.append(block)
    return tuple(out)


_REFERENCES = re.compile(
    r"^(?:[\dIVX.]+\s+)?(?:references?(?: cited)?|bibliography|literature(?: cited)?|works cited|"
    r"literatur(?:verzeichnis)?|"
    r"bibliographie|r[ée]f[ée]rences(?: bibliographiques)?|bibliograf[íi]a|参考文献|參考文獻)\s*:?$",
    re.IGNORECASE,
)


def _neighbours(before: Block, after: Block) -> bool:
    """Whether two items stand in one list: below one another, no far apart."""
    em = before.font.size if before.font else 20.0
    return before.box.x_overlap(after.box) > 0 and -em < after.box.y0 - before.box.y1 < 2.5 * em


def _is_bulleted(paragraph: Paragraph) -> bool:
    first = paragraph.lines[0].words
    return bool(ATTACHED.match(first[0].text)) or (len(first) > 1 and bool(_BULLET.match(first[0].text)))


def _item(paragraph: Paragraph, text: str) -> str:
    """The item's text with Markdown's own bullet."""
    first = paragraph.lines[0].words[0].text
    mark = first[:1] if ATTACHED.match(first) else first
    return _BULLET_MARK + text.removeprefix("\\")[len(mark) :].lstrip()


def _is_code(paragraph: Paragraph, words: Sequence[Word]) -> bool:
    mono = sum(len(word.text) for word in words if word.font.mono)
    if mono < 0.8 * sum(len(word.text) for word in words):
        return False
    return len(paragraph.lines) > 1 or bool(_CODE.search(" ".join(word.text for word in words)))


def _is_near(box: BBox, pictures: Sequence[BBox], em: float) -> bool:
    return any(box.grown(NEAR * em).intersection(picture) > 0 for picture in pictures)


def _mean_confidence(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words) if words else 1.0


def code_joined(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Pieces of code that follow one another made one block, with their indents and the blank lines between them.

    A line in type of one width beside code is code too, whatever it says.
    """
    out: list[Block] = []
    for block in blocks:
        pair = [out[-1], block] if out else []
        if BlockKind.CODE in {each.kind for each in pair} and all(map(_may_be_code, pair)) and _neighbours(*pair):
            above, below = _aligned(*map(_as_code, pair))
            out[-1] = above.followed_by(below, "\n")
        else:
            out.append(block)
    return tuple(out)


def _may_be_code(block: Block) -> bool:
    is_line = block.kind is BlockKind.TEXT and bool(block.words) and all(word.font.mono for word in block.words)
    return block.kind is BlockKind.CODE or is_line


def _as_code(block: Block) -> Block:
    if block.kind is BlockKind.CODE:
        return block
    return replace(block, kind=BlockKind.CODE, text=plain_text(lines_of(segments_of(block.words))))


def _aligned(above: Block, below: Block) -> tuple[Block, Block]:
    """Two pieces of code with one left edge, the second below as many blank lines as the page shows."""
    shift = round((below.box.x0 - above.box.x0) / advance_of((*above.words, *below.words)))
    em = above.font.size if above.font else above.box.height
    blank = "\n" * round((below.box.y0 - above.box.y1) / (1.2 * em))
    return (
        replace(above, text=indent(above.text, " " * -shift)),
        replace(below, text=blank + indent(below.text, " " * shift)),
    )


def gaps_above(boxes: Sequence[BBox], em: float) -> list[float]:
    """Free space over each box of a column, in ems; plenty over the first."""
    return [9.0, *((after.y0 - before.y1) / em for before, after in pairwise(boxes))] if boxes else []
