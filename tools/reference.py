"""The reference pages, written from the registries: `python tools/reference.py` writes them, `--check` compares.

`PAGES` names each page and the function that writes it, so that a page cannot say what the code does not do.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined

from cadre.audit.name import EVENT_NAMES
from cadre.cli.app import app
from cadre.config import FILE, AuditSettings, Environment, FirmSettings, NotifySettings, PagesSettings, SourceSettings
from cadre.governance.catalogue import default as catalogue_rows
from cadre.governance.tier import RULES as TIER_RULES
from cadre.records import DERIVED, TABLES, VERSION
from cadre.records.ledger import LEDGER
from cadre.records.schema import COMMON, Column
from cadre.reports.agents.week import agent_matters
from cadre.reports.audit.week import log_matters
from cadre.reports.seats.week import due_outcomes
from cadre.reports.week.agenda import AGENDA
from cadre.signals import SIGNALS, UNMEASURED
from cadre.sources import SOURCES
from cadre.web.pages import PAGES as WEB_PAGES

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Written by tools/reference.py; do not edit. -->\n"
SETTINGS = {
    "name": "Name of the firm, as pages show it",
    "zone": "IANA zone of the firm's day, and of times a source writes without one",
    "purpose": "`study`: public or invented data, or a first look. `firm`: your own people; numbers about persons stay closed",
    "workdays": "Weekdays worked by people without a schedule, 0 Monday to 6 Sunday",
    "start_hour": "Local hour their day begins",
    "end_hour": "Local hour it ends",
    "holidays": "Public holidays on which the firm is closed: ISO code of the country, or of a part of it such as `DE-BY`",
    "days_off": "Further days the firm is closed, as dates",
    "window_days": "Days an estimate looks back; unless set 182, in a study the whole record",
    "is_invented": "Whether the people are the simulator's; pages then say so",
    "keep_text_days": "Days after which words that were read are dropped for good; what was read stays. Unset, they are kept.",
}
SOURCE_SETTINGS = {
    "zone": "IANA zone of times the source writes without one; unless set the firm's",
    "day_first": "Whether 03/04 is the third of April; found out at the first load and kept",
}
AUDIT_SETTINGS = {
    "checkpoint_minutes": "Minutes from one signed checkpoint to the next while Cadre serves and the log grows; 0 signs at start and stop alone",
    "origin": "Name of a log that has none yet, best under a domain of the firm's; a random one unless set, and kept for good",
}
PAGES_SETTINGS = {
    "address": "Where people open Cadre, as links in messages to approvers say it; without it there is no link",
}
NOTIFY_SETTINGS = {
    "name": "What it is called, in `cadre notify` and in the audit log",
    "kind": "`slack`: an incoming webhook. `teams`: a workflow with a webhook. `json`: a program of the firm's own",
    "url": "The https address; whoever knows it can post there, so better name a variable",
    "url_from": "Environment variable that holds the address; takes the place of `url`",
    "about": "Which: a call waits, nobody answered it yet, the glass was broken, a kill switch was set; unless set all of them",
    "clients": "Keys of the clients it hears of; unless set all of them, and the firm itself",
    "secret_from": "Environment variable with what signs posts of kind `json`",
}
ENVIRONMENT = {
    "workspace": "The workspace commands use unless `--workspace` names one",
    "database": "SQLAlchemy address of the database of decisions; unless set SQLite in the workspace",
    "agent_secret": "Secret of the agent that `cadre mcp gateway` speaks for",
    "audit_key": "Private key that signs the audit log, in the place of `private/audit-key` in the workspace",
    "token": "Token of the account that commands act as; unless set, the owner at this machine",
}


def sources() -> str:
    """Connectors."""
    parts = [
        "# Sources",
        "What `cadre ingest SOURCE PATH...` reads, in the order of the registry `cadre.sources.SOURCES`.",
    ]
    for group, title in (("msp", "What a firm has"), ("study", "Study formats")):
        parts.append(f"## {title}")
        for source in SOURCES:
            if source.group == group:
                tables = ", ".join(f"[`{name}`](tables.md#{name})" for name in source.yields)
                parts.append(
                    f"### `{source.name}`\n\n**{source.label}.** Takes {source.accepts}.\n\n"
                    f"- Picks out of a folder: {', '.join(f'`{p}`' for p in source.patterns) or 'nothing; name the file'}\n"
                    f"- Fills: {tables}\n- Tried on: {source.tried}\n- Built from: {source.reference}"
                )
    return _page(parts)


def signals() -> str:
    """Signals."""
    parts = [
        "# Signals",
        (
            "Behaviours computed from the record, in the order of the registry `cadre.signals.SIGNALS`. "
            "Grades: A validated on a real outcome, B on real data against a proxy, C on the simulator only."
        ),
    ]
    for signal in SIGNALS:
        better = {"high": "more is better", "low": "less is better", "context": "neither way is better"}[
            signal.direction
        ]
        needs = ", or ".join(" with ".join(f"`{name}`" for name in way) for way in signal.needs)
        parts.append(
            f"### `{signal.name}`\n\n**{signal.label}** ({signal.family}). {signal.explanation}\n\n"
            f"- Unit: {signal.unit}; {better}; shrunk on the {signal.scale} scale\n"
            f'- Needs at least {signal.min_n} observations, else "not enough evidence"\n- Reads: {needs}\n'
            f"- A late row can change the {signal.horizon_days} days around it\n"
            f"- Grade: {signal.grade}{', on trial: in no estimate and no flag' if signal.is_experimental else ''}\n"
            f"- Source: {signal.reference}" + (f"\n- Caution: {signal.caution}" if signal.caution else "")
        )
    parts.append("## Tried, and not measured")
    parts += [f"- `{each.name}` ({each.family}): {each.reason}" for each in UNMEASURED]
    return _page(parts)


def tables() -> str:
    """Tables with their columns."""
    parts = [
        "# Tables",
        (
            f"Schema version {VERSION}. Units stand in the names: `_hours`, `_share` (0 to 1), `_count`, `_at` (UTC instant), "
            "`_on` (date). A missing value means the source did not tell, unless the column says otherwise; it never means zero."
        ),
        (
            "## Told by sources\n\nUnder `record/`, one Delta table each. Every one of them ends with the columns of origin, "
            f"listed once:\n\n{_columns(COMMON)}"
        ),
    ]
    for table in TABLES:
        private = " Private: names, addresses or words, kept apart." if table.private else ""
        local = "\n\nWith `local_at`, `occurred_at` on the firm's wall clock." if table.is_fact else ""
        parts.append(
            f"### {table.name}\n\nOne row: {table.grain}. Key: `{table.key}`.{private}{local}\n\n{_columns(table.columns)}"
        )
    parts.append("## About loads")
    parts += [f"### {table.name}\n\nOne row: {table.grain}.\n\n{_columns(table.columns)}" for table in LEDGER]
    parts.append("## Derived\n\nUnder `derived/`: computed, never edited, rewritten by `cadre refresh`.")
    parts += [f"### {table.name}\n\nOne row: {table.grain}.\n\n{_columns(table.columns)}" for table in DERIVED]
    return _page(parts)


def commands() -> str:
    """Commands with their options."""
    group: Any = typer.main.get_command(app)
    parts = [
        "# Commands",
        (
            "Every command takes `--help`; `cadre --as TOKEN COMMAND` acts as the account of a token. "
            "Exit codes: 0 done, 1 could not be done, 2 wrong usage."
        ),
    ]
    for name, command in leaves(group):
        words = [p.name.upper() + ("..." if p.nargs == -1 else "") for p in command.params if _is_argument(p)]
        lines = [f"### `cadre {name}`\n\n{_one_line(command.help)}\n\n`{' '.join(['cadre', name, *words])}`\n"]
        lines += [f"- {_option(p)}" for p in command.params]
        parts.append("\n".join(lines))
    return _page(parts)


def leaves(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Commands by their whole name, those of a noun with several under it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield before + name, command


def settings() -> str:
    """Settings of `cadre.toml` and of the environment."""
    rows = [(f"`{name}`", _told(field.default), SETTINGS[name]) for name, field in FirmSettings.model_fields.items()]
    kept = [(f"`{name}`", _told(f.default), SOURCE_SETTINGS[name]) for name, f in SourceSettings.model_fields.items()]
    logged = [(f"`{name}`", _told(f.default), AUDIT_SETTINGS[name]) for name, f in AuditSettings.model_fields.items()]
    paged = [(f"`{name}`", _told(f.default), PAGES_SETTINGS[name]) for name, f in PagesSettings.model_fields.items()]
    told = [(f"`{name}`", _told(f.default), NOTIFY_SETTINGS[name]) for name, f in NotifySettings.model_fields.items()]
    said = [(f"`CADRE_{name.upper()}`", "not set", ENVIRONMENT[name]) for name in Environment.model_fields]
    head = ("Setting", "Unless set", "Meaning")
    return _page(
        [
            "# Settings",
            f"A workspace is a folder with a `{FILE}`. An unknown or impossible setting is refused with its name.",
            f"## `[firm]`\n\n{_table(head, rows)}",
            (
                "## `[sources.NAME]`\n\nOne table for each source instance; further keys go to its connector (see the connector's "
                f"own words in [sources](sources.md)).\n\n{_table(head, kept)}"
            ),
            f"## `[audit]`\n\n{_table(head, logged)}",
            f"## `[pages]`\n\n{_table(head, paged)}",
            (
                "## `[[notify]]`\n\nOne table for each place where [approvers are told](../how-to/tell-approvers.md).\n\n"
                f"{_table(head, told)}"
            ),
            f"## Environment\n\n{_table(head, said)}",
        ]
    )


def pages() -> str:
    """Pages and the question each answers."""
    rows = []
    for page in WEB_PAGES:
        for route in page.router.routes:
            assert isinstance(route, APIRoute)
            methods = "/".join(sorted((route.methods or set()) - {"HEAD"}))
            rows.append(
                (f"`{route.path}`", methods, page.label or "", page.question, _one_line(route.endpoint.__doc__))
            )
    return _page(["# Pages", ("What `cadre serve` shows, in the order of the registry `cadre.web.pages.PAGES`. Pages with rows "
                  "can be taken away as CSV, XLSX or JSON where they say so."),
                  _table(("Path", "Method", "In the navigation", "Question", "Shows"), rows)])  # fmt: skip


def agenda() -> str:
    """What may need somebody this week."""
    rows = [
        (f"`{item.__name__}`", _one_line(item.__doc__)) for item in (*AGENDA, due_outcomes, agent_matters, log_matters)
    ]
    return _page(["# Agenda", ("Kinds of matter that *This week* looks for, in the order of the registry "
                  "`cadre.reports.week.agenda.AGENDA`, and last what decisions of the firm bring up; shown worst consequence first, at most seven in twenty minutes."),
                  _table(("Kind", "Looks for"), rows)])  # fmt: skip


def events() -> str:
    """Names of events in the audit log."""
    rows = [(f"`{each.name}`", each.meaning) for each in EVENT_NAMES]
    return _page(["# Events", ("What the audit log knows by name, in the order of the registry `cadre.audit.name.EVENT_NAMES`. "
                  "An event is written in the transaction of the change that it tells of; `cadre audit` reads and checks them."),
                  _table(("Name", "What happened"), rows)])  # fmt: skip


def catalogue() -> str:
    """Kinds of acts and who has a say in them."""
    acts = [
        (f"`{row.name}`", row.label, row.tier.text, row.asked.text, "yes" if row.protective else "",
         f"`{row.undo}`" if row.undo else "", row.why)
        for row in catalogue_rows()
    ]  # fmt: skip
    rules = [(effect.value, rule.tier.text, rule.asked.text, rule.why) for effect, rule in TIER_RULES.items()]
    return _page([
        "# Catalogue of acts",
        ("What an agent may do alone. *Tier* holds where nobody asked for it in so many words, *asked* where a person asked "
        "for exactly this with values of their own. Rows of a firm or a client come before these. "
        "[How a tier comes about](../explanation/governance-tiers.md)."),
        _table(("row", "act", "tier", "asked", "protective", "undone by", "why"), acts),
        "## Where no row speaks of it",
        "The strictest effect counts; what cannot be told is asked about.",
        _table(("effect", "tier", "asked", "why"), rules),
    ])  # fmt: skip


PAGES: dict[str, Callable[[], str]] = {
    "sources": sources, "signals": signals, "tables": tables, "commands": commands, "settings": settings,
    "pages": pages, "agenda": agenda, "events": events, "catalogue": catalogue,
}  # fmt: skip


def stale(folder: Path = FOLDER) -> Iterator[str]:
    """Pages whose file differs from what the registries say."""
    for name, write in PAGES.items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text("utf-8") != write():
            yield name


def _page(parts: Sequence[str]) -> str:
    return MADE + "\n" + "\n\n".join(part.strip() for part in parts) + "\n"


def _columns(columns: Sequence[Column]) -> str:
    rows = [
        (f"`{c.name}`", c.kind, "yes" if c.required else "", c.doc + (f" (`{c.ref}`)" if c.ref else ""))
        for c in columns
    ]
    return _table(("Column", "Kind", "Required", "Meaning"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _option(parameter: Any) -> str:
    names = (
        parameter.name.upper() if _is_argument(parameter) else ", ".join((*parameter.opts, *parameter.secondary_opts))
    )
    unless = parameter.default
    default = f" Default: {unless}." if unless not in (None, "", False, True) and not _is_argument(parameter) else ""
    return f"`{names}`: {_one_line(parameter.help)}{default}"


def _told(value: object) -> str:
    if value is PydanticUndefined:
        return "has to be set"
    return "not set" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _one_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def main() -> int:
    """Write the pages, or with `--check` say which are out of date."""
    if "--check" in sys.argv:
        found = list(stale())
        for name in found:
            print(f"docs/reference/{name}.md is out of date: run tools/reference.py")
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / f"{name}.md").write_text(write(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
