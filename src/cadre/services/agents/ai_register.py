"""Writing down what was found out about an AI tool: a check a row, the newest holds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.event import Event
from cadre.clock import Clock
from cadre.db.ai_register import AiToolCheck
from cadre.errors import UsageError
from cadre.governance.ai_register import DATA_CLASSES
from cadre.services.accounts.account import require_person
from cadre.services.actor import actor_of
from cadre.services.duty import told
from cadre.services.machines.machine import slug
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

TRAINS = ("yes", "no", "opt-out")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out; None is unknown. Fields as in `db.ai_register.AiToolCheck`."""

    vendor: str | None = None
    model: str | None = None
    purpose: str | None = None
    owner_person_id: str | None = None
    data_classes: tuple[str, ...] | None = None
    processed_in: str | None = None
    kept: str | None = None
    trains: str | None = None
    sub_processors: str | None = None
    contract: str | None = None


def check_tool(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    warehouse: Warehouse,
    *,
    name: str,
    found: Found,
    tools: tuple[str, ...] = (),
    client_id: str | None = None,
    checked_on: date | None = None,
    key: str = "",
    is_ended: bool = False,
) -> AiToolCheck:
    """Record a check of a tool, its first or a later one.

    Args:
        principal: An owner or manager.
        work: The transaction.
        clock: Tells when.
        warehouse: The record, which knows the staff.
        name: As shown.
        found: What was found out.
        tools: Names of tools and servers that agents call and that are this one.
        client_id: Client whose tool it is; None for the firm's own.
        checked_on: The day; today unless given.
        key: Of a tool that was checked before; empty for a new one.
        is_ended: It is no longer used.

    Raises:
        ForbiddenError: They may not.
        UsageError: There is no name, a word is none the register knows, the day is to come, or a new tool has the
            name of another.
        NotFoundError: Nobody on the staff has the owner's key.
    """
    require(principal, "machine:manage")
    words = told(name, "an AI tool", "Give it the name its users know.")
    day = checked_on or clock.now().date()
    if day > clock.now().date():
        raise UsageError(f"{day.isoformat()} is still to come", hint="Give the day somebody looked.")
    unknown = sorted(set(found.data_classes or ()) - set(DATA_CLASSES))
    if unknown:
        raise UsageError(f"unknown kind of data {unknown[0]!r}", hint=f"Use {', '.join(DATA_CLASSES)}.")
    if found.trains is not None and found.trains not in TRAINS:
        raise UsageError(
            f"whether it trains is {', '.join(TRAINS)}, and {found.trains!r} is none", hint="Leave it out for unknown."
        )
    require_person(warehouse, found.owner_person_id)
    made = AiToolCheck(
        key=key or slug(words if not client_id else f"{client_id} {words}"), name=words, checked_on=day,
        recorded_by=principal.name, recorded_at=clock.now(), tools="\n".join(t.strip() for t in tools if t.strip()),
        client_id=client_id or None, vendor=_said(found.vendor), model=_said(found.model), purpose=_said(found.purpose),
        owner_person_id=found.owner_person_id or None,
        data_classes=None if found.data_classes is None else " ".join(dict.fromkeys(found.data_classes)),
        processed_in=_said(found.processed_in), kept=_said(found.kept), trains=found.trains,
        sub_processors=_said(found.sub_processors), contract=_said(found.contract), is_ended=is_ended,
    )  # fmt: skip
    with work:
        held = work.session.scalar(select(AiToolCheck.id).where(AiToolCheck.key == made.key).limit(1))
        if key and held is None:
            raise UsageError(f"no AI tool has the key {key}", hint="See `cadre ai list`.")
        if not key and held is not None:
            raise UsageError(f"{words} is in the register already", hint=f"Record a new check with --key {made.key}.")
        work.session.add(made)
        work.session.flush()
        about = (made.owner_person_id,) if made.owner_person_id else ()
        work.record(Event("tool:checked", made.recorded_at, actor_of(principal), objects=(f"check:{made.id}",),
                          about=about, payload={"key": made.key, "name": made.name, "is_ended": is_ended}))  # fmt: skip
        work.commit()
    return made


def _said(words: str | None) -> str | None:
    return (words or "").strip() or None
