"""The tables of the ledger. `migrations/versions` leads there from every version before; a test holds both together.

Rows are small: documents and results stay in blobs, and a line is known by its place in one. Lines hang on their job
by its number (`seq`), which is never given twice, so that they may be removed piece by piece after their job.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    text,
)

from octavo.database.text import AnyText

METADATA = MetaData()
WAITING, LEASED, SUCCEEDED, FAILED = range(4)
"""States of a line."""

_SEQ = BigInteger().with_variant(Integer, "sqlite")


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that are looked for; the condition stands in the queries word by word."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


settings = Table(
    "settings",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""What is made once for an installation."""

blobs = Table(
    "blobs",
    METADATA,
    Column("name", String, primary_key=True),
    Column("uses", BigInteger, nullable=False),
    Column("since", Double, nullable=False),
    _partial("blobs_unused", "since", where="uses = 0"),
)
"""Bytes in the store. `since` is when one was announced; 0 once it is to go: such a one is never used again."""

files = Table(
    "files",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("id", AnyText, nullable=False, unique=True),
    Column("owner", AnyText, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("folded", AnyText, nullable=False),
    Column("blob", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("sample_type", String, nullable=False),
    Column("source", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("num_lines", BigInteger),
    Column("mimetype", AnyText),
    Column("visibility", String, nullable=False),
    Index("files_newest", "owner", "created_at", "seq"),
    _partial("files_expiring", "expires_at", where="expires_at IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""Files; `folded` is the name as it is searched."""

jobs = Table(
    "jobs",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("id", AnyText, nullable=False, unique=True),
    Column("owner", AnyText, nullable=False),
    Column("endpoint", AnyText, nullable=False),
    Column("model", AnyText),
    Column("agent_id", AnyText),
    Column("timeout_hours", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("completed_at", BigInteger),
    Column("status", String, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    Column("leased", BigInteger, nullable=False),
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("output_file", AnyText),
    Column("error_file", AnyText),
    Column("plan_place", Integer),
    Column("plan_offset", BigInteger),
    Column("plan_number", BigInteger),
    Index("jobs_newest", "owner", "created_at", "seq"),
    _partial("jobs_unplanned", "seq", where="plan_place IS NOT NULL"),
    _partial("jobs_waiting", "owner", "seq", where="waiting > 0"),
    _partial("jobs_due", "due", where="completed_at IS NULL"),
    _partial("jobs_cancelled", "seq", where="status = 'CANCELLATION_REQUESTED'"),
    _partial("jobs_done", "seq", where="completed_at IS NULL AND plan_place IS NULL AND waiting = 0 AND leased = 0"),
    _partial("jobs_over", "completed_at", where="completed_at IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""Jobs, with how many of their lines are in which state. `plan_*` tells where lines are still to be found; NULL when
all are known, or nobody needs them any more. A job is over when it has `completed_at`, and has no `waiting` then."""

job_inputs = Table(
    "job_inputs",
    METADATA,
    Column("job", _SEQ, ForeignKey("jobs.seq"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("blob", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("lines", BigInteger, nullable=False),
    Column("file_id", AnyText),
)
job_results = Table(
    "job_results",
    METADATA,
    Column("job", _SEQ, ForeignKey("jobs.seq"), primary_key=True),
    Column("blob", String, primary_key=True),
)
"""Blobs in which results of a job stand that is not over; each uses its blob once, however many lines are in it."""

job_metadata = Table(
    "job_metadata",
    METADATA,
    Column("job", _SEQ, ForeignKey("jobs.seq"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("key", AnyText, nullable=False),
    Column("value", AnyText, nullable=False),
    Column("pair", String, nullable=False),
    Index("job_metadata_pair", "pair", "job"),
)
"""`pair` is a digest of key and value, which may be longer than an index takes."""

job_errors = Table(
    "job_errors",
    METADATA,
    Column("job", _SEQ, ForeignKey("jobs.seq"), primary_key=True),
    Column("digest", String, primary_key=True),
    Column("message", AnyText, nullable=False),
    Column("count", BigInteger, nullable=False),
)

tasks = Table(
    "tasks",
    METADATA,
    Column("job", _SEQ, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("blob", String, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", String),
    Column("claim", Integer),
    Column("until", Double),
    Column("custom_id", AnyText),
    Column("result_blob", String),
    Column("result_offset", BigInteger),
    Column("result_length", BigInteger),
    Column("error", AnyText),
    Column("pages", BigInteger),
    _partial("tasks_waiting", "job", "state", "number", where="state = 0"),
    _partial("tasks_leased", "holder", where="state = 1"),
    sqlite_with_rowid=False,
)
"""Lines. A lease has a `holder`, the `claim` (number of the call) by which it was had, and on PostgreSQL a time
(`until`, of the database's clock) at which it runs out. What `result_*` says holds until the job is over. The state
stands in `tasks_waiting` for SQLite, which else takes the primary key for as good and walks over all that is done."""

leftovers = Table(
    "leftovers",
    METADATA,
    Column("job", _SEQ, primary_key=True, autoincrement=False),
)
"""Jobs that are forgotten, but for their lines."""

idempotency = Table(
    "idempotency",
    METADATA,
    Column("owner", AnyText, primary_key=True),
    Column("route", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("body", String, nullable=False),
    Column("id", AnyText, nullable=False),
    Column("created_at", Double, nullable=False),
    Index("idempotency_age", "created_at"),
)
"""Requests that may come again; `key` is a digest of the caller's."""
