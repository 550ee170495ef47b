"""One person: what was seen, in plain sentences with intervals, beside how it is spread over the firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cadre.errors import NotFoundError, UsageError
from cadre.estimate import Estimate, Measured
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.measure import ESTIMATES, Readings, readings, window
from cadre.reports.people.likeness import like_leads
from cadre.reports.readiness import Outcome
from cadre.reports.release import Gate, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.reports.seen import seen_shares
from cadre.reports.signals.contrast import Contrast, contrasts
from cadre.reports.signals.finding import Family, Finding, by_family, finding
from cadre.reports.signals.flags import Looked, ShownFlag, Standing, standing
from cadre.reports.signals.signals import SignalCard, Spread, cards, firm_spreads
from cadre.reports.signals.trend import Month, trends
from cadre.reports.trust.validity import repeat_words, repeated
from cadre.signals import SIGNALS, Signal
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What is shown about one person.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        window_start: First local day counted; missing where nothing was computed.
        window_days: Days counted.
        person: Name, role, team and accounts.
        estimates: Competency -> estimate or why there is none.
        estimate_spread: How the firm is spread on them.
        rests_on: Estimate -> the signals it rests on, as `name=value`.
        repeats: Estimate -> how far it repeats over the firm, in words; a figure about everybody.
        findings: What was looked at, in the order of the registry.
        not_measured: Signals that this record does not carry for them.
        contrasts: The five contrasts.
        likeness: Kind of lead -> how far they overlap with the firm's own leads of it; empty without outcomes.
        flags: What stands out, bad news first; empty where nothing does or nothing was looked at.
        looked_for: Labels of the barriers there was evidence to look for; empty where they were not looked at.
        looks: How often was looked for flags over the firm.
        seen_share: Hours with a trace over hours scheduled, 0-1; missing without a schedule.
        withheld: Why nothing is shown; None where it is.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    window_start: date | None
    window_days: int
    person: Staff
    estimates: Mapping[str, Measured]
    estimate_spread: Mapping[str, Spread]
    rests_on: Mapping[str, tuple[str, ...]]
    repeats: Mapping[str, str]
    findings: tuple[Finding, ...]
    not_measured: tuple[SignalCard, ...]
    contrasts: tuple[Contrast, ...]
    likeness: Mapping[str, Measured]
    flags: tuple[ShownFlag, ...]
    looked_for: tuple[str, ...]
    looks: tuple[Looked, ...]
    seen_share: float | None
    withheld: Withheld | None

    @property
    def families(self) -> tuple[Family, ...]:
        """The findings by family, what stands clearly apart first."""
        return by_family(self.findings)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_days": self.window_days,
            "person_id": self.person.person_id,
            "name": self.person.name,
            "role": self.person.role,
            "team": self.person.team,
            "accounts": [a.account_id for a in self.person.accounts],
            "withheld": self.withheld.json() if self.withheld else None,
            "estimates": {k: m.json() for k, m in self.estimates.items()},
            "rests_on": {k: list(v) for k, v in self.rests_on.items()},
            "repeats": dict(self.repeats),
            "findings": [f.json() for f in self.findings],
            "families": [f.json() for f in self.families],
            "not_measured": [c.name for c in self.not_measured],
            "contrasts": [c.json() for c in self.contrasts],
            "likeness": {kind: m.json() for kind, m in self.likeness.items()},
            "flags": [f.json() for f in self.flags],
            "looked_for": list(self.looked_for),
            "looks": [look.json() for look in self.looks],
            "seen_share": self.seen_share,
        }


def person(
    gate: Gate,
    snapshot: Snapshot,
    person_id: str,
    *,
    registry: Sequence[Signal] = SIGNALS,
    outcomes: Sequence[Outcome] = (),
) -> PersonReport:
    """What is shown about one person.

    Args:
        gate: Who asks.
        snapshot: The record.
        person_id: Key of the person.
        registry: The signals.
        outcomes: How the firm's own leads turned out.

    Raises:
        NotFoundError: Nobody on the staff has that key.
    """
    found = {s.person_id: s for s in staff(snapshot)}
    if person_id not in found:
        raise NotFoundError(f"no person {person_id} on the staff", hint="Take the key from the list of people.")
    firm, span = snapshot.firm, window(snapshot)
    values = readings(snapshot)
    released = release_persons(gate, values, [person_id], Readings.only)
    stands = release_persons(
        gate, standing(snapshot, registry=registry, values=values), [person_id], Standing.only
    ).content
    known, withheld = released.content, released.withheld
    if withheld:
        about: Mapping[str, Measured] = {}
        spread: Mapping[str, Spread] = {}
        rests_on: Mapping[str, tuple[str, ...]] = {}
        months: Mapping[str, tuple[Month, ...]] = {}
        share = None
    else:
        about = known.by_person.get(person_id, {})
        spread = firm_spreads(gate, snapshot, [*(s.name for s in registry), *ESTIMATES], among=frozenset(found))
        rests_on = known.contributions.get(person_id, {})
        months = trends(gate, snapshot, person_id, registry, span)
        share = seen_shares(snapshot, span).get(person_id)
    return PersonReport(
        firm=firm,
        purpose=purpose_word(firm),
        as_of=snapshot.manifest.made_at,
        window_start=span.start_on,
        window_days=span.days,
        person=found[person_id],
        estimates={k: m for k, m in about.items() if k in ESTIMATES},
        estimate_spread={k: s for k, s in spread.items() if k in ESTIMATES},
        rests_on=rests_on,
        repeats={}
        if withheld
        else {k: repeat_words(one) for k, one in repeated(snapshot, span).items() if k in ESTIMATES},
        findings=tuple(
            finding(c, m, spread.get(c.name), months.get(c.name, ()) if isinstance(m, Estimate) else ())
            for c in cards(registry)
            if (m := about.get(c.name)) is not None
        ),
        not_measured=() if withheld else tuple(c for c in cards(registry) if c.name not in about),
        contrasts=() if withheld else contrasts(about),
        likeness={} if withheld else like_leads(gate, snapshot, person_id, outcomes),
        flags=stands.by_person.get(person_id, ()),
        looked_for=stands.patterns.get(person_id, ()),
        looks=stands.looks,
        seen_share=share,
        withheld=withheld,
    )


def person_key(snapshot: Snapshot, told: str) -> str:
    """The key of the person meant by a key, a name or the beginning of one.

    Raises:
        NotFoundError: Nobody on the staff is meant.
        UsageError: More than one is.
    """
    found = staff(snapshot)
    wanted = told.strip().casefold()
    for fits in (
        [s for s in found if s.person_id == told.strip()],
        [s for s in found if s.name.casefold() == wanted],
        [s for s in found if wanted in s.name.casefold()],
    ):
        if len(fits) == 1:
            return fits[0].person_id
        if fits:
            keys = ", ".join(s.person_id for s in fits[:5])
            raise UsageError(f"{len(fits)} people fit that name", hint=f"Use one of the keys: {keys}.")
    raise NotFoundError("nobody on the staff fits that name or key", hint="See `cadre people`.")
