"""Words and rules of one page to tables: proposals by rules and by alignment, then the ones that fit the words."""

from __future__ import annotations

from octavo.structure.tables.choose import reads_as_table
from octavo.structure.tables.consistency import consistency
from octavo.structure.tables.find import FoundTable, find_tables, table_in
from octavo.structure.tables.spans import with_row_spans

__all__ = ["FoundTable", "consistency", "find_tables", "reads_as_table", "table_in", "with_row_spans"]
