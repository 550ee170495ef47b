"""Accounts: who may sign in as what; inviting, and changing what an account is."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.access.limit import LINK_DAYS, MOST_LINK_DAYS
from cadre.access.principal import ROLES, Principal
from cadre.errors import ForbiddenError, UsageError
from cadre.reports.people.accounts import accounts
from cadre.services.accounts.account import deactivate, link_person, reactivate, set_role
from cadre.services.accounts.invite import Link, invite, new_link, revoke_invitation
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("accounts", "Who may sign in, and as what?", router)
_BACK = "/accounts"


@router.get("/accounts")
def show(request: Request) -> Response:
    """Accounts, open invitations, what was changed."""
    return _shown(request)


@router.post("/accounts/invite")
def invite_one(
    request: Request,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    person_id: Annotated[str, Form()] = "",
    days: Annotated[int, Form()] = LINK_DAYS,
) -> Response:
    """Make a link; it is shown on this answer and never again."""
    runtime = runtime_of(request)
    link = invite(
        _with_account(request),
        runtime.work(),
        runtime.clock,
        runtime.warehouse,
        name=name,
        role=role,
        person_id=person_id or None,
        days=days,
    )
    return _shown(request, link=link)


@router.post("/accounts/link")
def renew(request: Request, account_id: Annotated[int, Form()]) -> Response:
    """Make a link for a new password; it is shown on this answer and never again."""
    runtime = runtime_of(request)
    link = new_link(_with_account(request), runtime.work(), runtime.clock, account_id=account_id)
    return _shown(request, link=link)


@router.post("/accounts/revoke")
def revoke(request: Request, invitation_id: Annotated[int, Form()]) -> Response:
    """Take an invitation back."""
    runtime = runtime_of(request)
    revoke_invitation(_with_account(request), runtime.work(), runtime.clock, invitation_id=invitation_id)
    return RedirectResponse(_BACK, status_code=303)


@router.post("/accounts/change")
def change(
    request: Request,
    account_id: Annotated[int, Form()],
    what: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    person_id: Annotated[str, Form()] = "",
) -> Response:
    """Give another role, say who it is on the staff, switch off or on."""
    runtime = runtime_of(request)
    where = (_with_account(request), runtime.work(), runtime.clock)
    if what == "role":
        set_role(*where, account_id=account_id, role=role, reason=reason)
    elif what == "person":
        link_person(*where, runtime.warehouse, account_id=account_id, person_id=person_id or None, reason=reason)
    elif what == "off":
        deactivate(*where, account_id=account_id, reason=reason)
    elif what == "on":
        reactivate(*where, account_id=account_id, reason=reason)
    else:
        raise UsageError(f"unknown change {what!r}", hint="Use role, person, off or on.")
    return RedirectResponse(_BACK, status_code=303)


def _with_account(request: Request) -> Principal:
    """Who asks, unless they are only at the machine: the first account is not made from a page."""
    principal = principal_of(request)
    if principal.account_id is None:
        raise ForbiddenError(
            "the first account is made at the machine itself, never from a page",
            hint="Run `cadre account invite NAME --role owner`.",
        )
    return principal


def _shown(request: Request, *, link: Link | None = None) -> Response:
    runtime = runtime_of(request)
    principal = principal_of(request)
    with runtime.snapshot() as snapshot:
        report = accounts(principal, runtime.sessions, snapshot, now=runtime.clock.now())
    columns = ("account", "name", "role", "person", "active", "since", "last seen")
    lines = [(a.account_id, a.name, a.role, a.person, a.is_active, a.made_at, a.seen_at) for a in report.accounts]
    active = sum(a.is_active for a in report.accounts)
    return respond(
        request,
        "accounts.html",
        report,
        sheet=Sheet("accounts", columns, lines),
        link=link,
        address=f"{str(request.base_url).rstrip('/')}{link.path}" if link else "",
        is_first=principal.account_id is None,
        roles=ROLES,
        days=LINK_DAYS,
        most_days=MOST_LINK_DAYS,
        title=f"{plural(active, 'person', 'people')} may sign in" if active else "Nobody has an account yet",
    )
