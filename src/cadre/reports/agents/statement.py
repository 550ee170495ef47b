"""The governance statement of a client in plain sentences: what AI may do there, who approves the rest, how it can be checked.

Keeps true: every sentence follows from what is in force at the instant (catalogue, policies, settings, registers), nothing is
written by hand; what nobody found out is printed as unknown with its date; a rule that names another client is not shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.db.audit import AuditCheckpoint, AuditKey
from cadre.db.machines import RegisteredMachine
from cadre.governance.action import Tier
from cadre.governance.ai_register import RESPONSIBLE
from cadre.governance.catalogue import Row, default
from cadre.governance.decision import Mode
from cadre.governance.governing import Governing
from cadre.governance.situation import Limits
from cadre.policy.source import Statement as Policy
from cadre.reports.agents.ai_register import WORDS, AiToolRow, ai_register, handling
from cadre.reports.agents.called import Called, called
from cadre.reports.agents.client import client_key
from cadre.reports.agents.policy import engine_of
from cadre.reports.release import purpose_word
from cadre.reports.roster import staff
from cadre.warehouse import Snapshot

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MODES = {
    Mode.OBSERVE: "is watched: what it does is judged and recorded, and nothing is held back",
    Mode.ADVISE: "is advised: it is told what the rules say, and nothing is held back",
    Mode.ENFORCE: "is held to these rules",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the statement.

    Attributes:
        title: What it is about.
        lines: Sentences, in order.
        note: What a reader has to know to read them right; empty where nothing.
    """

    title: str
    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class GovernanceStatement:
    """What holds for agents at a client.

    Attributes:
        firm: Who makes the statement.
        label: Word that marks the firm's data, such as invented; empty for none.
        client_id: The client's key.
        client: Its name.
        headline: The most important sentence; what is not enforced comes first.
        made_at: The instant it holds for.
        parts: The statement.
        policy: Version of the policies.
    """

    firm: str
    label: str
    client_id: str
    client: str
    headline: str
    made_at: datetime
    parts: tuple[Part, ...]
    policy: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return asdict(self)


def statement(principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, governs: Governing, policies: Path,
              told: str, *, now: datetime) -> GovernanceStatement:  # fmt: skip
    """What holds for agents at a client now.

    Args:
        principal: An owner or manager.
        sessions: On the database of decisions.
        snapshot: The record, which knows clients and staff.
        governs: What governs agents now, as the gate reads it.
        policies: Folder of the firm's own policies.
        told: The client's key or name.
        now: The instant.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: No client is called so.
        CadreError: A policy does not load.
    """
    require(principal, "machine:manage")
    names = called(sessions, snapshot)
    register = ai_register(principal, sessions, snapshot, now=now)
    engine = engine_of(policies)
    with sessions() as session:
        key = client_key(session, names, told)
        agents = tuple(session.scalars(
            select(RegisteredMachine).where(RegisteredMachine.retired_at.is_(None), RegisteredMachine.kind == "agent")
            .order_by(RegisteredMachine.name)
        ))  # fmt: skip
        proof = _proof(session, key)
    here = [
        one
        for one in agents
        if one.key in governs.machines and governs.standing(one.key, key, "", (), now).is_registered
    ]
    people = {one.person_id: one.name for one in staff(snapshot) if one.left_on is None}
    firm, label = snapshot.firm.name, purpose_word(snapshot.firm)
    parts = (
        Part("Who acts", tuple(_acts(here, governs, key, now, people))),
        *_tiers(governs.rows, key),
        Part("Always checked", tuple(_rules(engine.statements, key)),
             "These rules only make an act stricter: they refuse it or ask for more people. None of them lets anything through."),
        Part("Hours, changes and limits", tuple(_limits(here, governs, key, now))),
        Part("Your data", handling()),
        Part("AI tools and where data goes", tuple(_tools(register.tools, key))
             or ("No AI tool is in the register, so none may be given personal data, credentials or other guarded kinds.",)),
        Part("Who answers", tuple(_who(governs, key, names))),
        Part("How to check this yourselves", proof),
    )  # fmt: skip
    return GovernanceStatement(
        firm, label, key, names.client(key), _headline(here, governs, key, now), now, parts, engine.version
    )


def _headline(here: list[RegisteredMachine], governs: Governing, key: str, now: datetime) -> str:
    if governs.standing("", key, "", (), now).switches:
        return "All AI agents are switched off in your environment"
    if not here:
        return "No AI agent is registered to act in your environment"
    loose = sum(governs.mode(one.key, key) is not Mode.ENFORCE for one in here)
    if loose == len(here):
        return "AI agents are watched in your environment, and nothing is held back yet"
    if loose:
        are = "is" if loose == 1 else "are"
        return f"{loose} of {len(here)} AI agents in your environment {are} watched and not yet held to these rules"
    return "Every registered AI agent in your environment is held to these rules, and every act leaves a record"


def _acts(
    here: Iterable[RegisteredMachine], governs: Governing, key: str, now: datetime, people: dict[str, str]
) -> Iterator[str]:
    for one in here:
        owner = people.get(one.owner_person_id or "")
        ends = f" Its registration ends on {one.expires_on.isoformat()}." if one.expires_on else ""
        answer = f"{owner} answers for it" if owner else "nobody on the staff answers for it"
        off = any(switch.scope == "agent" for switch in governs.standing(one.key, key, "", (), now).switches)
        how = "is switched off" if off else _MODES[governs.mode(one.key, key)]
        yield f"{one.name} {how}. Purpose: {one.purpose}; {answer}.{ends}"
    if governs.mode("", key) is Mode.ENFORCE:
        yield "An agent that stands in no register does nothing through our gate."
    else:
        yield "An agent that stands in no register is only watched, too, since nothing is held back unless we say so."


_TITLES = {
    "alone": ("What AI may do alone",
              "Reading that shows no secret is always done alone, too. Every act leaves a record."),
    "asked": ("What AI may do when one of your people asked for exactly this",
              "In their own words, naming whom and what. Otherwise a person approves."),
    "approve": ("What a person approves", "So is everything that is in no list here and changes something."),
    "four-eyes": ("What two people approve together", "Neither of them is whoever asked for it."),
    "forbidden": ("What AI never does", "Nobody can approve it; people do it by hand."),
}  # fmt: skip


def _tiers(own: Iterable[Row], key: str) -> Iterator[Part]:
    """What is done alone, approved, and never done: rows of the client, then the firm's, then those that ship."""
    mine = sorted((one for one in own if one.client in {"", key}), key=lambda one: (not one.client, one.label))
    groups: dict[str, list[str]] = defaultdict(list)
    for one in (*mine, *default()):
        group = "alone" if one.tier <= Tier.NOTIFY else "asked" if one.asked <= Tier.NOTIFY else one.tier.text
        whose = " (for you alone)" if one.client else " (by our own rule, before the others)" if one in mine else ""
        less = " One person is enough where one of yours asked for exactly this." if _is_less(one) else ""
        groups[group].append(f"{one.label}{whose}. {one.why}{less}")
    for name, (title, note) in _TITLES.items():
        yield Part(title, tuple(groups[name]) or ("Nothing that the catalogue names.",), note)


def _is_less(one: Row) -> bool:
    return one.tier is Tier.FOUR_EYES and one.asked is Tier.APPROVE


def _rules(policies: Iterable[Policy], key: str) -> Iterator[str]:
    for one in policies:
        scope = one.parsed.get("resource", {})
        other = scope.get("entity", {}).get("id") if scope.get("op") == "==" else None
        if one.rule.effect != "forbid" or other not in (None, key):
            continue
        if not one.rule.name.startswith("switch-"):
            yield f"{one.rule.text}."


def _limits(here: Iterable[RegisteredMachine], governs: Governing, key: str, now: datetime) -> Iterator[str]:
    standing = governs.standing("", key, "", (), now)
    hours = standing.hours
    days = ", ".join(_DAYS[number - 1] for number in hours.weekdays)
    yield f"Business hours are {hours.opens:%H:%M} to {hours.closes:%H:%M} ({hours.zone}), {days}."
    if closed := sorted(day.isoformat() for day in hours.closed_on if day >= now.date()):
        yield f"Closed on {', '.join(closed)}."
    freezes = sorted((one.begins_at, one.ends_at) for one in standing.freezes if one.ends_at > now)
    for begins_at, ends_at in freezes:
        yield f"No change without two people from {hours.local(begins_at):%Y-%m-%d %H:%M} to {hours.local(ends_at):%Y-%m-%d %H:%M}."
    if not freezes:
        yield "No change freeze is set."
    usual = standing.limits
    yield f"An agent {_limit_words(usual)}."
    for one in here:
        if (own := governs.standing(one.key, key, "", (), now).limits) != usual:
            yield f"{one.name} {_limit_words(own)}."
    yield "Anybody on our staff can switch agents off at once: one agent, all of yours, or all of ours."


def _limit_words(limits: Limits) -> str:
    reach = {1: "one thing", 2: "a few things", 3: "many things"}.get(limits.blast_radius, "everything")
    return (f"makes at most {limits.calls_a_minute:,} calls a minute and spends at most {limits.cost_a_day_cents / 100:,.2f} a day; "
            f"beyond {limits.writes_an_hour:,} changes an hour, {limits.cost_a_call_cents / 100:,.2f} in one act, or {reach} "
            "at once, a person is asked")  # fmt: skip


def _tools(tools: Iterable[AiToolRow], key: str) -> Iterator[str]:
    for tool in tools:
        if tool.entry.is_ended or tool.entry.client_id not in (None, key):
            continue
        told = [f"{WORDS[name].lower()}: {value}" for name, value in tool.facts.items() if value]
        unknown = [WORDS[name].lower() for name, value in tool.facts.items() if not value]
        day = tool.entry.checked_on.isoformat()
        gaps = f" Unknown on {day}: {', '.join(unknown)}." if unknown else ""
        old = " That check is more than a year old and no longer counts." if tool.is_stale else ""
        yield f"{tool.entry.name}, checked on {day}: {'; '.join(told) or 'nothing is known'}.{gaps}{old}"


def _who(governs: Governing, key: str, names: Called) -> Iterator[str]:
    told = governs.approvers(key)
    if told.administrators:
        yield (f"You are asked first: {', '.join(sorted(map(names.who, told.administrators)))}, for {told.first_minutes} minutes. "
               "Silence passes the question on to us.")  # fmt: skip
    else:
        yield "None of your own people is named as approver; name them, and they are asked first."
    on_call = ", ".join(sorted(map(names.who, told.on_call)))
    yield f"For us answer: {on_call}. After {told.minutes} minutes without an answer the act is refused."
    yield from (f"{_TIER_WORDS[tier]}: {who}." for tier, who in RESPONSIBLE.items())
    yield "In an emergency whoever is on call may let an act through alone, never a forbidden one; another person looks at it within a day."


_TIER_WORDS = {Tier.AUTONOMOUS: "For what is done alone", Tier.NOTIFY: "For what is done and told",
               Tier.APPROVE: "For what one person approves", Tier.FOUR_EYES: "For what two approve",
               Tier.FORBIDDEN: "For what is never done"}  # fmt: skip


def _proof(session: Session, key: str) -> tuple[str, ...]:
    vkey = session.scalar(select(AuditKey.vkey).order_by(AuditKey.id).limit(1))
    last = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.id.desc()).limit(1)).one_or_none()
    signed = (
        f"The newest signed checkpoint covers {last.size:,} rows, made on {last.made_at:%Y-%m-%d}. Keep each one we send."
        if last else "No checkpoint was signed yet, so nothing can be proved to you before the first one is."
    )  # fmt: skip
    return (
        "Every decision, approval and outcome is a row of a log that can be added to and not changed unnoticed.",
        "We hand you your own rows as a file, without those of others, and a program of one file that checks them offline.",
        "You run: python verify.py bundle.json --key KEY --held an-older-checkpoint.txt",
        f"The public key the log began with: {vkey}" if vkey else "The log has no public key yet.",
        signed,
        f"Your rows go by the name {key}.",
    )
