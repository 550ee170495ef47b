"""The rows behind a number are those that count, and the others say that they do not."""

from pathlib import Path

import pytest

from cadre.estimate import Estimate
from cadre.reports.measure import Readings, readings
from cadre.reports.release import release_persons
from cadre.reports.roster import staff
from cadre.reports.signals.evidence import LEFT_OUT, PAGE_ROWS, EvidenceRow, evidence
from cadre.runtime import open_runtime

ENOUGH = 6


@pytest.mark.parametrize("signal", ["peer_answer_share", "delegation_share"])
def test_rows_that_count_are_as_many_as_the_number_says(signal: str, firm: Path) -> None:
    compared = 0
    with open_runtime(firm).looking() as (gate, record):
        people = [person.person_id for person in staff(record)]
        known = release_persons(gate, readings(record), people, Readings.only).content
        for person in people:
            told = known.of(person, signal)
            if not isinstance(told, Estimate):
                continue
            rows: list[EvidenceRow] = []
            while len(rows) < (found := evidence(gate, record, person, signal, offset=len(rows))).total:
                rows += found.rows
                assert len(found.rows) <= PAGE_ROWS
            counted = [row for row in rows if not row.note.endswith(LEFT_OUT)]
            assert len(counted) == told.n
            assert all(row.effect is None for row in rows if row.note.endswith(LEFT_OUT))
            compared += 1
            if compared == ENOUGH:
                break
    assert compared == ENOUGH
