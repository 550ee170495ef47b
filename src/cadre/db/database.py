"""The database of one workspace: opened, migrated to the newest schema, given out as sessions, and wiped after an erasure.

Keeps true: what was erased is in no byte of SQLite's files, even where a wiping was cut short: the next opening ends it.

References:
    SQLite, `PRAGMA secure_delete`, `VACUUM`, `PRAGMA wal_checkpoint`: https://www.sqlite.org/pragma.html
"""

from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from cadre.errors import UsageError

_MIGRATING = 6_723_001
"""Number of the lock under which PostgreSQL's schema is changed; any number that nothing else takes."""
_PATIENCE = "30s"


def sqlite_url(root: Path) -> str:
    """Address of a workspace's own database."""
    return f"sqlite:///{(root / 'decisions.sqlite').as_posix()}"


def open_database(url: str) -> sessionmaker[Session]:
    """Sessions on a database that has the newest schema.

    Args:
        url: SQLAlchemy address; SQLite is opened with write-ahead logging, so that pages read while a decision is made.

    Raises:
        UsageError: The driver of that database is not installed.
    """
    try:
        engine = create_engine(_with_driver(url))
    except ModuleNotFoundError as error:
        raise UsageError(f"the driver {error.name} of this database is not installed",
                         hint="For PostgreSQL install Cadre with its extra: pip install 'cadre[postgres]'.") from None  # fmt: skip
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _write_ahead)
    migrate(engine)
    _end_wiping(engine)
    return sessionmaker(engine, expire_on_commit=False)


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; each step is in `migrations/versions`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")  # by one process at a time
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _with_driver(url: str) -> str:
    """An address with the driver that is named as an extra, where it names none."""
    kind, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if kind in ("postgres", "postgresql") else url


def must_wipe(session: Session) -> None:
    """Note, in the transaction of an erasure, that the files have to be wiped after it."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA user_version = 1")


def wipe(engine: Engine) -> None:
    """Rewrite the files of the database, so that no byte of what was overwritten or deleted is left in them.

    Where somebody reads for so long that it cannot end now, the next opening does it. PostgreSQL's write-ahead log and
    backups are its administrator's: they hold the old rows until they are recycled.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql(f"SET lock_timeout = '{_PATIENCE}'")
            for table in inspect(engine).get_table_names():
                with suppress(OperationalError):  # somebody holds it for longer: its next vacuum takes the rows
                    connection.exec_driver_sql(f'VACUUM FULL "{table}"')
            connection.exec_driver_sql("RESET lock_timeout")
            return
        with suppress(OperationalError):  # locked for longer than the driver waits
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
            if not busy:
                connection.exec_driver_sql("PRAGMA user_version = 0")


def _end_wiping(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            left = connection.exec_driver_sql("PRAGMA user_version").scalar()
        if left:
            wipe(engine)


def _write_ahead(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
