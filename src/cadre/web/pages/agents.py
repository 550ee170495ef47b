"""Agents: how much runs alone, what waits, what went wrong, what acts outside of the gate; and one act from request to undo."""

from fastapi import APIRouter, Request, Response

from cadre.reports.agents.act import act_record
from cadre.reports.agents.board import DAYS, Board, board
from cadre.reports.agents.board import headline as board_headline
from cadre.reports.agents.called import called, plainly
from cadre.reports.agents.review import act_review, headline, instants
from cadre.reports.agents.tally import WORDS
from cadre.services.audit.trace import trace
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import respond, runtime_of

router = APIRouter()
PAGE = Page("agents", "What do agents do alone, what waits, and what went wrong?", router, section="Agents", label="Overview",
            path="/agents")  # fmt: skip


@router.get("/agents")
def show(request: Request) -> Response:
    """All agents over thirty days."""
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        found = board(principal_of(request), runtime.sessions, snapshot, now=runtime.clock.now())
    return respond(request, "agents.html", found, sheet=_sheet(found), title=board_headline(found), days=DAYS, words=WORDS,
                   plainly=plainly)  # fmt: skip


@router.get("/decisions/{decision_id}/review")
def review(request: Request, decision_id: str) -> Response:
    """One act from request to undo, each step with its place in the audit log."""
    runtime, who = runtime_of(request), principal_of(request)
    record = act_record(who, runtime.sessions, runtime.clock.now(), decision_id)
    events = trace(who, runtime.work(), decision_id, instants(record))
    with runtime.snapshot() as snapshot:
        found = act_review(record, called(runtime.sessions, snapshot), events)
    return respond(request, "act_review.html", found, title=headline(found), plainly=plainly)


def _sheet(found: Board) -> Sheet:
    columns = ("by", "key", "name", "changes", "reads", "refused", "alone", "low", "high", "n", "mode", "owned")
    rows = []
    for kind, groups in (("agent", found.agents), ("client", found.clients), ("tool", found.tools)):
        for one in groups:
            share = one.autonomy.json()
            rows.append((kind, one.key, one.name, one.changes, one.reads, one.refused,
                         *(share.get(name) for name in ("value", "low", "high", "n")), one.mode, one.is_owned))  # fmt: skip
    return Sheet("agents", columns, rows)
