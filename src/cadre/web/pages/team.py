"""Teams: who is in them, and figures from five people up."""

from fastapi import APIRouter, Request, Response

from cadre.reports.release import MIN_GROUP, Withheld
from cadre.reports.teams.team import TeamReport, teams
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.pages.people import ESTIMATE_UNIT, PAIR
from cadre.web.view import plural, respond

router = APIRouter()
PAGE = Page("team", "How do our teams work together?", router, section="People", label="Teams", path="/teams")


@router.get("/teams")
def show(request: Request) -> Response:
    """All teams."""
    return _shown(request, None)


@router.get("/teams/{team_id:path}")
def show_one(request: Request, team_id: str) -> Response:
    """One team with its members."""
    return _shown(request, team_id)


def _shown(request: Request, one: str | None) -> Response:
    with looking(request) as (gate, snapshot):
        report = teams(gate, snapshot, one=one)
    named = [
        *((name, word, ESTIMATE_UNIT) for name, word in PAIR.items()),
        *((c.name, c.label, c.unit) for c in report.signals),
    ]
    figures = [r.figures for r in (report.whole, *report.rows) if not isinstance(r.figures, Withheld)]
    scales = {n: scale_for(u, report.spread.get(n), [f[n] for f in figures if n in f]) for n, _, u in named}
    return respond(
        request,
        "team.html",
        report,
        sheet=_sheet(report),
        named=named,
        scales=scales,
        one=one,
        title=_title(report, one),
        min_group=MIN_GROUP,
    )


def _title(report: TeamReport, one: str | None) -> str:
    if one is not None:
        return f"{report.rows[0].name}: {plural(len(report.rows[0].members), 'person', 'people')}"
    if not report.rows:
        return "No team on record yet"
    large = sum(len(r.members) >= MIN_GROUP for r in report.rows)
    return f"{plural(len(report.rows), 'team')}, {large} of them large enough for figures"


def _sheet(report: TeamReport) -> Sheet:
    lines = []
    for row in (report.whole, *report.rows):
        if isinstance(row.figures, Withheld):
            lines.append([row.name, len(row.members), None, None, None, None, row.figures.rule])
            continue
        for name, measured in row.figures.items():
            told = measured.json()
            lines.append(
                [
                    row.name,
                    len(row.members),
                    name,
                    *(told.get(k) for k in ("value", "low", "high")),
                    told.get("abstained", ""),
                ]
            )
    return Sheet("teams", ("team", "people", "signal", "value", "low", "high", "note"), lines, report.purpose)
