"""What loosens is on record as such."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from cadre.db.audit import AuditEvent, AuditPayload
from cadre.errors import UsageError
from cadre.services.agents.govern import Place, set_value, would_loosen
from cadre.services.agents.loosening import loosened
from tests.services.desk import OWNER, Desk, new_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = new_desk(tmp_path_factory.mktemp("govern") / "firm")
    yield made
    made.log.close()


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
