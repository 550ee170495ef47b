"""What may AI agents do here, and who says yes: switches, modes, hours, freezes, limits and approvers, and setting them."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse

from cadre.access.right import may
from cadre.errors import CadreError, NotFoundError
from cadre.governance.action import Tier
from cadre.reports.agents.called import Called, called, plainly
from cadre.reports.agents.govern import MODES, GovernReport, govern_report
from cadre.reports.agents.govern_words import DAY_NAMES, LIMIT_WORDS, TIER_WORDS, told, told_again, told_by, where_words
from cadre.reports.agents.governing import Changed, Setting, changes
from cadre.reports.agents.policy import FOLDER, engine_of
from cadre.runtime import Runtime
from cadre.services.agents.govern import Place, right_of, set_value, would_loosen
from cadre.services.agents.take_back import take_back
from cadre.web.govern_form import setting_of, switch_of
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, render, respond, runtime_of

router = APIRouter()
PAGE = Page("govern", "What may AI agents do here, and who says yes?", router, section="Agents", label="Rules",
            path="/govern")  # fmt: skip
_HERE = "/govern"
_BACKS = frozenset({_HERE, "/govern/catalogue"})
Words = Annotated[str, Form(max_length=2_000)]


@router.get("/govern")
def show(request: Request, done: Annotated[int | None, Query()] = None) -> Response:
    """What is stopped, how far each agent is bound, who says yes, and what was changed lately."""
    runtime, who = runtime_of(request), principal_of(request)
    with runtime.snapshot() as snapshot:
        report = govern_report(who, runtime.sessions, snapshot, runtime.governs(), runtime.clock.now())
    return respond(
        request, "govern.html", report, title=_title(report), modes=MODES, limits=LIMIT_WORDS, days=DAY_NAMES,
        tiers=TIER_WORDS, broken=_broken(runtime), plainly=plainly, **governing_context(request, report.names, done),
    )  # fmt: skip


@router.post("/govern/set")
async def set_one(request: Request) -> Response:
    """Set what governs from now on; what gets looser is shown first and said once more."""
    runtime, who = runtime_of(request), principal_of(request)
    form = await request.form()
    kind, value, place = setting_of(form, runtime.settings.firm.zone)
    back = str(form.get("back", ""))
    if kind in {"mode", "limits", "catalogue"} and not form.get("looser") and may(who, "action:govern"):
        words = would_loosen(runtime.work(), kind, value, place)
        if words:
            return Response(_confirm(request, form, words, _shown(kind, value, place)), media_type="text/html")
    made = set_value(who, runtime.work(), runtime.clock, kind, value, place=place, reason=str(form.get("reason", "")))
    return _gone(runtime, made.id, back)


@router.post("/govern/stop")
def stop(request: Request, what: Words = "", reason: Words = "", go: Words = "") -> Response:
    """Stop an agent, all agents of a client or all of them, or let them go on."""
    runtime = runtime_of(request)
    made = set_value(principal_of(request), runtime.work(), runtime.clock, "switch", None if go else True,
                     place=switch_of(what), reason=reason)  # fmt: skip
    return _gone(runtime, made.id, _HERE)


@router.get("/govern/undo")
def before_undo(request: Request, number: Annotated[int, Query()], back: Annotated[str, Query()] = "") -> Response:
    """What holds again once a setting is taken back, and the form that does it."""
    runtime, who = runtime_of(request), principal_of(request)
    found = changes(who, runtime.sessions, number=number)
    if not found:
        raise NotFoundError("there is no such setting", hint="Take one from what was changed lately.")
    one, names = found[0], names_of(runtime)
    place = Place(one.setting.agent, one.setting.client_id, one.setting.key)
    newer = () if one.is_free else changes(who, runtime.sessions, number=one.stands)
    return respond(
        request, "govern_undo.html", one, newer=newer[0] if newer else None, back=back if back in _BACKS else _HERE,
        looser=would_loosen(runtime.work(), one.setting.kind, one.before, place),
        again=told_again(one.again, names, runtime.governs(), runtime.settings.firm.zone),
        **governing_context(request, names, None),
    )  # fmt: skip


@router.post("/govern/undo")
def undo(request: Request, number: Annotated[int, Form()], reason: Words = "", back: Words = "") -> Response:
    """Set again what held before a setting."""
    runtime = runtime_of(request)
    made = take_back(principal_of(request), runtime.work(), runtime.clock, number, reason=reason)
    return _gone(runtime, made.id, back)


def governing_context(request: Request, names: Called, done: int | None) -> dict[str, Any]:
    """What every page about the rules of agents needs: words of settings, what was just done, and what may be done."""
    runtime, who = runtime_of(request), principal_of(request)
    zone = runtime.settings.firm.zone
    just = changes(who, runtime.sessions, number=done) if done is not None else ()

    def changed(one: Changed) -> str:
        return told_by(one.setting, names, zone)

    return {
        "told": lambda one: told(one, names, zone), "changed": changed, "where": lambda one: where_words(one, names),
        "names": names, "just": just[0] if just else None, "may_govern": may(who, "action:govern"),
        "may_stop": may(who, "action:stop"),
        "may_undo": lambda one: one.is_free and may(who, right_of(one.setting.kind, one.before)),
    }  # fmt: skip


def names_of(runtime: Runtime) -> Called:
    """What agents, clients and accounts are called now."""
    with runtime.snapshot() as snapshot:
        return called(runtime.sessions, snapshot)


def tier_choices() -> list[tuple[str, str]]:
    """Tiers by name with what each means, the loosest first."""
    return [(tier.text, TIER_WORDS[tier]) for tier in Tier]


def _title(report: GovernReport) -> str:
    if any(not one.agent and not one.client_id for one in report.stops):
        return "All agents are stopped"
    if report.stops:
        return f"{plural(len(report.stops), 'switch is', 'switches are')} down"
    past = len(report.ungoverned) + sum(one.outside > 0 for one in report.bound)
    beside = f"; {plural(past, 'machine acts', 'machines act')} past the gate" if past else ""
    if not report.bound:
        return f"No agent is known yet{beside}"
    agents = {one.agent for one in report.bound}
    loose = {one.agent for one in report.bound if one.mode.value != "enforce"}
    if not loose:
        return f"{plural(len(agents), 'agent')}, all held to the rules{beside}"
    are = "is" if len(loose) == 1 else "are"
    return f"{len(loose):,} of {plural(len(agents), 'agent')} {are} watched, not held to the rules{beside}"


def _broken(runtime: Runtime) -> str:
    """Why the policies do not load, which refuses everything; empty where they do."""
    try:
        engine_of(runtime.root / FOLDER)
    except CadreError as error:
        return f"{error.message}. {error.hint}"
    return ""


def _shown(kind: str, value: Any, place: Place) -> Setting:
    """What would be set, for a person to read."""
    return replace(_BLANK, kind=kind, agent=place.agent, client_id=place.client, key=place.key, value=value)


def _confirm(request: Request, form: FormData, words: str, one: Setting) -> str:
    runtime = runtime_of(request)
    fields = [(name, str(value)) for name, value in form.multi_items() if name not in {"reason", "looser"}]
    return render(request, "govern_confirm.html", words=words, fields=fields, reason=str(form.get("reason", "")),
                  sentence=told(one, names_of(runtime), runtime.settings.firm.zone))  # fmt: skip


def _gone(runtime: Runtime, number: int | None, back: str) -> Response:
    """Let what was set hold at once in this process, and say what was done."""
    if "governor" in runtime.__dict__:
        runtime.governor.forget()
    to = back if back in _BACKS else _HERE
    return RedirectResponse(f"{to}?done={number}", status_code=303)


_BLANK = Setting("", "", "", "", None, "", None, "")  # type: ignore[arg-type]
