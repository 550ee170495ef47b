"""What a draft of the policies would have decided over the last quarter, held against what holds now."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from cadre.errors import NotFoundError
from cadre.governance.replay import MINUTES_PER_APPROVAL
from cadre.policy.source import folder_files
from cadre.reports.agents.policy import FOLDER, engine_of
from cadre.reports.agents.step_up import StepUp, step_up
from cadre.web.pages.govern import governing_context, names_of
from cadre.web.pages.page import Page
from cadre.web.session import principal_of
from cadre.web.view import plural, respond, runtime_of

router = APIRouter()
PAGE = Page("replay", "What would other policies have decided?", router)
DAYS = 91


@router.get("/govern/replay")
def show(request: Request, folder: Annotated[str, Query(max_length=200)] = "",
         minutes: Annotated[float, Query(ge=0, le=600)] = MINUTES_PER_APPROVAL) -> Response:  # fmt: skip
    """Choose a draft; then what it changes, act by act, and what it costs."""
    runtime, who = runtime_of(request), principal_of(request)
    drafts = drafts_of(runtime.root)
    chosen = folder or (drafts[0] if drafts else FOLDER)
    if chosen not in (*drafts, FOLDER):
        raise NotFoundError(
            "there is no such draft", hint=f"Put it into a folder of the workspace called {FOLDER}-draft."
        )

    def tried(name: str) -> StepUp:
        return step_up(
            who, runtime.sessions, engine_of(runtime.root / name), runtime.clock.now(), days=DAYS, minutes=minutes
        )

    report, held = tried(chosen), tried(FOLDER)
    return respond(request, "replay.html", report, title=_title(report, chosen, drafts), drafts=drafts, chosen=chosen,
                   held=held, minutes=minutes, days=DAYS, folder=FOLDER,
                   **governing_context(request, names_of(runtime), None))  # fmt: skip


def drafts_of(root: Path) -> tuple[str, ...]:
    """Folders of a workspace beside the policies in force that hold a draft of them."""
    found = (path for path in root.glob(f"{FOLDER}-*") if path.is_dir() and folder_files(path))
    return tuple(sorted(path.name for path in found))


def _title(report: StepUp, chosen: str, drafts: tuple[str, ...]) -> str:
    if not drafts and chosen == FOLDER:
        return "There is no draft to try"
    changes = len(report.replay.changes)
    if not changes:
        return f"{chosen} changes none of {plural(report.replay.count, 'decision')}"
    return f"{chosen} changes {changes:,} of {plural(report.replay.count, 'decision')}"
