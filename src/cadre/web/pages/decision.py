"""What was decided about agents' acts: the newest in a list, and one as a short record that anybody can read."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from cadre.governance.outcome import State
from cadre.reports.agents.act import ActRecord, act_record
from cadre.reports.agents.acts import Act, acts, silent
from cadre.reports.agents.called import Called, argument_rows, called, plainly
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("decision", "What did agents want, and what were they told?", router, section="Agents", label="Decisions",
            path="/decisions")  # fmt: skip
Found = Literal["", "allow", "approve", "deny", "silent"]
WORDS = {"allow": "went ahead", "approve": "asked first", "deny": "was refused", "silent": "never heard of again"}
MOST = 200


@dataclass(frozen=True, slots=True)
class _List:
    acts: tuple[Act, ...]

    def json(self) -> dict[str, Any]:
        """The acts, the newest first."""
        return {"decisions": [asdict(act) for act in self.acts]}


@router.get("/decisions")
def show(request: Request, found: Annotated[Found, Query()] = "", client: Annotated[str, Query()] = "",
         agent: Annotated[str, Query()] = "") -> Response:  # fmt: skip
    """The newest decisions, by answer, client or agent."""
    runtime, who = runtime_of(request), principal_of(request)
    now = runtime.clock.now()
    newest = acts(who, runtime.sessions, now, client=client or None, most=MOST)
    unheard = silent(who, runtime.sessions, now, most=MOST)
    some = {"": newest, "silent": unheard}.get(found, tuple(act for act in newest if act.answered == found))
    shown = tuple(act for act in some if agent in ("", act.agent) and client in ("", act.client_id))
    with runtime.snapshot() as snapshot:
        names = called(runtime.sessions, snapshot)
    counts = [(key, len(unheard) if key == "silent" else sum(act.answered == key for act in newest)) for key in WORDS]
    return respond(
        request, "decisions.html", _List(shown), sheet=_sheet(shown), title=_title(newest, unheard), found=found,
        client=client, agent=agent, names=names, words=WORDS, counts=counts, total=len(newest), most=MOST,
        plainly=plainly,
    )  # fmt: skip


@router.get("/decisions/{decision_id}")
def one(request: Request, decision_id: str) -> Response:
    """Who wanted what, why it was decided so, who said yes, what became of it."""
    runtime = runtime_of(request)
    record = act_record(principal_of(request), runtime.sessions, runtime.clock.now(), decision_id)
    with runtime.snapshot() as snapshot:
        names = called(runtime.sessions, snapshot)
    return respond(request, "decision.html", record, title=_told(record, names), names=names, plainly=plainly,
                   arguments=argument_rows(record.act.arguments))  # fmt: skip


def _title(newest: tuple[Act, ...], unheard: tuple[Act, ...]) -> str:
    if not newest:
        return "No agent has asked for anything yet"
    refused = sum(act.answered == "deny" for act in newest)
    told = f"{refused:,} of the last {plural(len(newest), 'act')} {'was' if refused == 1 else 'were'} refused"
    return f"{told}; {len(unheard):,} never heard of again" if unheard else told


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


def _sheet(some: tuple[Act, ...]) -> Sheet:
    columns = ("decision", "at", "agent", "client", "tool", "answered", "tier", "mode", "reasons", "rules", "aftermath")
    return Sheet("decisions", columns, [
        (a.decision_id, a.at, a.agent, a.client_id, a.tool, a.answered, a.tier, a.mode, "; ".join(a.reasons),
         " ".join(a.rules), a.aftermath.state.value if a.aftermath else "")
        for a in some
    ])  # fmt: skip
