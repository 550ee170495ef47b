"""The reference says what the registries say, and names everything in them."""

import pytest
import typer
from tools.reference import FOLDER, PAGES, leaves, stale

from cadre.audit.name import EVENT_NAMES
from cadre.cli.app import app
from cadre.config import Environment, FirmSettings, SourceSettings
from cadre.governance.catalogue import default as catalogue_rows
from cadre.records import DERIVED, TABLES
from cadre.reports.week.agenda import AGENDA
from cadre.signals import SIGNALS
from cadre.sources import SOURCES
from cadre.web.pages import PAGES as WEB_PAGES

NAMES = {
    "sources": [f"### `{source.name}`" for source in SOURCES],
    "signals": [f"### `{signal.name}`" for signal in SIGNALS],
    "tables": [f"### {table.name}" for table in (*TABLES, *DERIVED)],
    "commands": [f"### `cadre {name}`" for name, _ in leaves(typer.main.get_command(app))],
    "settings": [
        *(f"`{name}`" for name in (*FirmSettings.model_fields, *SourceSettings.model_fields)),
        *(f"`CADRE_{name.upper()}`" for name in Environment.model_fields),
    ],
    "pages": [f"`{route.path}`" for page in WEB_PAGES for route in page.router.routes],
    "agenda": [f"`{item.__name__}`" for item in AGENDA],
    "events": [f"`{each.name}`" for each in EVENT_NAMES],
    "catalogue": [f"`{row.name}`" for row in catalogue_rows()],
}


def test_the_committed_reference_is_what_the_registries_say() -> None:
    assert [] == list(stale()), "run: python tools/reference.py"


@pytest.mark.parametrize("page", PAGES)
def test_everything_registered_is_in_the_reference(page: str) -> None:
    text = (FOLDER / f"{page}.md").read_text("utf-8")

    assert NAMES[page]
    assert [] == [name for name in NAMES[page] if name not in text]


def test_every_command_and_option_says_what_it_does() -> None:
    group = typer.main.get_command(app)

    silent = [name for name, command in group.commands.items() if not command.help]
    silent += [f"{name} {p.name}" for name, command in group.commands.items() for p in command.params if not p.help]
    assert [] == silent
