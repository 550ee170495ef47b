"""Evidence, rows, record health and the seen share: what a number rests on, back to file and line."""

from datetime import date, timedelta
from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.errors import NotFoundError
from cadre.reports.people.person import person_key
from cadre.reports.release import Gate
from cadre.reports.row import row
from cadre.reports.seen import scheduled_hours
from cadre.reports.signals.evidence import evidence
from cadre.reports.trust.record import record
from cadre.signals import SIGNALS
from cadre.warehouse import Snapshot

OWNER = Principal("owner", "owner")
MONDAY = date(2026, 3, 2)


def _work(**told: Any) -> dict[str, Any]:
    return {"person_id": "p", "kind": "work", "started_on": None, "ended_on": None, "weekday": 0, "start_hour": 9.0,
            "end_hour": 17.0, **told}  # fmt: skip


def test_evidence_is_newest_first_with_its_source_line(snapshot: Snapshot, registry: Any) -> None:
    report = evidence(
        Gate(OWNER, snapshot.firm), snapshot, person_key(snapshot, "Cem"), "noted_share", registry=registry
    )
    times = [r.local_at for r in report.rows]

    assert report.total == len(report.rows) > 5
    assert times == sorted(times, key=lambda t: t.timestamp() if t else 0.0, reverse=True)
    assert {r.source_file for r in report.rows} == {"psa.csv"}
    assert all(r.source_line for r in report.rows)


@pytest.mark.parametrize("name", [signal.name for signal in SIGNALS])
def test_every_signal_opens_its_evidence(snapshot: Snapshot, name: str) -> None:
    report = evidence(Gate(OWNER, snapshot.firm), snapshot, person_key(snapshot, "Cem"), name)

    assert report.total >= len(report.rows)
    assert (name, None) == (report.card.name, report.withheld)
    assert {float, type(None)} >= {type(row.effect) for row in report.rows}


def test_evidence_is_withheld_as_its_number_is(own_snapshot: Snapshot, registry: Any) -> None:
    report = evidence(
        Gate(OWNER, own_snapshot.firm), own_snapshot, person_key(own_snapshot, "Cem"), "noted_share", registry=registry
    )

    assert report.withheld is not None
    assert (report.rows, report.total, report.measured) == ((), 0, None)


def test_an_unknown_signal_is_not_found(snapshot: Snapshot, registry: Any) -> None:
    with pytest.raises(NotFoundError):
        evidence(Gate(OWNER, snapshot.firm), snapshot, person_key(snapshot, "Cem"), "charisma", registry=registry)


def test_a_row_opens_with_its_words_and_its_origin(snapshot: Snapshot) -> None:
    report = row(Gate(OWNER, snapshot.firm), snapshot, "ticket_events", "psa/v49")

    assert dict(report.texts) == {"body": "Looked at the mail queue, see step 49."}
    assert report.origin["source_file"] == "psa.csv"
    assert ("tickets", "psa/k12") in [c.refers_to for c in report.cells]


@pytest.mark.parametrize(
    ("table", "key"), [("ticket_events", "psa/none"), ("texts", "psa/x1"), ("identities", "psa/u1")]
)
def test_unknown_rows_and_private_tables_do_not_open(snapshot: Snapshot, table: str, key: str) -> None:
    with pytest.raises(NotFoundError):
        row(Gate(OWNER, snapshot.firm), snapshot, table, key)


def test_a_row_is_withheld_in_a_firms_own_workspace(own_snapshot: Snapshot) -> None:
    report = row(Gate(OWNER, own_snapshot.firm), own_snapshot, "ticket_events", "psa/v49")

    assert report.withheld is not None
    assert (report.cells, report.texts) == ((), ())


def test_refused_rows_are_grouped_by_reason_with_their_lines(snapshot: Snapshot) -> None:
    report = record(OWNER, snapshot)

    assert [(r.source, r.reason, r.rows, r.places) for r in report.refusals] == [
        ("psa", "no occurred_at", 2, (("psa.csv", 3), ("psa.csv", 9))),
        ("roster", "started_on: no date", 1, (("roster.csv", 12),)),
    ]
    assert report.rows_rejected == 3


def test_every_source_row_is_accounted_for(snapshot: Snapshot) -> None:
    for source in record(OWNER, snapshot).sources:
        told = source.rows_accepted + source.rows_rejected + source.rows_unchanged

        assert source.rows_read == told


def test_a_doubtful_join_names_both_sides(snapshot: Snapshot) -> None:
    doubts = record(OWNER, snapshot).doubts

    assert [(d.account, d.person, d.source, d.reason) for d in doubts] == [
        ("Ada Lind", "Ada Lind", "psa", "same name, no address")
    ]


def test_leave_takes_scheduled_hours_away() -> None:
    rows = [_work(), _work(kind="leave", weekday=None, started_on=MONDAY, ended_on=MONDAY)]
    found = scheduled_hours(rows, MONDAY, MONDAY + timedelta(days=14))

    assert found == {"p": {MONDAY + timedelta(days=7): frozenset(range(9, 17))}}


def test_a_shift_past_midnight_reaches_into_the_next_day() -> None:
    found = scheduled_hours([_work(start_hour=22.0, end_hour=6.0)], MONDAY, MONDAY + timedelta(days=2))

    assert found == {"p": {MONDAY: frozenset({22, 23}), MONDAY + timedelta(days=1): frozenset(range(6))}}


def test_on_call_is_not_scheduled_work() -> None:
    assert scheduled_hours([_work(kind="on_call")], MONDAY, MONDAY + timedelta(days=7)) == {}
