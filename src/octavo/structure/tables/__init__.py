"""Words and rules of one page to tables: proposals by rules and by alignment, then the ones that fit the words."""

from __future__ import annotations

from octavo.structure.tables.find import FoundTable, find_tables, table_in

__all__ = ["FoundTable", "find_tables", "table_in"]
