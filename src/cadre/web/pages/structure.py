"""Structure: which leads does the firm need, now and as it grows, and who could take each open seat?"""

from functools import partial

from fastapi import APIRouter, Request, Response

from cadre.errors import UsageError
from cadre.reports.seats.structure import Options, StructureReport, read_spans, read_weights, structure
from cadre.reports.seats.structure_words import (
    PARTS,
    RULE,
    SHORT,
    asks_text,
    flip_text,
    headline,
    labels,
    next_text,
    seat_text,
    swing_text,
)
from cadre.web.charts import scale_for
from cadre.web.export import Sheet
from cadre.web.gate import looking
from cadre.web.pages.page import Page
from cadre.web.structure_chart import growth_chart, position_axis, position_bar, swing_bar
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page(
    "structure",
    "Which leads does the firm need, now and as it grows, and who could take each open seat?",
    router,
    section="People",
    label="Structure",
    path="/structure",
)
PURPOSE = "selection_for_seat"
_WEIGHT = "w_"


@router.get("/structure")
def show(
    request: Request, team: str = "", size: str = "", span: str = "", people_share: str = "", match: str = ""
) -> Response:
    """What the firm asks for, and who could take its open seats."""
    told = {k.removeprefix(_WEIGHT): v for k, v in request.query_params.items() if k.startswith(_WEIGHT) and v.strip()}
    share, fit = _number(people_share, "the share of people leaders"), _number(match, "the match")
    options = Options(
        weights=read_weights(told),
        spans=read_spans(span),
        size=round(_number(size, "a size") or 0),
        people_share=None if share is None else share / 100,
        team=team,
        **({} if fit is None else {"match": fit}),
    )
    runtime = runtime_of(request)
    with looking(request, purpose=PURPOSE) as (gate, snapshot):
        report = structure(gate, snapshot, runtime.sessions, now=runtime.clock.now(), options=options)
    return respond(
        request,
        "structure.html",
        report,
        sheet=_sheet(report),
        title=headline(report),
        rule=RULE,
        parts=PARTS,
        labels=labels(),
        short=SHORT,
        asks_text=asks_text,
        flip_text=flip_text,
        swing_text=swing_text,
        seat_text=partial(seat_text, names=report.names),
        next_words=next_text(report),
        bar=position_bar,
        swing=swing_bar,
        ends=position_axis(),
        chart=growth_chart(report.people, report.leads, options.spans, [s.people for s in report.scenarios]),
        kind_scale=scale_for("sd", None, [each.estimate for each in report.kinds]),
        weight_key=_WEIGHT,
    )


def _number(text: str, what: str) -> float | None:
    told = text.strip().removesuffix("%").strip().replace(",", ".")
    if not told:
        return None
    try:
        return float(told)
    except ValueError:
        raise UsageError(f"{text!r} is no number for {what}", hint="Write digits alone.") from None


def _sheet(report: StructureReport) -> Sheet:
    columns = ("team", "people", "leads", "people to a lead", "asks for", "position", "low", "high", "settled",
               "hands-on", "daily service", "tiers")  # fmt: skip
    lines = []
    for each in report.teams:
        asks, facts = each.asks, each.facts
        known = asks.position is not None
        lines.append([facts.name, facts.people, facts.leads, facts.reports, asks.word, asks.position,
                      asks.low if known else None, asks.high if known else None, asks.is_settled,
                      *(facts.inputs[name].value for name in ("hands_on", "service", "tiers"))])  # fmt: skip
    return Sheet("structure", columns, lines, report.purpose)
