"""Machines: who acts here without being a person, who answers for it, and what is wrong with it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from cadre.errors import UsageError
from cadre.reports.agents.machines import ASKS, LIMITS, MachineRow, headline, machines
from cadre.services.machines.machine import (
    KINDS,
    SECRET_DAYS,
    NewSecret,
    change_expiry,
    change_owner,
    new_secret,
    register,
    retire,
    revoke,
)
from cadre.web.export import Sheet
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import day_told, respond, runtime_of

router = APIRouter()
PAGE = Page("machine", "Who acts here without being a person, and who answers for it?", router, section="Agents", label="Machines",
            path="/machines")  # fmt: skip
_BACK = "/machines"
Words = Annotated[str, Form()]


@router.get("/machines")
def show(request: Request, found: str = "") -> Response:
    """Every machine that is known, the most urgent first."""
    return _shown(request, found=found)


@router.post("/machines/register")
def register_one(
    request: Request, name: Words = "", purpose: Words = "", owner: Words = "", kind: Words = "agent", key: Words = "",
    client_id: Words = "", removal: Words = "", expires_on: Words = "",
) -> Response:  # fmt: skip
    """Decide that a machine may exist."""
    runtime = runtime_of(request)
    register(
        principal_of(request), runtime.work(), runtime.clock, runtime.warehouse, name=name, purpose=purpose, owner=owner,
        kind=kind, key=key, client_id=client_id or None, removal=removal, expires_on=day_told(expires_on),
    )  # fmt: skip
    return RedirectResponse(_BACK, status_code=303)


@router.post("/machines/change")
def change(
    request: Request, key: Words, what: Words, reason: Words = "", owner: Words = "", expires_on: Words = "",
    overlap_hours: Annotated[int, Form()] = 0,
) -> Response:  # fmt: skip
    """Another owner or end, a new secret, none any more, or its end for good."""
    runtime = runtime_of(request)
    where = (principal_of(request), runtime.work(), runtime.clock)
    secret = None
    if what == "owner":
        change_owner(*where, runtime.warehouse, key=key, owner=owner, reason=reason)
    elif what == "expiry":
        change_expiry(*where, key=key, expires_on=day_told(expires_on), reason=reason)
    elif what == "secret":
        secret = new_secret(*where, key=key, reason=reason, overlap_hours=overlap_hours)
    elif what == "revoke":
        revoke(*where, key=key, reason=reason)
    elif what == "retire":
        retire(*where, key=key, reason=reason)
    else:
        raise UsageError(f"unknown change {what!r}", hint="Use owner, expiry, secret, revoke or retire.")
    return _shown(request, secret=secret) if secret else RedirectResponse(_BACK, status_code=303)


def _shown(request: Request, *, found: str = "", secret: NewSecret | None = None) -> Response:
    runtime = runtime_of(request)
    with runtime.snapshot() as snapshot:
        report = machines(principal_of(request), runtime.sessions, snapshot, now=runtime.clock.now())
    rows = [r for r in report.machines if not found or any(f.kind == found for f in r.findings)]
    return respond(
        request,
        "machines.html",
        report,
        sheet=_sheet(rows),
        title=headline(report),
        rows=rows,
        found=found,
        asks=ASKS,
        limits=LIMITS,
        kinds=KINDS,
        secret=secret,
        secret_days=SECRET_DAYS,
    )


def _sheet(rows: list[MachineRow]) -> Sheet:
    columns = ("key", "name", "kind", "owners", "clients", "purpose", "last used", "registered", "retired", "findings")
    return Sheet("machines", columns, [
        (r.machine.key, r.name, r.kind, ", ".join(r.owners), ", ".join(r.clients), r.purpose, r.machine.last_used_at,
         r.machine.is_registered, r.machine.retired_at, ", ".join(f.kind for f in r.findings))
        for r in rows
    ])  # fmt: skip
