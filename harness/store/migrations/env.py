"""How a migration runs: on the connection that database.py opened, never from a command line."""

from __future__ import annotations

from alembic import context

from harness.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
