"""Clients: what AI did for each, and the statement of what it may do there."""

from fastapi import APIRouter, Request, Response

from cadre.reports.agents.called import plainly
from cadre.reports.agents.client import DAYS, ClientRow, client_report, clients, headline
from cadre.reports.agents.policy import FOLDER
from cadre.reports.agents.statement import statement
from cadre.reports.agents.tally import WORDS
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("client", "What did AI do for a client, and what may it do there?", router, section="Agents", label="Clients",
            path="/clients")  # fmt: skip


class _List:
    def __init__(self, rows: tuple[ClientRow, ...]) -> None:
        self.rows = rows

    def json(self) -> dict[str, object]:
        """Every client at which agents asked for anything."""
        return {"clients": [row.json() for row in self.rows]}


@router.get("/clients")
def show(request: Request) -> Response:
    """Clients at which agents asked for anything."""
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        rows = clients(principal_of(request), runtime.sessions, snapshot, now=runtime.clock.now())
    watched = sum(row.unbound > 0 for row in rows)
    title = f"AI worked for {plural(len(rows), 'client')} in {DAYS} days" if rows else "AI worked for no client yet"
    if watched:
        title += f"; at {watched:,} something ran without the yes that the rules ask for"
    columns = ("client", "name", "calls", "refused", "only watched", "alone", "n", "last")
    lines = [(r.client_id, r.name, r.asked, r.refused, r.unbound, r.autonomy.json().get("value"), r.autonomy.n, r.last_at)
             for r in rows]  # fmt: skip
    return respond(request, "clients.html", _List(rows), sheet=Sheet("clients", columns, lines), title=title, days=DAYS)


@router.get("/clients/{key:path}/statement")
def statement_of(request: Request, key: str) -> Response:
    """What AI may do at a client, who approves the rest, how it is checked; `format=pdf` to hand over."""
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        found = statement(principal_of(request), runtime.sessions, snapshot, runtime.governs(), runtime.root / FOLDER, key,
                          now=runtime.clock.now())  # fmt: skip
    paper = request.app.state.papers.get(PAGE.name)
    if paper and request.query_params.get("format") == "pdf":
        name = "".join(one if one.isascii() and one.isalnum() else "-" for one in found.client.lower())
        return Response(paper(found), media_type="application/pdf",
                        headers={"Content-Disposition": f'attachment; filename="ai-at-{name}.pdf"'})  # fmt: skip
    return respond(request, "statement.html", found)


@router.get("/clients/{key:path}")
def one(request: Request, key: str) -> Response:
    """What AI did at a client, was refused, what changed and who answers for it."""
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        found = client_report(principal_of(request), runtime.sessions, snapshot, key, now=runtime.clock.now())
    columns = ("tool", "agents", "alone", "approved", "refused", "waiting", "only watched")
    lines = [(d.tool, ", ".join(d.agents), d.alone, d.approved, d.refused, d.waiting, d.watched) for d in found.did]
    return respond(request, "client.html", found, sheet=Sheet("client", columns, lines), title=headline(found), days=DAYS,
                   words=WORDS, plainly=plainly)  # fmt: skip
