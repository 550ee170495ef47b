"""Person: what was seen, how sure, what is not measured yet."""

from fastapi import APIRouter, Request, Response

from cadre.estimate import Estimate
from cadre.reports.people.likeness import LABELS as LEADS
from cadre.reports.people.person import PersonReport, person
from cadre.reports.seats.seats import outcomes
from cadre.reports.signals.flags import REASON
from cadre.reports.signals.signals import estimate_card
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.pages.people import ESTIMATE_UNIT
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("person", "What was seen of this person, and how sure is it?", router)
_MIDDLE = Estimate(0.0, -2.0, 2.0, 0.9, 1)
"""The scale of competencies always shows where most of the firm lies."""


@router.get("/people/{person_id}")
def show(request: Request, person_id: str) -> Response:
    """One person."""
    with looking(request) as (gate, snapshot):
        report = person(gate, snapshot, person_id, outcomes=outcomes(runtime_of(request).sessions))
    scales = {f.card.name: scale_for(f.card.unit, f.spread, [f.measured]) for f in report.findings}
    shared = scale_for(ESTIMATE_UNIT, None, [*report.estimates.values(), _MIDDLE])
    scales |= dict.fromkeys(report.estimates, shared)
    return respond(
        request,
        "person.html",
        report,
        sheet=_sheet(report),
        scales=scales,
        scale=shared,
        competencies=[estimate_card(name) for name in report.estimates],
        finding=finding(report),
        flag_reason=REASON,
        leads=LEADS,
        lead_scale=scale_for("share", None, list(report.likeness.values())),
        found={f.card.name: f for f in report.findings},
    )


def finding(report: PersonReport) -> str:
    """What the page says at its top: bad news first, without drama."""
    if report.withheld:
        return "Nothing is shown about this person yet."
    if not report.findings:
        return "No work of theirs was seen in this window, which says nothing about how they work."
    said = [f.compared for f in report.findings if f.compared]
    below = sum(s.startswith("clearly behind") for s in said)
    better = sum(s.startswith("clearly better") for s in said)
    compared = len(said)
    looked_at = "the one behaviour" if compared == 1 else f"{compared} behaviours"
    if not compared:
        return "Too little evidence, here or in the firm, to compare anything yet."
    if not below and not better:
        return f"Cannot be told clearly from the firm's middle on {'' if compared == 1 else 'any of '}{looked_at} compared."
    parts = [f"clearly behind the firm's middle on {below}"] if below else []
    parts += (
        [f"clearly better on {better}" if below else f"clearly better than the firm's middle on {better}"]
        if better
        else []
    )
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]} of {looked_at} compared."


def _sheet(report: PersonReport) -> Sheet:
    columns = ("signal", "what was seen", "value", "low", "high", "n", "compared")
    lines = []
    for each in report.findings:
        told = each.measured.json()
        numbers = [told.get(key) for key in ("value", "low", "high", "n")]
        lines.append([each.card.label, each.sentence, *numbers, each.compared])
    return Sheet("person", columns, lines, report.purpose)
