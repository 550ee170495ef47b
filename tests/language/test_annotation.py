"""A batch in, two tables out, over rows made by hand in the columns the stage reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cadre.language.annotation import Said, annotations, version
from cadre.language.embedding import WordVectors
from cadre.records.derived import ACTS, DERIVED_BY_NAME
from tests.language.links.talking import HELPING

T = datetime(2024, 5, 1, 8, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        ("record_id", pa.string()), ("container_id", pa.string()), ("block", pa.string()), ("part", pa.string()),
        ("account_id", pa.string()), ("occurred_at", pa.timestamp("us", "UTC")), ("reply_to_id", pa.string()),
        ("thread_id", pa.string()), ("mentions", pa.list_(pa.string())), ("seconds", pa.float64()),
        ("text_digest", pa.int64()), ("body", pa.string()), ("is_context", pa.bool_()),
    ]
)  # fmt: skip
NAMES = {name: [name] for name in ("anna", "bert", "carla", "dmitri", "erik")}
DESK = [
    ("anna", "my laptop does not start since the update"), ("bert", "Is the power light on?"), ("anna", "Yes, it blinks three times."),
    ("bert", "Please hold the power button for thirty seconds, then try again."), ("anna", "That worked, thank you!"),
]  # fmt: skip


def row(number: int, who: str | None, body: str | None, part: str = "c", **more: Any) -> dict[str, Any]:
    return {
        "record_id": f"{part}{number}", "container_id": part, "block": "", "part": part, "account_id": who,
        "occurred_at": T + timedelta(minutes=number), "reply_to_id": None, "thread_id": None, "mentions": None, "seconds": None,
        "text_digest": number, "body": body, "is_context": False, **more,
    }  # fmt: skip


def said(rows: list[dict[str, Any]], *, closed: set[str] = frozenset(), spoken: bool = False) -> Said:  # type: ignore[assignment]
    return Said(pa.Table.from_pylist(rows, SCHEMA), NAMES, frozenset(closed), spoken)


def links(read: Said) -> dict[str, dict[str, Any]]:
    """The likeliest link of each turn."""
    return {link["record_id"]: link for link in annotations(read)[1].to_pylist() if link["place"] == 1}


def desk(part: str = "t", minutes: float = 7.3) -> list[dict[str, Any]]:
    return [
        row(k, who, body, part, occurred_at=T + timedelta(minutes=minutes * k)) for k, (who, body) in enumerate(DESK)
    ]


CHAT = [row(k, who, body) for k, (_, who, body) in enumerate(HELPING) if who]


def test_an_empty_batch_gives_empty_tables() -> None:
    found, linked = annotations(said([]))

    assert (0, 0) == (found.num_rows, linked.num_rows)


@pytest.mark.parametrize("spoken", [False, True])
def test_the_tables_have_the_columns_of_the_record(spoken: bool) -> None:
    found, linked = annotations(said(CHAT, spoken=spoken))

    expected = set(DERIVED_BY_NAME["message_annotations"].schema().names) - {"message_id"} | {"record_id"}
    assert expected == set(found.column_names)
    assert set(DERIVED_BY_NAME["reply_links"].schema().names) - {"record_table"} == set(linked.column_names)


def test_no_word_of_a_text_is_in_what_is_told_of_it() -> None:
    for table in annotations(said(CHAT)):
        told = str(table.drop_columns(["model_version"]).to_pydict())
        assert not [word for word in ("printer", "spooler", "growpart", "anna") if word in told]


def test_a_turn_whose_words_are_gone_is_linked_and_not_annotated() -> None:
    rows = [row(0, "anna", "is the printer on?"), row(1, "bert", None), row(2, "anna", "")]
    found, linked = annotations(said(rows))

    assert ["c0"] == found.column("record_id").to_pylist()
    assert {"c0", "c1", "c2"} == set(linked.column("record_id").to_pylist())


def test_words_are_counted() -> None:
    assert [4] == annotations(said([row(0, "anna", " is the\nprinter  on? ")]))[0].column("word_count").to_pylist()


def test_context_is_read_and_not_told() -> None:
    rows = [{**each, "is_context": k < 4} for k, each in enumerate(CHAT)]
    found, linked = annotations(said(rows))

    whole = links(said(CHAT))
    assert (
        {each["record_id"] for each in CHAT[4:]}
        == set(linked.column("record_id").to_pylist())
        == set(found.column("record_id").to_pylist())
    )
    assert {key: link for key, link in whole.items() if key in links(said(rows))} == links(said(rows))


def test_every_probability_is_between_0_and_1_and_the_first_turn_starts() -> None:
    found, linked = annotations(said(CHAT))

    for name in (*(f"act_{act}" for act in ACTS),):
        assert all(0 <= value <= 1 for value in found.column(name).to_pylist())
    assert all(0 <= value <= 1 for value in linked.column("probability").to_pylist())
    assert links(said(CHAT))["c0"]["parent_id"] is None


def test_a_marked_reply_counts_before_the_model() -> None:
    rows = [dict(each) for each in CHAT]
    rows[-1]["reply_to_id"] = "c0"
    link = links(said(rows))[rows[-1]["record_id"]]

    assert ("c0", 1.0, "marked") == (link["parent_id"], link["probability"], link["how"])
    assert 1 == sum(each["record_id"] == link["record_id"] for each in annotations(said(rows))[1].to_pylist())


@pytest.mark.parametrize("later", ["c2", "c1"])
def test_a_mark_that_leads_to_a_later_turn_or_to_itself_makes_no_later_parent(later: str) -> None:
    rows = [row(0, "anna", "is it on?"), row(1, "bert", "yes", reply_to_id=later), row(2, "anna", "thanks")]

    assert links(said(rows))["c1"]["parent_id"] in {None, "c0"}


def test_in_a_thread_and_a_ticket_only_the_first_turn_starts() -> None:
    rows = [
        row(k, who, text, "t")
        for k, (who, text) in enumerate(
            [
                ("anna", "lunch?"),
                ("bert", "where is the vpn profile"),
                ("carla", "hello all, a new topic: who broke the build?"),
            ]
        )
    ]
    open_, closed = links(said(rows)), links(said(rows, closed={"t"}))

    assert [None] == [link["parent_id"] for link in closed.values() if link["parent_id"] is None]
    assert closed["t0"]["parent_id"] is None
    moved = [key for key in closed if open_[key]["parent_id"] != closed[key]["parent_id"]]
    assert moved
    assert all(("t0", "thread") == (closed[key]["parent_id"], closed[key]["how"]) for key in moved)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rows say the same up to a thousandth."""
    return one.keys() == other.keys() and all(
        value == other[key] or (isinstance(value, float) and value == pytest.approx(other[key], abs=1e-3))
        for key, value in one.items()
    )


@pytest.mark.parametrize("copies", [1, 30])
@pytest.mark.parametrize("closed", [True, False])
def test_a_ticket_annotated_alone_equals_the_ticket_annotated_beside_others(copies: int, closed: bool) -> None:
    others = [each for k in range(copies) for each in desk(f"a{k}", 11.9)]
    more = [
        each
        for k in range(copies)
        for each in [
            {**e, "record_id": f"u{k}{e['record_id']}", "container_id": f"u{k}", "part": f"u{k}"} for e in CHAT
        ]
    ]
    rows = [*others, *desk(), *more]
    parts = {each["part"] for each in rows} if closed else set()

    for alone, beside in zip(
        annotations(said(desk(), closed=parts)), annotations(said(rows, closed=parts)), strict=True
    ):
        mine = [each for each in beside.to_pylist() if each["container_id"] == "t"]
        told = alone.to_pylist()
        assert len(told) == len(mine)
        assert [
            (k, {x: (v, other[x]) for x, v in each.items() if v != other[x]})
            for k, (each, other) in enumerate(zip(told, mine, strict=True))
            if not same(each, other)
        ] == []


def test_gaps_in_whole_minutes_are_the_same_beside_other_tickets() -> None:
    from cadre.language.annotation import _turns

    def minutes(rows: list[dict[str, Any]]) -> list[float]:
        kept = [k for k, each in enumerate(rows) if each["part"] == "t"]
        return np.diff(np.floor(_turns(said(rows), [""] * len(rows))[0].minute[kept])).tolist()

    assert minutes(desk(minutes=7.3)) == minutes([*desk("a", 11.9), *desk("b", 3.37), *desk(minutes=7.3)])


def test_a_mention_that_the_source_marks_leads_to_whom_it_mentions() -> None:
    rows = [
        row(0, "anna", "my printer is offline"),
        row(1, "carla", "i need more space on the server"),
        row(2, "bert", "restart it", mentions=["anna"]),
    ]

    assert "c0" == links(said(rows))["c2"]["parent_id"]


def test_a_turn_without_account_or_time_is_read() -> None:
    rows = [row(0, "anna", "is it on?"), row(1, None, "system says hello"), row(2, "bert", "yes", occurred_at=None)]

    assert 3 == annotations(said(rows))[1].num_rows


def test_what_is_spoken_is_linked_by_the_models_of_meetings() -> None:
    from cadre.language.meeting.reply import version as meetings

    rows = [{**each, "seconds": 2.0} for each in desk()]

    assert {meetings()} == set(annotations(said(rows, spoken=True))[1].column("model_version").to_pylist())


def test_the_version_holds_every_model() -> None:
    assert all(name in version() for name in ("links_second-", "acts-", "meeting_pairs-"))


def test_links_and_acts_share_one_embedding(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    embed = WordVectors.embed

    def counted(self: WordVectors, texts: list[str]) -> Any:
        asked.extend(texts)
        return embed(self, texts)

    monkeypatch.setattr(WordVectors, "embed", counted)
    annotations(said(CHAT))

    assert len(CHAT) == len(asked)
