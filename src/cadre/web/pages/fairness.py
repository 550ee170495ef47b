"""Fairness: do estimates fall out differently for groups of people, or speak of how they work?"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from markupsafe import Markup
from starlette.responses import RedirectResponse

from cadre.errors import NotFoundError
from cadre.estimate import Estimate
from cadre.reports.trust.fairness import UNTESTED, FairnessReport, drafts, finding, heading, power, reading
from cadre.reports.trust.fairness import fairness as report_of
from cadre.services.people.fairness_audit import record_audit
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.fairness_chart import ratio_axis, ratio_bar, sweep_lines
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("fairness", "Do estimates fall out differently for groups of people, or speak of how they work?", router,
            section="People", label="Fairness", path="/fairness")  # fmt: skip
_MOST_SEATS = 1_000
_SHOWN = 10


@router.get("/fairness")
def show(request: Request, seats: str = "") -> Response:
    """The audit."""
    report = _report(request, seats)
    found = report.audit
    areas = [one.area for one in found.proxies.predicted] if found and found.proxies else []
    effects = [e for e in found.proxies.effects if isinstance(e.effect, Estimate)] if found and found.proxies else []
    effects.sort(key=lambda e: (not e.found, e.p_value))
    return respond(
        request,
        "fairness.html",
        report,
        sheet=_sheet(report),
        title=finding(report),
        heading=heading,
        reading=reading,
        power=power,
        ratio_bar=ratio_bar,
        ratio_axis=ratio_axis,
        swept=_swept(report),
        cannot=[line for line in found.abstentions if not line.startswith(UNTESTED)] if found else [],
        area_scale=scale_for("", None, areas),
        effects=effects[:_SHOWN],
        tested=len(effects),
        effect_scale=scale_for("sd", None, [e.effect for e in effects[:_SHOWN]]),
        rate_scale=scale_for("share", None, [rate.rate for one in found.tables for rate in one.rates])
        if found
        else None,
        is_lead=principal_of(request).role in ("owner", "manager"),
    )


@router.get("/fairness/{draft}.md")
def take(request: Request, draft: str, seats: str = "") -> Response:
    """A draft as Markdown."""
    made = drafts(_report(request, seats), today=runtime_of(request).clock.now().date())
    if draft not in made:
        raise NotFoundError(f"no draft {draft}", hint=f"There are: {', '.join(made)}.")
    told = {"Content-Disposition": f'attachment; filename="fairness-{draft}.md"'}
    return Response(made[draft], media_type="text/markdown; charset=utf-8", headers=told)


@router.post("/fairness/record")
def record(request: Request, seats: Annotated[str, Form()] = "") -> Response:
    """Record that this audit was made."""
    runtime, report = runtime_of(request), _report(request, seats)
    if report.audit is None:
        raise NotFoundError("there is no audit to record", hint="See what is said on the page.")
    today = runtime.clock.now().date()
    record_audit(principal_of(request), runtime.work(), runtime.clock, audit_on=today, summary=report.summary)
    return RedirectResponse("/fairness#recorded", status_code=303)


def _swept(report: FairnessReport) -> list[tuple[str, Markup]]:
    """Head and chart of each attribute whose lines may be shown."""
    made = []
    for one in report.audit.sweeps if report.audit else ():
        if one.lines:
            points = [(line.chosen, line.lowest or 0.0) for line in one.lines]
            head = f"By {one.attribute}: under four fifths at {len(one.under)} of {plural(len(points), 'line')}"
            made.append((head, sweep_lines(points, one.people, label=f"The lowest ratio. {head}", width=420)))
    return made


def _report(request: Request, seats: str) -> FairnessReport:
    runtime = runtime_of(request)
    wanted = min(int(seats), _MOST_SEATS) if seats.isdigit() else 0
    with looking(request, purpose="selection_for_seat") as (gate, snapshot):
        return report_of(gate, snapshot, runtime.sessions, today=runtime.clock.now().date(), seats=wanted)


def _sheet(report: FairnessReport) -> Sheet:
    lines: list[list[object]] = []
    found = report.audit
    for one in found.tables if found else ():
        for rate in one.rates:
            ratio = rate.ratio
            ends = [ratio.value, ratio.low, ratio.high, ratio.p_value] if ratio else [None] * 4
            lines.append([heading(one), rate.group, rate.rate.n, rate.rate.value, rate.rate.low, rate.rate.high, *ends,
                          reading(one, rate)])  # fmt: skip
    for effect in found.proxies.effects if found and found.proxies else ():
        if isinstance(effect.effect, Estimate):
            told = effect.effect
            lines.append([f"Proxy: {effect.signal}", effect.attribute, told.n, told.value, told.low, told.high, None, None,
                          None, effect.p_value, "found" if effect.found else "not found"])  # fmt: skip
    columns = ("about", "group or attribute", "people", "rate or sd", "low", "high", "ratio", "ratio low", "ratio high",
               "p", "reading")  # fmt: skip
    return Sheet("fairness", columns, lines, report.purpose)
