"""Words that were read can be dropped, and everything goes on working."""

from dataclasses import replace
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.clock import SystemClock
from cadre.records import Firm
from cadre.runtime import open_runtime
from cadre.services.computing.annotate import annotate
from cadre.services.computing.refresh import refresh
from cadre.services.computing.retention import drop_old_texts
from cadre.services.erasure.erase import keys_of
from cadre.warehouse import Warehouse
from tests.firms import copied, small

OWNER = Principal("owner", "owner")


def counts(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.snapshot() as record:
        names = (
            "texts",
            "messages",
            "message_annotations",
            "ticket_annotations",
            "reply_links",
            "questions",
            "answers",
        )
        return {name: record.count(name) for name in names}


def test_words_are_dropped_after_they_were_read_and_the_firm_keeps_its_signals(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    runtime = open_runtime(copied(tmp_path_factory, "small", small))
    before = counts(runtime.warehouse)

    house = Warehouse(runtime.root, replace(runtime.warehouse.firm, keep_text_days=0))
    dropped = drop_old_texts(OWNER, house, SystemClock())
    refresh(OWNER, house, runtime.work(), SystemClock())
    after = counts(house)

    assert dropped > 0
    assert before["texts"] - dropped == after.pop("texts")
    assert {name: before[name] for name in after} == after
    assert annotate(OWNER, house, SystemClock()) == {}
    assert 0 == drop_old_texts(OWNER, house, SystemClock())

    with house.snapshot() as record:
        person = record.rows(record["person_accounts"].filter(record["person_accounts"].kind == "staff").limit(1))[0]
    house.erase(keys_of(house, person["person_id"]), SystemClock().now())
    assert before["message_annotations"] == counts(house)["message_annotations"]


def test_a_firm_that_says_nothing_keeps_its_words(tmp_path: Path) -> None:
    runtime = open_runtime(tmp_path, create=True)

    assert Firm().keep_text_days is None
    assert 0 == drop_old_texts(OWNER, runtime.warehouse, SystemClock())
