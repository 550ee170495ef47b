"""Style: every component in every state, with invented values, so that it can be looked at in one place."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from cadre.errors import NotFoundError
from cadre.web.fairness_chart import ratio_axis, ratio_bar, sweep_lines
from cadre.web.matrix import matrix
from cadre.web.pages.page import Page
from cadre.web.seat_chart import need_line
from cadre.web.structure_chart import growth_chart, position_axis, position_bar
from cadre.web.style_examples import EXAMPLES
from cadre.web.view import render, runtime_of

router = APIRouter()
PAGE = Page("style", "What are pages built of?", router)


@router.get("/style")
def show(request: Request) -> Response:
    """The living style page."""
    html = render(
        request,
        "style.html",
        **EXAMPLES,
        failed_example=NotFoundError("no person p_0 on the staff", hint="Take the key from the list of people."),
        long_ago=runtime_of(request).clock.now() - timedelta(days=18),
        matrix=matrix,
        need_line=need_line,
        ratio_axis=ratio_axis,
        ratio_bar=ratio_bar,
        sweep_lines=sweep_lines,
        growth_chart=growth_chart,
        position_axis=position_axis,
        position_bar=position_bar,
    )
    return HTMLResponse(html)
