"""Steps of the schema, oldest first; Alembic runs them."""
