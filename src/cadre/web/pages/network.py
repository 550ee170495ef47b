"""Network: who works with whom."""

from functools import partial

from fastapi import APIRouter, Request, Response

from cadre.estimate import Estimate
from cadre.reports.release import MIN_GROUP
from cadre.reports.teams.network import CAUTION, LEAST_TIMES, WORDS, NetworkReport, TeamTable, by_team, network
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.matrix import MOST, level, matrix, ranges
from cadre.web.pages.page import Page
from cadre.web.view import plural, respond

router = APIRouter()
PAGE = Page("network", "Who works with whom?", router)
PAGE_PAIRS = 14
PAGE_PEOPLE = 100


@router.get("/network")
def show(request: Request, name: str = "handover", start: int = 0) -> Response:
    """A network between teams and persons, and where persons stand in it."""
    with looking(request) as (gate, snapshot):
        report = network(gate, snapshot, name)
    is_too_large = len(report.stands) > MOST
    times = {} if is_too_large else {(p.source, p.target): p.times for p in report.pairs}
    if not report.chosen.is_directed:
        times |= {(b, a): number for (a, b), number in times.items()}
    groups = [
        (team, [(key, report.people[key].name) for key in keys]) for team, keys in by_team(report.people, report.stands)
    ]
    heads = {
        **{measure: head for measure, (_, head) in WORDS.items()},
        "month_out": f"{report.chosen.outward}, in a month",
        "month_in": f"{report.chosen.inward}, in a month",
    }
    measures = [(n, heads[n], u) for n, (u, _) in WORDS.items() if report.chosen.is_directed or n != "month_in"]
    held = {n: [m for s in report.stands if isinstance(m := s.measured[n], Estimate)] for n, _, _ in measures}
    cells = {} if not isinstance(report.teams, TeamTable) else {(c.source, c.target): c for c in report.teams.cells}
    most = max((c.times or 0 for c in cells.values()), default=0)
    return respond(
        request,
        "network.html",
        report,
        sheet=partial(_sheet, report),
        title=_title(report),
        caution=CAUTION,
        drawn=matrix(groups, times, verb=report.chosen.verb, label=_label(report)),
        key=ranges(max(times.values(), default=0)),
        is_too_large=is_too_large,
        stands=report.stands[max(start, 0) : max(start, 0) + PAGE_PEOPLE],
        start=max(start, 0),
        page_people=PAGE_PEOPLE,
        measures=measures,
        scales={n: scale_for(u, None, held[n]) for n, _, u in measures},
        has_measures=any(held.values()),
        cells=cells,
        shade=lambda cell: level(cell.times or 0, most),
        is_team=isinstance(report.teams, TeamTable),
        pairs=report.pairs[:PAGE_PAIRS],
        min_group=MIN_GROUP,
        least_times=LEAST_TIMES,
    )


def _title(report: NetworkReport) -> str:
    """The finding of the page, in one sentence."""
    label = report.chosen.label
    if isinstance(report.teams, TeamTable) and report.teams.within_share is not None and len(report.teams.teams) > 1:
        return f"{label}: {100 * report.teams.within_share:.0f}% stays within a team"
    if report.stands:
        return f"{label}, between {plural(len(report.stands), 'person', 'people')}"
    return label if report.is_carried else f"{label}: nothing on record yet"


def _label(report: NetworkReport) -> str:
    """What the matrix shows, in words."""
    most = [f"{report.people[p.source].name} {report.chosen.verb} {report.people[p.target].name}, {p.times:,}"
            for p in report.pairs[:3]]  # fmt: skip
    pairs = plural(len(report.pairs), "pair")
    return f"{report.chosen.label}: {len(report.stands)} people by {len(report.stands)}, {pairs}. Most often: {'; '.join(most)}."


def _sheet(report: NetworkReport) -> Sheet:
    """Pairs of persons where they are released, and always the teams."""
    lines: list[list[object]] = []
    if isinstance(report.teams, TeamTable):
        names = {key: name for key, name, _ in report.teams.teams}
        few = f"fewer than {MIN_GROUP} people took part"
        lines += [
            ["team", names[c.source], names[c.target], c.times, None, None, few if c.times is None else ""]
            for c in report.teams.cells
        ]
    lines += [
        ["person", report.people[p.source].name, report.people[p.target].name, p.times, p.judged or None, p.good, ""]
        for p in report.pairs
    ]
    columns = ("between", "source", "target", "times", "judged", "good", "note")
    return Sheet(f"network-{report.chosen.name.replace('_', '-')}", columns, lines, report.purpose)
