"""What agents ask for and may not do alone: read, answered one by one or side by side, opened in an emergency, reviewed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from cadre.errors import CadreError, UsageError
from cadre.reports.agents.approvals import Inbox, inbox, not_yours
from cadre.reports.agents.called import argument_rows, called, plainly, said_by_all, side_by_side
from cadre.runtime import Runtime
from cadre.services.actor import actor_of
from cadre.services.agents.approve import answer_approval, break_the_glass, review_glass
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("approval", "What do agents wait for from me?", router, section="Agents", label="Approvals",
            path="/approvals")  # fmt: skip
_HERE = "/approvals"
Words = Annotated[str, Form(max_length=2_000)]


@router.get("/approvals")
def show(request: Request, done: Annotated[int, Query(ge=0)] = 0) -> Response:
    """What waits for whoever looks, what lapses first at the top."""
    return _shown(request, done=done)


@router.post("/approvals/answer")
def answer_many(request: Request, answer: Words, approval: Annotated[list[str] | None, Form()] = None,
                reason: Words = "") -> Response:  # fmt: skip
    """Answer each of a list by itself; one that cannot be answered stops none of the others."""
    if not approval:
        raise UsageError("nothing was chosen", hint="Tick what the answer is about.")
    runtime, who, left = runtime_of(request), principal_of(request), {}
    for each in approval:
        try:
            answer_approval(who, runtime.work(), runtime.clock, each, is_yes=_is_yes(answer), reason=reason)
        except CadreError as error:
            left[each] = f"{error.message}. {error.hint}"
    if len(left) == len(approval) == 1:
        raise UsageError(left[approval[0]].partition(". ")[0], hint="Look at what waits now.")
    return _shown(request, left=left) if left else RedirectResponse(f"{_HERE}?done={len(approval)}", status_code=303)


@router.post("/approvals/{approval_id}/answer")
def answer_one(request: Request, approval_id: str, answer: Words, reason: Words = "") -> Response:
    """Say yes or no to one."""
    runtime = runtime_of(request)
    answer_approval(principal_of(request), runtime.work(), runtime.clock, approval_id, is_yes=_is_yes(answer),
                    reason=reason)  # fmt: skip
    return RedirectResponse(f"{_HERE}?done=1", status_code=303)


@router.post("/approvals/{approval_id}/glass")
def glass(request: Request, approval_id: str, reason: Words = "") -> Response:
    """Let one through alone, in an emergency."""
    runtime = runtime_of(request)
    break_the_glass(principal_of(request), runtime.work(), runtime.clock, runtime.governs(), approval_id,
                    reason=reason)  # fmt: skip
    return RedirectResponse(f"{_HERE}?done=1", status_code=303)


@router.post("/approvals/{approval_id}/review")
def review(request: Request, approval_id: str, right: Words, reason: Words = "") -> Response:
    """Say whether an emergency of somebody else was one."""
    runtime = runtime_of(request)
    review_glass(principal_of(request), runtime.work(), runtime.clock, approval_id, was_right=_is_yes(right),
                 reason=reason)  # fmt: skip
    return RedirectResponse(f"{_HERE}?done=1", status_code=303)


class _Told:
    """An inbox as programs read it."""

    def __init__(self, found: Inbox) -> None:
        self.groups, self.reviews, self.others = found.groups, found.reviews, found.others

    def json(self) -> dict[str, Any]:
        """What waits, each with the digest it is bound to; and what wants a second look."""
        return {"waiting": [_plain(one) for group in self.groups for one in group.items],
                "reviews": [_plain(one) for one in self.reviews],
                "others": [_plain(one) | {"arguments": None, "user_request": ""} for one in self.others]}  # fmt: skip


def _plain(one: Any) -> dict[str, Any]:
    told = {key: value for key, value in asdict(one).items() if key != "approval"}
    held = one.approval
    return told | {"approval_id": held.approval_id, "digest": held.binding.digest, "asked_at": held.asked_at,
                   "expires_at": held.expires_at, "needed": held.needed,
                   "said_yes": [said.approver for said in held.answers if said.is_yes]}  # fmt: skip


def _shown(request: Request, *, done: int = 0, left: Mapping[str, str] | None = None) -> Response:
    runtime, who = runtime_of(request), principal_of(request)
    found = inbox(who, runtime.sessions, runtime.clock.now())
    with runtime.snapshot() as snapshot:
        names = called(runtime.sessions, snapshot)
    return respond(
        request, "approvals.html", _Told(found), sheet=_sheet(found), title=_title(found), done=done, left=left or {},
        names=names, arguments=argument_rows, beside=side_by_side, together=said_by_all, plainly=plainly,
        on_call=_on_call(runtime, actor_of(who), found), asked_of=lambda held: held.may_answer(runtime.clock.now()),
        not_yours=lambda held: not_yours(held, actor_of(who)),
    )  # fmt: skip


def _title(found: Inbox) -> str:
    waiting = sum(len(group.items) for group in found.groups)
    if not waiting and not found.reviews and found.others:
        return f"Nothing waits for you; {plural(len(found.others), 'act')} {'waits' if len(found.others) == 1 else 'wait'} for others"
    if not waiting:
        return "Nothing waits for you" if not found.reviews else "An emergency wants your second look"
    return f"{plural(waiting, 'act')} {'waits' if waiting == 1 else 'wait'} for your answer"


def _on_call(runtime: Runtime, who: str, found: Inbox) -> frozenset[str]:
    """Clients at which whoever looks may break the glass."""
    governing = runtime.governs()
    where = {group.kind.client for group in found.groups} | {one.client_id for one in found.others}
    return frozenset(client for client in where if who in governing.approvers(client).on_call)


def _sheet(found: Inbox) -> Sheet:
    columns = (
        "approval",
        "decision",
        "waits for",
        "agent",
        "client",
        "tool",
        "tier",
        "asked at",
        "until",
        "missing answers",
    )
    rows = [("you", one) for group in found.groups for one in group.items] + [("others", one) for one in found.others]
    return Sheet("approvals", columns, [
        (one.approval.approval_id, one.decision_id, whom, one.agent, one.client_id, one.tool, one.tier,
         one.approval.asked_at, one.approval.expires_at, one.approval.needed - len(one.approval.answers))
        for whom, one in rows
    ])  # fmt: skip


def _is_yes(told: str) -> bool:
    if told not in {"yes", "no"}:
        raise UsageError("an answer is yes or no", hint="Press one of the two.")
    return told == "yes"
