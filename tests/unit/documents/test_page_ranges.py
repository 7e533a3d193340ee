"""`pages` as callers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.documents.page_ranges import MOST_PARTS, parse_pages
from octavo.domain.document import PageSelection
from octavo.domain.errors import InvalidPageRange

page_numbers = st.integers(0, 2000)
ranges = st.tuples(page_numbers, page_numbers).map(lambda pair: (min(pair), max(pair)))
blanks = st.sampled_from(["", " ", "\t", "  "])


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (None, ()),
        ([0], ((0, 0),)),
        ([3, 1, 3], ((3, 3), (1, 1), (3, 3))),
        ((2,), ((2, 2),)),
        ("7", ((7, 7),)),
        ("0,1,2", ((0, 0), (1, 1), (2, 2))),
        ("0-5", ((0, 5),)),
        ("0,2-4", ((0, 0), (2, 4))),
        (" 0 , 2 - 4 ", ((0, 0), (2, 4))),
        ("007", ((7, 7),)),
        ("4-4", ((4, 4),)),
    ],
)
def test_forms_of_the_wire(pages, expected):
    assert parse_pages(pages) == PageSelection(expected)


def test_order_is_kept_and_each_page_comes_once():
    assert parse_pages("4,0-2,1").resolve(10) == (4, 0, 1, 2)


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([], "empty"),
        ("", "empty"),
        ("  ", "empty"),
        (",", "no page number"),
        ("0,", "no page number"),
        ("1,,2", "no page number"),
        ("-1", "no page number"),
        ("1-", "no page number"),
        ("1-2-3", "no page number"),
        ("1 2", "no page number"),
        ("a", "'a'"),
        ("1.5", "no page number"),
        ("+1", "no page number"),
        ("1_0", "no page number"),
        ("١", "no page number"),
        ("0x10", "no page number"),
        ("1234567890", "no page number"),
        ("9" * 5000, "no page number"),
        ("5-2", "write 2-5"),
        ([-1], "counted from 0"),
        ([10**30], "more pages than any document"),
        ([True], "no integer"),
        ([1.0], "no integer"),
        (["x"], "no page number"),
        ([None], "no integer"),
        ([0] * (MOST_PARTS + 1), "ranges"),
        ("0," * (MOST_PARTS + 1), "ranges"),
    ],
)
def test_what_is_no_selection_says_why(pages, said):
    with pytest.raises(InvalidPageRange) as caught:
        parse_pages(pages)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_page_outside_the_document_names_the_numbers_that_exist():
    with pytest.raises(InvalidPageRange, match="numbered from 0 to 2"):
        parse_pages("0-3").resolve(3)


@given(st.lists(ranges, min_size=1, max_size=20), blanks)
def test_the_string_form_says_what_its_ranges_say(parts, blank):
    text = ",".join(f"{blank}{first}{blank}-{blank}{last}{blank}" for first, last in parts)
    assert parse_pages(text).ranges == tuple(parts)


@given(st.lists(page_numbers, min_size=1, max_size=50))
def test_list_and_string_forms_agree(numbers):
    assert parse_pages(numbers) == parse_pages(",".join(map(str, numbers)))


@given(st.text(max_size=60) | st.text("0123456789,- ", max_size=60))
def test_any_text_is_a_selection_or_a_typed_error(text):
    try:
        selection = parse_pages(text)
    except InvalidPageRange:
        return
    assert all(0 <= first <= last for first, last in selection.ranges)


@given(st.lists(ranges, min_size=1, max_size=20), st.integers(2001, 3000))
def test_resolved_pages_are_those_of_the_ranges(parts, page_count):
    pages = PageSelection(tuple(parts)).resolve(page_count)
    assert set(pages) == {page for first, last in parts for page in range(first, last + 1)}
    assert len(pages) == len(set(pages))
