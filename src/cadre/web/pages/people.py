"""People: who shows what, how sure."""

from functools import partial

from fastapi import APIRouter, Request, Response

from cadre.estimate import Abstained, Estimate, Measured
from cadre.reports.measure import COLLABORATION, CRAFT, ESTIMATES
from cadre.reports.people.people import ORDERS, PeopleReport, PersonRow, people
from cadre.reports.wording import compared
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond

router = APIRouter()
PAGE = Page("people", "Who shows what, how sure?", router, section="People", label="People", path="/people")
OVERVIEW = "overview"
ESTIMATE_UNIT = "sd"
PAIR = {COLLABORATION: "Collaboration", CRAFT: "Craft"}
"""The two that stand beside each other in lists."""
PAGE_PEOPLE = 100


@router.get("/people")
def show(
    request: Request, order: str = "name", view: str = OVERVIEW, team: str = "", q: str = "", start: int = 0
) -> Response:
    """The people of the firm, filtered by team and name, one family of signals at a time."""
    with looking(request) as (gate, snapshot):
        report = people(gate, snapshot, order=order if order in ORDERS else "name")
    families = tuple(dict.fromkeys(card.family for card in report.signals))
    rows = [row for row in report.rows if _fits(row, team, q)]
    chosen = [c for c in report.signals if c.family == view]
    scales = {
        name: scale_for(unit, report.spread.get(name), [m for r in report.rows if (m := known(r, name)) is not None])
        for name, unit in [
            *((c.name, c.unit) for c in report.signals),
            *((name, ESTIMATE_UNIT) for name in PAIR),
        ]
    }
    return respond(
        request,
        "people.html",
        report,
        sheet=partial(sheet, report, rows),
        rows=rows,
        page=rows[max(start, 0) : max(start, 0) + PAGE_PEOPLE],
        start=max(start, 0),
        page_people=PAGE_PEOPLE,
        teams=sorted({r.team for r in report.rows if r.team}),
        families=families,
        view=view if view in families else OVERVIEW,
        chosen=chosen,
        scales=scales,
        team=team,
        q=q,
        title=title(report),
        known=known,
        pair=tuple(PAIR.items()),
    )


def known(row: PersonRow, name: str) -> Measured | None:
    """What was measured of a person, signal or estimate."""
    return row.estimates.get(name) or row.measured.get(name)


def title(report: PeopleReport) -> str:
    """The finding of the page, in one sentence."""
    if not report.rows:
        return "Nobody on record yet"
    if report.withheld:
        return f"{plural(len(report.rows), 'person', 'people')} on record"
    spread = report.spread.get(COLLABORATION)
    held = [m for r in report.rows if isinstance(m := r.estimates.get(COLLABORATION), Estimate)]
    if spread is None or not held:
        return f"{plural(len(report.rows), 'person', 'people')}, too little evidence to compare them"
    among = f"{len(held)} people released to you" if report.held else f"{len(report.rows)} people"
    clearly = sum(compared(m, spread.middle, "high").startswith("clearly better") for m in held)
    unclear = sum(compared(m, spread.middle, "high") == "cannot tell yet" for m in held)
    if clearly:
        verb = "helps" if clearly == 1 else "help"
        rest = f"; of {unclear} we cannot tell yet" if unclear else ""
        return f"{clearly} of {among} clearly {verb} more than the firm's middle{rest}"
    return f"Nobody among {among} clearly helps more than the firm's middle"


def sheet(report: PeopleReport, rows: list[PersonRow]) -> Sheet:
    """The list with value, interval and n of everything measured."""
    names = [*ESTIMATES, *(c.name for c in report.signals)]
    parts = ("", "_low", "_high", "_n")
    columns = ["name", "role", "team", "seen_share", *(n + p for n in names for p in parts)]
    lines = [[r.name, r.role, r.team, r.seen_share, *(v for n in names for v in _cells(known(r, n)))] for r in rows]
    return Sheet("people", columns, lines, report.purpose)


def _cells(measured: Measured | None) -> tuple[float | int | None, ...]:
    if measured is None:
        return (None, None, None, None)
    if isinstance(measured, Abstained):
        return (None, None, None, measured.n)
    return (measured.value, measured.low, measured.high, measured.n)


def _fits(row: PersonRow, team: str, q: str) -> bool:
    wanted = q.strip().casefold()
    told = " ".join(part for part in (row.name, row.role, row.team) if part).casefold()
    return (not team or row.team == team) and wanted in told
