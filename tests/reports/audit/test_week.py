"""This week says when the audit log is unsigned for too long, or did not hold; to owners, who alone read it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from cadre.access.principal import Principal
from cadre.records import Firm
from cadre.reports.audit.week import log_matters
from cadre.reports.release import Gate
from cadre.services.audit.check import Checked
from cadre.services.audit.keep import note_check
from tests.services.ledger import Ledger, new_ledger


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = new_ledger(tmp_path_factory.mktemp("log") / "firm")
    made.close()
    return made


@pytest.fixture
def log(tmp_path: Path, empty: Ledger) -> Iterator[Ledger]:
    made = new_ledger(tmp_path / "firm", empty.root)
    made.grow(3)
    yield made
    made.close()


def asked(log: Ledger, role: str = "owner", **later: float) -> list[tuple[str, int]]:
    who = Principal("Somebody", role)  # type: ignore[arg-type]
    gate = Gate(who, Firm())
    found = log_matters(gate, cast("Any", None), log.sessions, log.clock.now() + timedelta(**later))
    return [(item.key.rpartition(":")[0], item.row_count) for item in found]


def test_events_that_no_checkpoint_covers_for_a_day_are_a_matter(log: Ledger) -> None:
    never = asked(log, hours=23), asked(log, hours=25)
    log.checkpoint()
    signed = asked(log, days=9)
    log.grow(2)

    assert ([], [("audit:unsigned", 4)]) == never
    assert ([], [], [("audit:unsigned", 2)]) == (signed, asked(log, hours=23), asked(log, hours=25))


def test_a_check_that_found_something_stays_a_matter_until_one_finds_nothing(log: Ledger) -> None:
    bad = Checked()
    bad.wrong("changed", "event 0 was changed")
    told = []
    for found in (bad, Checked()):
        note_check(log.principal, log.work(), log.clock, found)
        told.append(asked(log))

    assert [[("audit:wrong", 1)], []] == told


def test_who_may_not_read_the_log_is_not_asked_about_it(log: Ledger) -> None:
    assert [] == asked(log, "manager", days=9)
