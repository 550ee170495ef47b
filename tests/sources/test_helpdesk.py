"""Help desk: sentences, comments, tickets and scores join whatever the order of the files."""

from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.helpdesk import SOURCE
from tests.sources.taken import Taken, take

SENTENCES = (
    "issueid,id,comment_seq,utr_seq,author,created,is_private,actionbody,author_role\n"
    "100.0,1.0,0,1,ann,2022-01-02 11:12:51+00:00,0.0,please help .,reporter\n"
    "100.0,1.0,0,0,ann,2022-01-02 11:12:51+00:00,0.0,dear team,reporter\n"
    "100.0,2.0,1,0,tom,2022-01-02 12:00:00+00:00,1.0,check the router,assignee\n"
    "101.0,3.0,0,0,sue,2022-01-03 12:00:00+00:00,0.0,,others\n"
)
CASES = (
    "case_id,case_text,case_type,priority,assigned_group,status,created_at,resolved_at,source_dataset,source_record_id\n"
    "mendeley_100,the whole story,Ticket,blocker,tom,closed,2022-01-02 11:12:51+00:00,2022-01-09 10:00:00+00:00,m,100\n"
    "zenodo_7,no access,Files,unknown,files_support,unknown,,,z,7\n"
)
SCORES = "employee,ticket_count,q1,q2,q3\ntom,45,5.0,3.0,1.0\nkim,4,6.0,3.0,1.0\n"
FILES = {"a.csv": SENTENCES, "b.csv": CASES, "c.csv": SCORES}


def content(taken: Taken) -> dict[str, object]:
    return {name: sorted(map(repr, rows)) for name, rows in taken.tables.items()}


def test_comments_are_events_with_their_sentences_in_order(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, FILES)

    events = taken.by_id("ticket_events")
    assert [("reply", "public"), ("note", "private"), ("reply", "public")] == [
        (events[key]["kind"], events[key]["visibility"]) for key in ("1", "2", "3")
    ]
    assert "dear team\nplease help ." == taken.body("1")
    assert ["1.1", "1.0", "2.0", "3.0"] == [row["external_id"] for row in taken.tables["utterances"]]


def test_every_source_row_is_accounted_for(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, FILES)

    rows = {("a.csv", n) for n in (2, 3, 4, 5)} | {("b.csv", 2), ("b.csv", 3), ("c.csv", 2), ("c.csv", 3)}
    assert (rows, {3: "expected scores from 1 to 5"}) == (taken.lines, taken.refused)


def test_the_order_of_the_files_changes_nothing(tmp_path: Path) -> None:
    forward = take(SOURCE, tmp_path, FILES)
    backward = take(SOURCE, tmp_path, dict(reversed(FILES.items())))

    assert content(forward) == content(backward)


def test_ticket_rows_and_comments_join_and_a_login_is_no_team(tmp_path: Path) -> None:
    tickets = take(SOURCE, tmp_path, FILES).by_id("tickets")

    assert {"100", "101", "zenodo_7"} == set(tickets)
    assert ("ann", "tom", None, 1) == tuple(
        tickets["100"].get(name) for name in ("requester_account_id", "assignee_account_id", "team_id", "priority")
    )
    assert ("files_support", None, None) == tuple(tickets["zenodo_7"][n] for n in ("team_id", "priority", "status"))


def test_roles_make_accounts_staff_client_or_unknown(tmp_path: Path) -> None:
    accounts = take(SOURCE, tmp_path, FILES).by_id("accounts")

    assert {"ann": "client", "tom": "staff", "sue": "unknown"} == {key: row["kind"] for key, row in accounts.items()}


def test_a_shell_from_comments_alone_is_older_than_the_ticket_row(tmp_path: Path) -> None:
    shell = take(SOURCE, tmp_path, {"a.csv": SENTENCES}).by_id("tickets")["100"]
    whole = take(SOURCE, tmp_path, {"b.csv": CASES}).by_id("tickets")["100"]

    assert shell["revised_at"] < whole["revised_at"]
    assert "occurred_at" not in shell


def test_a_score_is_a_share_of_its_scale(tmp_path: Path) -> None:
    answers = take(SOURCE, tmp_path, {"c.csv": SCORES}).by_id("survey_responses")

    assert {"tom.q1": 1.0, "tom.q2": 0.5, "tom.q3": 0.0} == {key: row["score_share"] for key, row in answers.items()}


def test_a_sentence_after_its_ticket_ended_is_refused(tmp_path: Path) -> None:
    again = SENTENCES + "100.0,2.0,1,1,tom,2022-01-02 12:00:00+00:00,1.0,and the switch,assignee\n"

    taken = take(SOURCE, tmp_path, {"a.csv": again})

    assert {6: "its ticket ended further up: sort the file by ticket and comment"} == taken.refused


def test_an_unknown_table_names_what_was_found_and_expected(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"found the columns x, y; expected issueid"):
        take(SOURCE, tmp_path, {"x.csv": "x,y\n1,2\n"})
