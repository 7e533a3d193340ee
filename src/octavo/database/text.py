"""Text that callers chose, in a column: whatever JSON can say comes back as it went in, on both databases."""

from __future__ import annotations

import re

from sqlalchemy import Dialect, Text, TypeDecorator

_MARK = "\N{SYMBOL FOR SUBSTITUTE FORM TWO}"
_AWKWARD = re.compile(f"[\x00\ud800-\udfff{_MARK}]")
_ESCAPED = re.compile(f"{_MARK}([0-9a-f]{{4}})")


class AnyText(TypeDecorator[str]):
    """Text with U+0000 and lone surrogates, which databases cannot hold, written as a mark and four digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written for a value."""
        del dialect
        return None if value is None else _AWKWARD.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The value of what was written."""
        del dialect
        return None if value is None else _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
