"""DuckDB, in process: one connection a reader or a load, in UTC, with bounded memory and a place to spill."""

from pathlib import Path

import duckdb

MEMORY = "2GB"
"""A load and its aggregates must fit 4 GB in all; Python and Arrow take the rest."""


def connect(spill: Path, *, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A fresh in-memory database that reaches no network and loads no extension from outside.

    Args:
        spill: Folder for what outgrows memory, made once it is needed and removed at the end. Without one DuckDB would
            take the folder in which somebody happened to start the program.
        memory: How much it may hold.
    """
    spill.parent.mkdir(parents=True, exist_ok=True)
    config = {
        "memory_limit": memory,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "false",
        "temp_directory": str(spill),
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def files_sql(files: list[str]) -> str:
    """A DuckDB list literal of file names."""
    return "[" + ", ".join("'" + name.replace("'", "''") + "'" for name in files) + "]"


def define_tomb(connection: duckdb.DuckDBPyConnection, erased: dict[str, str]) -> None:
    """Define the macro `tomb(key)`: the erased key in place of an erased person's, any other key as it is.

    A variable holds the map, because a lambda over a list of keys takes no subquery.
    """
    if not erased:
        connection.execute("CREATE MACRO tomb(key) AS key")
        return
    connection.execute("CREATE TABLE tombstones (key VARCHAR, erased VARCHAR)")
    connection.executemany("INSERT INTO tombstones VALUES (?, ?)", [[k, v] for k, v in erased.items()])
    connection.execute("SET VARIABLE graves = (SELECT map(list(key), list(erased)) FROM tombstones)")
    connection.execute("CREATE MACRO tomb(key) AS coalesce(getvariable('graves')[key], key)")
