"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: sa.TextClause) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def upgrade() -> None:
    """Make all tables."""
    _files()
    _repeats()
    _jobs()
    _lines()
    _parts_of_jobs()
    _marks_of_jobs()


def _files() -> None:
    op.create_table(
        "blobs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("blobs_unused", "blobs", ["since"], **_where(sa.text("uses = 0")))
    op.create_table(
        "files",
        sa.Column("seq", _SEQ, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("sample_type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("num_lines", sa.BigInteger(), nullable=True),
        sa.Column("mimetype", sa.Text(), nullable=True),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("files_expiring", "files", ["expires_at"], **_where(sa.text("expires_at IS NOT NULL")))
    op.create_index("files_newest", "files", ["owner", "created_at", "seq"])


def _repeats() -> None:
    op.create_table(
        "idempotency",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "route", "key"),
    )
    op.create_index("idempotency_age", "idempotency", ["created_at"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("seq", _SEQ, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("timeout_hours", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("leased", sa.BigInteger(), nullable=False),
        sa.Column("succeeded", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("output_file", sa.Text(), nullable=True),
        sa.Column("error_file", sa.Text(), nullable=True),
        sa.Column("plan_place", sa.Integer(), nullable=True),
        sa.Column("plan_offset", sa.BigInteger(), nullable=True),
        sa.Column("plan_number", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_cancelled", "jobs", ["seq"], **_where(sa.text("status = 'CANCELLATION_REQUESTED'")))
    op.create_index(
        "jobs_done",
        "jobs",
        ["seq"],
        **_where(sa.text("completed_at IS NULL AND plan_place IS NULL AND waiting = 0 AND leased = 0")),
    )
    op.create_index("jobs_due", "jobs", ["due"], **_where(sa.text("completed_at IS NULL")))
    op.create_index("jobs_newest", "jobs", ["owner", "created_at", "seq"])
    op.create_index("jobs_over", "jobs", ["completed_at"], **_where(sa.text("completed_at IS NOT NULL")))
    op.create_index("jobs_unplanned", "jobs", ["seq"], **_where(sa.text("plan_place IS NOT NULL")))
    op.create_index("jobs_waiting", "jobs", ["owner", "seq"], **_where(sa.text("waiting > 0")))


def _lines() -> None:
    op.create_table(
        "leftovers", sa.Column("job", _SEQ, autoincrement=False, nullable=False), sa.PrimaryKeyConstraint("job")
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tasks",
        sa.Column("job", _SEQ, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("custom_id", sa.Text(), nullable=True),
        sa.Column("result_blob", sa.String(), nullable=True),
        sa.Column("result_offset", sa.BigInteger(), nullable=True),
        sa.Column("result_length", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("pages", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("job", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("tasks_leased", "tasks", ["holder"], **_where(sa.text("state = 1")))
    op.create_index("tasks_waiting", "tasks", ["job", "state", "number"], **_where(sa.text("state = 0")))


def _parts_of_jobs() -> None:
    op.create_table(
        "job_errors",
        sa.Column("job", _SEQ, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job"],
            ["jobs.seq"],
        ),
        sa.PrimaryKeyConstraint("job", "digest"),
    )
    op.create_table(
        "job_inputs",
        sa.Column("job", _SEQ, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job"],
            ["jobs.seq"],
        ),
        sa.PrimaryKeyConstraint("job", "place"),
    )


def _marks_of_jobs() -> None:
    op.create_table(
        "job_metadata",
        sa.Column("job", _SEQ, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("pair", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job"],
            ["jobs.seq"],
        ),
        sa.PrimaryKeyConstraint("job", "place"),
    )
    op.create_index("job_metadata_pair", "job_metadata", ["pair", "job"])
    op.create_table(
        "job_results",
        sa.Column("job", _SEQ, nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job"],
            ["jobs.seq"],
        ),
        sa.PrimaryKeyConstraint("job", "blob"),
    )
