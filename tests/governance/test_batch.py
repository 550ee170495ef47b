"""One look answers many approvals, and each stays its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cadre.governance.action import Tier
from cadre.governance.approval import Binding, Stage, State, answer, ask
from cadre.governance.batch import Kind, answer_batch, batches

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATCH = Kind("acme", "patcher", "install_patch", ("blast-radius",), Tier.APPROVE)


def _asked(name: str, minute: int = 0, by: str = "patcher") -> object:
    at = AT + timedelta(minutes=minute)
    stage = Stage("the administrator", frozenset({"ada", "bea"}), at + timedelta(hours=1))
    return ask(name, Binding(name * 8, "", "p1"), Tier.APPROVE, asked_by={by}, at=at, stages=[stage])


THREE = [_asked("c", 2), _asked("a"), _asked("b", 1)]
OTHER = _asked("d", 3, by="ada")


def test_a_batch_holds_one_kind_the_oldest_first() -> None:
    kinds = {"a": PATCH, "b": PATCH, "c": replace(PATCH, client="other"), "d": PATCH}
    found = batches(kinds, [*THREE, OTHER], "ada", AT + timedelta(minutes=5))  # type: ignore[list-item]

    assert [("acme", ["a", "b"]), ("other", ["c"])] == [
        (b.kind.client, [a.approval_id for a in b.approvals]) for b in found]  # fmt: skip


def test_each_is_answered_by_itself_and_one_that_cannot_be_stops_no_other() -> None:
    gone = answer(THREE[1], "bea", is_yes=False, at=AT + timedelta(minutes=4), reason="not this one")  # type: ignore[arg-type]
    done, left = answer_batch([THREE[0], gone, THREE[2]], "ada", is_yes=True, at=AT + timedelta(minutes=5))  # type: ignore[list-item]

    assert ([("c", State.APPROVED), ("b", State.APPROVED)], {"a": "the approval is refused"}) == (
        [(a.approval_id, a.state(AT + timedelta(minutes=6))) for a in done], left)  # fmt: skip
