"""The stage over small records that go through the real warehouse."""

from datetime import timedelta
from typing import Any

import pytest

from cadre.language.blocks import ANNOTATED, KEYS
from cadre.services.computing import annotate as stage
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader
from tests.language.links.talking import HELPING
from tests.services.reading import (
    ACCOUNTS,
    CHATS,
    EVERYTHING,
    READ,
    TABLES,
    annotate,
    body,
    chat,
    differing,
    fresh,
    load_into,
    told,
)


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
