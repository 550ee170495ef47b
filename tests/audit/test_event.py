"""A header names nobody and holds a payload without telling it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.audit.canonical import canonical
from cadre.audit.event import Entry, Event, draft, entry, instant
from cadre.audit.name import EVENT_NAMES
from cadre.audit.verify import leaf_hash, payload_digest
from cadre.errors import UsageError

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def entered(event: Event, nth: int | None = None, not_before: str = "") -> Entry:
    return entry(draft(event), nth=nth, not_before=not_before)


def test_the_header_tells_what_and_the_payload_stays_apart() -> None:
    made = entered(
        Event("log:started", AT, "account:3", objects=("seat:noc",), about=("p_1",), payload={"why": "asked"})
    )
    told = json.loads(made.header)

    assert ("account:3", "2026-05-04T09:00:00.000000Z", ["seat:noc"]) == (told["actor"], told["at"], told["objects"])
    assert ("p_1" in made.header, "asked" in made.header) == (False, False)
    assert {"about": ["p_1"], "why": "asked"} == json.loads(made.payload)
    assert (leaf_hash(made.header.encode()), payload_digest(made.salt, made.payload.encode())) == (
        made.leaf,
        told["payload"],
    )


def test_two_events_alike_have_hashes_unlike() -> None:
    event = Event("log:started", AT, "machine")

    assert 2 == len({entered(event).leaf, entered(event).leaf})


def test_a_clock_set_back_neither_turns_time_back_nor_goes_unnoticed() -> None:
    made = entered(Event("log:started", AT - timedelta(hours=1), "machine"), not_before=instant(AT))
    told = json.loads(made.header)

    assert ("2026-05-04T09:00:00.000000Z", "2026-05-04T08:00:00.000000Z") == (told["at"], told["clock"])


def test_a_client_sees_the_number_of_its_row() -> None:
    told = json.loads(entered(Event("log:started", AT, "machine", client_id="c_1"), nth=7).header)

    assert ("c_1", 7) == (told["client"], told["nth"])


@pytest.mark.parametrize(
    "wrong", [{"actor": "Olga Ohm"}, {"objects": ("Anna Adler",)}, {"client_id": "a\nb"}, {"actor": ""}]
)
def test_a_name_has_no_place_in_a_header(wrong: dict) -> None:
    with pytest.raises(UsageError, match="holds keys"):
        Event(**{"kind": "log:started", "at": AT, "actor": "machine", **wrong})


def test_an_event_that_the_registry_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match="no event is called"):
        Event("nothing:happened", AT, "machine")


def test_names_of_events_are_subjects_and_actions_each_once() -> None:
    names = [each.name for each in EVENT_NAMES]

    assert sorted(set(names)) == sorted(names)
    assert [2] * len(names) == [len(name.split(":")) for name in names]


_KEYS = st.text("abcXYZ019.@:/+=%-_", min_size=1, max_size=9)


@given(_KEYS, st.lists(_KEYS, max_size=3), st.just("") | _KEYS, st.integers(1, 2**40), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_header_is_canonical_whatever_it_says(
    actor: str, objects: list[str], client: str, nth: int, is_late: bool
) -> None:
    event = Event("log:started", AT, actor, client_id=client, objects=tuple(objects), payload={"n": 1})
    made = entered(event, nth, instant(AT + timedelta(seconds=1)) if is_late else "")

    assert canonical(json.loads(made.header)) == made.header
