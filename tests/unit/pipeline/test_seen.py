"""Tables and figures that models see on pixels, held against words and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from factories import make_line, make_page, prose
from octavo.domain.block import BlockKind, Cell, Region, Rule, Table, Word
from octavo.domain.document import Page
from octavo.domain.geometry import BBox, Size, union_of
from octavo.domain.result import Recognition
from octavo.pipeline.seen import TableReader, seen_figures

ROWS = (
    ("Fruit", "Mass", "Price"),
    ("Apple", "12.5", "3.40"),
    ("Pear", "10.0", "2.90"),
    ("Plum", "9.5", "4.10"),
)


def entries(rows: Sequence[Sequence[str]] = ROWS) -> list[list[tuple[Word, ...]]]:
    return [[make_line(text, 100 + 200 * c, 100 + 40 * r) for c, text in enumerate(row)] for r, row in enumerate(rows)]


def all_of(held: Sequence[Sequence[tuple[Word, ...]]]) -> tuple[Word, ...]:
    return tuple(word for row in held for words in row for word in words)


@dataclass
class Model:
    """Says of any image that its words stand in these cells; `merged` puts all of a row into one."""

    texts: Sequence[Sequence[str]] = ROWS
    merged: bool = False
    asked: list[tuple[int, ...]] = field(default_factory=list)
    kinds = frozenset({BlockKind.TABLE})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = (), **_: object) -> Recognition:
        self.asked.append(image.shape)
        found = {text: tuple(word for word in words if word.text == text) for row in self.texts for text in row}
        cells = tuple(
            Cell(row=r, column=c, text=text, words=found[text], header=r == 0)
            for r, row in enumerate(self.texts)
            for c, text in enumerate(row)
        )
        if self.merged:
            cells = tuple(
                Cell(row=r, column=0, column_span=3, text=" ".join(row), words=tuple(w for t in row for w in found[t]))
                for r, row in enumerate(self.texts)
            )
        return Recognition(table=Table(rows=len(self.texts), columns=3, cells=cells))


def seen(kind: BlockKind, page: Page, margin: float = 5) -> Region:
    return Region(kind=kind, box=union_of(word.box for word in page.words).grown(margin), confidence=0.9)


def texts(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.text for cell in table.cells if cell.row == row) for row in range(table.rows))


def test_the_model_is_asked_about_tables_that_words_tell():
    page, model = make_page(all_of(entries())), Model()
    (table,) = TableReader(model).read(page, ())
    assert len(model.asked) == 1
    assert texts(table.table) == ROWS
    assert all(cell.header == (cell.row == 0) for cell in table.table.cells)


def test_a_model_that_contradicts_the_words_is_not_believed():
    page = make_page(all_of(entries()))
    (table,) = TableReader(Model(merged=True)).read(page, [seen(BlockKind.TABLE, page)])
    assert texts(table.table) == ROWS


def test_words_of_a_cell_stand_where_they_stand_on_the_page():
    page = make_page(all_of(entries()))
    (table,) = TableReader(Model()).read(page, ())
    assert {word.box for cell in table.table.cells for word in cell.words} == {word.box for word in page.words}


def test_closed_cells_stay_as_they_are_drawn():
    held = entries()
    xs, ys = [80, 280, 480, 680], [90, 130, 170, 210, 250]
    rules = [Rule(box=BBox(80, y - 0.5, 680, y + 0.5)) for y in ys]
    rules += [Rule(box=BBox(x - 0.5, 90, x + 0.5, 250)) for x in xs]
    page = replace(make_page(all_of(held)), rules=tuple(rules))
    model = Model(merged=True)
    (table,) = TableReader(model).read(page, ())
    assert table.drawn
    assert model.asked == []
    assert texts(table.table) == ROWS


def test_an_image_that_is_a_table_is_no_figure():
    page = make_page(all_of(entries()), size=Size(600, 260))
    region = seen(BlockKind.IMAGE, page)
    tables = TableReader(Model()).read(page, [region])
    assert [texts(table.table) for table in tables] == [ROWS]
    assert seen_figures([region], page) == ()


def test_prose_in_a_frame_is_no_table():
    words = tuple(word for n in range(6) for word in make_line("Running text in a frame of its own", y=100 + 24 * n))
    page = make_page(words, size=Size(600, 260))
    assert TableReader(Model(texts=(("Running", "text", "in"),))).read(page, [seen(BlockKind.IMAGE, page)]) == []


def test_a_rule_is_no_figure():
    image = np.full((300, 600, 3), 255, np.uint8)
    image[99:102, 20:580] = 0
    words = make_line("Trait", 30, 130)
    page = make_page(words, size=Size(600, 300), render=lambda: image)
    page = replace(page, rules=(Rule(box=BBox(20, 99, 580, 102)),))
    region = Region(kind=BlockKind.IMAGE, box=BBox(10, 90, 590, 200), confidence=0.9)
    assert seen_figures([region], page) == ()
    image[105:125, 200:400] = 120
    assert len(seen_figures([region], page)) == 1


def test_no_figure_stands_across_a_rule_between_columns():
    image = np.full((900, 600, 3), 255, np.uint8)
    image[400:500, 100:500] = 120
    region = Region(kind=BlockKind.IMAGE, box=BBox(90, 390, 510, 510), confidence=0.9)
    page = make_page(make_line("Trait", 30, 130), size=Size(600, 900), render=lambda: image)
    assert len(seen_figures([region], page)) == 1
    within = (Rule(box=BBox(299, 400, 301, 500)), Rule(box=BBox(95, 50, 97, 850)))
    assert len(seen_figures([region], replace(page, rules=within))) == 1
    assert seen_figures([region], replace(page, rules=(Rule(box=BBox(299, 50, 301, 850)),))) == ()


def test_a_small_table_between_rules_as_wide_as_the_image_is_found():
    small = (("Trait", "Mean", "Most"), ("SCS", "-0.1", "1.07"))
    held = entries(small)
    rules = tuple(Rule(box=BBox(0, y - 0.5, 600, y + 0.5)) for y in (15, 60, 115))
    words = tuple(replace(word, box=word.box.shifted(-80, -70)) for word in all_of(held))
    page = replace(make_page(words, size=Size(600, 120)), rules=rules)
    model = Model(texts=small)
    (table,) = TableReader(model).read(page, ())
    assert texts(table.table) == small


def test_strokes_through_letters_are_no_rules_of_a_table():
    held = entries()
    strokes = tuple(
        Rule(box=BBox(w.box.x0, w.box.center_y - 0.5, w.box.x1, w.box.center_y + 0.5)) for w in all_of(held)
    )
    page = make_page(all_of(held))
    (plain,) = TableReader(Model()).read(page, ())
    (struck,) = TableReader(Model()).read(replace(page, rules=strokes), ())
    assert texts(struck.table) == texts(plain.table)


def test_columns_of_running_text_are_no_table():
    held = entries([[" ".join(["word"] * 40)] * 3] * 2)
    page = make_page(all_of(held))
    model = Model(texts=((" ".join(["word"] * 40), "two", "three"),))
    assert TableReader(model).read(page, [seen(BlockKind.TABLE, page)]) == []


@dataclass
class Rows:
    """Makes a row of each height; of each line a cell, or of each of its words."""

    torn: bool
    kinds = frozenset({BlockKind.TABLE})

    def recognize(self, image: np.ndarray, words: Sequence[Word] = ()) -> Recognition:
        assert image.size
        key = id if self.torn else (lambda word: word.line)
        rows = {y: [word for word in words if word.box.y0 == y] for y in sorted({word.box.y0 for word in words})}
        cells = tuple(
            Cell(row=r, column=c, text=" ".join(word.text for word in row if key(word) == of), words=held)
            for r, row in enumerate(rows.values())
            for c, of in enumerate(dict.fromkeys(map(key, row)))
            if (held := tuple(word for word in row if key(word) == of))
        )
        return Recognition(
            table=Table(rows=len(rows), columns=1 + max(cell.column for cell in cells), cells=cells), words=tuple(words)
        )


def test_lines_of_one_story_beside_another_are_no_rows():
    stories = [prose(12, 30, start=9 * n) for n in range(3)]
    words = [
        make_line(text, 40 + 330 * c, 100 + 25 * r) for c, story in enumerate(stories) for r, text in enumerate(story)
    ]
    page = make_page(tuple(word for line in words for word in line))
    assert TableReader(Rows(torn=False)).read(page, [seen(BlockKind.TABLE, page)]) == []


def test_columns_do_not_run_through_lines_of_text():
    words = tuple(word for n in range(4) for word in make_line("Not just once either", y=100 + 25 * n))
    page = make_page(words)
    assert TableReader(Rows(torn=True)).read(page, [seen(BlockKind.TABLE, page)]) == []


def ruled_right_of_the_first_column() -> tuple[Rule, ...]:
    ys, xs = [90, 130, 170, 210, 250], [280, 480, 680]
    rules = [Rule(box=BBox(280, y - 0.5, 680, y + 0.5)) for y in ys]
    return (*rules, *(Rule(box=BBox(x - 0.5, 90, x + 0.5, 250)) for x in xs))


def test_a_region_larger_than_the_table_found_in_it_is_the_table():
    names = tuple(word for words in entries() for word in words[0])
    far = tuple(replace(word, box=word.box.shifted(-60, 0)) for word in names)
    rest = tuple(word for row in entries() for words in row[1:] for word in words)
    page = make_page((*far, *rest), rules=ruled_right_of_the_first_column())
    (part,) = TableReader(Model(merged=True)).read(page, ())
    assert {word.text for word in part.words} == {text for row in ROWS for text in row[1:]}
    (table,) = TableReader(Model()).read(page, [seen(BlockKind.TABLE, page)])
    assert texts(table.table) == ROWS
