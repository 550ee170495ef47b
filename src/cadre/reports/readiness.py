"""Readiness of everybody from the newest values of signals, sealed; computed once a record and kept.

What a report shows of it goes through `release`. Outcomes of the firm's own leads move the weights; without any, the profile a
firm starts with stands, and no chance is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cadre.estimate import Sealed
from cadre.readiness.competency import Competence, competence, teams_of
from cadre.readiness.estimator import ReadinessModel
from cadre.readiness.lens import LeaderType, leader_types
from cadre.readiness.profile import Profile, default_profile
from cadre.readiness.readiness import Standing, readiness
from cadre.readiness.reliability import unrepeated
from cadre.reports.kept import kept
from cadre.reports.measure import Span, window
from cadre.reports.seen import seen_shares
from cadre.warehouse import Snapshot

LEAST_SEEN = 0.1
"""Share of scheduled hours with a trace under which a person is not estimated: too much of their work is elsewhere."""


Known = tuple[tuple[str, float, float], ...]
"""Competencies as they were known on a day: (competency, mean, variance)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one lead turned out, as recorded.

    Attributes:
        person_id: Who.
        went_well: Whether well.
        known: Their competencies on the day of the decision. What leading made of them since would give the outcome away, so
            it is not read; a competency that is not there was not seen then.
    """

    person_id: str
    went_well: bool
    known: Known


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything readiness rests on.

    Attributes:
        competence: Competencies of everybody with a value.
        profile: What is believed of competencies.
        model: The weights, after the firm's own outcomes.
        standing: Readiness of everybody.
        types: Person -> technical or people leader.
        span: The window.
        unseen: People too little of whose work leaves a trace.
        split: Outcomes of the rarer kind.
    """

    competence: Competence
    profile: Profile
    model: ReadinessModel
    standing: Standing
    types: Mapping[str, LeaderType]
    span: Span
    unseen: frozenset[str]
    split: int

    def only(self, people: frozenset[str]) -> "Prepared":
        """The same about these persons alone, ranked among themselves."""
        if people >= set(self.competence.people):
            return self
        known = self.competence.only(people)
        stands = readiness(known, self.profile, self.model, tuple(self.unseen), outcomes_split=self.split)
        types = {person: told for person, told in self.types.items() if person in people}
        return replace(self, competence=known, standing=stands, types=types)

    def believing(self, profile: Profile) -> "Prepared":
        """The same with another belief and no outcomes; for prior sensitivity."""
        model = fitted(profile, ())
        stands = readiness(self.competence, profile, model, tuple(self.unseen))
        return replace(self, profile=profile, model=model, standing=stands)


def prepared(
    snapshot: Snapshot, outcomes: Sequence[Outcome] = (), *, profile: Profile | None = None
) -> Sealed[Prepared]:
    """Estimate everybody.

    Args:
        snapshot: The record, refreshed.
        outcomes: How the firm's own leads turned out.
        profile: What is believed before outcomes; the default unless given.
    """
    belief = profile or default_profile()
    told = tuple(outcomes)
    return Sealed(kept(snapshot, ("readiness", told, belief), lambda: _prepared(snapshot, told, belief)))


def among(snapshot: Snapshot, outcomes: Sequence[Outcome], known: Prepared, people: frozenset[str]) -> Prepared:
    """The same about these persons alone, ranked among themselves; kept for as long as the same people are open.

    Args:
        snapshot: The record, refreshed.
        outcomes: How the firm's own leads turned out, as `known` was prepared with.
        known: About everybody, with the default belief.
        people: Those who are open to whoever asks.
    """
    return kept(snapshot, ("among", tuple(outcomes), people), lambda: known.only(people))


def standing(snapshot: Snapshot, outcomes: Sequence[Outcome] = ()) -> Sealed[Standing]:
    """Readiness of everybody, sealed; see `prepared`."""
    return prepared(snapshot, outcomes).map(lambda known: known.standing)


def _prepared(snapshot: Snapshot, outcomes: Sequence[Outcome], profile: Profile) -> Prepared:
    span = window(snapshot)
    known = competence(own_values(snapshot, span), teams(snapshot), silent(snapshot, span))
    model = fitted(profile, outcomes)
    shares = seen_shares(snapshot, span)
    unseen = [person for person in known.people if shares.get(person, 1.0) < LEAST_SEEN]
    told = [outcome.went_well for outcome in outcomes]
    split = min(sum(told), len(told) - sum(told))
    stands = readiness(known, profile, model, unseen, outcomes_split=split)
    weights = dict(zip(profile.names, model.coef_[1:].tolist(), strict=True))
    types = {one.person_id: one for one in leader_types(known, weights)}
    return Prepared(known, profile, model, stands, types, span, frozenset(unseen), split)


def teams(snapshot: Snapshot) -> dict[str, str]:
    """Person -> whom they share their work with."""
    return teams_of(snapshot.rows(snapshot.table("people").select("person_id", "team_id", "role")))


def repeats(snapshot: Snapshot, span: Span) -> list[dict[str, Any]]:
    """Rows of `reliabilities` of a window; none before the first refresh that writes them."""
    if span.start_on is None:
        return []

    def read() -> list[dict[str, Any]]:
        table = snapshot.table("reliabilities")
        return snapshot.rows(table.filter((table.window_start == span.start_on) & (table.window_days == span.days)))

    return list(kept(snapshot, ("reliabilities", span), read))


def silent(snapshot: Snapshot, span: Span) -> dict[str, str]:
    """Competency -> why nothing rests on it: in this record it does not repeat."""
    return unrepeated(repeats(snapshot, span))


def alone(known: Prepared) -> dict[str, str]:
    """What weighs most -> why nobody is ranked by it: it is not shown to go with the rest of leading; empty where it is."""
    found = known.competence.agreement
    is_told = found and not found.is_shown and not known.standing.ranked
    return {found.competency: found.reason} if found and is_told else {}


def own_values(snapshot: Snapshot, span: Span) -> list[dict[str, Any]]:
    """Values of signals of a window, of people on the roster; those of whom it does not tell set no scale of the firm's.

    Args:
        snapshot: The record.
        span: The window.
    """
    if span.start_on is None:
        return []
    table, people = snapshot.table("signal_values"), snapshot.table("people")
    chosen = table.filter((table.window_start == span.start_on) & (table.window_days == span.days))
    chosen = chosen.semi_join(people, "person_id")
    return snapshot.rows(chosen.select("person_id", "signal", "raw_value", "variance", "value", "n"))


def fitted(profile: Profile, outcomes: Sequence[Outcome]) -> ReadinessModel:
    """The weights after outcomes; of what was not seen of a lead then, only that people differ by one standard deviation is known."""
    mean, sd = profile.prior()
    x, v = np.zeros((len(outcomes), len(profile.names))), np.ones((len(outcomes), len(profile.names)))
    place = {name: k for k, name in enumerate(profile.names)}
    for i, outcome in enumerate(outcomes):
        for name, value, variance in outcome.known:
            if name in place:
                x[i, place[name]], v[i, place[name]] = value, variance
    turned = np.array([outcome.went_well for outcome in outcomes], dtype=np.float64)
    return ReadinessModel(mean, sd).fit(x, turned, v)
