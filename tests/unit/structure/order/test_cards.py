"""Cards in rows are read one after the other, row by row; rows of a table are read across."""

from __future__ import annotations

from collections.abc import Sequence

from factories import BODY, make_line
from octavo.structure.order.columns import in_columns
from octavo.structure.order.sides import Item
from octavo.structure.text.lines import segments_of

PEOPLE = [
    [("Ada Lovelace", "Field sales", "4/9/2012"), ("Grace Hopper", "District manager", "1/16/2012")],
    [("Mary Somerville", "Field sales", "2/15/2010"), ("Emmy Noether", "Field sales", "8/29/2011")],
    [("Hypatia", "District manager", "7/27/2001"), ("Sophie Germain", "Sales director", "11/2/2009")],
]


def set_in(rows: Sequence[Sequence[Sequence[str]]], apart: float):
    """Cards in columns, centered, their rows so many pixels apart."""
    words = []
    for row, cards in enumerate(rows):
        for column, card in enumerate(cards):
            for place, text in enumerate(card):
                x = 200 + 300 * column - 5 * len(text)
                words += make_line(text, x, 100 + row * apart + 25 * place)
    return words


def read(words) -> list[str]:
    items = [Item(segment.box, segment) for segment in segments_of(words)]
    return [each.content.text for column in in_columns(items, BODY.size) for each in column]


def test_cards_are_read_row_by_row():
    assert read(set_in(PEOPLE, 120)) == [line for row in PEOPLE for card in row for line in card]


def test_three_cards_in_a_row():
    rows = [[*row, ("Émilie du Châtelet", "Translator", "3/1/1749")] for row in PEOPLE]
    assert read(set_in(rows, 120)) == [line for row in rows for card in row for line in card]


def test_a_card_alone_in_the_last_row_comes_last():
    rows = [*PEOPLE, PEOPLE[0][:1]]
    assert read(set_in(rows, 120)) == [line for row in rows for card in row for line in card]


def test_rows_with_a_name_and_numbers_are_read_across():
    rows = [[("Tea", "Cake", "Soup"), ("4.00", "5.50", "12.00")], [("Milk", "Bread", "Salt"), ("1.20", "3.00", "0.80")]]
    across = [text for names, prices in rows for pair in zip(names, prices, strict=True) for text in pair]
    assert read(set_in(rows, 120)) == across


def test_numbers_below_names_of_columns_are_read_across():
    rows = [[("Mean", "4.00", "5.50", "2.10"), ("Most", "8.00", "9.50", "7.20")]]
    assert read(set_in(rows, 120)) == ["Mean", "Most", "4.00", "8.00", "5.50", "9.50", "2.10", "7.20"]
