"""The stage over small records that go through the real warehouse."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.language.blocks import ANNOTATED, KEYS
from cadre.services import annotate as stage
from cadre.services.ingest import Progress
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader, Rows
from tests.language.links.talking import HELPING

OWNER = Principal("owner", "owner")
PEOPLE = ("anna", "bert", "carla", "dmitri", "erik")
TABLES = (*ANNOTATED.values(), "reply_links", "annotation_blocks")
Told = dict[str, list[dict[str, Any]]]

ACCOUNTS: Rows = [
    row
    for k, who in enumerate(PEOPLE)
    for row in (
        ("accounts", {"external_id": who, "kind": "staff"}, 10 * k + 1),
        (
            "identities",
            {"external_id": who, "account_id": who, "handle": who, "display_name": f"{who.title()} Q"},
            10 * k + 2,
        ),
    )
]
DESK = [
    ("anna", "my laptop does not start since the update"), ("bert", "Is the power light on?"), ("anna", "Yes, it blinks three times."),
    ("bert", "Please hold the power button for thirty seconds, then try again."), ("anna", "That worked, thank you!"),
]  # fmt: skip


def body(table: str, key: str, who: str, words: str, line: int) -> tuple[str, dict[str, Any], int]:
    return ("texts", {"external_id": f"{table}{key}", "record_table": table, "record_id": key, "field": "body",
                      "account_id": who, "body": words}, line)  # fmt: skip


def chat(channel: str, month: int, *, lines: Iterable[tuple[float, str | None, str]] = HELPING, **more: Any) -> Rows:
    """A conversation in a month of a channel."""
    rows: Rows = []
    for k, (minute, who, words) in enumerate(lines):
        if who:
            key, at = f"{channel}-{month}-{k}", datetime(2024, month, 15, 9, tzinfo=UTC) + timedelta(minutes=minute)
            rows.append(("messages", {"external_id": key, "channel_id": channel, "occurred_at": at, "kind": "message",
                                      "account_id": who, **more}, 2 * len(rows)))  # fmt: skip
            rows.append(body("messages", key, who, words, 2 * len(rows)))
    return rows


def ticket(key: str) -> Rows:
    rows: Rows = [("tickets", {"external_id": key, "occurred_at": datetime(2024, 1, 2, tzinfo=UTC)}, 1)]
    for k, (who, words) in enumerate(DESK):
        at = datetime(2024, 1, 2, 10, 7 * k, 20, tzinfo=UTC)
        rows.append(("ticket_events", {"external_id": f"{key}-{k}", "ticket_id": key, "occurred_at": at, "kind": "reply",
                                       "actor_account_id": who}, 10 + k))  # fmt: skip
        rows.append(body("ticket_events", f"{key}-{k}", who, words, 20 + k))
    return rows


def meeting(key: str) -> Rows:
    rows: Rows = [("meetings", {"external_id": key, "occurred_at": datetime(2024, 1, 3, 9, tzinfo=UTC)}, 1)]
    for k, (who, words) in enumerate(DESK):
        rows.append(("utterances", {"external_id": f"{key}-{k}", "meeting_id": key, "ordinal": k, "account_id": who,
                                    "start_seconds": 5.0 * k, "end_seconds": 5.0 * k + 3}, 10 + k))  # fmt: skip
        rows.append(body("utterances", f"{key}-{k}", who, words, 20 + k))
    return rows


EVERYTHING: Rows = [
    *ACCOUNTS,
    *chat("help", 1),
    *chat("help", 2),
    *chat("help", 3),
    *chat("ops", 1),
    *ticket("t1"),
    *ticket("t2"),
    *meeting("m1"),
]
CHATS: Rows = [*ACCOUNTS, *chat("help", 1), *chat("help", 2), *chat("help", 3), *chat("ops", 1)]
READ = {"messages": 4 * 12, "ticket_events": 2 * 5, "utterances": 5}


def annotate(warehouse: Warehouse, progress: Progress = lambda step, rows: None) -> dict[str, int]:
    return stage.annotate(OWNER, warehouse, FixedClock(NOW), progress=progress)


def told(warehouse: Warehouse) -> Told:
    """Every annotation, in order."""
    with warehouse.snapshot() as record:
        return {name: sorted(record.rows(record[name]), key=repr) for name in TABLES}


def fresh(tmp_path: Any, name: str) -> Warehouse:
    """Another workspace under the same secret, so that keys are the same."""
    import shutil

    from cadre.records import Firm

    return Warehouse(
        shutil.copytree(tmp_path / "workspace", tmp_path / name), Firm(name="Test firm", zone="Europe/Berlin")
    )


def differing(one: Told, other: Told) -> list[tuple[str, dict[str, tuple[Any, Any]]]]:
    """Where two readings differ by more than a thousandth, row by row."""
    found: list[tuple[str, dict[str, tuple[Any, Any]]]] = []
    for table in TABLES:
        rows = [{row_key(table, row): row for row in told[table]} for told in (one, other)]
        for key in sorted(rows[0].keys() | rows[1].keys()):
            mine, theirs = (each.get(key, {}) for each in rows)
            unlike = {
                name: (mine.get(name), theirs.get(name))
                for name in mine.keys() | theirs.keys()
                if not alike(mine.get(name), theirs.get(name))
            }
            found += [(f"{table} {key}", unlike)] if unlike else []
    return found


def row_key(table: str, row: dict[str, Any]) -> str:
    key = next((k for t, k in KEYS.items() if ANNOTATED[t] == table), None)
    names = (
        [key]
        if key
        else ["record_table", "record_id", "place"]
        if table == "reply_links"
        else ["record_table", "container_id", "block"]
    )
    return " ".join(str(row[name]) for name in names)


def alike(one: Any, other: Any) -> bool:
    numbers = isinstance(one, float) and isinstance(other, float)
    return one == other or (numbers and one == pytest.approx(other, abs=1e-3, nan_ok=True))


def test_an_empty_record_has_nothing_to_read(warehouse: Warehouse) -> None:
    assert {} == annotate(warehouse)


def test_every_turn_with_words_is_annotated_and_linked_once(load: Loader, warehouse: Warehouse) -> None:
    load(EVERYTHING)

    assert READ == annotate(warehouse)
    found = told(warehouse)
    for name, table in ANNOTATED.items():
        keys = [row[KEYS[name]] for row in found[table]]
        assert READ[name] == len(keys) == len(set(keys))
        linked = [
            link["record_id"] for link in found["reply_links"] if link["record_table"] == name and link["place"] == 1
        ]
        assert sorted(keys) == sorted(linked)
    assert [1, 2, 4] == [
        sum(b["record_table"] == n for b in found["annotation_blocks"])
        for n in ("utterances", "ticket_events", "messages")
    ]


def test_a_second_time_there_is_nothing_to_do_and_nothing_is_written(load: Loader, warehouse: Warehouse) -> None:
    load(EVERYTHING)
    annotate(warehouse)
    manifest, before = warehouse.newest().number, told(warehouse)

    assert {} == annotate(warehouse)
    assert (manifest, before) == (warehouse.newest().number, told(warehouse))


def test_the_same_file_again_makes_nothing_stale(load: Loader, warehouse: Warehouse) -> None:
    load(EVERYTHING)
    annotate(warehouse)
    load(EVERYTHING, now=NOW + timedelta(days=1))

    assert {} == annotate(warehouse)


def test_new_messages_of_a_channel_make_only_their_month_and_those_beside_it_be_read(
    load: Loader, warehouse: Warehouse
) -> None:
    load([*CHATS, *chat("help", 6)])
    annotate(warehouse)
    before = told(warehouse)
    load(
        [
            row
            for row in chat("ops", 1, lines=[*HELPING, (30, "anna", "one more thing, is the mail gateway down?")])
            if row[1]["external_id"].endswith("-13")
        ]
    )

    assert {"messages": 13} == annotate(warehouse)
    after = told(warehouse)
    new = [row for row in after["message_annotations"] if row not in before["message_annotations"]]
    assert 1 == len({row["container_id"] for row in new})
    load(chat("help", 7))
    assert {"messages": 24} == annotate(warehouse)


def test_a_changed_text_is_read_again_with_what_stands_beside_it(load: Loader, warehouse: Warehouse) -> None:
    load(EVERYTHING)
    annotate(warehouse)
    before = told(warehouse)
    load([body("ticket_events", "t2-4", "anna", "No, it is still dead. What now?", 24)], now=NOW + timedelta(days=1))

    assert {"ticket_events": 5} == annotate(warehouse)
    after = told(warehouse)
    assert before["message_annotations"] == after["message_annotations"]
    changed = [row for row in after["ticket_annotations"] if row not in before["ticket_annotations"]]
    assert [7] == [row["word_count"] for row in changed]


def test_two_loads_give_the_annotations_of_one(load: Loader, warehouse: Warehouse, tmp_path: Any) -> None:
    load(ACCOUNTS)
    other = fresh(tmp_path, "other")
    load(CHATS)
    annotate(warehouse)
    for part in ([*ACCOUNTS, *chat("help", 2)], CHATS):
        load_into(other, part)
        annotate(other)

    assert differing(told(warehouse), told(other)) == []


def test_messages_that_come_late_within_a_month_give_the_same_annotations(
    load: Loader, warehouse: Warehouse, tmp_path: Any
) -> None:
    load(ACCOUNTS)
    other = fresh(tmp_path, "other")
    load(CHATS)
    annotate(warehouse)
    late = chat("help", 1)[6:12]
    load_into(other, [row for row in CHATS if row not in late])
    annotate(other)
    load_into(other, late)
    annotate(other)

    assert differing(told(warehouse), told(other)) == []


def test_months_read_in_turn_give_the_annotations_of_all_at_once(
    load: Loader, warehouse: Warehouse, tmp_path: Any
) -> None:
    busy = {
        m: [(3 * k + line[0] / 4, line[1], f"{line[2]} {m * k}") for k in range(10) for line in HELPING]
        for m in (1, 2, 3)
    }
    load(ACCOUNTS)
    other = fresh(tmp_path, "other")
    load([row for m in busy for row in chat("help", m, lines=busy[m])])
    annotate(warehouse)
    for m, lines in busy.items():
        load_into(other, chat("help", m, lines=lines))
        annotate(other)

    assert differing(told(warehouse), told(other)) == []


def load_into(warehouse: Warehouse, rows: Rows) -> None:
    from cadre.warehouse import Collector, LoadFile

    with warehouse.loading("psa", NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        for table, values, line in rows:
            collector.record(table, values, "export.csv", line)
        stage_ = collector.close()
        tables = under_way.write(stage_)
        under_way.note_newest(stage_)
        under_way.count(stage_, [LoadFile("export.csv", "d", "s")], tables)
        under_way.publish()


class Stopped(Exception):  # noqa: N818 -- what a test throws, not an error
    pass


def stop(step: str, rows: int) -> None:
    raise Stopped


def test_an_interruption_loses_nothing_and_the_next_call_finishes_with_the_same_result(
    load: Loader, warehouse: Warehouse, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(CHATS)
    other = fresh(tmp_path, "other")
    annotate(warehouse)
    monkeypatch.setattr(stage, "PORTION_TURNS", 15)

    with pytest.raises(Stopped):
        annotate(other, stop)
    first = told(other)
    assert 0 < len(first["message_annotations"]) < READ["messages"]
    rest = annotate(other)

    assert READ["messages"] - len(first["message_annotations"]) == rest["messages"]
    assert all(row in told(other)["message_annotations"] for row in first["message_annotations"])
    assert differing(told(warehouse), told(other)) == []
    assert {} == annotate(other)


def test_an_interruption_within_a_portion_publishes_nothing_of_it(
    load: Loader, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(EVERYTHING)

    def broken(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(stage, "_ledger", broken)
        annotate(warehouse)

    assert not any(told(warehouse).values())
    assert READ == annotate(warehouse)


def test_how_turns_are_portioned_does_not_change_what_is_found(
    load: Loader, warehouse: Warehouse, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(CHATS)
    other = fresh(tmp_path, "other")
    annotate(warehouse)
    monkeypatch.setattr(stage, "BATCH_TURNS", 1)
    monkeypatch.setattr(stage, "PORTION_TURNS", 1)
    steps: list[tuple[str, int]] = []
    annotate(other, lambda step, rows: steps.append((step, rows)))

    assert [12, 24, 36, 48] == [rows for step, rows in steps if step == "reading messages"]
    assert differing(told(warehouse), told(other)) == []


def test_another_version_of_the_models_makes_everything_be_read_again(
    load: Loader, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(EVERYTHING)
    annotate(warehouse)
    monkeypatch.setattr(stage, "version", lambda: "another")

    assert READ == annotate(warehouse)
    assert {"another"} == {row["model_version"] for row in told(warehouse)["annotation_blocks"]}
    assert {} == annotate(warehouse)


def test_a_record_that_was_erased_leaves_no_annotation_and_no_parent(load: Loader, warehouse: Warehouse) -> None:
    load([*EVERYTHING, *chat("own", 1, lines=[(0, "erik", "note to myself"), (1, "erik", "buy milk")])])
    annotate(warehouse)
    with warehouse.snapshot() as record:
        messages = record.rows(record["messages"])
    own, erik = next(
        (row["channel_id"], row["account_id"]) for row in messages if row["message_id"].endswith("own-1-0")
    )
    mine = {row["message_id"] for row in messages if row["account_id"] == erik}
    assert own in {row["container_id"] for row in told(warehouse)["annotation_blocks"]}

    warehouse.erase((erik,), NOW + timedelta(days=1))
    assert not {row["message_id"] for row in told(warehouse)["message_annotations"]} & mine
    annotate(warehouse)
    found = told(warehouse)

    assert not {row["message_id"] for row in found["message_annotations"]} & mine
    for table in TABLES:
        assert own not in {row["container_id"] for row in found[table]}
        assert erik not in str(found[table])
    assert 1 == len({row["model_version"] for row in found["annotation_blocks"]})
    assert {} == annotate(warehouse)


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
