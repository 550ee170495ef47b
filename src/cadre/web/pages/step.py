"""Before an agent is held to the rules: what its last month would have come to, and then setting its mode with a reason."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from cadre.governance.replay import MINUTES_PER_APPROVAL
from cadre.reports.agents.govern import DAYS, MODES
from cadre.reports.agents.policy import FOLDER, engine_of
from cadre.reports.agents.step_up import step_up
from cadre.web.pages.govern import governing_context, names_of
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("step", "What would another mode have stopped and asked?", router)
Mode = Literal["observe", "advise", "enforce"]


@router.get("/govern/step")
def show(request: Request, agent: Annotated[str, Query(max_length=200)] = "",
         client: Annotated[str, Query(max_length=200)] = "", mode: Mode = "enforce",
         minutes: Annotated[float, Query(ge=0, le=600)] = MINUTES_PER_APPROVAL) -> Response:  # fmt: skip
    """The last 30 days as if they had bound, and the form that sets the mode."""
    runtime, who = runtime_of(request), principal_of(request)
    names = names_of(runtime)
    report = step_up(who, runtime.sessions, engine_of(runtime.root / FOLDER), runtime.clock.now(), days=DAYS,
                     agent=agent, client=client, minutes=minutes)  # fmt: skip
    effort = report.replay.effort
    whom = f"{names.agent(agent) if agent else 'All agents'}{' at ' + names.client(client) if client else ''}"
    title = (
        f"{effort.stopped:,} of {plural(report.replay.count, 'act')} would have been refused, {effort.asked:,} asked"
    )
    return respond(
        request, "step.html", report, title=title if report.replay.count else "Nothing to look back on yet",
        agent=agent, client=client, mode=mode, minutes=minutes, whom=whom, modes=MODES, days=DAYS,
        now_mode=runtime.governs().mode(agent, client).value,
        **governing_context(request, names, None),
    )  # fmt: skip
