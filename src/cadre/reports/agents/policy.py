"""The policies of agents' acts as a person reads them: what holds, what never decides, which cases fail, what would differ."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.audit.canonical import canonical
from cadre.db.machines import RegisteredMachine
from cadre.errors import UnreadableFileError, UsageError
from cadre.governance.case import cases, problem
from cadre.governance.replay import MINUTES_PER_APPROVAL, Recorded, Replay, replay
from cadre.policy.agents import VOCABULARY, agents_engine
from cadre.policy.engine import Engine
from cadre.policy.reach import Finding, Known, dead_rules
from cadre.policy.source import Rule, folder_files
from cadre.warehouse import Snapshot

FOLDER = "policies"
"""Where a workspace keeps its own policies, with `ALLOW` and `DENY` beside them."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What holds.

    Attributes:
        version: Of all policies together; approvals are bound to it.
        own: The firm's.
        cadres: Those that come with Cadre.
        findings: Rules that never decide anything.
    """

    version: str
    own: tuple[Rule, ...]
    cadres: tuple[Rule, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """What the firm's own cases came to.

    Attributes:
        names: Of all cases.
        problems: By name of the case, what is wrong.
        untested: The firm's rules that no case of `DENY` is stopped by.
    """

    names: tuple[str, ...]
    problems: dict[str, str]
    untested: tuple[Rule, ...]


def engine_of(folder: Path) -> Engine:
    """Cadre's policies with those of a folder.

    Raises:
        CadreError: One does not load; the message names file and line.
    """
    return agents_engine(folder_files(folder))


def policies(principal: Principal, folder: Path, known: Known | None = None) -> Policies:
    """What holds, and what of it never decides anything.

    Raises:
        CadreError: A policy does not load.
    """
    del principal  # every account may read the rules that machines follow
    engine = engine_of(folder)
    count = len(agents_engine(()).rules)
    return Policies(engine.version, engine.rules[count:], engine.rules[:count], dead_rules(engine, VOCABULARY, known))


def registered(sessions: sessionmaker[Session], record: Snapshot) -> Known:
    """Agents and clients that policies can name; clients are not known where the record holds none."""
    with sessions() as session:
        agents = frozenset(session.scalars(select(RegisteredMachine.key).where(RegisteredMachine.retired_at.is_(None))))
    clients = frozenset(str(row["client_id"]) for row in record.rows(record.table("clients").select("client_id")))
    return Known(agents, clients or None)


def tested(principal: Principal, folder: Path) -> Tested:
    """Every case under `ALLOW` and `DENY` of a folder, decided by the policies of the folder.

    Raises:
        CadreError: A policy does not load or a file is no case.
    """
    found = policies(principal, folder)
    engine = engine_of(folder)
    told = cases(folder)
    problems = {case.name: wrong for case in told if (wrong := problem(case, engine))}
    stopped = {case.rule for case in told if not case.is_allowed}
    return Tested(tuple(case.name for case in told), problems, tuple(r for r in found.own if r.name not in stopped))


def replayed(
    principal: Principal, folder: Path, records: Path, *, minutes_per_approval: float = MINUTES_PER_APPROVAL
) -> Replay:
    """What the policies of a folder would have decided over recorded decisions.

    Args:
        principal: Who asks.
        folder: Policies to try.
        records: JSON lines of `decision_id`, `at` and `decision`, as `Decision.written` gives them.
        minutes_per_approval: Minutes of one person for one ask.

    Raises:
        CadreError: A policy does not load, or a line is no record.
    """
    del principal
    return replay(_lines(records), engine_of(folder), minutes_per_approval=minutes_per_approval)


def _lines(path: Path) -> Iterator[Recorded]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from _records(path.name, lines)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path} cannot be read ({type(error).__name__})",
                                  hint="Name a file of recorded decisions, one JSON object a line.") from None  # fmt: skip


def _records(name: str, lines: Iterable[str]) -> Iterator[Recorded]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            at = datetime.fromisoformat(told["at"])
            yield Recorded(str(told["decision_id"]), at, canonical(told["decision"]))
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{name}:{number}: this is no record of a decision ({type(error).__name__})",
                             hint="Each line has decision_id, at and decision.") from error  # fmt: skip
