"""Connectors, one file a system; `SOURCES` is the registry."""

from cadre.errors import UsageError
from cadre.sources import (
    alerts,
    autotask,
    aws_credentials,
    chat_log,
    connectwise,
    entra,
    git,
    halopsa,
    helpdesk,
    m365_audit,
    machines,
    meetings,
    otel,
    project_events,
    ratings,
    roster,
    script_log,
    servicenow,
    simulated,
    slack,
    table,
    teams,
    time_entries,
    transcript,
    xes,
)
from cadre.sources.source import Batch, Folded, Item, ReadOptions, Record, Rejected, Source, SourceFile

SOURCES: tuple[Source, ...] = (
    # What a firm has, in the order an owner comes to it.
    roster.SOURCE,
    connectwise.SOURCE,
    autotask.SOURCE,
    halopsa.SOURCE,
    servicenow.SOURCE,
    helpdesk.SOURCE,
    slack.SOURCE,
    teams.SOURCE,
    transcript.SOURCE,
    time_entries.SOURCE,
    ratings.SOURCE,
    alerts.SOURCE,
    git.SOURCE,
    # Who acts without being a person.
    entra.SOURCE,
    aws_credentials.SOURCE,
    machines.SOURCE,
    m365_audit.SOURCE,
    script_log.SOURCE,
    otel.SOURCE,
    # Anything else, by a mapping.
    table.SOURCE,
    # Study formats.
    xes.SOURCE,
    chat_log.SOURCE,
    meetings.SOURCE,
    project_events.SOURCE,
    simulated.SOURCE,
)


def find_source(name: str) -> Source:
    """The connector of that name; `UsageError` with the names there are."""
    for source in SOURCES:
        if source.name == name:
            return source
    known = ", ".join(source.name for source in SOURCES)
    raise UsageError(f"no source {name!r}", hint=f"Use one of: {known}. `cadre sources` says what each takes.")


__all__ = [
    "SOURCES",
    "Batch",
    "Folded",
    "Item",
    "ReadOptions",
    "Record",
    "Rejected",
    "Source",
    "SourceFile",
    "find_source",
]
