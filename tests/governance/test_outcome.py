"""What was not heard of is flagged, and what an agent says of itself verifies nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from cadre.governance.outcome import Aftermath, Report, State, Told, aftermath

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _report(told: Told, minute: int, by: str = "patcher", after: str = "", *, undo: bool = False) -> Report:
    return Report("d1", told, AT + timedelta(minutes=minute), by, after, undo)


@pytest.mark.parametrize(("reports", "minute", "expected"), [
    ([], 14, State.WAITING), ([], 15, State.SILENT),
    ([_report(Told.ATTEMPTED, 1)], 15, State.SILENT),
    ([_report(Told.ATTEMPTED, 1), _report(Told.DONE, 2)], 60, State.DONE),
    ([_report(Told.DONE, 2), _report(Told.VERIFIED, 3, after="ab")], 60, State.DONE),
    ([_report(Told.DONE, 2), _report(Told.VERIFIED, 3, by="check")], 60, State.DONE),
    ([_report(Told.VERIFIED, 3, by="check", after="ab"), _report(Told.DONE, 2)], 60, State.VERIFIED),
    ([_report(Told.DONE, 2), _report(Told.VERIFIED, 3, by="check", after="ab"),
      _report(Told.CONTRADICTED, 9, by="check", after="cd")], 60, State.CONTRADICTED),
    ([_report(Told.DONE, 2), _report(Told.UNDONE, 9)], 60, State.UNDONE),
    ([_report(Told.DONE, 2), _report(Told.REOPENED, 60 * 24 * 14)], 60, State.REOPENED),
    ([_report(Told.DONE, 2), _report(Told.REOPENED, 60 * 24 * 14 + 1)], 60, State.DONE),
    ([_report(Told.FAILED, 2)], 60, State.FAILED),
])  # fmt: skip
def test_an_act_stands_as_it_was_told(reports: list[Report], minute: int, expected: State) -> None:
    assert expected == aftermath(AT, "patcher", reports, AT + timedelta(minutes=minute)).state


def test_it_can_be_undone_until_it_was() -> None:
    done = _report(Told.DONE, 2, undo=True)
    found = [aftermath(AT, "patcher", some, AT + timedelta(hours=1)).can_undo
             for some in ([done], [done, _report(Told.UNDONE, 3)], [_report(Told.DONE, 2)])]  # fmt: skip

    assert [True, False, False] == found


def test_a_silent_act_is_silent_since_it_was_let_through() -> None:
    found = aftermath(AT, "patcher", [], AT + timedelta(hours=2), within=timedelta(hours=1))

    assert Aftermath(State.SILENT, AT, can_undo=False) == found
