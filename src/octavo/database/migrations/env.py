"""Runs migrations on the connection that `upgrade.py` hands over, in its transaction."""

from alembic import context

from octavo.database.schema import METADATA

if __name__ == "env_py":  # as Alembic calls it; else somebody only looks
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
