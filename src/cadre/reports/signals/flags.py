"""What stands out about people: red flags, early indicators and changes, each with the rows to look at.

A flag is a reason to look at rows, not a finding about the person. It is closed wherever numbers about persons are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from cadre.errors import NotFoundError
from cadre.estimate import Estimate, Sealed
from cadre.readiness.barrier import PATTERNS, Pattern
from cadre.readiness.peers import peers
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.kept import kept
from cadre.reports.measure import Readings, readings
from cadre.reports.release import Gate, HeldBack, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.reports.signals.signals import SignalCard, cards
from cadre.reports.wording import decimals, interval_text, number, value_text
from cadre.signals import SIGNALS, Signal
from cadre.warehouse import Snapshot

KINDS = {"red_flag": "Red flag", "early_indicator": "Early indicator", "change": "Change"}
"""Kind -> its word, in the order they are shown: bad news first."""
REASON = "A flag is a reason to look at the rows, not a finding about the person."
_COUNTED = frozenset({"people", "tickets", "topics", "times", "hours"})
_PATTERNS = {pattern.name: pattern for pattern in PATTERNS}


@dataclass(frozen=True, slots=True)
class FlagSignal:
    """One signal of a flag.

    Attributes:
        card: The signal.
        sentence: What was seen.
        measured: Its estimate; of a change, the value after it with an interval that carries both sides.
        middle: Middle of the people it is held against, in the signal's unit; missing for a change.
        peers: How many they are, with the person; 0 for a change.
        is_beyond: Whether it lies beyond what is ordinary among them; others of the pattern were looked at and do not.
    """

    card: SignalCard
    sentence: str
    measured: Estimate
    middle: float | None
    peers: int
    is_beyond: bool

    @property
    def middle_text(self) -> str:
        """The middle of the peers in words; empty for a change."""
        if self.middle is None:
            return ""
        places = decimals(self.measured.low, self.measured.high)
        return f"middle of {self.peers} peers {number(self.middle, self.card.unit, places=places)}"

    @property
    def interval(self) -> str:
        """The interval in words with its level and n."""
        m = self.measured
        return f"{interval_text(m, self.card.unit)}, {100 * m.level:.0f}% interval, n = {m.n:,}"

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "signal": self.card.name,
            "sentence": self.sentence,
            "unit": self.card.unit,
            "measured": self.measured.json(),
            "middle": self.middle,
            "peers": self.peers,
            "is_beyond": self.is_beyond,
        }


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """One flag about one person, in words.

    Attributes:
        kind: Key of `KINDS`.
        name: Barrier, indicator or signal.
        label: The behaviour.
        framework: What the Leadership DNA framework calls the barrier; empty for other kinds.
        since: Day a change is told from; None for other kinds.
        p_value: Chance of it, were nothing out of the ordinary there.
        q_value: The same after everything that was looked at.
        signals: What was seen; those beyond what is ordinary first.
    """

    kind: str
    name: str
    label: str
    framework: str
    since: date | None
    p_value: float
    q_value: float
    signals: tuple[FlagSignal, ...]

    @property
    def word(self) -> str:
        """Its kind, as shown."""
        return KINDS[self.kind]

    @property
    def beyond(self) -> tuple[FlagSignal, ...]:
        """The signals that carry it."""
        return tuple(s for s in self.signals if s.is_beyond)

    @property
    def ordinary(self) -> tuple[FlagSignal, ...]:
        """The signals that were looked at and lie among peers."""
        return tuple(s for s in self.signals if not s.is_beyond)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "kind": self.kind,
            "name": self.name,
            "label": self.label,
            "framework": self.framework,
            "since": self.since.isoformat() if self.since else None,
            "p_value": self.p_value,
            "q_value": self.q_value,
            "signals": [s.json() for s in self.signals],
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """How often was looked for a kind: tests, people they are about, flags that stand."""

    kind: str
    people: int
    looked_at: int
    found: int

    @property
    def text(self) -> str:
        """The same in words, such as `Red flags: 0 of 120 looked at stand (30 people)`."""
        return f"{KINDS[self.kind]}s: {self.found:,} of {self.looked_at:,} looked at stand ({self.people:,} people)"

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"kind": self.kind, "people": self.people, "looked_at": self.looked_at, "found": self.found}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands, and who was looked at for what.

    Attributes:
        by_person: Person -> their flags, bad news first; who has none is not there.
        patterns: Person -> labels of the barriers there was evidence to look for; who has none was not looked at.
        looks: How often was looked over the firm.
    """

    by_person: Mapping[str, tuple[ShownFlag, ...]]
    patterns: Mapping[str, tuple[str, ...]]
    looks: tuple[Looked, ...]

    def only(self, people: frozenset[str]) -> "Standing":
        """The same about these persons alone; nothing at all for nobody."""
        if not people:
            return NOTHING
        return Standing(
            {p: flags for p, flags in self.by_person.items() if p in people},
            {p: labels for p, labels in self.patterns.items() if p in people},
            self.looks,
        )


NOTHING = Standing({}, {}, ())
"""Where nothing is shown, or nothing was looked at."""


@dataclass(frozen=True, slots=True)
class FlagsReport:
    """Flags of the firm, or of one person.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        rows: People with a flag, by name.
        looks: How often was looked over the firm; empty where withheld or never.
        withheld: Why nothing is shown; None where it is.
        held: Those who are not released to whoever asks, counted by reason.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    rows: tuple[tuple[Staff, tuple[ShownFlag, ...]], ...]
    looks: tuple[Looked, ...]
    withheld: Withheld | None
    held: tuple[HeldBack, ...] = ()

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "reason": REASON,
            "withheld": self.withheld.json() if self.withheld else None,
            "held": [each.json() for each in self.held],
            "looks": [look.json() for look in self.looks],
            "people": [
                {"person_id": who.person_id, "name": who.name, "flags": [flag.json() for flag in flags]}
                for who, flags in self.rows
            ],
        }


def flags(gate: Gate, snapshot: Snapshot, person_id: str = "", *, registry: Sequence[Signal] = SIGNALS) -> FlagsReport:
    """What stands about the people of the firm, or about one of them.

    Args:
        gate: Who asks.
        snapshot: The record.
        person_id: Only that person; everybody unless given.
        registry: The signals.

    Raises:
        NotFoundError: Nobody on the staff has that key.
    """
    among = staff(snapshot)
    if person_id and person_id not in {who.person_id for who in among}:
        raise NotFoundError(f"no person {person_id} on the staff", hint="Take the key from the list of people.")
    asked = [person_id] if person_id else [who.person_id for who in among]
    known = release_persons(gate, standing(snapshot, registry=registry), asked, Standing.only)
    held = known.content.by_person
    return FlagsReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        rows=tuple(
            (who, held[who.person_id]) for who in among if who.person_id in held and person_id in ("", who.person_id)
        ),
        looks=known.content.looks,
        withheld=known.withheld,
        held=known.held,
    )


def looked(snapshot: Snapshot) -> tuple[Looked, ...]:
    """How often was looked, by kind, bad news first; names nobody."""
    rows = sorted(snapshot.rows(snapshot.table("flag_looks")), key=lambda row: list(KINDS).index(row["kind"]))
    return tuple(Looked(r["kind"], r["people_count"], r["looked_at_count"], r["found_count"]) for r in rows)


def red_flag_keys(snapshot: Snapshot) -> Sealed[tuple[str, ...]]:
    """A key a red flag that stands, in order; sealed, since a key holds who it is about."""
    told = snapshot.table("flags")
    rows = snapshot.rows(told.filter(told.kind == "red_flag").select("person_id", "name"))
    return Sealed(tuple(sorted(f"{row['person_id']}:{row['name']}" for row in rows if row["name"] in _PATTERNS)))


def standing(
    snapshot: Snapshot, *, registry: Sequence[Signal] = SIGNALS, values: Sealed[Readings] | None = None
) -> Sealed[Standing]:
    """What stands about everybody, in words; sealed until `release` opens it.

    Args:
        snapshot: The record.
        registry: The signals.
        values: What the newest window says about everybody, where it was read already.
    """
    known = values or readings(snapshot)
    return kept(snapshot, ("flags", tuple(registry)), lambda: _standing(snapshot, registry, known))


def _standing(snapshot: Snapshot, registry: Sequence[Signal], values: Sealed[Readings]) -> Sealed[Standing]:
    told = snapshot.rows(snapshot.table("flags"))
    looks = looked(snapshot)
    people = snapshot.rows(snapshot.table("people").select("person_id", "role"))
    roles = {row["person_id"]: row["role"] for row in people if row["role"]}
    by_name = {card.name: card for card in cards(registry)}

    def shown(known: Readings) -> Standing:
        middles = _middles(known, roles)
        made: dict[str, list[ShownFlag]] = {}
        for row in told:
            if flag := _shown(row, known, middles, by_name):
                made.setdefault(row["person_id"], []).append(flag)
        order = list(KINDS)
        return Standing(
            {p: tuple(sorted(every, key=lambda f: (order.index(f.kind), f.name))) for p, every in made.items()},
            _looked_for(middles) if any(look.kind == "red_flag" for look in looks) else {},
            looks,
        )

    return values.map(shown)


_Middles = Mapping[str, Mapping[str, tuple[float, int]]]
"""Signal -> person -> middle of the people it is held against, and how many they are."""


def _middles(known: Readings, roles: Mapping[str, str]) -> _Middles:
    made: dict[str, dict[str, tuple[float, int]]] = {}
    for name in {signal for pattern in PATTERNS for signal in pattern.sides}:
        held = {p: m.value for p, about in known.by_person.items() if isinstance(m := about.get(name), Estimate)}
        groups: dict[str, list[str]] = {}
        for person, role in peers(held, roles).items():
            groups.setdefault(role, []).append(person)
        for members in groups.values():
            middle = median(held[p] for p in members)
            made.setdefault(name, {}).update(dict.fromkeys(members, (middle, len(members))))
    return made


def _looked_for(middles: _Middles) -> dict[str, tuple[str, ...]]:
    made: dict[str, list[str]] = {}
    trial = {signal.name for signal in SIGNALS if signal.is_experimental}
    for pattern in PATTERNS:
        if pattern.kind == "red_flag":
            counted = [middles.get(name, {}) for name in pattern.sides if name not in trial]
            for person in {p for held in counted for p in held}:
                made.setdefault(person, []).append(pattern.label)
    return {person: tuple(labels) for person, labels in made.items()}


def _shown(
    row: Mapping[str, Any], known: Readings, middles: _Middles, by_name: Mapping[str, SignalCard]
) -> ShownFlag | None:
    """A row of `flags` in words; None where this version does not know it."""
    if row["kind"] == "change":
        card = by_name.get(row["name"])
        return _change(row, card) if card else None
    pattern = _PATTERNS.get(row["name"])
    return _pattern(row, pattern, known, middles, by_name) if pattern else None


def _pattern(
    row: Mapping[str, Any], pattern: Pattern, known: Readings, middles: _Middles, by_name: Mapping[str, SignalCard]
) -> ShownFlag:
    seen = []
    for told in row["signals"] or ():
        name, z = told.split("=")
        measured = known.of(row["person_id"], name)
        if name not in by_name or not isinstance(measured, Estimate):
            continue
        card = by_name[name]
        sentence = card.sentence.format(value=value_text(measured, card.unit), n=f"{measured.n:,}")
        middle, count = middles.get(name, {}).get(row["person_id"], (None, 0))
        seen.append((float(z), FlagSignal(card, sentence, measured, middle, count, float(z) > 0)))
    signals = tuple(signal for _, signal in sorted(seen, key=lambda each: -each[0]))
    return ShownFlag(
        row["kind"], row["name"], pattern.label, pattern.framework, None, row["p_value"], row["q_value"], signals
    )


def _change(row: Mapping[str, Any], card: SignalCard) -> ShownFlag:
    floor = 0.0 if card.unit in _COUNTED else -float("inf")
    value, low, high, before = (max(row[name], floor) for name in ("value", "low", "high", "before"))
    measured = Estimate(value, low, high, row["level"], row["n"])
    places = decimals(low, high)
    went = "up" if row["direction"] == "up" else "down"
    sentence = (
        f"{card.label}: {went} from {number(before, card.unit, places=places)} "
        f"to {number(value, card.unit, places=places)}, more than peers."
    )
    signal = FlagSignal(card, sentence, measured, None, 0, is_beyond=True)
    return ShownFlag(
        "change", row["name"], card.label, "", row["window_start"], row["p_value"], row["q_value"], (signal,)
    )
