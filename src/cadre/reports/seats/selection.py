"""Selection: where star performers and people ready to lead differ, what each rule would choose, and how sure that is.

Only the top of an order is shown, and only of people who are open to the asker as candidates; ranks are among those. What the
default belief assumes stands beside what others would choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import atanh, sqrt, tanh
from typing import Any

from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.shrinkage import LEVEL, Z_90
from cadre.readiness.competency import COMPETENCIES, CRAFT
from cadre.readiness.lens import Chosen, LeaderType, chosen, would_narrow
from cadre.readiness.profile import variants
from cadre.readiness.readiness import Readiness
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.kept import kept
from cadre.reports.readiness import Outcome, Prepared, alone, among, prepared, silent
from cadre.reports.release import CANDIDATE, Gate, HeldBack, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.warehouse import Snapshot

TOP_SHARE = 0.1
PROBABLY = 0.75
"""Chance of standing above another from which the order of two is called probable."""
LABELS = {c.name: c.label for c in COMPETENCIES}
RULES = {
    "readiness": "By readiness",
    "craft": "By craft, the star performers",
    "tenure": "By years with the firm",
    "lot": "By lot",
}
TYPES = ((0.0, "technical leader"), (float("-inf"), "people leader"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of those whom a rule would choose.

    Attributes:
        who: Name, role, team.
        readiness: Estimate in standard deviations, or why there is none.
        rank: Best and worst place among those ranked, at 90%; missing where not ranked.
        known: Share of the estimate that evidence settles, 0-1.
        craft: Craft, likewise.
        parts: Competency -> what it adds, in the order of the profile; adds up to the estimate.
        leans: Where they stand between technical and people leader, in words.
        rules: Names of the rules that would choose them.
        missing: What would narrow the estimate most, in words.
    """

    who: Staff
    readiness: Measured
    rank: tuple[int, int] | None
    known: float
    craft: Measured
    parts: Mapping[str, float]
    leans: str
    rules: tuple[str, ...]
    missing: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "person_id": self.who.person_id,
            "name": self.who.name,
            "role": self.who.role,
            "team": self.who.team,
            "readiness": self.readiness.json(),
            "rank": list(self.rank) if self.rank else None,
            "known": self.known,
            "craft": self.craft.json(),
            "parts": dict(self.parts),
            "leans": self.leans,
            "chosen_by": list(self.rules),
            "would_narrow": self.missing,
        }


@dataclass(frozen=True, slots=True)
class SelectionReport:
    """Where the rules differ.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        window_start: First local day counted; missing where nothing was computed.
        window_days: Days counted.
        seats: How many would be chosen.
        rows: Whom any of readiness and craft would choose, by name.
        rules: What each rule would choose, with the expected share below the middle.
        ranked: People ranked.
        left_out: Reason -> people whom it keeps from being ranked.
        probable: Share of pairs of ranked people whose order is probable, 0-1.
        agreement: Belief -> (what it assumes, how many of the default's choices it shares).
        outcomes: Outcomes of the firm's own behind the weights.
        reliability: Competency -> share of differences between people that is theirs and not chance.
        craft_leading: How craft and readiness go together: estimate of a correlation.
        silent: Competency -> why nothing rests on it in this record.
        held: People not open to the asker, by reason.
        withheld: Why nothing is shown; None where something is.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    window_start: date | None
    window_days: int
    seats: int
    rows: tuple[Candidate, ...]
    rules: tuple[Chosen, ...]
    ranked: int
    left_out: Mapping[str, int]
    probable: float
    agreement: Mapping[str, tuple[str, int]]
    outcomes: int
    reliability: Mapping[str, float]
    craft_leading: Measured
    silent: Mapping[str, str]
    held: tuple[HeldBack, ...]
    withheld: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_days": self.window_days,
            "seats": self.seats,
            "rows": [row.json() for row in self.rows],
            "rules": [
                {"rule": r.rule, "people": list(r.people), "below_middle": {"value": r.value, "low": r.low, "high": r.high,
                 "level": LEVEL, "n": r.n}} for r in self.rules
            ],
            "ranked": self.ranked,
            "left_out": dict(self.left_out),
            "probable_pairs_share": self.probable,
            "agreement": {name: {"assumes": told, "shared": shared} for name, (told, shared) in self.agreement.items()},
            "outcomes": self.outcomes,
            "reliability": dict(self.reliability),
            "craft_and_readiness": self.craft_leading.json(),
            "silent": dict(self.silent),
            "held": [each.json() for each in self.held],
            "withheld": self.withheld.json() if self.withheld else None,
        }  # fmt: skip


def selection(gate: Gate, snapshot: Snapshot, *, seats: int = 0, outcomes: Sequence[Outcome] = ()) -> SelectionReport:
    """Where the rules differ, among people who lead nobody yet.

    Args:
        gate: Who asks; the purpose has to be a seat.
        snapshot: The record.
        seats: How many would be chosen; a tenth of the people, at least one, unless given.
        outcomes: How the firm's own leads turned out.
    """
    leads = {row["lead_person_id"] for row in snapshot.rows(snapshot.table("people").select("lead_person_id"))}
    here = [s for s in staff(snapshot) if s.left_on is None and s.is_listed]
    found = {s.person_id: s for s in here if s.person_id not in leads}
    sealed = prepared(snapshot, outcomes)
    released = release_persons(
        gate,
        sealed,
        list(found),
        lambda all_, open_: among(snapshot, outcomes, all_, frozenset(open_ & found.keys())),
        kind=CANDIDATE,
    )
    known = released.content
    count = seats or max(1, round(TOP_SHARE * len(released.open)))
    asked = (tuple(outcomes), known.competence.people)
    orders = kept(snapshot, ("beliefs", *asked), lambda: _believed(known))
    rules = chosen(known.standing, _orders(known, snapshot), count)
    picked = {rule.rule: rule.people for rule in rules}
    people = sorted(set(picked.get("readiness", ())) | set(picked.get("craft", ())), key=lambda p: found[p].name)
    stands = {one.person_id: one for one in known.standing.people}
    reasons = [one.reason for one in known.standing.people if one.reason]
    return SelectionReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        window_start=known.span.start_on,
        window_days=known.span.days,
        seats=count,
        rows=tuple(_candidate(known, found[p], stands[p], picked) for p in people),
        rules=rules,
        ranked=known.standing.ranked,
        left_out={reason: reasons.count(reason) for reason in sorted(set(reasons))},
        probable=kept(snapshot, ("probable", *asked), lambda: _probable(known)),
        agreement=_agreement(orders, picked.get("readiness", ()), count),
        outcomes=known.standing.outcomes,
        reliability={
            LABELS[name]: told.reliability for name, told in known.competence.measured.items() if told.seen.any()
        },
        craft_leading=craft_leading(known),
        silent={LABELS[name]: told for name, told in (alone(known) | silent(snapshot, known.span)).items()},
        held=released.held,
        withheld=released.withheld,
    )


def _orders(known: Prepared, snapshot: Snapshot) -> dict[str, list[str]]:
    ranked = known.standing.order
    told = known.competence
    craft = dict(zip(told.people, told.measured[CRAFT].mean.tolist(), strict=True))
    seen = dict(zip(told.people, told.measured[CRAFT].seen.tolist(), strict=True))
    people = snapshot.rows(snapshot.table("people").select("person_id", "started_on"))
    began = {row["person_id"]: row["started_on"] for row in people if row["started_on"]}
    return {
        "readiness": list(ranked),
        "craft": sorted((p for p in ranked if seen[p]), key=lambda p: -craft[p]),
        "tenure": sorted((p for p in ranked if p in began), key=lambda p: began[p]),
    }


def _candidate(known: Prepared, who: Staff, one: Readiness, picked: Mapping[str, Sequence[str]]) -> Candidate:
    told = known.competence
    i = told.people.index(who.person_id)
    return Candidate(
        who=who,
        readiness=readiness_of(one),
        rank=(one.rank_low, one.rank_high) if one.rank_low and one.rank_high else None,
        known=one.known,
        craft=competency_of(known, i, CRAFT),
        parts=one.parts,
        leans=leaning(known.types.get(who.person_id)),
        rules=tuple(name for name in RULES if who.person_id in picked.get(name, ())),
        missing=_missing(known, who.person_id),
    )


def readiness_of(one: Readiness) -> Measured:
    """A readiness as it travels."""
    if one.value is None or one.low is None or one.high is None:
        return Abstained(one.reason or "not enough evidence", one.n)
    return Estimate(one.value, one.low, one.high, LEVEL, max(one.n, 1))


def competency_of(known: Prepared, i: int, name: str) -> Measured:
    """One competency of one person, as it travels."""
    told = known.competence.measured[name]
    n = int(known.competence.n[name][i])
    if not told.seen[i]:
        return Abstained("not enough evidence", n)
    mean, reach = float(told.mean[i]), Z_90 * float(told.variance[i]) ** 0.5
    return Estimate(mean, mean - reach, mean + reach, LEVEL, max(n, 1))


def leaning(told: LeaderType | None) -> str:
    """Technical or people leader in words, by the rule that comparisons are named by."""
    if told is None or told.value is None or told.low is None or told.high is None:
        return "cannot tell yet"
    word = next(word for least, word in TYPES if told.value > least)
    if told.low > 0 or told.high < 0:
        return f"clearly leans to {word}"
    inner = (told.low + told.value) / 2, (told.high + told.value) / 2
    return f"probably leans to {word}" if inner[0] > 0 or inner[1] < 0 else "between the two"


def _missing(known: Prepared, person: str) -> str:
    names = known.profile.names
    shares = would_narrow(known.competence, person, names, known.model.coef_[1:], known.model.coef_sd_[1:])
    name, share = max(shares.items(), key=lambda item: item[1])
    if name == "weights":
        return f"outcomes of the firm's own leads ({share:.0%} of what is not known)"
    return f"more to see of {LABELS[name].lower()} ({share:.0%} of what is not known)"


def _probable(known: Prepared) -> float:
    import numpy as np  # noqa: PLC0415 (as in `_together`)

    above = known.standing.above
    pairs = above[np.tril_indices(len(above), -1)]
    return float((np.maximum(pairs, 1 - pairs) >= PROBABLY).mean()) if len(pairs) else 0.0


_Believed = Mapping[str, tuple[str, tuple[str, ...]]]
"""Another belief -> what it assumes, and those it ranks, the highest first."""


def _believed(known: Prepared) -> _Believed:
    return {b.name: (b.about, known.believing(b).standing.order) for b in variants()[1:]}


def _agreement(believed: _Believed, first: Sequence[str], count: int) -> dict[str, tuple[str, int]]:
    return {name: (about, len(set(order[:count]) & set(first))) for name, (about, order) in believed.items()}


def craft_leading(known: Prepared) -> Measured:
    """Correlation of craft and readiness over those ranked, by Fisher's z."""
    import numpy as np  # noqa: PLC0415 (a tenth of a second that the command line would wait for)

    told = known.competence
    ranked = {one.person_id: one.value for one in known.standing.people if one.value is not None}
    pairs = [
        (float(told.measured[CRAFT].mean[i]), ranked[p])
        for i, p in enumerate(told.people)
        if p in ranked and told.measured[CRAFT].seen[i]
    ]
    if len(pairs) < 6:
        return Abstained("fewer than six people with both", len(pairs), 6)
    r = float(np.clip(np.corrcoef(np.array(pairs).T)[0, 1], -0.999, 0.999))
    reach = Z_90 / sqrt(len(pairs) - 3)
    return Estimate(r, tanh(atanh(r) - reach), tanh(atanh(r) + reach), LEVEL, len(pairs))
