"""One page understood: words, rules and pictures in, blocks in reading order out. Pure; the same for every source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from octavo.domain.block import Block, BlockKind, Drawing
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, union_of
from octavo.structure.blocks.captions import captions_joined
from octavo.structure.blocks.headings import Body, body_of
from octavo.structure.blocks.inline import cell_text, lines_text
from octavo.structure.blocks.kinds import block_of, code_joined, gaps_above, lists_joined, references_marked
from octavo.structure.blocks.outline import outlined
from octavo.structure.blocks.paragraphs import paragraphs_of
from octavo.structure.blocks.turned import turned_lines, with_turned
from octavo.structure.equations import FoundEquation, read_math
from octavo.structure.figures.find import FoundFigure, find_figures
from octavo.structure.mirror import Mirror, runs_from_right
from octavo.structure.order.columns import in_columns
from octavo.structure.order.margins import set_apart
from octavo.structure.order.notes import notes_apart
from octavo.structure.order.sides import Item
from octavo.structure.order.walls import walls_of
from octavo.structure.tables import FoundTable, find_tables
from octavo.structure.tables.leaders import parted_from_leaders
from octavo.structure.tables.rounded import with_cells_squared
from octavo.structure.tables.soundness import drawn_box, is_sound
from octavo.structure.text.bullets import with_drawn_bullets
from octavo.structure.text.dropcaps import with_drop_caps_joined
from octavo.structure.text.lines import Segment, is_upright, lines_of, segments_of
from octavo.structure.text.raised import with_numbers_raised


def understand(page: Page, known: Sequence[FoundTable] | None = None) -> tuple[Block, ...]:
    """The blocks of a page in reading order; figures come without their picture, headings without their level.

    Args:
        page: words, rules, drawings and images, wherever they come from; its pixels are not looked at.
        known: the tables of the page; None when words and rules are to tell them.
    """
    formulas = read_math(page)
    words = with_numbers_raised(formulas.words)
    page = replace(page, words=words, drawings=with_cells_squared(_on_page(page), words))
    equations = [*map(_equation_block, formulas.equations)]
    if known or not runs_from_right(page.words):
        return _understood(page, equations, known)
    mirror = Mirror(page.size.width)
    return tuple(map(mirror.block, _understood(mirror.page(page), [*map(mirror.block, equations)], None)))


def _understood(page: Page, equations: Sequence[Block], known: Sequence[FoundTable] | None) -> tuple[Block, ...]:
    """The blocks of a page that is written from left to right, but for its equations."""
    words = page.words
    tables, figures = _tables_and_figures(page, known)
    taken = {id(word) for table in tables for word in table.words}
    taken |= {id(word) for figure in figures for word in figure.words}
    free = [word for word in words if id(word) not in taken]
    body = body_of([*free, *(word for table in tables for word in table.words)]) or body_of(words)
    ornate = [FoundFigure(box, ()) for box in (drawn_box(table, page.drawings) for table in tables) if box]
    apart = [*map(_figure_block, [*figures, *ornate]), *map(_table_block, tables), *equations]
    if body is None:
        return tuple(apart)
    free = with_drop_caps_joined(free, body.size)
    pictures = [block.box for block in apart if block.kind is not BlockKind.EQUATION]
    free = with_drawn_bullets(free, page.drawings, pictures, body.size)
    margins = set_apart(segments_of(free), pictures, page.size, body.size)
    items = [*_items(margins.text), *(Item(block.box, block) for block in apart)]
    blocks: list[Block] = []
    notes: list[Block] = []
    printed = union_of(item.box for item in items) if items else BBox(0, 0, 0, 0)
    blocks += _column_blocks(_items(margins.head), body, pictures)
    walls = walls_of(page.rules, pictures, body.size)
    for column in in_columns(items, body.size, walls):
        text, below = notes_apart(list(_column_blocks(column, body, pictures)), body.size, printed)
        blocks += text
        notes += below
    blocks += [*notes, *_column_blocks(_items(margins.foot), body, pictures)]
    blocks = with_turned(blocks, free, body.size)
    return references_marked(code_joined(lists_joined(outlined(captions_joined(blocks), body))))


def _on_page(page: Page) -> tuple[Drawing, ...]:
    """Its drawings without those that lie wholly outside, such as printers' marks: they tie nothing together."""
    width, height = page.size.width, page.size.height
    boxes = ((drawing, drawing.box) for drawing in page.drawings)
    return tuple(each for each, box in boxes if box.x1 > 0 and box.y1 > 0 and box.x0 < width and box.y0 < height)


def _items(segments: Sequence[Segment]) -> list[Item]:
    return [Item(segment.box, segment) for segment in segments]


def _tables_and_figures(
    page: Page, known: Sequence[FoundTable] | None
) -> tuple[list[FoundTable], tuple[FoundFigure, ...]]:
    """Both, apart from one another: a grid that is only part of a picture belongs to the picture."""
    tables = tables_of(page) if known is None else list(known)
    figures = _figures_beside(tables, page)
    apart = [table for table in tables if not any(table.box.inside_share(each.box) > 0.7 for each in figures)]
    return (tables, figures) if len(apart) == len(tables) else (apart, _figures_beside(apart, page))


def tables_of(page: Page) -> list[FoundTable]:
    """Tables that words and rules tell on a page that is written from left to right; labels of pictures make none."""
    pictures = [image.box for image in page.images if image.holds_text]
    upright = [word for word in page.words if is_upright(word) and not any(box.holds(word.box) for box in pictures)]
    parted = parted_from_leaders(upright)
    proposed = find_tables(parted.words, page.rules, page.drawings, page.size)
    return [parted.whole(table) for table in proposed if is_sound(table, parted.words, page.drawings)]


def _figures_beside(tables: Sequence[FoundTable], page: Page) -> tuple[FoundFigure, ...]:
    """Figures among what is left when the words, lines and shades of tables are taken away."""
    taken = {id(word) for table in tables for word in table.words}
    boxes = [table.box.grown(0.002 * page.size.height) for table in tables]

    def is_free(box: BBox) -> bool:
        return not any(box.inside_share(table) > 0.7 for table in boxes)

    return find_figures(
        [image for image in page.images if image.unread or is_free(image.box)],
        [drawing for drawing in page.drawings if is_free(drawing.box)],
        [rule for rule in page.rules if is_free(rule.box)],
        [word for word in page.words if id(word) not in taken],
        page.size,
    )


def _table_block(table: FoundTable) -> Block:
    cells = tuple(replace(cell, text=cell_text(cell)) for cell in table.table.cells)
    return Block(
        kind=BlockKind.TABLE,
        box=table.box,
        table=replace(table.table, cells=cells),
        words=table.words,
        kind_confidence=table.confidence,
    )


def _equation_block(equation: FoundEquation) -> Block:
    return Block(kind=BlockKind.EQUATION, box=equation.box, text=equation.latex, words=equation.words)


def _column_blocks(column: Sequence[Item], body: Body, pictures: Sequence[BBox]) -> Iterable[Block]:
    """Blocks of one column, top to bottom: its finished blocks, and its text between them."""
    pieces: list[Block | list[Segment]] = []
    for item in sorted(column, key=lambda each: (_height_of(each, column), each.box.x0)):
        if isinstance(item.content, Block):
            pieces.append(item.content)
        elif pieces and isinstance(pieces[-1], list):
            pieces[-1].append(item.content)
        else:
            pieces.append([item.content])
    for piece in pieces:
        if isinstance(piece, Block):
            yield piece
            continue
        paragraphs = paragraphs_of(lines_of(piece))
        gaps = gaps_above([paragraph.box for paragraph in paragraphs], body.size)
        for paragraph, gap in zip(paragraphs, gaps, strict=True):
            yield block_of(paragraph, body, gap, pictures)


def _height_of(item: Item, column: Sequence[Item]) -> float:
    """Where an item comes in its column: a picture with text running beside it comes before that text."""
    if item.is_text:
        return item.box.center_y
    beside = [other.box.y0 for other in column if other.is_text and _is_beside(item.box, other.box)]
    return min([item.box.center_y, item.box.y0, *beside]) if beside else item.box.center_y


def _is_beside(picture: BBox, line: BBox) -> bool:
    return picture.y_overlap(line) > 0.5 * line.height and picture.x_overlap(line) <= 0


def _figure_block(figure: FoundFigure) -> Block:
    """A figure with the text that stands in it, line by line; what is turned, such as the name of an axis, last."""
    upright = [line.words for line in lines_of(segments_of(figure.words))]
    lines = [*upright, *turned_lines(figure.words)]
    words = tuple(word for line in lines for word in line)
    return Block(kind=BlockKind.IMAGE, box=figure.box, text=lines_text(lines), words=words)
