"""Letting invented agents ask the real gate, at the times at which they would: for the demo and for studies.

Keeps true: decisions, approvals and outcomes go through the same services as those of real agents, and stand in the same
audit log; only the agents and the clock are invented. A workspace that holds a decision already is left as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.governance import ActionDecision
from cadre.errors import CadreError
from cadre.governance.action import Action, Effect, Outcome, Step, Tool
from cadre.governance.gate import assess
from cadre.governance.outcome import Told
from cadre.services.agents.ai_register import Found, check_tool
from cadre.services.agents.approve import answer_approval, use_approval
from cadre.services.agents.decide import Answer, Caller, Governor, confirmed
from cadre.services.agents.govern import Place, set_value
from cadre.services.agents.report_outcome import Word, report_outcome
from cadre.services.audit.written import Written
from cadre.services.computing.ingest import ingest
from cadre.services.machines.machine import OWN, register, slug
from cadre.services.unit_of_work import UnitOfWork
from cadre.simulator.agents import InventedCall, agents, script_log
from cadre.sources import ReadOptions, find_source
from cadre.warehouse import Warehouse

_TOGETHER = 200
"""Answers that wait for the disk at the same time."""
_OBSERVED = frozenset({"onboarding"})
_UNTOLD_EVERY, _FAILED_EVERY, _REOPENED_EVERY, _NO_EVERY = 37, 29, 13, 9
"""Of how many acts one is never told of, fails or comes back, and of how many asks one gets a no."""


class MovingClock:
    """A clock that stands where it was set.

    Args:
        at: Where it begins.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Where it stands."""
        return self.at

    def move(self, at: datetime) -> None:
        """Set it on; it never goes back."""
        self.at = max(self.at, at)


def key_of(agent: str) -> str:
    """Key in the register of an invented agent."""
    return OWN + slug(agents()[agent]["name"])


def action_of(call: InventedCall) -> Action:
    """An invented call as the gate reads it."""
    tool = Tool(call.tool.name, call.tool.description, call.tool.schema)
    return Action(tool, call.arguments, call.request, tuple(Step(*step) for step in call.history))


def ask_all(governor: Governor, clock: MovingClock, calls: Iterable[InventedCall]) -> list[tuple[InventedCall, Answer]]:
    """Ask the gate for each call at its time.

    Returns:
        The calls with their answers, all of them on disk.
    """
    done: list[tuple[InventedCall, Answer]] = []
    waiting: list[tuple[InventedCall, Answer, Written | None]] = []
    for call in calls:
        clock.move(call.at)
        waiting.append((call, *governor.submit(_caller(call), action_of(call))))
        if len(waiting) >= _TOGETHER:
            done += [(one, confirmed(answer, written)) for one, answer, written in waiting]
            waiting.clear()
    return done + [(one, confirmed(answer, written)) for one, answer, written in waiting]


def invent_agents(principal: Principal, warehouse: Warehouse, sessions: sessionmaker[Session], clock: MovingClock,
                  governor: Governor, calls: Sequence[InventedCall], *, until: datetime) -> int:  # fmt: skip
    """Fill a workspace with what invented agents wanted, were told and did.

    Args:
        principal: The owner at this machine, who registers the agents and answers what they ask.
        warehouse: The invented firm's record.
        sessions: On its database of decisions.
        clock: Begins before the first call.
        governor: Decides, by the same clock.
        calls: The oldest first.
        until: What is asked for within the hour before is left waiting.

    Returns:
        How many decisions were made; 0 where there were some already.
    """
    with sessions() as session:
        if session.scalar(select(ActionDecision.decision_id).limit(1)) is not None:
            return 0
    staff = _owners(warehouse)
    _register(principal, warehouse, sessions, clock, staff)
    governor.forget()
    number = 0
    for _, some in groupby(calls, key=lambda call: (call.client, call.task)):
        for call, told in ask_all(governor, clock, some):
            number, answer = number + 1, told
            if answer.outcome is Outcome.APPROVE and call.at < until - timedelta(hours=1):
                answer = _answered(principal, sessions, clock, governor, call, answer, number)
            if answer.outcome is Outcome.ALLOW and not _only_reads(call):
                _report(principal, sessions, clock, call, answer, number)
    clock.move(until)
    return len(calls)


def _register(principal: Principal, warehouse: Warehouse, sessions: sessionmaker[Session], clock: MovingClock,
              staff: Sequence[str]) -> None:  # fmt: skip
    for number, (short, told) in enumerate(agents().items()):
        register(principal, UnitOfWork(sessions), clock, warehouse, name=told["name"], purpose=told["purpose"],
                 owner=staff[number % len(staff)], removal="When the desk no longer works with it")  # fmt: skip
        mode = "observe" if short in _OBSERVED else "enforce"
        set_value(principal, UnitOfWork(sessions), clock, "mode", mode, place=Place(agent=key_of(short)),
                  reason="Invented for the demonstration")  # fmt: skip
    check_tool(principal, UnitOfWork(sessions), clock, warehouse, name="Desk assistant (invented)",
               found=Found("Invented vendor", "invented-model-1", "Reads and sorts tickets", staff[0], ("personal",),
                           "EU", "30 days", "no", None, "Contract of 2026"),
               tools=("get_ticket", "update_ticket", "send_ticket_reply"))  # fmt: skip
    check_tool(principal, UnitOfWork(sessions), clock, warehouse, name="Script helper (invented)",
               found=Found("Invented vendor", None, "Writes scripts", None, None, None, None, None, None, None),
               tools=("run_script",))  # fmt: skip


def _answered(principal: Principal, sessions: sessionmaker[Session], clock: MovingClock, governor: Governor,
              call: InventedCall, answer: Answer, number: int) -> Answer:  # fmt: skip
    """What became of an ask: a no to what was hijacked and now and then otherwise, else a yes that is used."""
    clock.move(clock.at + timedelta(minutes=2 + number * 7 % 21))
    is_yes = not call.is_hijacked and number % _NO_EVERY > 0
    try:
        answer_approval(principal, UnitOfWork(sessions), clock, answer.approval_id, is_yes=is_yes,
                        reason="" if is_yes else "Not now; call the client first")  # fmt: skip
        if is_yes:
            return use_approval(
                UnitOfWork(sessions), clock, governor, _caller(call), action_of(call), answer.approval_id
            )
    except CadreError:  # such as policies that a later hour made stricter: then it stays unanswered or unused
        pass
    return answer


def _report(principal: Principal, sessions: sessionmaker[Session], clock: MovingClock, call: InventedCall, answer: Answer,
            number: int) -> None:  # fmt: skip
    if number % _UNTOLD_EVERY == 0:
        return
    agent = key_of(call.agent)
    told = Told.FAILED if number % _FAILED_EVERY == 0 else Told.DONE
    detail = "The service did not answer" if told is Told.FAILED else ""
    report_outcome(agent, UnitOfWork(sessions), clock, answer.decision_id, Word(told, "", told is Told.DONE, detail))
    if told is Told.DONE and number % _REOPENED_EVERY == 0:
        report_outcome(principal, UnitOfWork(sessions), clock, answer.decision_id,
                       Word(Told.UNDONE, detail="It was the wrong one; taken back"))  # fmt: skip


def _only_reads(call: InventedCall) -> bool:
    return set(assess(action_of(call)).nature.effects) == {Effect.READ}


def _caller(call: InventedCall) -> Caller:
    return Caller(key_of(call.agent), call.client, call.task)


def clients_of(warehouse: Warehouse, most: int) -> list[str]:
    """Keys of the first clients of the invented firm."""
    with warehouse.snapshot() as snapshot:
        told = snapshot.table("clients")
        own = told.filter(told.source == "simulated").select("client_id").order_by("client_id").limit(most)
        return [str(row["client_id"]) for row in snapshot.rows(own)]


def take_script_log(principal: Principal, warehouse: Warehouse, clock: Clock, clients: Sequence[str]) -> None:
    """Take in scripts that ran past the gate, through the door of any other log of scripts; once."""
    path = warehouse.root / "scripts.csv"
    if path.exists():
        return
    with warehouse.snapshot() as snapshot:
        told = snapshot.table("identities")
        names = [str(row["display_name"]) for row in
                 snapshot.rows(told.filter(told.client_id.isin(list(clients))).order_by("client_id"))]  # fmt: skip
    path.write_text(script_log(names or clients, clock.now()), "utf-8")
    ingest(principal, warehouse, clock, find_source("script-log"), [path], ReadOptions(zone="UTC"))


def _owners(warehouse: Warehouse) -> list[str]:
    with warehouse.snapshot() as snapshot:
        people = snapshot.table("people")
        here = people.filter(people.left_on.isnull()).select("person_id").order_by("person_id")
        return [str(row["person_id"]) for row in snapshot.rows(here)]
