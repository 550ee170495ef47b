"""The database of one workspace: opened, migrated to the newest schema, and given out as sessions."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry


def sqlite_url(root: Path) -> str:
    """Address of a workspace's own database."""
    return f"sqlite:///{(root / 'decisions.sqlite').as_posix()}"


def open_database(url: str) -> sessionmaker[Session]:
    """Sessions on a database that has the newest schema.

    Args:
        url: SQLAlchemy address; SQLite is opened with write-ahead logging, so that pages read while a decision is made.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _write_ahead)
    migrate(engine)
    return sessionmaker(engine, expire_on_commit=False)


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; each step is in `migrations/versions`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _write_ahead(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
