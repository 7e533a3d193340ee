"""The wire's forms of `pages`: a list of numbers, or a string such as `0,2-4`; both ends of a range included."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octavo.domain.document import PageSelection
from octavo.domain.errors import InvalidPageRange

MOST_PARTS = 10_000
"""More numbers and ranges than any document needs; longer selections are mistakes or attacks."""

HIGHEST_PAGE = 999_999_999
"""Nine digits: far above any document, far below what slows arithmetic down."""

_PART = re.compile(r"\s*([0-9]{1,9})\s*(?:-\s*([0-9]{1,9})\s*)?", re.ASCII)
_GRAMMAR = "Write page numbers from 0 as a list of integers or as a string such as '0', '0,2' or '0,2-4'."


def parse_pages(pages: Sequence[int] | str | None) -> PageSelection:
    """The pages that a caller asks for; `None` is all of them. Order is kept, whether pages exist is not checked.

    Raises:
        InvalidPageRange: it is empty, negative, reversed, not a number or absurdly long.
    """
    if pages is None:
        return PageSelection()
    parts = pages.split(",", MOST_PARTS) if isinstance(pages, str) else pages
    _check_length(pages, len(parts))
    return PageSelection(tuple(_range(part) if isinstance(part, str) else _single(part) for part in parts))


def _check_length(pages: Sequence[int] | str, parts: int) -> None:
    if not pages or (isinstance(pages, str) and not pages.strip()):
        raise InvalidPageRange(f"`pages` is empty. Leave it out to read all pages. {_GRAMMAR}")
    if parts > MOST_PARTS:
        raise InvalidPageRange(f"`pages` has more than {MOST_PARTS} parts. Use ranges: '0-999' is a thousand pages.")


def _range(part: str) -> tuple[int, int]:
    """One part of the string form."""
    match = _PART.fullmatch(part)
    if match is None:
        raise InvalidPageRange(f"`pages` has a part that is no page number or range: {_quoted(part)}. {_GRAMMAR}")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise InvalidPageRange(f"The range {first}-{last} in `pages` runs backwards; write {last}-{first}.")
    return first, last


def _single(page: object) -> tuple[int, int]:
    """One entry of the list form; JSON's true and false are no page numbers."""
    if isinstance(page, bool) or not isinstance(page, int):
        raise InvalidPageRange(f"`pages` has an entry that is no integer: {_quoted(repr(page))}. {_GRAMMAR}")
    if page < 0:
        raise InvalidPageRange("`pages` has a negative number: pages are counted from 0.")
    if page > HIGHEST_PAGE:
        raise InvalidPageRange(f"`pages` has a number above {HIGHEST_PAGE}, more pages than any document has.")
    return page, page


def _quoted(text: str, most: int = 40) -> str:
    """`text` as it may stand in a message: short, without control characters."""
    return repr(text if len(text) <= most else text[:most] + "...")
