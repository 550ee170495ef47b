"""The gate over HTTP for agents: a token, an evaluation, the use of an approval, what became of it, how it stands.

Keeps true: who asks is the agent of the token and nobody else; an evaluation is answered once it is on disk.

References:
    OpenID AuthZEN Authorization API 1.0; RFC 6749 section 4.4, client credentials.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPBasic, HTTPBearer
from starlette.responses import JSONResponse

from cadre import __version__
from cadre.access.agent_token import LIFE
from cadre.errors import NotFoundError
from cadre.governance.outcome import Told
from cadre.reports.agents.acts import acts
from cadre.runtime import AT_MACHINE
from cadre.services.agents.enforce import standing_of, use_decision
from cadre.services.agents.report_outcome import Word as Reported
from cadre.services.agents.report_outcome import report_outcome
from cadre.services.machines.sign_in import Agent, token_for
from cadre.web import shape
from cadre.web.agent_route import AgentRoute, EvaluationRoute, SharedRoute, agent_behind, secret_shown
from cadre.web.view import runtime_of
from cadre.web.waiting import Waiting

_ACCESS = "/access/v1"
EVALUATION = f"{_ACCESS}/evaluation"
DESCRIPTION = "/agents/openapi.json"
_CODES = {
    400: "This is no JSON, or there is nothing to do here", 401: "No proof that holds", 403: "Not this agent's to ask",
    422: "What was sent does not fit", 503: "It could not be written down",
}  # fmt: skip
_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": shape.Refusal, "description": words} for code, words in _CODES.items()
}
_GONE: dict[int | str, dict[str, Any]] = {
    404: {"model": shape.Refusal, "description": "This agent has no such decision"}
}

_bearer = HTTPBearer(scheme_name="agent token", description="From /agents/token; lives 15 minutes.", auto_error=False)
_basic = HTTPBasic(scheme_name="agent secret", description="The secret as the password.", auto_error=False)
shared = APIRouter(route_class=SharedRoute, include_in_schema=False)
evaluations = APIRouter(route_class=EvaluationRoute, responses=_ERRORS, tags=["gate"])
router = APIRouter(route_class=AgentRoute, responses=_ERRORS, tags=["gate"])
By = Annotated[Agent, Depends(agent_behind)]


@router.post("/agents/token", dependencies=[Depends(_basic)])
def token(request: Request) -> shape.TokenGiven:
    """A token of 15 minutes for an agent's secret (client credentials)."""
    runtime = runtime_of(request)
    made, _ = token_for(runtime.work(), runtime.clock, runtime.agent_key, secret=secret_shown(request))
    return shape.TokenGiven(access_token=made, expires_in=int(LIFE.total_seconds()))


@evaluations.post(EVALUATION, dependencies=[Depends(_bearer)], response_model=shape.Verdict)
async def evaluate(request: Request, by: By, body: shape.Evaluation) -> Response:
    """May this agent make this call? The answer is on record before it is given."""
    waiting: Waiting = request.app.state.waiting
    return JSONResponse(shape.verdict(await waiting.settled(*runtime_of(request).governor.submit(*body.asked(by)))))


@router.post(
    "/decisions/{decision_id}/use",
    dependencies=[Depends(_bearer)],
    responses=_GONE,
    response_model=shape.Verdict,
)
def use(request: Request, by: By, decision_id: str, body: shape.Evaluation) -> Any:
    """Use an approval up, just before the act runs: the same call, word for word; anything else is refused."""
    runtime = runtime_of(request)
    caller, action = body.asked(by)
    answer = use_decision(runtime.work(), runtime.steady, runtime.governor, caller, action, decision_id)
    return shape.verdict(answer)


@router.post("/decisions/{decision_id}/outcome", dependencies=[Depends(_bearer)], responses=_GONE, status_code=201)
def outcome(request: Request, by: By, decision_id: str, body: shape.Word) -> shape.Stands:
    """Tell what became of an act."""
    runtime = runtime_of(request)
    standing_of(runtime.work(), runtime.clock, by.key, decision_id)  # what is not its own is not there for it
    told = Reported(Told(body.told), body.after_digest, body.undo_offered, body.detail)
    report_outcome(by.key, runtime.work(), runtime.clock, decision_id, told)
    return _stands(request, by, decision_id)


@shared.get("/decisions/{decision_id}")
@router.get(f"{_ACCESS}/decisions/{{decision_id}}", dependencies=[Depends(_bearer)], responses=_GONE)
def stands(request: Request, by: By, decision_id: str) -> shape.Stands:
    """How a decision stands: who answered, whether it may run now, what became of it."""
    return _stands(request, by, decision_id)


def _stands(request: Request, by: Agent, decision_id: str) -> shape.Stands:
    runtime = runtime_of(request)
    standing = standing_of(runtime.work(), runtime.clock, by.key, decision_id)
    found = acts(AT_MACHINE, runtime.sessions, runtime.clock.now(), decision_id=decision_id)
    if not found:
        raise NotFoundError("there is no such decision", hint="Name the id that the answer gave.")
    act, held = found[0], standing.approval
    return shape.Stands(
        decision_id=act.decision_id, at=act.at, client=act.client_id, tool=act.tool, outcome=act.answered,  # type: ignore[arg-type]
        tier=act.tier, reasons=list(act.reasons), rules=list(act.rules), mode=act.mode,
        approval_id=held.approval_id if held else "", approval=standing.state.value if standing.state else "",
        answered_by=[said.approver for said in held.answers] if held else [], may_run=standing.may_run,
        aftermath=act.aftermath.state.value if act.aftermath else "",
    )  # fmt: skip


@router.get(DESCRIPTION, include_in_schema=False)
async def description(request: Request) -> Response:
    """These routes as OpenAPI 3.1; read by programs, and open, since it says nothing of the firm."""
    del request
    return JSONResponse(described())


def described() -> dict[str, Any]:
    """The description of these routes."""
    return get_openapi(
        title="Cadre gate", version=__version__, routes=[*evaluations.routes, *router.routes],
        description="What agents ask before they act. Each answer is on record before it is given.",
    )  # fmt: skip
