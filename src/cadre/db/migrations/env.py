"""Alembic's entry: runs the steps on the connection it is handed."""

from alembic import context

from cadre.db.model import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
