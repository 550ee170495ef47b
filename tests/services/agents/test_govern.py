"""What is set can be taken back while it is the newest, and what loosens is on record as such."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from cadre.db.audit import AuditEvent, AuditPayload
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.governance.decision import Mode
from cadre.reports.agents.governing import changes
from cadre.services.agents.govern import Place, set_value, take_back, would_loosen
from cadre.services.agents.governing import Governs
from cadre.services.agents.loosening import loosened
from tests.services.desk import ADMIN, OWNER, Desk, new_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = new_desk(tmp_path_factory.mktemp("govern") / "firm")
    yield made
    made.log.close()


def back(desk: Desk, number: int | None, who: object = OWNER) -> None:
    take_back(who, desk.log.work(), desk.log.clock, number or 0, reason="a mistake")  # type: ignore[arg-type]


def newest(desk: Desk) -> int:
    return changes(OWNER, desk.log.sessions, most=1)[0].setting.number


def test_what_held_before_holds_again(desk: Desk) -> None:
    modes = []
    for value in ("advise", "observe"):
        desk.set("mode", value, agent="bot")
    for _ in range(2):
        back(desk, newest(desk))
        modes.append(Governs(desk.log.sessions).now().mode("bot", "acme"))

    assert [Mode.ADVISE, Mode.OBSERVE] == modes


def test_only_the_newest_is_taken_back_by_whoever_may_set_it(desk: Desk) -> None:
    desk.set("mode", "advise", agent="other")
    old = newest(desk)
    with pytest.raises(ForbiddenError):
        back(desk, old, ADMIN)
    desk.set("mode", "enforce", agent="other")

    with pytest.raises(UsageError, match="anew since"):
        back(desk, old)
    with pytest.raises(NotFoundError):
        back(desk, 9_999)


def test_a_first_setting_taken_back_leaves_nothing(desk: Desk) -> None:
    desk.set("switch", value=True, client="globex")
    back(desk, newest(desk))
    told = changes(OWNER, desk.log.sessions, most=1)[0]

    assert (None, True, True) == (told.setting.value, told.before, told.is_newest)


def test_what_loosens_is_on_record_as_such(desk: Desk) -> None:
    desk.asked("wipe")
    rows = [{"wipe": "approve"}, {"wipe": "forbidden"}]
    said = [
        would_loosen(desk.log.work(), "catalogue", tier, Place(key=key)) for told in rows for key, tier in told.items()
    ]
    desk.set("catalogue", "approve", key="wipe")
    with desk.log.sessions() as session:
        wanted = select(AuditPayload.payload).join(AuditEvent, AuditEvent.position == AuditPayload.position)
        event = session.scalar(
            wanted.where(AuditEvent.kind == "governance:set").order_by(AuditEvent.position.desc()).limit(1)
        )

    assert ["from four-eyes to approve", ""] == said
    assert "from four-eyes to approve" == json.loads(event or "")["looser"]
    assert {("", "wipe"): "from four-eyes to approve"} == loosened(OWNER, desk.log.sessions)


def test_what_cannot_be_set_loosens_nothing(desk: Desk) -> None:
    assert "" == would_loosen(desk.log.work(), "mode", "watch", Place())
    with pytest.raises(UsageError):
        set_value(OWNER, desk.log.work(), desk.log.clock, "mode", "watch", place=Place(), reason="so")
