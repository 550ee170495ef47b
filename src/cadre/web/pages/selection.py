"""Selection: where do star performers and people ready to lead differ, and how sure is that?"""

from fastapi import APIRouter, Request, Response

from cadre.estimate import Estimate
from cadre.inference.shrinkage import LEVEL
from cadre.reports.seats.seats import outcomes
from cadre.reports.seats.selection import LABELS, RULES, SelectionReport, selection
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page(
    "selection",
    "Where do star performers and people ready to lead differ?",
    router,
    section="People",
    label="Selection",
    path="/selection",
)
MOST_SEATS = 50


@router.get("/selection")
def show(request: Request, seats: str = "") -> Response:
    """Whom each rule would choose."""
    wanted = min(int(seats), MOST_SEATS) if seats.isdigit() else 0
    with looking(request, purpose="selection_for_seat") as (gate, snapshot):
        report = selection(gate, snapshot, seats=wanted, outcomes=outcomes(runtime_of(request).sessions))
    scales = {
        "readiness": scale_for("sd", None, [row.readiness for row in report.rows]),
        "craft": scale_for("sd", None, [row.craft for row in report.rows]),
    }
    rules = [(RULES[r.rule], Estimate(r.value, r.low, r.high, LEVEL, r.n), r) for r in report.rules]
    return respond(
        request,
        "selection.html",
        report,
        sheet=_sheet(report),
        title=finding(report),
        scales=scales,
        rules=rules,
        rule_scale=scale_for("share", None, [told for _, told, _ in rules]),
        rule_names=RULES,
        labels=LABELS,
        craft_scale=scale_for("correlation", None, [report.craft_leading]),
    )


def finding(report: SelectionReport) -> str:
    """What the page says at its top."""
    if report.withheld:
        return "Nobody is shown as a candidate yet"
    by = {rule.rule: set(rule.people) for rule in report.rules}
    if "readiness" not in by or "craft" not in by:
        is_chance = report.silent and not report.ranked
        return (
            "In this record people cannot be told apart in what readiness weighs"
            if is_chance
            else "There is too little evidence to compare the rules yet"
        )
    apart = report.seats - len(by["readiness"] & by["craft"])
    if not apart:
        return f"Readiness and craft would choose the same {plural(report.seats, 'person', 'people')}"
    if report.seats == 1:
        return "Readiness and craft would choose different people"
    if apart == report.seats:
        return f"Readiness and craft would choose different people for {'both' if apart == 2 else f'all {apart}'} seats"
    return f"Readiness and craft would choose different people for {apart} of {report.seats} seats"


def _sheet(report: SelectionReport) -> Sheet:
    columns = ("person", "readiness (sd)", "low", "high", "rank from", "rank to", "craft (sd)", "leans", "chosen by")
    lines = []
    for row in report.rows:
        told, craft = row.readiness.json(), row.craft.json()
        rank = row.rank or (None, None)
        lines.append([row.who.name, told.get("value"), told.get("low"), told.get("high"), *rank, craft.get("value"),
                      row.leans, ", ".join(row.rules)])  # fmt: skip
    return Sheet("selection", columns, lines, report.purpose)
