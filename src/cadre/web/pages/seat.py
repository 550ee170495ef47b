"""Seats: who could take one, how sure that is, and what it would cost the desk."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from cadre.errors import UsageError
from cadre.estimate import Estimate
from cadre.reports.seats.seat import SeatReport, cards, require_candidate
from cadre.reports.seats.seat import seat as report_of
from cadre.reports.seats.seat_words import (
    ELSEWHERE,
    MIDDLE,
    cost_text,
    cover_text,
    learn_text,
    place_text,
    sole_text,
    trial_text,
    trials_text,
    words_of,
)
from cadre.reports.seats.seats import SeatsReport
from cadre.reports.seats.seats import seats as list_of
from cadre.services.people.seat import decide_seat, enter_cost, open_seat
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.seat_chart import need_line
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("seat", "Who could take this seat, how sure is that, and what would the desk lose?", router,
            section="People", label="Seats", path="/seats")  # fmt: skip
PURPOSE = "selection_for_seat"
NOBODY = "nobody"
UNIT = "sd"


@router.get("/seats")
def show_all(request: Request) -> Response:
    """All seats, and the form that opens one."""
    runtime, asking = runtime_of(request), principal_of(request)
    with runtime.snapshot() as snapshot:
        report = list_of(asking, snapshot, runtime.sessions, runtime.clock.now())
    return respond(request, "seats.html", report, title=_all_title(report), is_lead=asking.role in ("owner", "manager"))


@router.get("/seats/{key}")
def show(request: Request, key: str, among: str = "", beside: Annotated[list[str] | None, Query()] = None) -> Response:
    """The sheet of one seat."""
    report = _report(request, key, among, beside or [])
    paper = request.app.state.papers.get(PAGE.name)
    if paper and request.query_params.get("format") == "pdf":
        told = {"Content-Disposition": f'attachment; filename="seat-{report.seat.seat_key}.pdf"'}
        return Response(paper(report), media_type="application/pdf", headers=told)
    return respond(
        request,
        "seat.html",
        report,
        sheet=_sheet(report),
        scale=scale_for(UNIT, None, [c.estimate for c in report.candidates]),
        small=scale_for(UNIT, MIDDLE),
        middle=MIDDLE,
        place_text=place_text,
        words_of=words_of,
        trial_text=trial_text,
        trials=trials_text([c.tried.best for c in report.candidates if c.tried]),
        cost_text=cost_text,
        cover_text=cover_text,
        elsewhere=ELSEWHERE,
        sole_text=partial(sole_text, clients=report.clients),
        learn_text=partial(learn_text, names=report.names),
        line=need_line(report.need.position, report.need.low, report.need.high, report.need.word),
        cards=cards(),
        among=among,
        beside=beside or [],
        role=principal_of(request).role,
        has_paper=bool(paper),
        nobody=NOBODY,
    )


@router.post("/seats")
def open_one(
    request: Request,
    name: Annotated[str, Form()] = "",
    team_id: Annotated[str, Form()] = "",
    hands_on: Annotated[str, Form()] = "",
    span: Annotated[str, Form()] = "",
    tiers: Annotated[str, Form()] = "",
) -> Response:
    """Open a seat, or describe it anew."""
    runtime = runtime_of(request)
    percent = _number(hands_on, "hands-on work")
    people = _number(span, "the span")
    key = open_seat(
        principal_of(request),
        runtime.work(),
        runtime.clock,
        name=name,
        team_id=team_id or None,
        hands_on_share=None if percent is None else percent / 100,
        span=None if people is None else round(people),
        tiers=tiers.split(","),
    )
    return RedirectResponse(f"/seats/{key}", status_code=303)


@router.post("/seats/{key}/decide")
def decide(
    request: Request, key: str, person_id: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = ""
) -> Response:
    """Record who takes it, or that nobody does."""
    runtime, asking = runtime_of(request), principal_of(request)
    if not person_id:
        raise UsageError("nobody was chosen", hint="Choose a person, or that nobody takes it.")
    who = None if person_id == NOBODY else person_id
    if who is not None:
        with looking(request, purpose=PURPOSE) as (gate, _):
            require_candidate(gate, who)
    decide_seat(asking, runtime.work(), runtime.clock, runtime.warehouse, key=key, person_id=who, reason=reason)
    return RedirectResponse(f"/seats/{key}#decision", status_code=303)


@router.post("/seats/{key}/cost")
def cost(
    request: Request,
    key: str,
    yearly_pay: Annotated[str, Form()] = "",
    currency: Annotated[str, Form()] = "",
    low_multiple: Annotated[str, Form()] = "",
    high_multiple: Annotated[str, Form()] = "",
    source: Annotated[str, Form()] = "",
) -> Response:
    """Enter what a failure would cost."""
    runtime = runtime_of(request)
    numbers = [_number(text, what) for text, what in
               ((yearly_pay, "the yearly pay"), (low_multiple, "the lower end"), (high_multiple, "the upper end"))]  # fmt: skip
    if any(number is None for number in numbers):
        raise UsageError("a cost needs the pay and both ends of the range", hint="Fill in all three numbers.")
    pay, low, high = (number or 0.0 for number in numbers)
    enter_cost(
        principal_of(request), runtime.work(), runtime.clock, key=key, yearly_pay=pay, currency=currency,
        low_multiple=low, high_multiple=high, source=source,
    )  # fmt: skip
    return RedirectResponse(f"/seats/{key}#cost", status_code=303)


def _report(request: Request, key: str, among: str, beside: list[str]) -> SeatReport:
    runtime = runtime_of(request)
    now = runtime.clock.now()
    with looking(request, purpose=PURPOSE) as (gate, snapshot):
        return report_of(gate, snapshot, runtime.sessions, key, now=now, among=among, beside=beside)


def _number(text: str, what: str) -> float | None:
    """A number as people type it; None where the field is empty."""
    told = text.strip().removesuffix("%").strip().replace(",", ".")
    if not told:
        return None
    try:
        return float(told)
    except ValueError:
        raise UsageError(f"{text!r} is no number for {what}", hint="Write digits alone.") from None


def _all_title(report: SeatsReport) -> str:
    if not report.rows:
        return "No lead seat was opened yet"
    waiting = sum(row.decided is None for row in report.rows)
    return f"{plural(len(report.rows), 'seat')}, {waiting} of them open"


def _sheet(report: SeatReport) -> Sheet:
    columns = ["name", "role", "estimate", "estimate_low", "estimate_high", "estimate_n", "best_place", "worst_place",
               "compared", "hours_a_week", "hours_low", "hours_high", "weeks"]  # fmt: skip
    lines = []
    for c in report.candidates:
        cells: list[str | float | int | None] = [c.person.name, c.person.role]
        for found in (c.estimate, None, c.loss.hours):
            if found is None:
                cells += [*(c.rank or (None, None)), report.compared]
            elif isinstance(found, Estimate):
                cells += [found.value, found.low, found.high, found.n]
            else:
                cells += [None, None, None, found.n]
        lines.append(cells)
    return Sheet(f"seat-{report.seat.seat_key}", columns, lines, report.purpose)
