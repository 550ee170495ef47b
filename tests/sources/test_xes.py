"""XES: one trace a ticket, one event a step told by the step before, and nothing read from a hostile file."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.source import ReadOptions, Record, SourceFile
from cadre.sources.xes import SOURCE
from tests.sources.taken import Taken, take

HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n'
    '<global scope="event"><string key="org:group" value="UNKNOWN"/></global>\n'
    '<float key="meta:all" value="1"><float key="concept:name" value="2"/></float>\n'
)


def event(minute: int, actor: str, team: str, name: str, step: str = "") -> str:
    pairs = {"org:resource": actor, "org:group": team, "concept:name": name, "lifecycle:transition": step}
    told = "".join(f'<string key="{key}" value="{value}"/>' for key, value in pairs.items() if value)
    return f'<event>{told}<date key="time:timestamp" value="2012-05-01T10:{minute:02}:00+02:00"/></event>\n'


def log(*events: str, case: str = "C1") -> str:
    return f'{HEAD}<trace><string key="concept:name" value="{case}"/>\n{"".join(events)}</trace>\n</log>\n'


STORY = (
    event(0, "Ana", "Desk", "Accepted", "In Progress"),
    event(1, "Ana", "Desk", "Accepted", "Wait"),
    event(2, "Ana", "Network", "Queued", "Awaiting Assignment"),
    event(3, "Ben", "Network", "Accepted", "In Progress"),
    event(4, "Ben", "Network", "Completed", "Resolved"),
    event(5, "Ben", "Network", "Accepted", "In Progress"),
    event(6, "Ben", "Network", "Completed", "Closed"),
    event(7, "Ben", "Network", "Completed", "Closed"),
)


def taken_of(folder: Path, text: str | bytes, **options: object) -> Taken:
    return take(SOURCE, folder, {"log.xes": text}, **options)


def test_each_event_is_one_step_with_the_most_telling_change(tmp_path: Path) -> None:
    taken = taken_of(tmp_path, log(*STORY))

    kinds = [row["kind"] for row in taken.tables["ticket_events"]]
    assert ["created", "status", "handed_over", "assigned", "resolved", "reopened", "closed", "update"] == kinds
    assert ([f"C1#{n}" for n in range(1, 9)], {("log.xes", n) for n in range(1, 9)}) == (
        [row["external_id"] for row in taken.tables["ticket_events"]],
        taken.lines,
    )


def test_a_change_tells_what_was_before_and_after(tmp_path: Path) -> None:
    events = taken_of(tmp_path, log(*STORY)).by_id("ticket_events")

    handed, assigned = events["C1#3"], events["C1#4"]
    assert ("Desk", "Network", None) == (handed["from_team_id"], handed["to_team_id"], handed.get("to_account_id"))
    assert ("Ana", "Ben", None) == (
        assigned["from_account_id"],
        assigned["to_account_id"],
        assigned.get("to_team_id"),
    )
    assert ("Accepted/Wait", "Queued/Awaiting Assignment") == (handed["from_status"], handed["to_status"])


def test_a_ticket_is_its_trace_after_the_last_event(tmp_path: Path) -> None:
    (ticket,) = taken_of(tmp_path, log(*STORY)).tables["tickets"]

    expected = {
        "external_id": "C1",
        "occurred_at": datetime(2012, 5, 1, 8, 0, tzinfo=UTC),
        "resolved_at": datetime(2012, 5, 1, 8, 6, tzinfo=UTC),
        "closed_at": datetime(2012, 5, 1, 8, 6, tzinfo=UTC),
        "resolver_account_id": "Ben",
        "team_id": "Network",
        "status": "Completed/Closed",
        "reopen_count": 1,
    }
    assert expected == {name: ticket[name] for name in expected}


def test_an_open_ticket_has_no_time_of_resolution(tmp_path: Path) -> None:
    (ticket,) = taken_of(tmp_path, log(*STORY[:6])).tables["tickets"]

    assert (None, None, None) == (ticket["resolved_at"], ticket["closed_at"], ticket["resolver_account_id"])


def test_the_standard_lifecycle_tells_of_steps_and_resolves_nothing(tmp_path: Path) -> None:
    taken = taken_of(
        tmp_path, log(event(0, "Ana", "", "Register", "complete"), event(1, "Ana", "", "Check", "complete"))
    )

    assert ["created", "status"] == [row["kind"] for row in taken.tables["ticket_events"]]
    assert taken.tables["tickets"][0]["resolved_at"] is None


def test_missing_and_nested_attributes_are_no_values_of_the_event(tmp_path: Path) -> None:
    nested = (
        '<event><string key="note" value="x"><string key="org:resource" value="Nobody"/></string>'
        '<list key="tags"><values><string key="org:group" value="Nowhere"/></values></list>'
        '<date key="time:timestamp" value="2012-05-01T10:00:00Z"/></event>'
    )
    taken = taken_of(tmp_path, log(nested))

    assert ([], []) == (taken.tables["accounts"], taken.tables["teams"])
    assert ("created", None) == tuple(taken.tables["ticket_events"][0][name] for name in ("kind", "actor_account_id"))


def test_events_without_a_time_a_case_or_a_trace_are_refused_with_their_ordinal(tmp_path: Path) -> None:
    untimed = '<event><string key="concept:name" value="Accepted"/></event>'
    untold = '<event><date key="time:timestamp" value="soon"/></event>'
    text = log(event(0, "Ana", "Desk", "Accepted"), untimed, untold).replace(
        "</log>", f"<trace>{STORY[1]}</trace>{STORY[2]}</log>"
    )
    taken = taken_of(tmp_path, text)

    assert {
        2: "no time:timestamp",
        3: "time:timestamp: not a time: expected ISO 8601 or day/month/year hour:minute",
        4: "its trace has no concept:name to know the case by",
        5: "an event outside any trace belongs to no case",
    } == taken.refused
    assert ({("log.xes", n) for n in range(1, 6)}, 1) == (taken.lines, len(taken.tables["tickets"]))


def test_a_byte_order_mark_gzip_and_a_prefixed_namespace_are_read(tmp_path: Path) -> None:
    prefixed = log(*STORY).replace("<", "<xes:").replace("<xes:/", "</xes:").replace("<xes:?", "<?")
    prefixed = prefixed.replace("xmlns=", "xmlns:xes=")
    plain = taken_of(tmp_path, log(*STORY))

    assert plain.tables == taken_of(tmp_path, b"\xef\xbb\xbf" + log(*STORY).encode()).tables
    assert plain.tables == taken_of(tmp_path, gzip.compress(log(*STORY).encode())).tables
    assert plain.tables == taken_of(tmp_path, prefixed).tables


def test_a_case_met_again_goes_on_counting_its_events(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text(log(*STORY[:4]).replace("</log>", log(*STORY[4:]).removeprefix(HEAD)))
    items = [*SOURCE.read([SourceFile(tmp_path / "log.xes", "log.xes")], ReadOptions())]
    events = [item.values for item in items if isinstance(item, Record) and item.table == "ticket_events"]

    assert [f"C1#{n}" for n in range(1, 9)] == [values["external_id"] for values in events]
    assert ["created"] == [values["kind"] for values in events if values["kind"] == "created"]


def test_settings_name_the_accounts_that_are_no_persons(tmp_path: Path) -> None:
    accounts = taken_of(tmp_path, log(*STORY), settings={"bots": ["Ben"]}).by_id("accounts")

    assert ("staff", "bot") == (accounts["Ana"]["kind"], accounts["Ben"]["kind"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (log(*STORY)[:-30], "not whole XML"),
        ("", "not whole XML"),
        ("<html></html>", "expected an XES log"),
        ('<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b">]>' + log(*STORY).split("\n", 1)[1], "document type"),
        (log(*STORY).replace("Ana", "&a;"), "not whole XML"),
        ('<?xml version="1.0" encoding="no-such"?><log/>', "encoding is unknown"),
        (gzip.compress(log(*STORY).encode())[:-20], "ends early"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_as_a_whole(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(UnreadableFileError, match=told):
        taken_of(tmp_path, text)


def test_an_element_without_end_is_refused_before_it_fills_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cadre.sources.xes.MAX_LINE_BYTES", 1024)
    with pytest.raises(UnreadableFileError, match="an element is longer"):
        taken_of(tmp_path, HEAD + '<string key="' + "a" * 3 * 1024 * 1024)
