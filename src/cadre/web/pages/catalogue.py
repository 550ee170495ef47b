"""Which kinds of acts agents do alone, and which ask: the firm's rows of the catalogue over those that come with Cadre."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from cadre.governance.catalogue import Row, default
from cadre.governance.governing import row_of
from cadre.reports.agents.govern import client_keys
from cadre.reports.agents.govern_words import say_words
from cadre.reports.agents.governing import Setting, governing
from cadre.services.agents.loosening import loosened
from cadre.web.export import Sheet
from cadre.web.pages.govern import governing_context, names_of, tier_choices
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("catalogue", "Which kinds of acts do agents do alone, and which ask?", router)


@dataclass(frozen=True, slots=True)
class Own:
    """A row of the firm.

    Attributes:
        setting: By whom, when and why.
        row: What it says.
        looser: What it loosens, in words; empty where nothing.
    """

    setting: Setting
    row: Row
    looser: str


@dataclass(frozen=True, slots=True)
class _Rows:
    own: tuple[Own, ...]
    cadres: tuple[Row, ...]

    def json(self) -> dict[str, Any]:
        """The firm's rows with who set them and what they loosen; then those that come with Cadre."""
        return {"own": [{**asdict(one.setting), "looser": one.looser} for one in self.own],
                "cadres": [_plain(row) for row in self.cadres]}  # fmt: skip


@router.get("/govern/catalogue")
def show(request: Request, done: Annotated[int | None, Query()] = None) -> Response:
    """The firm's rows, those that loosen first; then Cadre's."""
    runtime, who = runtime_of(request), principal_of(request)
    names = names_of(runtime)
    wider = loosened(who, runtime.sessions)
    rows = [
        Own(one, row_of(one.key, one.client_id, one.value), wider.get((one.client_id, one.key), ""))
        for one in governing(who, runtime.sessions, "catalogue")
    ]
    report = _Rows(tuple(sorted(rows, key=lambda one: not one.looser)), default())
    return respond(
        request, "catalogue.html", report, sheet=_sheet(report), title=_title(report), say=say_words,
        tiers=tier_choices(), over={one.setting.key for one in rows},
        clients_known=client_keys(runtime.sessions, names, runtime.clock.now()),
        **governing_context(request, names, done),
    )  # fmt: skip


def _title(report: _Rows) -> str:
    if not report.own:
        return "Kinds of acts stand as they come with Cadre"
    loose = sum(bool(one.looser) for one in report.own)
    return f"{plural(len(report.own), 'row')} of your own, {loose:,} of them looser"


def _plain(row: Row) -> dict[str, Any]:
    return {"name": row.name, "label": row.label, "tier": row.tier.text, "asked": row.asked.text, "why": row.why,
            "protective": row.protective, "undo": row.undo}  # fmt: skip


def _sheet(report: _Rows) -> Sheet:
    columns = ("whose", "name", "label", "client", "tier", "where a person asked", "why", "loosens")
    own = [("own", one.setting.key, one.row.label, one.setting.client_id, one.row.tier.text, one.row.asked.text,
            one.setting.reason, one.looser) for one in report.own]  # fmt: skip
    return Sheet("catalogue", columns, [*own, *(
        ("Cadre's", row.name, row.label, "", row.tier.text, row.asked.text, row.why, "") for row in report.cadres
    )])  # fmt: skip
