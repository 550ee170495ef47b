"""Which policies agents' acts are held against, in words, and what each of them decided of late."""

from fastapi import APIRouter, Request, Response

from cadre.reports.agents.policy import FOLDER, policies, registered
from cadre.reports.agents.rules import RulesReport, rule_report, rules_report
from cadre.web.export import Sheet
from cadre.web.pages.govern import governing_context, names_of
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("rules", "Which policies hold, and what did each of them decide?", router)


@router.get("/govern/rules")
def show(request: Request) -> Response:
    """Every policy in words: those that never decide first, then the firm's, then Cadre's."""
    runtime, who = runtime_of(request), principal_of(request)
    with runtime.snapshot() as snapshot:
        found = policies(who, runtime.root / FOLDER, registered(runtime.sessions, snapshot))
    report = rules_report(who, runtime.sessions, found, runtime.clock.now())
    return respond(request, "rules.html", report, sheet=_sheet(report), title=_title(report),
                   **governing_context(request, names_of(runtime), None))  # fmt: skip


@router.get("/govern/rules/{name}")
def one(request: Request, name: str) -> Response:
    """One policy and the newest acts that it had a say in."""
    runtime, who = runtime_of(request), principal_of(request)
    report = rule_report(who, runtime.sessions, policies(who, runtime.root / FOLDER), name)
    return respond(request, "rule.html", report, **governing_context(request, names_of(runtime), None))


def _title(report: RulesReport) -> str:
    rules = plural(len(report.policies.own) + len(report.policies.cadres), "policy", "policies")
    if report.dead:
        return f"{len(report.dead):,} of {rules} can never decide anything"
    return f"{rules}: {len(report.policies.own):,} your own, {len(report.policies.cadres):,} of Cadre"


def _sheet(report: RulesReport) -> Sheet:
    columns = (
        "id",
        "rule",
        "effect",
        "raises to",
        "what lifts it",
        "where",
        "whose",
        "decided in 30 days",
        "why never",
    )
    return Sheet("policies", columns, [
        (rule.name, rule.text, rule.effect, rule.tier, rule.opens, rule.where, whose, report.counts.get(rule.name, 0),
         report.dead.get(rule.name, ""))
        for some, whose in ((report.policies.own, "own"), (report.policies.cadres, "Cadre's")) for rule in some
    ])  # fmt: skip
