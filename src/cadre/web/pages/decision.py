"""What was decided about agents' acts: the newest in a list, and one as a short record that anybody can read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from cadre.access.right import may
from cadre.errors import UsageError
from cadre.governance.outcome import State, Told
from cadre.reports.agents.act import ActRecord, act_record
from cadre.reports.agents.acts import Act, Wanted, acts, counts
from cadre.reports.agents.called import Called, argument_rows, called, plainly
from cadre.services.agents.report_outcome import Word, report_outcome
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("decision", "What did agents want, and what were they told?", router, section="Agents", label="Decisions",
            path="/decisions")  # fmt: skip
Words = Annotated[str, Form(max_length=2_000)]
Found = Literal["", "allow", "approve", "deny", "silent"]
WORDS = {"allow": "went ahead", "approve": "asked first", "deny": "was refused", "silent": "never heard of again"}
TOLD = {"done": "it was done", "failed": "it failed", "undone": "it was taken back", "reopened": "it came back"}
"""What a person can write down of an act without a digest of what they saw."""
DAYS = 30
MOST, MOST_TAKEN = 100, 5_000
"""Acts on a page, and in a file that is taken away."""


@dataclass(frozen=True, slots=True)
class _List:
    acts: tuple[Act, ...]
    older: str

    def json(self) -> dict[str, Any]:
        """The acts, the newest first; `older` goes into `before` for those after them."""
        return {"decisions": [asdict(act) for act in self.acts], "older": self.older or None}


@router.get("/decisions")
def show(request: Request, found: Annotated[Found, Query()] = "", client: Annotated[str, Query()] = "",
         agent: Annotated[str, Query()] = "", before: Annotated[str, Query(max_length=32)] = "") -> Response:  # fmt: skip
    """The newest decisions, by answer, client or agent."""
    runtime, who = runtime_of(request), principal_of(request)
    now, wanted = runtime.clock.now(), Wanted(found, client.strip(), agent.strip(), before)
    is_page = request.query_params.get("format", "html") == "html"
    most = MOST if is_page else MOST_TAKEN
    shown = acts(who, runtime.sessions, now, wanted=wanted, most=most)
    met = counts(who, runtime.sessions, now, wanted, days=DAYS) if is_page else {}
    older = shown[-1].decision_id if len(shown) == most else ""
    with runtime.snapshot() as snapshot:
        names = called(runtime.sessions, snapshot)
    return respond(
        request, "decisions.html", _List(shown, older), sheet=_sheet(shown), title=_title(met, shown, wanted, names),
        wanted=wanted, names=names, words=WORDS, counts=met, days=DAYS, plainly=plainly, became=_became,
    )  # fmt: skip


@router.post("/decisions/{decision_id}/told")
def tell(request: Request, decision_id: str, told: Words = "", detail: Words = "") -> Response:
    """Write down what somebody found of an act that was let through."""
    if told not in TOLD:
        raise UsageError("say what became of it", hint="Choose one of the four.")
    runtime, who = runtime_of(request), principal_of(request)
    report_outcome(who, runtime.work(), runtime.clock, decision_id, Word(Told(told), detail=detail.strip()))
    return RedirectResponse(f"/decisions/{quote(decision_id, safe='')}", status_code=303)


@router.get("/decisions/{decision_id}")
def one(request: Request, decision_id: str) -> Response:
    """Who wanted what, why it was decided so, who said yes, what became of it."""
    runtime = runtime_of(request)
    record = act_record(principal_of(request), runtime.sessions, runtime.clock.now(), decision_id)
    with runtime.snapshot() as snapshot:
        names = called(runtime.sessions, snapshot)
    may_answer = sorted(record.approval.may_answer(runtime.clock.now())) if record.approval else []
    return respond(request, "decision.html", record, title=_told(record, names), names=names, plainly=plainly,
                   arguments=argument_rows(record.act.arguments), may_answer=may_answer, tellable=TOLD,
                   may_tell=may(principal_of(request), "action:approve"))  # fmt: skip


def _title(met: Mapping[str, int], shown: tuple[Act, ...], wanted: Wanted, names: Called) -> str:
    whose = (f"{names.agent(wanted.agent)}: " if wanted.agent else "") + (
        f"{names.client(wanted.client)}: " if wanted.client else ""
    )
    if not met.get(""):
        return f"{whose}{f'nothing was asked for in {DAYS} days' if shown or whose else 'No agent has asked for anything yet'}"
    refused, lost = met.get("deny", 0), met.get("silent", 0)
    told = f"{refused:,} of {plural(met[''], 'act')} in {DAYS} days {'was' if refused == 1 else 'were'} refused"
    return f"{whose}{lost:,} never heard of again; {told}" if lost else whose + told


def _told(record: ActRecord, names: Called) -> str:
    act = record.act
    agent = names.agent(act.agent)
    if act.answered == "approve":
        state = record.state.value if record.state else "pending"
        return f"{agent} asked first: {'it waits' if state == 'pending' else state}"
    if act.answered == "deny":
        return f"{agent} was refused"
    if act.aftermath is not None and act.aftermath.state is State.SILENT:
        return f"{agent} went ahead, and nobody heard of it again"
    return f"{agent} went ahead"


def _became(act: Act) -> str:
    """What became of an ask that did not run."""
    met = {what for what, _, _ in act.steps}
    if "no" in met:
        return "somebody said no"
    if "lapsed" in met:
        return "allowed, and not run in time" if met & {"yes", "glass"} else "nobody answered in time"
    return "allowed, and not run yet" if met & {"yes", "glass"} else "not answered yet"


def _sheet(some: tuple[Act, ...]) -> Sheet:
    columns = ("decision", "at", "agent", "client", "tool", "answered", "tier", "mode", "reasons", "rules", "aftermath")
    return Sheet("decisions", columns, [
        (a.decision_id, a.at, a.agent, a.client_id, a.tool, a.answered, a.tier, a.mode, "; ".join(a.reasons),
         " ".join(a.rules), a.aftermath.state.value if a.aftermath else "")
        for a in some
    ])  # fmt: skip
