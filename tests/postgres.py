"""A PostgreSQL of the tests' own: started as a user without rights, on a socket in a folder that goes, with no port and no service.

`tools/postgres.sh` puts the programs and the driver there; without them the tests on it are skipped and say why.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

USER = "cadre"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")


@dataclass
class Server:
    """A running server; every database of it is new and empty."""

    socket: Path
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{USER}@/{name}?host={self.socket}"

    def database(self) -> str:
        """Address of a new database."""
        name = f"t{next(self.numbers)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        engine.dispose()
        return self.url(name)


def programs() -> Path | None:
    """The folder of initdb and postgres."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def lacking() -> str:
    """Why there is no PostgreSQL here; empty where there is."""
    if programs() is None:
        return "PostgreSQL is missing: tools/postgres.sh installs it"
    return "" if importlib.util.find_spec("psycopg") else "psycopg is missing: tools/postgres.sh installs it"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for all tests of a run."""
    if lacking():
        pytest.skip(lacking())
    here = programs()
    assert here is not None
    folder = Path(tempfile.mkdtemp(prefix="cadre-pg-", dir="/tmp"))  # short: a socket's path has 107 characters
    is_root = os.geteuid() == 0  # the server refuses to run as root
    told = {"user": "nobody", "group": "nogroup", "extra_groups": []} if is_root else {}
    if is_root:
        shutil.chown(folder, "nobody", "nogroup")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder, "env": {"LC_ALL": "C.UTF-8"}}
    initdb = [here / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, **quiet, **told)
    settings = [
        part for one in (*_FAST, "listen_addresses=", f"unix_socket_directories={folder}") for part in ("-c", one)
    ]
    server = subprocess.Popen(
        [here / "postgres", "-D", folder / "data", *settings], **quiet | {"stderr": subprocess.DEVNULL}, **told
    )
    try:
        for _ in range(200):
            if subprocess.run([here / "pg_isready", "-q", "-h", folder], check=False).returncode == 0:
                break
            time.sleep(0.05)
        yield Server(folder)
    finally:
        server.terminate()  # a smart shutdown would wait for pooled connections
        subprocess.run(
            [here / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate", "-s"], check=False, **quiet, **told
        )
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
