"""Every request of `ALLOW` is permitted and every one of `DENY` refused with its rule; their names say what they promise."""

import json
from pathlib import Path
from typing import Any

import pytest

from cadre.policy.engine import KINDS, shipped
from cadre.stewardship.facts import Asker
from cadre.stewardship.rule import PURPOSES, answer, group_answer

HERE = Path(__file__).parent
BASE = {
    "workspace": "firm", "purpose": "development", "is_self": False, "is_lead": False, "has_answered": False,
    "finished_reviews": 0, "is_seeking": True, "size": 0,
}  # fmt: skip


def _asked(path: Path) -> tuple[Any, str]:
    told = json.loads(path.read_text("utf-8"))
    facts = {**BASE, **told["facts"]}
    asker = Asker(told["role"], None, str(facts["workspace"]), str(facts["purpose"]))
    if told["kind"] == "see_group":
        return group_answer(shipped(), asker, int(facts["size"])), ""
    return answer(shipped(), asker, told["kind"], facts), told.get("rule", "")


@pytest.mark.parametrize("path", sorted((HERE / "ALLOW").glob("*.json")), ids=lambda p: p.stem)
def test_it_is_permitted(path: Path) -> None:
    found, _ = _asked(path)

    assert found.refusal is None
    assert len(found.rules) == 1


@pytest.mark.parametrize("path", sorted((HERE / "DENY").glob("*.json")), ids=lambda p: p.stem)
def test_it_is_refused_with_its_rule(path: Path) -> None:
    found, _ = _asked(path)

    assert found.refusal is not None
    assert json.loads(path.read_text("utf-8"))["rule"] == found.refusal.rule
    assert found.refusal.opens.endswith(".")


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "see_group"])
@pytest.mark.parametrize("role", ["owner", "manager", "reviewer", "technician"])
@pytest.mark.parametrize("purpose", [*PURPOSES, "pay", "bonus"])
def test_nobody_who_was_not_told_is_ever_opened(role: str, kind: str, purpose: str) -> None:
    facts = {
        **BASE,
        "purpose": purpose,
        "is_lead": True,
        "has_answered": True,
        "finished_reviews": 9,
        "audit_age_days": 0,
    }
    found = answer(shipped(), Asker(role, None, "firm", purpose), kind, facts)

    assert (found.refusal is None) is (kind == "see_record" and role in ("owner", "manager")
                                       and purpose in ("development", "selection_for_seat"))  # fmt: skip


def test_every_permit_is_asked_for_by_name() -> None:
    permits = {rule.name for rule in shipped().rules if rule.effect == "permit"}
    used = {name for path in (HERE / "ALLOW").glob("*.json") for name in _asked(path)[0].rules}

    assert permits == used
