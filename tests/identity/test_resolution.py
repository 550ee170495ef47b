"""Who is who: order does not matter, a decision undone leaves no trace, likeness alone joins nobody."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cadre.identity import Decision, resolve

ACCOUNTS = [{"account_id": f"a{n}", "kind": "staff"} for n in range(6)]
PEOPLE = [{"person_id": f"p{n}"} for n in range(3)]
_NAMED = (
    ("account_id", "a0", "Ada Lind", "ada@x.example"), ("account_id", "a1", "A. Lind", "ADA@x.example"),
    ("account_id", "a2", "Berg, Bo", None), ("account_id", "a3", "B. Berg", None),
    ("account_id", "a4", "Cem Aydin", None), ("account_id", "a5", None, None),
    ("person_id", "p0", "Ada Lind", "ada@x.example"), ("person_id", "p1", "Bo Berg", None),
    ("person_id", "p2", "Dora Novak", None),
)  # fmt: skip
IDENTITIES: list[dict[str, Any]] = [
    {"account_id": None, "person_id": None, "handle": None, owner: key, "display_name": name, "email": email}
    for owner, key, name, email in _NAMED
]
DECISION = st.builds(
    Decision, st.sampled_from(["join", "split"]), st.sampled_from([f"a{n}" for n in range(6)]),
    st.sampled_from(["p0", "p1", "p2"]),
)  # fmt: skip


def _persons(decisions: list[Decision], order: list[int] | None = None) -> dict[str, str]:
    told = [IDENTITIES[n] for n in order] if order else IDENTITIES
    rows = resolve(ACCOUNTS, told, PEOPLE, decisions).person_accounts.to_pylist()
    return {row["account_id"]: row["person_id"] for row in rows}


def test_email_joins_first_then_a_full_name_borne_by_one_person() -> None:
    assert _persons([]) == {"a0": "p0", "a1": "p0", "a2": "p1", "a3": "a3", "a4": "a4", "a5": "a5"}


def test_an_initial_with_a_surname_is_a_doubt_and_not_a_join() -> None:
    doubts = resolve(ACCOUNTS, IDENTITIES, PEOPLE).doubts.to_pylist()

    assert [(d["account_id"], d["person_id"]) for d in doubts] == [("a3", "p1")]


def test_two_people_of_one_name_are_not_joined_but_doubted() -> None:
    twin = {**IDENTITIES[7], "person_id": "p2"}
    got = resolve(ACCOUNTS, [*IDENTITIES, twin], PEOPLE)

    assert {r["account_id"]: r["person_id"] for r in got.person_accounts.to_pylist()}["a2"] == "a2"
    assert {"p1", "p2"} == {d["person_id"] for d in got.doubts.to_pylist() if d["account_id"] == "a2"}


@given(st.permutations(range(len(IDENTITIES))), st.lists(DECISION, max_size=3))
def test_the_order_of_rows_does_not_matter(order: list[int], decisions: list[Decision]) -> None:
    assert _persons(decisions) == _persons(decisions, list(order))


@given(st.lists(DECISION, max_size=3), DECISION)
def test_an_undone_decision_leaves_no_trace(earlier: list[Decision], last: Decision) -> None:
    others = [d for d in earlier if (d.account_id, d.person_id) != (last.account_id, last.person_id)]

    undo = Decision("undo", last.account_id, last.person_id)
    assert _persons(others) == _persons([*others, last, undo])


@given(DECISION)
def test_a_decision_taken_twice_counts_once(decision: Decision) -> None:
    assert _persons([decision]) == _persons([decision, decision])


def test_a_split_outweighs_a_name() -> None:
    assert _persons([Decision("split", "a2", "p1")])["a2"] == "a2"


def test_a_split_outweighs_an_email_although_another_account_shares_it() -> None:
    assert _persons([Decision("split", "a1", "p0")])["a1"] != "p0"


def test_not_being_one_of_two_namesakes_does_not_make_it_the_other() -> None:
    twin = {"account_id": None, "person_id": "p2", "handle": None, "display_name": "Bo Berg", "email": None}

    got = resolve(ACCOUNTS, [*IDENTITIES, twin], PEOPLE, [Decision("split", "a2", "p1")])

    joined = {row["account_id"]: row["person_id"] for row in got.person_accounts.to_pylist()}
    assert "a2" == joined["a2"]
    assert [("a2", "p2")] == [
        (d["account_id"], d["person_id"]) for d in got.doubts.to_pylist() if d["account_id"] == "a2"
    ]
