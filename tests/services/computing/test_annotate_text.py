"""What the stage makes of threads, marks, moved and odd text, and the command."""

from datetime import timedelta

import pytest

from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader
from tests.services.reading import ACCOUNTS, DESK, EVERYTHING, PEOPLE, READ, annotate, body, chat, ticket, told


def test_a_thread_has_one_start_and_marked_replies_count_before_the_model(load: Loader, warehouse: Warehouse) -> None:
    start = chat("help", 1)
    thread = chat("help", 2, thread_id="help-1-0")
    thread[4][1]["reply_to_id"] = "help-2-0"
    load([*ACCOUNTS, *start, *thread])
    annotate(warehouse)

    with warehouse.snapshot() as record:
        names = {row["message_id"]: row["external_id"] for row in record.rows(record["messages"])}
    links = {names[link["record_id"]]: link for link in told(warehouse)["reply_links"] if link["place"] == 1}
    assert all(link["parent_id"] is not None for key, link in links.items() if key.startswith("help-2"))
    assert links["help-1-0"]["parent_id"] is None
    marked = links[thread[4][1]["external_id"]]
    assert ("help-2-0", "marked", 1.0) == (names[marked["parent_id"]], marked["how"], marked["probability"])


def test_a_marked_reply_counts_however_far_back_and_in_which_thread_it_leads(
    load: Loader, warehouse: Warehouse
) -> None:
    first = chat("help", 1, lines=[(k, PEOPLE[k % 5], f"line {k} about the printer") for k in range(110)])
    second = chat("help", 2, lines=[(0, "anna", "that was long ago"), (1, "bert", "this was in a thread")])
    first[2][1]["thread_id"] = "help-1-0"
    second[0][1]["reply_to_id"], second[2][1]["reply_to_id"] = "help-1-0", "help-1-1"
    load([*ACCOUNTS, *first, *second])
    annotate(warehouse)

    links = {link["record_id"].split("/")[-1]: link for link in told(warehouse)["reply_links"] if link["place"] == 1}
    found = [(links[key]["how"], (links[key]["parent_id"] or "").split("/")[-1]) for key in ("help-2-0", "help-2-1")]
    assert [("marked", "help-1-0"), ("marked", "help-1-1")] == found


def test_texts_that_change_places_are_read_again(load: Loader, warehouse: Warehouse) -> None:
    load([*ACCOUNTS, *ticket("t1")])
    annotate(warehouse)
    swapped = [body("ticket_events", f"t1-{k}", who, DESK[2 - k][1], 20 + k) for k, who in ((0, "anna"), (2, "anna"))]
    load(swapped, now=NOW + timedelta(days=1))

    assert {"ticket_events": 5} == annotate(warehouse)


def test_a_message_without_words_ever_is_no_reason_to_read(load: Loader, warehouse: Warehouse) -> None:
    load([*ACCOUNTS, *(row for row in chat("help", 1) if row[0] == "messages")])

    assert {} == annotate(warehouse)


def test_odd_text_is_read(load: Loader, warehouse: Warehouse) -> None:
    odd = [
        "QUJD" * 250_000,
        "a\x00b",
        "🎉",
        "\u202eשלמה, מה?",
        "```\nrm -rf /\n```",
        "ERROR refused\n" * 10_000,
        " ",
        "プロファイルはどこですか",
    ]
    load([*ACCOUNTS, *chat("help", 1, lines=[(k, PEOPLE[k % 5], text) for k, text in enumerate(odd)])])
    done = annotate(warehouse)

    assert len(odd) == done["messages"]
    assert {} == annotate(warehouse)


def test_the_command_tells_turns_and_then_that_nothing_is_new(
    load: Loader, warehouse: Warehouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import contextlib
    import json
    import sys

    from cadre.cli import main
    from cadre.config import create_workspace

    create_workspace(warehouse.root)
    load(EVERYTHING)

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["cadre", "annotate", "-w", str(warehouse.root), *words])
        with contextlib.suppress(SystemExit):
            main()
        return capsys.readouterr().out

    assert {"turns": READ} == json.loads(run("--json"))
    assert "Nothing new to read." == run().strip()
    assert {"turns": {}} == json.loads(run("--json"))
