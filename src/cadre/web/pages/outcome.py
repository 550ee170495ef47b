"""Outcome: how a lead is doing by one of the dates of the decision, asked and recorded without any estimate in sight."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from cadre.errors import UsageError
from cadre.reports.seats.lead_outcome import OutcomeReport, instrument, lead_outcome
from cadre.services.people.lead_outcome import hand_out, record_outcome
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("outcome", "How is this lead doing, in the words of those who see it?", router)
UNSEEN = "none"


@router.get("/seats/{key}/outcome/{months}")
def show(request: Request, key: str, months: int) -> Response:
    """What is known by a date, and what is asked."""
    return _shown(request, _report(request, key, months))


@router.post("/seats/{key}/outcome/{months}/team")
def ask_team(request: Request, key: str, months: int, count: Annotated[int, Form()] = 0) -> Response:
    """Make the links with which the team answers; they are shown this once."""
    runtime = runtime_of(request)
    report = _report(request, key, months)
    links = hand_out(
        principal_of(request), runtime.work(), runtime.clock,
        decision_id=report.decided.decision_id, months=months, count=count, members=report.members,
    )  # fmt: skip
    base = str(request.base_url).rstrip("/")
    return _shown(request, _report(request, key, months), links=[base + link for link in links])


@router.post("/seats/{key}/outcome/{months}")
async def record(request: Request, key: str, months: int) -> Response:
    """Record it."""
    runtime = runtime_of(request)
    given = {name: str(value) for name, value in (await request.form()).items()}
    report = _report(request, key, months)
    record_outcome(
        principal_of(request), runtime.work(), runtime.clock,
        decision_id=report.decided.decision_id, months=months, steps=steps_of(given), computed=report.computed,
    )  # fmt: skip
    return _shown(request, _report(request, key, months))


def steps_of(given: Mapping[str, str]) -> dict[str, int | None]:
    """Answers as the form sends them.

    Raises:
        UsageError: One is no number.
    """
    made: dict[str, int | None] = {}
    for key, _ in instrument().questions:
        if key not in given:
            continue
        told = given[key]
        if told != UNSEEN and not told.isdigit():
            raise UsageError(f"{told!r} is no step of the scale", hint="Choose one of the steps.")
        made[key] = None if told == UNSEEN else int(told)
    return made


def _report(request: Request, key: str, months: int) -> OutcomeReport:
    runtime = runtime_of(request)
    with looking(request) as (gate, snapshot):
        return lead_outcome(gate, snapshot, runtime.sessions, key, months, runtime.clock.now())


def _shown(request: Request, report: OutcomeReport, **more: Any) -> Response:
    return respond(
        request,
        "outcome.html",
        report,
        q=instrument(),
        unseen=UNSEEN,
        links=more.get("links", []),
        title=_title(report),
    )


def _title(report: OutcomeReport) -> str:
    if report.recorded:
        said = {"well": "It went well", "not_well": "It did not go well", "too_early": "It is too early to tell"}
        return f"{said[report.recorded.verdict]}, {report.date.months} months on"
    return f"How is {report.decided.name} doing as a lead, {report.date.months} months on?"
