"""Git history: who authored, merged, reviewed, tested or helped with which commit.

Takes a repository folder, or a `*.gitlog` file made in one by the same command:

    git --no-pager log -z --reverse --no-merges --encoding=UTF-8 --no-show-signature --no-color
        --format=tformat:%H%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s%x00%(trailers:only=true,unfold=true)

Keeps true: a line is a commit's ordinal, oldest first; memory holds one commit and the names of people. Git runs
without a shell, a pager, the machine's configuration or the folder's hooks, and never fetches. A person is a lower-case
e-mail address, or the name where there is none; a trailer whose value names nobody (empty, a link) is left out, as are
`Signed-off-by` and merge commits, which tell no work of their own. Bytes that are no UTF-8 are taken as Latin-1.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any, cast

from cadre.errors import UnreadableFileError
from cadre.sources.flat import Named
from cadre.sources.reading import CHUNK_BYTES, MAX_LINE_BYTES, open_bytes
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

FORMAT = "%H%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s%x00%(trailers:only=true,unfold=true)"
COMMAND = (
    "log",
    "-z",
    "--reverse",
    "--no-merges",
    "--encoding=UTF-8",
    "--no-show-signature",
    "--no-color",
    f"--format=tformat:{FORMAT}",
)
KINDS = {
    "reviewed-by": "reviewed",
    "tested-by": "tested",
    "acked-by": "approved",
    "co-authored-by": "authored",
    "helped-by": "helped",
    "reported-by": "reported",
    "suggested-by": "suggested",
}
_FIELDS = 9
_HASH = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_PERSON = re.compile(r"^\s*\"?([^\"<]*)\"?\s*<\s*([^<>\s@]+@[^<>\s]+)\s*>")
_ADDRESS = re.compile(r"^\s*([^<>\s@,]+@[^<>\s@,]+)\s*$")
_WEB_FLOW = "noreply@github.com"


@contextmanager
def _stream(file: SourceFile) -> Iterator[IO[bytes]]:
    if not file.path.is_dir():
        with open_bytes(file) as stream:
            yield stream
        return
    binary = shutil.which("git")
    if binary is None:
        raise UnreadableFileError(
            f"{file.name}: git is not installed here", hint="Make a .gitlog file where it is, as `cadre sources` says."
        )
    folder = file.path.resolve()
    arguments = [
        binary,
        "--no-pager",
        "-c",
        f"safe.directory={folder}",
        "-c",
        "core.fsmonitor=false",
        "-C",
        str(folder),
    ]
    surroundings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        # A folder inside somebody else's checkout must not be read as that checkout.
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }
    process = subprocess.Popen(  # noqa: S603 (fixed words and a folder, no shell)
        [*arguments, *COMMAND],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield cast("IO[bytes]", process.stdout)
        if process.wait():
            raise UnreadableFileError(
                f"{file.name}: git cannot list its commits",
                hint="Give the folder of a repository that has commits, or a .gitlog file.",
            )
    finally:
        process.kill()
        process.wait()
        cast("IO[bytes]", process.stdout).close()


def _fields(stream: IO[bytes], file: SourceFile) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        *done, rest = (rest + chunk).split(b"\0")
        yield from done
        if len(rest) > MAX_LINE_BYTES:
            raise UnreadableFileError(
                f"{file.name}: a field longer than {MAX_LINE_BYTES // 2**20} MiB",
                hint="Make the file with the command that `cadre sources` names.",
            )
    if rest:
        yield rest


def _commits(stream: IO[bytes], file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    number, fields = 1, list[str]()
    for raw in _fields(stream, file):
        try:
            fields.append(raw.decode())
        except UnicodeDecodeError:
            fields.append(raw.decode("latin-1"))
        if len(fields) == 1 and not _HASH.match(fields[0]):
            raise UnreadableFileError(
                f"{file.name}: expected a commit id at commit {number}",
                hint="Make the file with the command that `cadre sources` names; nothing of it was loaded.",
            )
        if len(fields) == _FIELDS:
            yield number, fields
            number, fields = number + 1, []
    if fields:
        yield number, fields


class _History:
    """Reads the commits of one load; keeps whom they name."""

    def __init__(self) -> None:
        self.named = Named()
        self.seen: set[bytes] = set()

    def take(self, fields: list[str], project: str) -> list[tuple[str, dict[str, Any]]]:
        """(table, values) of one commit, the task first; `ValueError` refuses it."""
        if len(fields) < _FIELDS:
            raise ValueError(f"the commit is cut short: {len(fields)} of {_FIELDS} fields")
        key, name, email, made, merger, merger_email, merged, subject, trailers = fields
        mark = bytes.fromhex(key)
        if mark in self.seen:
            raise ValueError("the same commit stands earlier in this load")
        made_at, merged_at = _at(made), _at(merged)
        author = self._account(name, email)
        if author is None:
            raise ValueError("neither a name nor an e-mail address of the author")
        self.seen.add(mark)
        done = [("authored", author)]
        committer = self._account(merger, merger_email)
        if committer and committer != author:
            done.append(("merged", committer))
        done += [pair for pair in self._trailers(trailers) if pair != ("authored", author)]
        task = {"external_id": key, "occurred_at": made_at, "account_id": author, "project": project}
        found: list[tuple[str, dict[str, Any]]] = [("tasks", task)]
        for n, (kind, account) in enumerate(dict.fromkeys(done)):
            event = {
                "external_id": f"{key}/{n}",
                "occurred_at": merged_at,
                "task_id": key,
                "kind": kind,
                "actor_account_id": account,
                "for_account_id": author,
            }
            found.append(("task_events", event))
        if subject.strip():
            words = {
                "external_id": f"tasks/{key}/title",
                "record_table": "tasks",
                "record_id": key,
                "field": "title",
                "account_id": author,
                "body": subject.strip(),
            }
            found.append(("texts", words))
        return found

    def _trailers(self, text: str) -> Iterator[tuple[str, str]]:
        for line in text.splitlines():
            label, _, value = line.partition(":")
            kind = KINDS.get(label.strip().lower())
            if kind is None:
                continue
            person, address = _PERSON.match(value), _ADDRESS.match(value)
            if person:
                account = self._account(person[1], person[2])
            elif address:
                account = self._account("", address[1])
            else:
                # A name without an address, or with one spelt out (`<ana at example>`).
                account = None if "://" in value else self._account(value.partition("<")[0], "")
            if account:
                yield kind, account

    def _account(self, name: str, email: str) -> str | None:
        name, email = " ".join(name.split()), email.strip().lower()
        is_bot = name.lower().endswith("[bot]") or email == _WEB_FLOW
        told = email if "@" in email else None
        key = told or (name.lower() if any(letter.isalpha() for letter in name) else None)
        return self.named.account(key, "bot" if is_bot else "staff", name=name or None, email=told)


def _at(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("not a time: expected seconds since 1970") from None


def _project(file: SourceFile) -> str:
    name = file.path.resolve().name
    return name.removesuffix(".gz").removesuffix(".gitlog").removesuffix(".git") or name


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    del options  # commits carry their own zone and order
    history = _History()
    for file in files:
        project = _project(file)
        with _stream(file) as stream:
            for number, fields in _commits(stream, file):
                try:
                    made = history.take(fields, project)
                except ValueError as error:
                    yield Rejected(str(error), file.name, number)
                    continue
                for at, (table, values) in enumerate(made):
                    yield Record(table, values, file.name, number if at == 0 else None)
    if files:
        yield from history.named.records(files[0].name)


SOURCE = Source(
    name="git",
    label="Git history",
    group="msp",
    accepts="a repository folder, or `*.gitlog` made in it by: git --no-pager "
    + " ".join(f"'{word}'" if "%" in word else word for word in COMMAND),
    patterns=("*.gitlog", "*.gitlog.gz"),
    yields=("tasks", "task_events", "accounts", "identities", "texts"),
    read=_read,
    tried="not yet tried on a live export",
    reference="git-log(1), git-interpret-trailers(1)",
)
