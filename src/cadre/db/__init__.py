"""What people decided: SQLAlchemy on SQLite (PostgreSQL by address), with migrations."""
