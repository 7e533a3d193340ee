"""The batch ledger, put together; `BatchLedger` tells what each method does."""

from __future__ import annotations

from octavo.database.endings import SqlEndings
from octavo.database.jobs import SqlJobs
from octavo.database.lines import SqlLines


class SqlLedger(SqlLines, SqlJobs, SqlEndings):
    """Batch jobs and their lines in a database.

    Args:
        database: open.
        clock: seconds since 1970.
    """
