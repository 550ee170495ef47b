"""How a report becomes an answer: a page, a panel for htmx, JSON, CSV or XLSX; and how an error becomes a page."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any, Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from cadre import __version__
from cadre.access.right import may
from cadre.errors import CadreError, UsageError
from cadre.estimate import Abstained
from cadre.reports import wording
from cadre.reports.release import purpose_word
from cadre.reports.signals.signals import SignalCard
from cadre.runtime import Runtime
from cadre.web import charts
from cadre.web.export import Sheet, as_csv, as_xlsx

_FILES = {"csv": as_csv, "xlsx": as_xlsx}
THEMES = ("auto", "light", "dark")


class Report(Protocol):
    """Anything with the keys every surface uses."""

    def json(self) -> dict[str, Any]:
        """The report as plain values."""
        ...


def runtime_of(request: Request) -> Runtime:
    """The workspace a request is about."""
    runtime = request.app.state.runtime
    assert isinstance(runtime, Runtime)
    return runtime


def respond(
    request: Request,
    template: str,
    report: Report,
    *,
    sheet: Sheet | Callable[[], Sheet] | None = None,
    panel: str = "",
    **context: Any,
) -> Response:
    """A report in the form that was asked for.

    Args:
        request: Its `format` asks for `json`, `csv` or `xlsx`; otherwise a page.
        template: Template of the page.
        report: The report, in the template as `r`.
        sheet: The table that CSV and XLSX give, or what makes it where that takes long.
        panel: Template of the side panel, given where htmx asks for it.
        context: Further values for the template.
    """
    asked = request.query_params.get("format", "html")
    if asked == "json":
        body = json.dumps(report.json(), ensure_ascii=False, default=str)
        return Response(body, media_type="application/json")
    if sheet is not None and asked in _FILES:
        return _FILES[asked](sheet() if callable(sheet) else sheet)
    is_panel = bool(panel) and request.headers.get("hx-target") == "panel-body"
    html = render(request, panel if is_panel else template, r=report, is_panel=is_panel, **context)
    return HTMLResponse(html, headers={"Vary": "HX-Request, HX-Target, Cookie"})


def render(request: Request, template: str, **context: Any) -> str:
    """A template with what every page needs."""
    runtime = runtime_of(request)
    firm = runtime.settings.firm.firm()
    theme = request.cookies.get("theme", "auto")
    return (
        environment()
        .get_template(template)
        .render(
            request=request,
            path=request.url.path,
            query=dict(request.query_params),
            firm=firm,
            label=purpose_word(firm),
            theme=theme if theme in THEMES else "auto",
            version=__version__,
            now=runtime.clock.now(),
            nav=request.app.state.nav,
            me=getattr(request.state, "principal", None),
            **context,
        )
    )


def failure(request: Request, error: CadreError) -> Response:
    """An error as a page, or as JSON where that was asked for."""
    if request.query_params.get("format") == "json":
        body = json.dumps({"error": error.message, "hint": error.hint})
        return Response(body, media_type="application/json", status_code=error.status)
    return HTMLResponse(render(request, "error.html", error=error), status_code=error.status)


@cache
def environment() -> Environment:
    """Templates with the filters and charts they use; an unknown name is an error, never an empty place."""
    made = Environment(
        loader=FileSystemLoader(str(files("cadre.web") / "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(day=day, moment=moment, count=count, pct=pct, effect=effect)
    made.tests["thin"] = lambda measured: isinstance(measured, Abstained)
    made.globals.update(
        interval=charts.interval,
        axis=charts.axis,
        ring=charts.ring,
        short_text=charts.short_text,
        strip=charts.strip,
        months=charts.months,
        share_bar=charts.share_bar,
        scale_for=charts.scale_for,
        value_text=wording.value_text,
        interval_text=wording.interval_text,
        full_text=wording.full_text,
        number=wording.number,
        moved=moved,
        plural=plural,
        linked=linked,
        ago=ago,
        may=may,
    )
    return made


def day(value: date | datetime | None) -> str:
    """A day as people write it: `4 May 2026`."""
    return f"{value.day} {value:%B %Y}" if value else "not told"


def day_told(told: str) -> date | None:
    """The day that a form names; None where its field is empty.

    Raises:
        UsageError: It is no day.
    """
    try:
        return date.fromisoformat(told.strip()) if told.strip() else None
    except ValueError:
        raise UsageError("a day is written YYYY-MM-DD", hint="Write it as 2027-01-31, or leave it empty.") from None


def moment(value: datetime | None, zone: str = "") -> str:
    """An instant to the minute, in a zone where it carries one: `4 May 2026, 11:00`."""
    if value is None:
        return "not told"
    local = value.astimezone(ZoneInfo(zone)) if zone and value.tzinfo else value
    return f"{local.day} {local:%b %Y, %H:%M}"


def ago(value: datetime | None, now: datetime) -> str:
    """How long ago, in words; empty where it is not told."""
    if value is None:
        return ""
    days = (now - (value if value.tzinfo else value.replace(tzinfo=UTC))).days
    if days < 1:
        return "today"
    return "yesterday" if days == 1 else f"{days:,} days ago"


def count(value: int | None) -> str:
    """A count with thousands; a dash where it is missing."""
    return "\N{EN DASH}" if value is None else f"{value:,}"


def pct(value: float | None) -> str:
    """A share as a percentage; a dash where it is missing."""
    return "\N{EN DASH}" if value is None else f"{100 * value:.0f}%"


def effect(value: float | None, card: SignalCard) -> str:
    """What a row did, in the signal's unit; a row of a share either counts or does not."""
    if value is None:
        return ""
    if card.scale == "logit":
        return "counts" if value >= 1 else "does not count" if value <= 0 else f"{100 * value:.0f}%"
    if card.unit == "saved":  # a row's part is a log ratio: nobody saves 158% of an hour
        return f"took {100 * exp(-value):,.0f}% of expected"
    text = wording.number(value, card.unit, places=1)
    return f"+{text}" if card.unit == "share" and value > 0 else text


def moved(step: float, unit: str) -> str:
    """How far something moves, signed, with a digit more than an estimate of that unit has."""
    shown = f"{100 * step:+.1f} points" if unit in {"share", "saved"} else f"{step:+.2f}"
    return shown.replace("-", "\N{MINUS SIGN}") + {"hours": " h"}.get(unit, "")


def plural(number: int, one: str, many: str = "") -> str:
    """`1 person`, `2,000 people`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def linked(query: Mapping[str, str], **changes: str | None) -> Markup:
    """The query of this page with some keys changed; None takes a key out."""
    kept = {k: v for k, v in {**query, **changes}.items() if v}
    return escape("?" + urlencode(kept)) if kept else Markup("?")
