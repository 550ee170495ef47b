"""Lead seats: describing one, deciding who takes it or that nobody does, and entering what a failure would cost.

Keeps true: a decision has a reason and says on which record, code and settings it rests; nothing is changed afterwards, only
added. Who may be looked at for a seat is the release rule's business. How leads turned out is in `lead_outcome`.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select

from cadre import __version__
from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.seats import Seat, SeatCost, SeatDecision
from cadre.db.stewardship import SeekingStatement
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.readiness.competency import competence, teams_of
from cadre.readiness.reliability import unrepeated
from cadre.records import Firm
from cadre.services.actor import happened
from cadre.services.duty import LEADS, act_as, told
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Snapshot, Warehouse

_LONGEST = 60
MOST_SPAN = 200
MOST_MULTIPLE = 20.0


def seat_key(name: str) -> str:
    """Key of a seat, made from its name.

    Raises:
        UsageError: Nothing of it can stand in an address.
    """
    made = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:_LONGEST].strip("-")
    if not made:
        raise UsageError("a seat needs a name with letters or digits", hint='Such as "Service Desk lead".')
    return made


def open_seat(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    name: str,
    team_id: str | None = None,
    hands_on_share: float | None = None,
    span: int | None = None,
    tiers: Sequence[str] = (),
) -> str:
    """Describe a seat, or describe it anew.

    Args:
        principal: An owner or manager.
        work: The transaction.
        clock: Tells when.
        name: As shown; the same name is the same seat.
        team_id: Team it leads; none for a seat above teams.
        hands_on_share: Share of its hours that stays hands-on work, 0-1.
        span: People who will report to it; unless given the team as it is.
        tiers: Tiers it serves; unless given the team's.

    Returns:
        Its key.

    Raises:
        ForbiddenError: They are neither owner nor manager.
        UsageError: The share, span or name makes no sense.
    """
    act_as(principal, LEADS, "open a seat")
    key = seat_key(name)
    if hands_on_share is not None and not 0 <= hands_on_share <= 1:
        raise UsageError(f"a share of hands-on work is 0 to 1, not {hands_on_share}", hint="0.4 is two days a week.")
    if span is not None and not 0 <= span <= MOST_SPAN:
        raise UsageError(f"a span is 0 to {MOST_SPAN} people, not {span}", hint="Leave it out to take the team's.")
    row = Seat(
        seat_key=key,
        name=" ".join(name.split())[:200],
        team_id=team_id or None,
        hands_on_share=hands_on_share,
        span=span,
        tiers=",".join(tier.strip() for tier in tiers if tier.strip()),
        opened_by=principal.name,
        opened_at=clock.now(),
    )
    with work:
        work.session.add(row)
        work.record(happened(principal, clock, "seat:opened", f"seat:{key}", team=team_id or None, span=span))
        work.commit()
    return key


def decide_seat(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    warehouse: Warehouse,
    *,
    key: str,
    person_id: str | None,
    reason: str,
) -> SeatDecision:
    """Record who takes a seat, or that nobody does.

    Args:
        principal: An owner.
        work: The transaction.
        clock: Tells when.
        warehouse: The record it was decided on.
        key: Key of the seat.
        person_id: Key of who takes it; None for nobody.
        reason: Why, in their own words.

    Raises:
        ForbiddenError: They are no owner, or the person said that they do not seek a lead role.
        NotFoundError: There is no such seat, or nobody on the staff has that key.
        UsageError: There is no reason.
    """
    act_as(principal, ("owner",), "decide about a seat")
    why = told(reason, "a decision about a seat", "Say why, so that you can read it in eighteen months.")
    with warehouse.snapshot() as snapshot:
        people = snapshot.table("people")
        held = snapshot.rows(people.filter(people.person_id == (person_id or "")).select("person_id"))
        manifest, digest = snapshot.manifest.number, settings_digest(snapshot.firm)
        known = known_then(snapshot, person_id) if held and person_id else ""
    if person_id is not None and not held:
        raise NotFoundError("nobody on the staff has that key", hint="Take one from the sheet.")
    row = SeatDecision(key, person_id, why, principal.name, clock.now(), manifest, __version__, digest, known)
    with work:
        known_seat(work, key)
        said = select(SeekingStatement).where(SeekingStatement.person_id == person_id)
        newest = work.session.scalars(said.order_by(SeekingStatement.id.desc()).limit(1)).first()
        if newest is not None and not newest.is_seeking:
            raise ForbiddenError(
                "they said that they do not seek a lead role", hint="They can take that back on their own page."
            )
        work.session.add(row)
        work.record(lambda: happened(principal, clock, "seat:decided", f"seat:{key}", f"decision:{row.id}",
                                     about=[person_id], manifest=manifest, settings=digest))  # fmt: skip
        work.commit()
    return row


def known_then(snapshot: Snapshot, person_id: str) -> str:
    """A person's competencies in the newest window as JSON, competency -> [mean, variance]; what was not seen is left out."""
    table = snapshot.table("signal_values")
    spans = snapshot.rows(table.select("window_start", "window_days").distinct())
    if not spans:
        return "{}"
    newest = max(spans, key=lambda span: (span["window_start"], span["window_days"]))
    chosen = table.filter((table.window_start == newest["window_start"]) & (table.window_days == newest["window_days"]))
    staff = snapshot.rows(snapshot.table("people").select("person_id", "team_id", "role"))
    listed = {row["person_id"] for row in staff}
    values = [row for row in snapshot.rows(chosen) if row["person_id"] in listed]
    repeats = snapshot.table("reliabilities")
    mine = repeats.filter(
        (repeats.window_start == newest["window_start"]) & (repeats.window_days == newest["window_days"])
    )
    told = competence(values, teams_of(staff), unrepeated(snapshot.rows(mine)))
    if person_id not in told.people:
        return "{}"
    i = told.people.index(person_id)
    seen = {name: each for name, each in told.measured.items() if each.seen[i]}
    return json.dumps(
        {name: [float(each.mean[i]), float(each.variance[i])] for name, each in seen.items()}, sort_keys=True
    )


def enter_cost(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    key: str,
    yearly_pay: float,
    currency: str,
    low_multiple: float,
    high_multiple: float,
    source: str,
) -> None:
    """Enter what a lead who has to be replaced would cost: the seat's yearly pay times a range.

    Args:
        principal: An owner or manager.
        work: The transaction.
        clock: Tells when.
        key: Key of the seat.
        yearly_pay: Of the seat, above 0.
        currency: Such as EUR.
        low_multiple: Lower end, in years of pay.
        high_multiple: Upper end.
        source: Where the range is from.

    Raises:
        ForbiddenError: They are neither owner nor manager.
        NotFoundError: There is no such seat.
        UsageError: A number makes no sense, or the source is missing.
    """
    act_as(principal, LEADS, "enter a cost")
    if not yearly_pay > 0:
        raise UsageError("the yearly pay is above 0", hint="Enter what the seat costs a year.")
    if not 0 <= low_multiple <= high_multiple <= MOST_MULTIPLE:
        raise UsageError(
            f"multiples are 0 to {MOST_MULTIPLE:.0f}, the lower first, not {low_multiple} to {high_multiple}",
            hint="0.5 to 2 means half a year's pay to two years'.",
        )
    where = told(source, "a range", "Say where it is from: your own books, or a named study.")
    with work:
        known_seat(work, key)
        work.session.add(
            SeatCost(
                seat_key=key,
                yearly_pay=yearly_pay,
                currency=currency.strip().upper()[:8],
                low_multiple=low_multiple,
                high_multiple=high_multiple,
                source=where,
                entered_by=principal.name,
                entered_at=clock.now(),
            )
        )
        work.record(happened(principal, clock, "seat:priced", f"seat:{key}"))
        work.commit()


def known_seat(work: UnitOfWork, key: str) -> Seat:
    """The seat of that key as it was described last; inside the transaction.

    Raises:
        NotFoundError: There is none.
    """
    found = work.session.scalars(select(Seat).where(Seat.seat_key == key).order_by(Seat.id.desc()).limit(1)).first()
    if found is None:
        raise NotFoundError(f"no seat {key!r}", hint="Open one with `cadre seat open NAME`, or on the page Seats.")
    return found


def settings_digest(firm: Firm) -> str:
    """Digest of the settings a result was computed with; the same as assessments carry."""
    return hashlib.sha256(json.dumps(asdict(firm), sort_keys=True).encode()).hexdigest()[:16]
