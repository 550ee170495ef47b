"""Reliance: what would be left to nobody if one person were gone, and who could learn it soonest?"""

from functools import partial

from fastapi import APIRouter, Request, Response

from cadre.errors import UsageError
from cadre.reports.teams.reliance import RelianceReport, reliance
from cadre.reports.teams.reliance_words import RULE, counted_text, cut_text, finding, left_text, near_text, thing_text
from cadre.web.charts import Scale
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.view import respond

router = APIRouter()
PAGE = Page("reliance", "What would be left to nobody if one person were gone, and who could learn it soonest?", router)
PURPOSE = "selection_for_seat"
_SHARES = Scale(0.0, 1.0, "share", (0.0, 0.5, 1.0))


@router.get("/structure/reliance")
def show(request: Request, share: str = "") -> Response:
    """What rests on one person."""
    told = share.strip().removesuffix("%").strip()
    if told and not told.isdecimal():
        raise UsageError(f"{share!r} is no share", hint="Write digits alone, such as 40.")
    with looking(request, purpose=PURPOSE) as (gate, snapshot):
        report = reliance(gate, snapshot, least_share=int(told) / 100) if told else reliance(gate, snapshot)
    return respond(
        request,
        "reliance.html",
        report,
        sheet=_sheet(report),
        title=finding(report),
        rule=RULE,
        counted=counted_text(report),
        thing=partial(thing_text, report=report),
        left=left_text,
        near=partial(near_text, report=report),
        cut=partial(cut_text, report=report),
        scale=_SHARES,
    )


def _sheet(report: RelianceReport) -> Sheet:
    columns = ("kind", "what", "person", "solved", "of", "share", "low", "high", "others practised", "nearest")
    lines = [
        [r.kind, thing_text(r, report), report.names[r.person], r.solved, r.of, r.share.value, r.share.low, r.share.high,
         r.practised, ", ".join(report.names[who] for who, _ in r.near)] for r in report.rows
    ]  # fmt: skip
    return Sheet("reliance", columns, lines, report.purpose)
