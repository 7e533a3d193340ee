"""The ledger: files, batch jobs and their lines, in one SQL for SQLite and PostgreSQL."""
