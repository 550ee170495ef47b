"""Why believe this: what repeats in the firm's own record, what its outcomes say, what studies found, and what none of it shows.

Everything here is about the firm as a whole or about groups of leads, never about one person, and leaves from five people up.
How leads turned out is for owner and manager. Where nothing can be told, that is the finding.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from cadre.estimate import Abstained, Estimate, Measured
from cadre.readiness.competency import COMPETENCIES, CRAFT, LEADING
from cadre.readiness.leader import LEAST_CHECKED, Check, LeaderProfile, check, leader_profiles
from cadre.readiness.profile import VALIDITY, Weight, default_profile
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.kept import kept
from cadre.reports.measure import Span, window
from cadre.reports.readiness import Outcome, Prepared, prepared, repeats, silent
from cadre.reports.release import Gate, Withheld, purpose_word, release_group
from cadre.reports.roster import staff
from cadre.reports.seats.selection import LABELS, craft_leading
from cadre.reports.seen import seen_shares
from cadre.reports.signals.signals import SignalCard, cards
from cadre.reports.trust.studies import Study, studies
from cadre.warehouse import Snapshot

LEADS = ("owner", "manager")


@dataclass(frozen=True, slots=True)
class Repeats:
    """How far one signal or competency repeats in this record.

    Attributes:
        name: Key.
        label: As shown.
        halves: From odd to even weeks, for the whole window; missing where it was not looked at.
        months: From a month to the next; likewise.
        weight: Share of what readiness weighs that rests on a competency, 0-1; 0 for signals and craft.
        silent: Why nothing rests on it here; empty where something may.
    """

    name: str
    label: str
    halves: Measured | None
    months: Measured | None
    weight: float
    silent: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "name": self.name,
            "label": self.label,
            "halves": self.halves.json() if self.halves else None,
            "months": self.months.json() if self.months else None,
            "weight": self.weight,
            "silent": self.silent or None,
        }


@dataclass(frozen=True, slots=True)
class Live:
    """What this firm's own record says about itself.

    Attributes:
        people: People with any value.
        ranked: Of them, people ranked by readiness.
        reasons: Why others are not -> how many.
        seen_share: Middle share of scheduled hours with a trace, 0-1; missing without schedules.
        probable: Share of pairs ranked whose order is probable by what was seen, 0-1.
        craft_leading: How craft and readiness go together over those ranked.
    """

    people: int
    ranked: int
    reasons: Mapping[str, int]
    seen_share: float | None
    probable: float
    craft_leading: Measured


@dataclass(frozen=True, slots=True)
class Own:
    """What the firm's own outcomes say, for owner and manager.

    Attributes:
        check: Estimates of the day held against how it went.
        well: What leads who turned out well showed on the day they were chosen.
        not_well: The same of those who did not.
    """

    check: Check
    well: LeaderProfile
    not_well: LeaderProfile

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "outcomes": self.check.n,
            "well": self.check.well,
            "needed": LEAST_CHECKED,
            "area": self.check.area.json(),
            "gap": self.check.gap.json(),
            "profiles": [
                {"went_well": p.went_well, "n": p.n, "competencies": {k: m.json() for k, m in p.competencies.items()}}
                for p in (self.well, self.not_well)
            ],
        }


@dataclass(frozen=True, slots=True)
class ValidityReport:
    """Why believe this.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        window_start: First local day counted; missing where nothing was computed.
        window_days: Days counted.
        competencies: How far each repeats, in order.
        signals: The same of signals, with their cards.
        live: What the record says about itself; missing where it is withheld or nothing was computed.
        own: What outcomes say; missing for who may not know.
        weights: What is believed of each competency before outcomes.
        studied_on: When the studies' figures were made.
        studies: What they found.
        withheld: Why nothing of this firm is shown; None where it is.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    window_start: date | None
    window_days: int
    competencies: tuple[Repeats, ...]
    signals: tuple[tuple[SignalCard, Repeats | None], ...]
    live: Live | None
    own: Own | None
    weights: tuple[Weight, ...]
    studied_on: str
    studies: tuple[Study, ...]
    withheld: Withheld | None

    @property
    def leading(self) -> tuple[Repeats, ...]:
        """Competencies of leading whose halves could be compared."""
        return tuple(one for one in self.competencies if one.name in LEADING and isinstance(one.halves, Estimate))

    @property
    def resting(self) -> float:
        """Share of what readiness weighs that rests on competencies shown to repeat, 0-1."""
        return sum(one.weight for one in self.leading if not one.silent)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        live = self.live
        return {
            **head(self.firm, self.purpose),
            "finding": finding(self),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_days": self.window_days,
            "competencies": [one.json() for one in self.competencies],
            "signals": [
                {"name": card.name, "grade": card.grade, **(told.json() if told else {})} for card, told in self.signals
            ],
            "live": {
                "people": live.people, "ranked": live.ranked, "not_ranked": dict(live.reasons),
                "seen_share": live.seen_share, "probable_pairs_share": live.probable,
                "craft_and_readiness": live.craft_leading.json(),
            } if live else None,
            "own": self.own.json() if self.own else None,
            "prior": [{"competency": w.competency, "grade": w.grade, "mean": w.mean, "sd": w.sd} for w in self.weights],
            "studied_on": self.studied_on,
            "studies": [one.json() for one in self.studies],
            "withheld": self.withheld.json() if self.withheld else None,
        }  # fmt: skip


def validity(gate: Gate, snapshot: Snapshot, outcomes: Sequence[Outcome] = ()) -> ValidityReport:
    """Why believe this, and how far.

    Args:
        gate: Who asks.
        snapshot: The record.
        outcomes: How the firm's own leads turned out.
    """
    span = window(snapshot)
    size = sum(1 for one in staff(snapshot) if one.is_listed)
    shown = release_group(gate, prepared(snapshot, outcomes), size, lambda known: _live(snapshot, span, known))
    withheld = shown if isinstance(shown, Withheld) else None
    found = {} if withheld else repeated(snapshot, span)
    leads = [(one.went_well, {name: (mean, var) for name, mean, var in one.known}) for one in outcomes]
    profile = default_profile()
    own = Own(check(leads, profile.names, profile.prior()), *leader_profiles(leads, profile.names))
    on, made = studies()
    return ValidityReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        window_start=span.start_on,
        window_days=span.days,
        competencies=tuple(found[each.name] for each in COMPETENCIES if each.name in found),
        signals=tuple((card, found.get(card.name)) for card in cards()),
        live=None if isinstance(shown, Withheld) or not found else shown,
        own=own if gate.principal.role in LEADS else None,
        weights=profile.weights,
        studied_on=on,
        studies=made,
        withheld=withheld,
    )


def repeated(snapshot: Snapshot, span: Span) -> dict[str, Repeats]:
    """How far every signal and competency repeats in this record; a figure about the firm, at least eight people each."""
    return kept(snapshot, ("repeated", span), lambda: _repeated(snapshot, span))


def _repeated(snapshot: Snapshot, span: Span) -> dict[str, Repeats]:
    told: dict[str, dict[str, Measured]] = {}
    for row in repeats(snapshot, span):
        told.setdefault(row["name"], {})[row["method"]] = _measured(row)
    quiet = silent(snapshot, span)
    weights = {w.competency: w.mean for w in default_profile().weights}
    whole = sum(weights.values()) or 1.0
    labels = LABELS | {card.name: card.label for card in cards()}
    return {
        name: Repeats(
            name, labels.get(name, name), by.get("halves"), by.get("months"), weights.get(name, 0.0) / whole,
            quiet.get(name, ""),
        )
        for name, by in told.items()
    }  # fmt: skip


def finding(report: ValidityReport) -> str:
    """What the page says at its top: bad news first."""
    if report.withheld and report.window_start:
        return "What the studies found is below; what this firm's record says is withheld"
    if not report.leading or report.live is None:
        return "Nothing here is computed yet, so there is nothing to believe"
    if not report.live.ranked or report.resting < 1 / 2:
        return "In this record people cannot be told apart in what readiness weighs"
    return f"{_outcomes(report)}; {_count(report)} here"


def _outcomes(report: ValidityReport) -> str:
    area = report.own.check.area if report.own else None
    if isinstance(area, Estimate):
        if area.low > 1 / 2:
            return f"Estimates told apart how leads turned out ({area.n} outcomes)"
        return f"Estimates have not told apart how leads turned out ({area.n} outcomes)"
    if report.own and report.own.check.n:
        return f"Too few outcomes to tell who leads well: {report.own.check.n} of {LEAST_CHECKED}"
    return "Nothing yet shows who leads well"


def _count(report: ValidityReport) -> str:
    repeat = sum(1 for one in report.leading if not one.silent)
    return f"{repeat} of {len(LEADING)} competencies of leading are known to repeat"


def repeat_words(one: Repeats) -> str:
    """How far something repeats, in a sentence."""
    if not isinstance(one.halves, Estimate):
        return f"not known whether it repeats: {one.halves.reason}" if one.halves else "not known whether it repeats"
    told = f"{_two(one.halves.value)} [{_two(one.halves.low)}, {_two(one.halves.high)}], {one.halves.n} people"
    return f"{'not shown to repeat' if one.halves.low <= 0 else 'repeats itself'} from half to half: {told}"


def _two(value: float) -> str:
    return f"{value:.2f}".replace("0.", ".", 1).replace("-", "\N{MINUS SIGN}")


def _live(snapshot: Snapshot, span: Span, known: Prepared) -> Live:
    stands = known.standing
    above = stands.above
    pairs = [max(above[i, j], 1 - above[i, j]) for i in range(len(above)) for j in range(i)]
    shares = [share for share in seen_shares(snapshot, span).values() if share is not None]
    return Live(
        people=len(stands.people),
        ranked=stands.ranked,
        reasons=Counter(_kind(one.reason) for one in stands.people if one.reason),
        seen_share=median(shares) if len(shares) >= 5 else None,
        probable=sum(p >= 3 / 4 for p in pairs) / len(pairs) if pairs else 0.0,
        craft_leading=craft_leading(known),
    )


def _kind(reason: str) -> str:
    """A reason without its counts, so that people with the same one are counted together."""
    return "the evidence settles too little of the estimate" if "settles" in reason else reason


def _measured(row: Mapping[str, Any]) -> Measured:
    if row["value"] is None:
        return Abstained(row["reason"] or "not told", row["n"] or 0)
    return Estimate(row["value"], row["low"], row["high"], row["level"], row["n"])


__all__ = [
    "CRAFT",
    "VALIDITY",
    "Live",
    "Own",
    "Repeats",
    "ValidityReport",
    "finding",
    "repeat_words",
    "repeated",
    "validity",
]
