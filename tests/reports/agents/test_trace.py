"""Evidence, rows, record health and the seen share: what a number rests on, back to file and line."""

from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.errors import NotFoundError
from cadre.reports.people.person import person_key
from cadre.reports.release import Gate
from cadre.reports.row import row
from cadre.reports.signals.evidence import evidence
from cadre.reports.trust.record import record
from cadre.signals import SIGNALS
from cadre.warehouse import Snapshot

OWNER = Principal("owner", "owner")


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
