"""Compare: what differs between two to four people, and what cannot be told apart?"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from cadre.estimate import Estimate, Measured
from cadre.reports.people.person import person_key
from cadre.reports.seats.compare import FOR_A_SEAT, MOST, CompareReport, compare
from cadre.reports.seats.compare_words import hundred, line_text, order_text
from cadre.reports.seats.seat_words import MIDDLE
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("compare", "What differs between two to four people, and what cannot be told apart?", router)


@router.get("/compare")
def show(request: Request, who: Annotated[list[str] | None, Query()] = None, purpose: str = FOR_A_SEAT) -> Response:
    """People side by side."""
    with looking(request, purpose=purpose) as (gate, snapshot):
        wanted = [person_key(snapshot, told) for told in who or [] if told.strip()]
        report = compare(gate, snapshot, runtime_of(request).sessions, wanted)
    return respond(
        request,
        "compare.html",
        report,
        sheet=_sheet(report),
        scale=scale_for("sd", None, [each.estimate for each in report.people]),
        small=scale_for("sd", MIDDLE),
        middle=MIDDLE,
        line_text=partial(line_text, names=report.names),
        order_text=partial(order_text, names=report.names),
        hundred=hundred,
        wanted=wanted,
        asked_for=purpose,
        most=MOST,
    )


def _sheet(report: CompareReport) -> Sheet:
    columns = ["competency", *(f"{each.person.name} {what}" for each in report.people
                               for what in ("value", "low", "high", "n"))]  # fmt: skip
    rows: list[tuple[str, dict[str, Measured]]] = [
        ("readiness", {each.person.person_id: each.estimate for each in report.people})
    ]
    rows += [(line.name, dict(line.measured)) for line in report.lines]
    lines = []
    for name, measured in rows:
        cells: list[str | float | int | None] = [name]
        for each in report.people:
            found = measured.get(each.person.person_id)
            if isinstance(found, Estimate):
                cells += [found.value, found.low, found.high, found.n]
            else:
                cells += [None, None, None, None]
        lines.append(cells)
    return Sheet("compare", columns, lines, report.purpose)
