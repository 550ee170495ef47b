"""The seat sheet on two pages: the same words and numbers as the page, for a conversation without a screen."""

from textwrap import shorten
from typing import Any

from cadre.documents.typesetting import pdf
from cadre.estimate import Abstained, Estimate, Measured
from cadre.reports.seats.seat import Candidate, SeatReport, cards
from cadre.reports.seats.seat_words import (
    MIDDLE,
    cost_text,
    cover_text,
    learn_text,
    place_text,
    sole_text,
    trial_text,
    trials_text,
)
from cadre.reports.wording import interval_text, value_text

_MOST_PEOPLE, _MOST_SOLE, _MOST_WORDS = 6, 2, 500
"""What two pages hold; the page has the rest."""
_BLANK = 0.06
"""Room at both ends of a drawn scale, as a share of it."""


def seat_pdf(found: SeatReport) -> bytes:
    """The sheet of a seat as a tagged PDF.

    Args:
        found: The report; what is withheld in it is withheld on paper.
    """
    return pdf("seat", values_of(found), made_at=found.as_of)


def values_of(found: SeatReport) -> dict[str, Any]:
    """What the layout shows: words, and places on scales between 0 and 1."""
    people = found.candidates[:_MOST_PEOPLE]
    held = [c.estimate for c in people if isinstance(c.estimate, Estimate)]
    ends = (min(m.low for m in held), max(m.high for m in held)) if held else (0.0, 1.0)
    return {
        "firm": found.firm.name,
        "label": found.purpose,
        "seat": found.seat.name,
        "team": found.team or "",
        "headline": found.headline,
        "word": found.need.word,
        "is_settled": found.need.is_settled,
        "need": None if found.need.position is None else [found.need.position, found.need.low, found.need.high],
        "parts": [p.told for p in found.need.parts],
        "compared": found.compared,
        "leading": found.leading,
        "outcomes": found.outcomes,
        "withheld": f"{found.withheld.rule}. {found.withheld.opens}" if found.withheld else "",
        "held": [f"{h.sentence}. {h.why.rule}." for h in found.held] if not found.withheld else [],
        "people": [_person(c, found, ends) for c in people],
        "cards": [[c.name, c.label] for c in cards()],
        "pairs": _pairs(found),
        "thin": _some([s.name for s, _ in found.thin]),
        "decision": _decision(found),
        "trials": trials_text([c.tried.best for c in people if c.tried]),
        "cost": cost_text(found.cost) if found.cost else "",
        "record": f"Record {found.manifest}" + (f" of {found.as_of:%Y-%m-%d}" if found.as_of else ""),
    }


def _some(names: list[str]) -> list[str]:
    """The first few names, and how many more there are."""
    more = len(names) - _MOST_PEOPLE
    return [*names[:_MOST_PEOPLE], f"and {more} more"] if more > 0 else names


def _person(c: Candidate, found: SeatReport, ends: tuple[float, float]) -> dict[str, Any]:
    scale = (MIDDLE.least, MIDDLE.most)
    return {
        "name": c.person.name,
        "role": c.person.role or "",
        "estimate": _drawn(c.estimate, ends),
        "value": value_text(c.estimate, "sd"),
        "interval": interval_text(c.estimate, "sd"),
        "n": f"{c.estimate.n:,}",
        "place": place_text(c.rank, found.compared),
        "kind": c.kind,
        "thin": (", ".join(c.thin) or "none") + (f"; {c.contested} contested rows unanswered" if c.contested else ""),
        "competencies": {name: _drawn(m, scale) for name, m in c.competencies.items()},
        "cover": cover_text(c.loss),
        "trial": trial_text(c.tried.best, found.names.get(c.tried.beside, "the other")) if c.tried else "",
        "sole": [sole_text(s, found.clients) + learn_text(s, found.names) for s in c.loss.sole[:_MOST_SOLE]],
    }


def _drawn(measured: Measured, ends: tuple[float, float]) -> list[float] | None:
    """Low end, value and high end as shares of a scale; None where evidence is thin."""
    if isinstance(measured, Abstained):
        return None
    width = (ends[1] - ends[0]) or 1.0
    shares = [(at - ends[0]) / width for at in (measured.low, measured.value, measured.high)]
    return [_BLANK + min(max(share, 0.0), 1.0) * (1 - 2 * _BLANK) for share in shares]


def _pairs(found: SeatReport) -> list[list[str]]:
    """One line a person but the last: their name, and the chance of standing above each of those after the first."""
    made = []
    people = found.candidates[:_MOST_PEOPLE]
    for one in people[:-1]:
        chances = [found.above.get((one.person.person_id, other.person.person_id)) for other in people[1:]]
        made.append([one.person.name, *("" if chance is None else f"{100 * chance:.0f}" for chance in chances)])
    return made


def _decision(found: SeatReport) -> dict[str, Any] | None:
    if not found.decisions:
        return None
    newest = found.decisions[0]
    return {
        "who": newest.name or "Nobody",
        "reason": shorten(newest.row.reason, _MOST_WORDS, placeholder=" ..."),
        "by": f"{newest.row.decided_by}, {newest.row.decided_at:%Y-%m-%d}; record {newest.row.manifest}, "
        f"Cadre {newest.row.code_version}, settings {newest.row.settings_digest}",
        "dates": [f"{d.months} months: {d.due_on.isoformat()}" for d in newest.dates],
    }
