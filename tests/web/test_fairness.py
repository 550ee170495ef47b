"""The fairness page: what it finds, who may read it, that recording it opens what waits for an audit, its drafts."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.readiness.fairness import Evidence, audit
from cadre.reports.trust.fairness import fairness
from cadre.runtime import Runtime
from cadre.web import create_app
from cadre.web.pages import fairness as page
from tests.seat_firm import NOW, build
from tests.web.conftest import Asked


@pytest.fixture
def own(tmp_path: Path) -> Runtime:
    return build(tmp_path / "firm", purpose="firm")


def _asks(runtime: Runtime, role: str = "owner", person_id: str | None = None, *, day: int = 0) -> Asked:
    told = Principal(role, role, person_id)  # type: ignore[arg-type]
    return Asked(create_app(replace(runtime, principal=told, clock=FixedClock(NOW + timedelta(days=day)))))


def _post(asked: Asked, path: str, **data: Any) -> httpx.Response:
    return asked.post(path, data=data, headers={"Origin": "http://127.0.0.1:8765"})


def test_the_page_says_that_nobody_declared_and_what_so_few_can_show(own: Runtime) -> None:
    page = _asks(own).get("/fairness")
    told = _asks(own).get("/fairness?format=json").json()

    assert 200 == page.status_code
    assert "<h1>No group is declared, so rates cannot be compared" in page.text
    assert "not even a group in which it never happens would be found" in page.text
    assert ([], {}) == (told["audit"]["tables"], {k: n for k, n in told["audit"]["declared"].items() if n})


def test_an_empty_workspace_has_nothing_to_audit(empty: Asked) -> None:
    page = empty.get("/fairness")

    assert (200, True) == (page.status_code, "Too few people for an audit" in page.text)
    assert 404 == empty.get("/fairness/summary.md").status_code


def test_people_without_estimates_are_not_audited_and_nothing_is_recorded(study: Asked) -> None:
    assert "Nobody has an estimate yet" in study.get("/fairness").text
    assert 404 == _post(study, "/fairness/record").status_code


def test_whose_role_it_is_not_is_refused_with_the_reason(own: Runtime) -> None:
    answers = [_asks(own, role).get("/fairness") for role in ("owner", "manager", "reviewer", "technician")]
    recorded = [_post(_asks(own, role), "/fairness/record").status_code for role in ("reviewer", "technician")]

    assert [200, 200, 200, 403] == [a.status_code for a in answers]
    assert "that takes owner or manager or reviewer" in answers[3].text
    assert ([403, 403], False) == (recorded, "Record this audit" in answers[2].text)


def test_recording_it_makes_it_the_audit_that_others_wait_for(own: Runtime) -> None:
    owner = _asks(own)
    before = owner.get("/fairness").text
    after = _post(owner, "/fairness/record").text
    late = _asks(own, day=183).get("/fairness").text
    with own.looking() as (gate, _):
        age = gate.facts.audit_age_days

    assert "No audit is on record, so readiness is closed to reviewers" in before
    assert "The audit of 4 May 2026 opens readiness to reviewers" in after
    assert "is too old" in late
    assert 0 == age


@pytest.mark.parametrize(("name", "head"), [("summary", "# Summary of bias audit"), ("assessment", "# Impact assess")])
def test_drafts_are_markdown_that_says_it_is_a_draft(own: Runtime, name: str, head: str) -> None:
    answer: Any = _asks(own).get(f"/fairness/{name}.md")

    assert (200, True) == (answer.status_code, answer.text.startswith(head))
    assert "**Draft, no legal advice.**" in answer.text
    assert "*unknown*" in answer.text
    assert answer.headers["content-type"].startswith("text/markdown")
    assert 404 == _asks(own).get("/fairness/verdict.md").status_code


def test_a_planted_difference_and_proxy_come_first_and_are_drawn(own: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(2)
    late = [float(k % 2) for k in range(60)]
    estimates = [float(v) + 3 * shift for v, shift in zip(dice.normal(size=60), late, strict=True)]
    declared = {"sex": ["female" if k % 2 else "male" for k in range(60)]}
    signals = {"Work passed on": [float(v) + 3 * shift for v, shift in zip(dice.normal(size=60), late, strict=True)]}
    found = audit(estimates, declared, evidence=Evidence(signals, {"a later shift": late}, ["Technician"] * 60))
    real = _asks(own)
    monkeypatch.setattr(page, "report_of", lambda *told, **more: replace(fairness(*told, **more), audit=found))
    shown = real.get("/fairness").text
    table = real.get("/fairness?format=csv").text

    assert "<h1>The one ratio between groups stands out; of two proxies looked for, two found</h1>" in shown
    assert "clearly under four fifths" in shown
    assert "Proxy found: a later shift moves Work passed on by" in shown
    assert all(f'class="{kind}' in shown for kind in ("iv-bar", "mo sweep", "iv-band"))
    assert "Proxy: Work passed on,a later shift,60," in table
