from datetime import UTC, datetime, timedelta

import pytest

from cadre.warehouse import Warehouse, forgetting
from tests.conftest import NOW, Loader, Rows

T = datetime(2024, 5, 1, tzinfo=UTC)
ROWS: Rows = [
    ("accounts", {"external_id": "anna", "kind": "staff"}, 1),
    ("accounts", {"external_id": "bert", "kind": "staff"}, 2),
    ("identities", {"external_id": "anna", "account_id": "anna", "display_name": "Anna Plantedname"}, 3),
    ("identities", {"external_id": "bert", "account_id": "bert", "display_name": "Bert Keptname"}, 4),
    ("messages", {"external_id": "m1", "channel_id": "c", "occurred_at": T, "kind": "message", "account_id": "anna",
                  "mention_account_ids": ["bert"]}, 5),
    ("messages", {"external_id": "m2", "channel_id": "c", "occurred_at": T, "kind": "message", "account_id": "bert",
                  "mention_account_ids": ["anna"]}, 6),
    ("texts", {"external_id": "m1", "record_table": "messages", "record_id": "m1", "field": "body", "account_id": "anna",
               "body": "plantedwords of hers"}, 5),
    ("texts", {"external_id": "m2", "record_table": "messages", "record_id": "m2", "field": "body", "account_id": "bert",
               "body": "keptwords of his"}, 6),
]  # fmt: skip


def account_of(warehouse: Warehouse, message: str) -> str:
    with warehouse.snapshot() as record:
        messages = record["messages"]
        return str(record.rows(messages.filter(messages.external_id == message))[0]["account_id"])


def all_text(warehouse: Warehouse) -> str:
    """Every row of every version that can still be opened, and every byte of the logs."""
    import duckdb

    found = []
    for path in warehouse.root.rglob("*"):
        if path.suffix == ".parquet" and "_delta_log" not in path.parts:
            found.append(str(duckdb.sql(f"select * from read_parquet('{path}')").fetchnumpy()))
        elif path.is_file() and path.suffix != ".parquet" and path.name != "key":
            found.append(path.read_text("utf-8", errors="replace"))
    return "\n".join(found)


def test_an_erased_person_is_gone_from_every_version_and_counts_stay(load: Loader, warehouse: Warehouse) -> None:
    load(ROWS)
    load(
        [
            (
                "messages",
                {"external_id": "m3", "channel_id": "c", "occurred_at": T, "kind": "message", "account_id": "anna"},
                1,
            )
        ]
    )
    anna = account_of(warehouse, "m1")

    warehouse.erase((anna,), NOW + timedelta(days=1))

    left = all_text(warehouse)
    tombstones = warehouse.layout.tombstones.read_text("ascii")
    assert anna not in left.replace(tombstones, "")
    assert "Plantedname" not in left
    assert "plantedwords" not in left
    assert "Keptname" in left
    assert "keptwords" in left
    with warehouse.snapshot() as record:
        assert (3, 2, 1, 1) == tuple(record.count(t) for t in ("messages", "accounts", "identities", "texts"))
        mentioned = record["messages"].filter(record["messages"].external_id == "m2")
        assert [account_of(warehouse, "m1")] == record.rows(mentioned)[0]["mention_account_ids"]


def test_a_tombstone_stops_names_and_words_from_coming_back(load: Loader, warehouse: Warehouse) -> None:
    load(ROWS)
    warehouse.erase((account_of(warehouse, "m1"),), NOW + timedelta(days=1))
    erased = account_of(warehouse, "m1")

    count = load(ROWS, now=NOW + timedelta(days=2))

    assert (0, erased) == (count.rows_accepted, account_of(warehouse, "m1"))
    assert "Plantedname" not in all_text(warehouse)
    with warehouse.snapshot() as record:
        assert (2, 2, 1, 1) == tuple(record.count(t) for t in ("messages", "accounts", "identities", "texts"))


def test_only_the_newest_manifest_can_be_opened_after_an_erasure(load: Loader, warehouse: Warehouse) -> None:
    load(ROWS)
    load(ROWS[:2])

    warehouse.erase((account_of(warehouse, "m1"),), NOW)

    assert 1 == len(list(warehouse.layout.manifests.glob("*.json")))
    assert 1 == warehouse.erased_count()


def test_an_erasure_that_crashed_after_it_was_published_is_finished_by_the_next_writer(
    load: Loader, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ROWS)
    load(ROWS[:2])
    anna = account_of(warehouse, "m1")

    def crash(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(forgetting, "finish", crash)
        warehouse.erase((anna,), NOW + timedelta(days=1))
    assert "plantedwords" in all_text(warehouse)

    load(ROWS[:1], now=NOW + timedelta(days=2))

    assert "plantedwords" not in all_text(warehouse)
    assert "Plantedname" not in all_text(warehouse)
    assert anna not in all_text(warehouse).replace(warehouse.layout.tombstones.read_text("ascii"), "")
