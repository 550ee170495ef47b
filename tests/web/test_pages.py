"""Every page: it answers, carries the study's word, asks for nothing from outside and says what is missing."""

import importlib
import pkgutil
import re
from typing import Any

import pytest

from cadre.reports.signals.signals import cards
from cadre.web import pages
from cadre.web.pages import NAV, PAGES
from cadre.web.view import effect

PATHS = ("/", "/people", "/people?view=responsiveness", "/people?order=collaboration&q=ce&team=Service+desk", "/teams",
         "/teams/roster/t1", "/network", "/network?name=mentoring", "/signals", "/signals/peer_answer_share", "/coverage", "/record",
         "/record?source=psa", "/record/ticket_events/psa/v49", "/validity", "/style", "/approvals", "/decisions",
         "/govern", "/govern/catalogue", "/govern/rules", "/govern/rules/agent-unregistered", "/govern/step", "/govern/replay")  # fmt: skip
REPORTS = ("/", "/people", "/teams", "/network", "/signals", "/coverage", "/record", "/validity")


def test_every_file_of_a_page_is_in_the_registry() -> None:
    files = {m.name for m in pkgutil.iter_modules(pages.__path__)} - {"page"}
    made = {importlib.import_module(f"cadre.web.pages.{name}").PAGE.name for name in files}

    assert {p.name for p in PAGES} == files == made


def test_every_page_says_its_one_question() -> None:
    assert all(page.question.endswith("?") for page in PAGES)
    expected = {
        "This week": ["This week"],
        "People": ["People", "Selection", "Seats", "Structure", "Fairness", "Validity", "Teams"],
        "Agents": ["Overview", "Approvals", "Decisions", "Clients", "Rules", "Machines", "AI tools"],
        "Record": ["Signals", "Coverage", "Record"],
    }
    assert {part.label: [label for _, label in part.pages] for part in NAV} == expected
    assert {page.section for page in PAGES if page.label} == set(expected)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_answers_with_the_word_of_the_study(study: Any, path: str) -> None:
    answer = study.get(path)

    assert answer.status_code == 200
    assert "Study: invented data" in answer.text
    assert len(re.findall(r"<h1[ >]", answer.text)) == 1


@pytest.mark.parametrize("path", PATHS)
def test_a_page_runs_nothing_inline_and_asks_nothing_from_outside(study: Any, path: str) -> None:
    text = study.get(path).text

    assert re.findall(r"<script(?![^>]*src=\"/static/)", text) == []
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text) == []
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//", text) == []


@pytest.mark.parametrize("path", REPORTS)
def test_every_report_is_there_as_json_and_as_tables(study: Any, path: str) -> None:
    told = study.get(f"{path}?format=json")
    csv = study.get(f"{path}?format=csv")
    xlsx = study.get(f"{path}?format=xlsx")

    assert told.json()["purpose"] == "study"
    assert csv.headers["content-type"].startswith("text/csv")
    assert "attachment" in csv.headers["content-disposition"]
    assert xlsx.content[:2] == b"PK"


def test_an_exported_list_carries_the_word_of_the_study(study: Any) -> None:
    answer = study.get("/people?format=csv")
    lines = answer.text.strip().split("\r\n")

    assert "people-study-invented-data.csv" in answer.headers["content-disposition"]
    assert all(line.endswith("Study: invented data") for line in lines[1:])
    assert len(lines) == 9


def test_the_list_shows_estimates_as_intervals_and_thin_evidence_off_the_scale(study: Any) -> None:
    text = study.get("/people?view=responsiveness").text

    assert text.count('class="iv-dot"') == 7
    assert "not enough evidence: 4 of 8" in text
    assert 'aria-label="Colleagues&#39; questions answered of Cem Aydin: 50% (42% to 57%, n = 100)"' in text


def test_the_list_can_be_filtered_by_name_and_team(study: Any) -> None:
    assert "2 people of 8" in study.get("/people?team=Projects").text
    assert "Nobody fits" in study.get("/people?q=zzz").text


def test_a_person_shows_what_was_seen_and_what_is_not_measured(study: Any, cem: str) -> None:
    text = study.get(f"/people/{cem}").text

    assert "Answered 50% of the questions colleagues put to them (100 questions)." in text
    assert text.count("not measured yet:") == 8
    assert text.count("tried, and not kept") == 1
    assert f'hx-get="/people/{cem}/evidence/peer_answer_share"' in text


def test_evidence_is_a_page_and_a_panel(study: Any, cem: str) -> None:
    path = f"/people/{cem}/evidence/assist_credit"
    page = study.get(path)
    panel = study.get(path, headers={"HX-Request": "true", "HX-Target": "panel-body"})

    assert page.status_code == panel.status_code == 200
    assert page.text.lstrip().startswith("<!doctype html>")
    assert panel.text.lstrip().startswith("<div")
    assert "Study: invented data" in panel.text


def test_a_doubtful_join_can_be_decided_both_ways(study: Any) -> None:
    doubt = study.get("/record?format=json").json()["doubts"][0]
    text = study.get("/record").text

    assert f'value="{doubt["account_id"]}"' in text
    assert all(f'name="verdict" value="{verdict}"' in text for verdict in ("join", "split"))


def test_a_row_shows_its_words_and_where_it_comes_from(study: Any) -> None:
    text = study.get("/record/ticket_events/psa/v49").text

    assert "Looked at the mail queue, see step 49." in text
    assert "psa.csv" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nope", 404),
        ("/people/p_x", 404),
        ("/signals/charisma", 404),
        ("/record/texts/psa/x1", 404),
        ("/teams/none", 404),
    ],
)
def test_an_error_is_a_page_with_the_next_step(study: Any, path: str, status: int) -> None:
    answer = study.get(path)

    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert study.get(f"{path}?format=json").json().keys() == {"error", "hint"}


def test_numbers_about_persons_are_withheld_with_reason_and_way_out(own: Any) -> None:
    list_, person = own.get("/people"), own.get("/people?format=json").json()["people"][2]["person_id"]
    page = own.get(f"/people/{person}")
    row = own.get("/record/ticket_events/psa/v49")

    for answer in (list_, page, row):
        assert answer.status_code == 200
        assert "stay closed until they were told" in answer.text
        assert 'class="iv-dot"' not in answer.text
    assert "mail queue" not in row.text
    assert "Study" not in list_.text


def test_team_figures_are_open_from_five_people_up_in_a_firms_own_workspace(own: Any) -> None:
    text = own.get("/teams").text

    assert "A group of 2 is too small" in text
    assert 'class="iv-dot"' in text


@pytest.mark.parametrize("path", REPORTS)
def test_an_empty_workspace_says_what_to_do_first(empty: Any, path: str) -> None:
    answer = empty.get(path)

    assert answer.status_code == 200
    assert "cadre ingest" in answer.text or path == "/signals"


def test_signals_stand_by_family_with_what_was_tried_and_one_of_them_works_a_row_through(study: Any) -> None:
    whole = study.get("/signals").text
    one = study.get("/signals/assist_credit")

    assert whole.index('id="family-responsiveness"') < whole.index('id="family-mentoring"')
    assert whole.index('id="family-mentoring"') < whole.index('id="unmeasured"')
    assert "One row, worked through" not in whole
    assert "example" in study.get("/signals/assist_credit?format=json").json()
    assert 200 == one.status_code


def test_a_caution_stands_beside_the_signal_it_is_about(study: Any) -> None:
    found = [
        study.get(f"/signals/{name}").text.count("Never compare groups") for name in ("repair_share", "solo_share")
    ]

    assert [1, 0] == found


@pytest.mark.parametrize(("value", "told"), [(0.0, "took 100% of expected"), (0.693, "took 50% of expected"), (-1.0, "took 272% of expected")])  # fmt: skip
def test_a_rows_part_in_hours_saved_is_told_as_time_taken(value: float, told: str) -> None:
    card = next(each for each in cards() if each.name == "adjusted_speed")

    assert told == effect(value, card)


def test_a_firms_own_workspace_has_no_worked_row(own: Any) -> None:
    text = own.get("/signals/assist_credit").text

    assert "study workspace alone" in text
