"""AI register: which AI tools are in use, what they may be given, and what nobody knows of them?"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.reports.agents.ai_register import DATA_CLASSES, RESPONSIBLE, WORDS, ai_register, handling, headline
from cadre.services.agents.ai_register import TRAINS, Found, check_tool
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import day_told, respond, runtime_of

router = APIRouter()
PAGE = Page("ai_register", "Which AI tools are in use, with what data, and what is unknown of them?", router,
            section="Agents", label="AI tools", path="/ai-register")  # fmt: skip
Words = Annotated[str, Form()]


@router.get("/ai-register")
def show(request: Request) -> Response:
    """Every tool, the rules on data, and who answers at which tier."""
    runtime = runtime_of(request)
    now = runtime.clock.now()
    with runtime.snapshot() as snapshot:
        report = ai_register(principal_of(request), runtime.sessions, snapshot, now=now)
    columns = ("key", "name", "client", "checked on", *WORDS, "unknown", "ended")
    lines = [(r.entry.key, r.entry.name, r.client, r.entry.checked_on, *(r.facts[name] for name in WORDS),
              ", ".join(r.entry.unknown), r.entry.is_ended) for r in report.tools]  # fmt: skip
    return respond(request, "ai_register.html", report, sheet=Sheet("ai-register", columns, lines),
                   title=headline(report, now.date()), words=WORDS, rules=handling(), responsible=RESPONSIBLE,
                   classes=DATA_CLASSES, trains=TRAINS)  # fmt: skip


@router.post("/ai-register/check")
async def check(request: Request, name: Words = "", key: Words = "", tools: Words = "", client_id: Words = "",
                checked_on: Words = "", ended: Words = "") -> Response:  # fmt: skip
    """Record a check; fields left empty are unknown."""
    runtime = runtime_of(request)
    form = await request.form()
    told = {field: str(form.get(field, "")).strip() or None for field in _FIELDS}
    classes = tuple(str(one) for one in form.getlist("data_classes"))
    found = Found(**told, owner_person_id=str(form.get("owner", "")) or None,
                  data_classes=tuple(one for one in classes if one != "none") if classes else None)  # fmt: skip
    check_tool(principal_of(request), runtime.work(), runtime.clock, runtime.warehouse, name=name, found=found,
               tools=tuple(tools.splitlines()), client_id=client_id or None, checked_on=day_told(checked_on), key=key,
               is_ended=bool(ended))  # fmt: skip
    return RedirectResponse("/ai-register", status_code=303)


_FIELDS = ("vendor", "model", "purpose", "processed_in", "kept", "trains", "sub_processors", "contract")
