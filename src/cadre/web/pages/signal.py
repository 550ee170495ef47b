"""Signals: what each behaviour is, and how it is spread over the firm."""

from fastapi import APIRouter, Request, Response

from cadre.errors import NotFoundError
from cadre.reports.release import Withheld
from cadre.reports.signals.signals import GRADES, SignalRow
from cadre.reports.signals.worked import explained
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond

router = APIRouter()
PAGE = Page("signal", "What do the numbers mean?", router, section="Record", label="Signals", path="/signals")


@router.get("/signals")
def show(request: Request) -> Response:
    """Every signal."""
    return _shown(request, None)


@router.get("/signals/{name}")
def show_one(request: Request, name: str) -> Response:
    """One signal."""
    return _shown(request, name)


def _shown(request: Request, one: str | None) -> Response:
    with looking(request) as (gate, snapshot):
        report = explained(gate, snapshot, one=one)
    if one is not None and not report.rows:
        raise NotFoundError(f"no signal {one!r}", hint="All signals are on the page Signals.")
    spreads = {r.card.name: None if isinstance(r.spread, Withheld) else r.spread for r in report.rows}
    columns = ("signal", "label", "family", "unit", "better", "minimum n", "grade", "explanation", "reference")
    lines = [
        (r.card.name, r.card.label, r.card.family, r.card.unit, r.card.direction, r.card.min_n, r.card.grade,
         r.card.explanation, r.card.reference) for r in report.rows
    ]  # fmt: skip
    families: dict[str, list[SignalRow]] = {}
    for row in report.rows:
        families.setdefault(row.card.family, []).append(row)
    measured = sum(s is not None for s in spreads.values())
    title = (
        report.rows[0].card.label
        if one
        else f"{plural(len(report.rows), 'behaviour')}, {measured} measured for at least five people"
    )
    return respond(
        request,
        "signal.html",
        report,
        sheet=Sheet("signals", columns, lines),
        panel="_signal_panel.html",
        spreads=spreads,
        scales={r.card.name: scale_for(r.card.unit, spreads[r.card.name]) for r in report.rows},
        grades=GRADES,
        title=title,
        one=one,
        families=families,
        example=report.example,
    )
