"""Style: every component in every state, with invented values, so that it can be looked at in one place."""

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate
from cadre.reports.agenda import AgendaItem
from cadre.reports.release import Withheld
from cadre.reports.signals import Spread
from cadre.web.charts import Scale
from cadre.web.pages.page import Page
from cadre.web.view import render

router = APIRouter()
PAGE = Page("style", "What are pages built of?", router)

SPREAD = Spread(low=0.35, middle=0.58, high=0.8, least=0.2, most=0.95, people=28, thin=3)
SCALE = Scale(0.0, 1.0, "share", (0.0, 0.25, 0.5, 0.75, 1.0))
MEASURED = (
    ("Clearly better", Estimate(0.86, 0.78, 0.92, 0.9, 74)),
    ("Probably better", Estimate(0.68, 0.52, 0.82, 0.9, 31)),
    ("Cannot tell yet", Estimate(0.56, 0.38, 0.74, 0.9, 22)),
    ("Clearly behind", Estimate(0.31, 0.22, 0.42, 0.9, 58)),
    ("Thin evidence", Abstained("not enough evidence", 4, 20)),
)
ITEM = AgendaItem(
    kind="stale",
    key="style:example",
    happened="The ticket system has told nothing since 3 April 2026, 18 days behind",
    matters="Work done there since then counts for nobody.",
    rows="/record#sources",
    row_count=1,
    minutes=5,
    action="Export it again and load it",
    weight=50,
)


@router.get("/style")
def show(request: Request) -> Response:
    """The living style page."""
    html = render(
        request,
        "style.html",
        spread=SPREAD,
        scale=SCALE,
        measured=MEASURED,
        item=ITEM,
        withheld_example=Withheld("Numbers about persons stay closed here", "They open after notice."),
        failed_example=NotFoundError("no person p_0 on the staff", hint="Take the key from the list of people."),
        values=(0.24, 0.31, 0.4, 0.44, 0.52, 0.55, 0.58, 0.61, 0.63, 0.7, 0.74, 0.78, 0.86),
    )
    return HTMLResponse(html)
