"""Notice, my page, contest, blind review: the story of four people with different rights, asked without a browser."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.config import create_workspace, load_settings
from cadre.runtime import Runtime
from cadre.services.people.fairness_audit import record_audit
from cadre.web import create_app
from tests.web.conftest import Asked, _firm

DAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SIGNAL = "peer_answer_share"


class Firm:
    """One workspace asked by several people on several days."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.keys: dict[str, str] = {}
        people = self.asks("owner").get("/people?format=json").json()["people"]
        self.keys = {p["name"]: p["person_id"] for p in people}

    def runtime(self, role: str, *, name: str = "", day: int = 0) -> Runtime:
        person_id = self.keys.get(name) if name else None
        told = Principal(name or role, role, person_id)  # type: ignore[arg-type]
        return Runtime(self.root, load_settings(self.root), FixedClock(DAY + timedelta(days=day)), told)

    def asks(self, role: str, *, name: str = "", day: int = 0) -> Asked:
        return Asked(create_app(self.runtime(role, name=name, day=day)))


def _post(asked: Asked, path: str, **data: Any) -> Any:
    return asked.post(path, data=data, headers={"Origin": "http://127.0.0.1:8765"})


def _told(firm: Firm, *names: str) -> None:
    _post(firm.asks("owner"), "/notice/publish", text="# What is looked at\n\nAsk Ada.")
    _post(firm.asks("owner"), "/notice/deliver")
    for name in names:
        _post(firm.asks("technician", name=name), "/me/confirm", number=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built") / "firm"
    create_workspace(root, name="Lindgren IT", purpose="firm", invented=True, zone="Europe/Berlin")
    _firm().build(root, purpose="firm", signal=SIGNAL)
    return root


@pytest.fixture
def firm(tmp_path: Path, built: Path) -> Firm:
    return Firm(shutil.copytree(built, tmp_path / "firm"))


def test_from_notice_to_what_a_lead_sees(firm: Firm) -> None:
    cem = firm.keys["Cem Aydin"]
    before = firm.asks("technician", name="Cem Aydin").get(f"/people/{cem}")
    _told(firm, "Cem Aydin")
    own = firm.asks("technician", name="Cem Aydin").get(f"/people/{cem}?purpose=self")
    early = firm.asks("manager", day=13).get(f"/people/{cem}")
    late = firm.asks("manager", day=14).get(f"/people/{cem}")
    colleague = firm.asks("technician", name="Bo Berg", day=14).get(f"/people/{cem}")

    assert "stay closed until they were told" in before.text
    assert "Answered 50% of the questions" in own.text
    assert "14 days to look and contest" in early.text
    assert "13 have passed" in early.text
    assert "Answered 50% of the questions" in late.text
    assert "You ask as technician" in colleague.text
    assert [False] * 3 == ["Answered 50%" in page.text for page in (before, early, colleague)]


def test_a_list_shows_those_who_are_released_and_counts_the_others(firm: Firm) -> None:
    _told(firm, "Cem Aydin", "Bo Berg")
    page = firm.asks("manager", day=20).get("/people")
    told = firm.asks("manager", day=20).get("/people?format=json").json()

    assert "6 people are not released to you" in page.text
    assert ["Bo Berg", "Cem Aydin"] == [p["name"] for p in told["people"] if p["released"]]
    assert [6] == [each["people"] for each in told["held"]]


def test_who_saw_what_stands_on_my_page(firm: Firm) -> None:
    _told(firm, "Cem Aydin")
    cem = firm.keys["Cem Aydin"]
    manager = firm.asks("manager", name="Bo Berg", day=14)
    manager.get(f"/people/{cem}?purpose=development")
    manager.get("/people?format=csv")
    seen = firm.asks("technician", name="Cem Aydin", day=15).get("/me?format=json").json()["who_saw"]

    assert [("Bo Berg", "signals and their evidence", "development", 2, "lead-after-fourteen-days")] == [
        (s["who"], s["what"], s["purpose"], s["times"], s["policies"]) for s in seen
    ]


def test_my_page_says_who_may_see_what_and_what_would_open_the_rest(firm: Firm) -> None:
    _told(firm, "Cem Aydin")
    told = firm.asks("technician", name="Cem Aydin", day=14).get("/me?format=json").json()["who_may_see"]

    assert [True, True, False, False, False] == [v["open"] for v in told]
    assert "audit" in told[2]["opens"]
    assert "pay, discipline" in told[4]["withheld"]


def test_a_new_version_closes_again_until_it_is_confirmed(firm: Firm) -> None:
    _told(firm, "Cem Aydin")
    _post(firm.asks("owner"), "/notice/publish", text="# Another text")

    assert (
        "stay closed until they were told" in firm.asks("manager", day=20).get(f"/people/{firm.keys['Cem Aydin']}").text
    )


def test_a_paper_receipt_counts_and_carries_its_reason(firm: Firm) -> None:
    _told(firm)
    answer = _post(firm.asks("owner"), "/notice/paper", person_id=firm.keys["Bo Berg"], reason="on leave, filed")
    shut = _post(firm.asks("technician", name="Cem Aydin"), "/notice/paper", person_id=firm.keys["Bo Berg"], reason="x")

    assert "on paper: on leave, filed" in answer.text
    assert 403 == shut.status_code
    assert "Answered" in firm.asks("manager", day=14).get(f"/people/{firm.keys['Bo Berg']}").text


def test_a_contest_is_answered_by_somebody_else_and_the_reason_is_read(firm: Firm) -> None:
    _told(firm, "Cem Aydin")
    mine = firm.asks("technician", name="Cem Aydin", day=1)
    _post(mine, "/me/contest", signal=SIGNAL, record_table="messages", record_id="m1", words="That was a test channel.")
    waiting = firm.asks("reviewer", day=1).get("/contests")
    refused = mine.get("/contests")
    own = _post(firm.asks("manager", name="Cem Aydin"), "/contests/answer", contest_id=1, verdict="kept", reason="no")
    _post(firm.asks("reviewer", day=2), "/contests/answer", contest_id=1, verdict="upheld", reason="You are right.")

    assert "That was a test channel." in waiting.text
    assert (403, 403) == (refused.status_code, own.status_code)
    assert "left out from the next refresh on: You are right." in mine.get("/me").text


def test_whoever_answers_reads_the_contested_row_and_no_other(firm: Firm) -> None:
    _told(firm, *firm.keys)
    row = "/record/ticket_events/psa/v49"
    reviewer = firm.asks("reviewer", day=20)
    before = reviewer.get(f"{row}?purpose=contest").text
    mine = firm.asks("technician", name="Cem Aydin", day=20)
    _post(mine, "/me/contest", signal=SIGNAL, record_table="ticket_events", record_id="psa/v49", words="Not mine.")
    shown = reviewer.get(f"{row}?purpose=contest").text
    otherwise = reviewer.get(row).text
    _post(reviewer, "/contests/answer", contest_id=1, verdict="kept", reason="It is.")
    after = reviewer.get(f"{row}?purpose=contest").text

    assert [False, True, False, False] == ["mail queue" in text for text in (before, shown, otherwise, after)]


def test_help_counts_once_the_colleague_confirms(firm: Firm) -> None:
    bo, cem = firm.asks("technician", name="Bo Berg"), firm.asks("technician", name="Cem Aydin")
    _post(bo, "/me/help", helped_person_id=firm.keys["Cem Aydin"], helped_on="2026-05-01", words="The VPN, by phone.")
    asked = cem.get("/me")
    _post(cem, "/me/help/answer", statement_id=1, is_confirmed="yes")

    assert "Bo Berg says: The VPN, by phone." in asked.text
    assert [(True, True)] == [(h["mine"], h["confirmed"]) for h in bo.get("/me?format=json").json()["help"]]


def test_who_seeks_no_lead_role_says_so_and_takes_it_back(firm: Firm) -> None:
    cem = firm.asks("technician", name="Cem Aydin")
    _post(cem, "/me/seeking", is_seeking="no")
    first = cem.get("/me").text
    _post(cem, "/me/seeking", is_seeking="yes")

    assert "You are on no list of candidates" in first
    assert "You may be on a list of candidates" in cem.get("/me").text


def _answers(firm: Firm, **changed: str) -> dict[str, str]:
    from cadre.stewardship.review import questions

    made = {}
    for key in questions().keys:
        made |= {f"{key}:step": "4", f"{key}:why": "Saw it in March."}
    return made | changed


def test_a_blind_review_opens_readiness_with_an_audit_and_not_before(firm: Firm) -> None:
    _told(firm, "Cem Aydin")
    cem = firm.keys["Cem Aydin"]
    reviewer = firm.asks("reviewer", day=20)
    thin = _post(reviewer, f"/reviews/{cem}", **_answers(firm, **{"delegation.1:why": " "}))
    _post(reviewer, f"/reviews/{cem}", **_answers(firm))
    before = reviewer.get(f"/reviews/{cem}").text
    owner = firm.runtime("owner", day=20)
    record_audit(owner.principal, owner.work(), owner.clock, audit_on=DAY.date(), summary="Nothing found.")
    after = reviewer.get(f"/reviews/{cem}").text

    assert 400 == thin.status_code
    assert "the answer to delegation.1 has no reason" in thin.text
    assert "Saw it in March." in thin.text
    assert "A fairness audit is made and recorded." in before
    assert "is open to you" in after


def test_whoever_looked_first_writes_no_blind_review(firm: Firm) -> None:
    _told(firm, "Cem Aydin")
    cem = firm.keys["Cem Aydin"]
    manager = firm.asks("manager", day=14)
    manager.get(f"/people/{cem}")
    answer = _post(manager, f"/reviews/{cem}", **_answers(firm))

    assert "It would not be blind" in manager.get(f"/reviews/{cem}").text
    assert (403, True) == (answer.status_code, "you were shown numbers about this person" in answer.text)


@pytest.mark.parametrize("purpose", ["pay", "discipline", "dismissal"])
def test_what_numbers_are_not_for_is_refused_everywhere(firm: Firm, purpose: str) -> None:
    _told(firm, "Cem Aydin")
    manager = firm.asks("manager", day=20)
    paths = (f"/people/{firm.keys['Cem Aydin']}", "/people", "/flags", "/teams")
    found = [manager.get(f"{path}?purpose={purpose}").text for path in paths]

    assert [True] * 4 == ["not opened for pay, discipline or dismissal" in text for text in found]
    assert [False] * 4 == ['class="iv-dot"' in text for text in found]


def test_somebody_without_a_person_has_no_page_of_their_own(firm: Firm) -> None:
    assert 403 == firm.asks("owner").get("/me").status_code
