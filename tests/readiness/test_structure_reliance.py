"""What rests on one person: shares with their interval, who could learn it, and teams that fall apart."""

from cadre.readiness.structure.reliance import PRACTISED, cuts, reliances

COUNTS = {
    ("ada", "vpn"): 30, ("bo", "vpn"): 2,
    ("ada", "mail"): 10, ("bo", "mail"): 12, ("cem", "mail"): 11,
    ("cem", "erp"): 12,
    ("bo", "dns"): 4,
}  # fmt: skip
HERE = ("ada", "bo", "cem")


def test_what_leaves_nobody_is_said_first_then_the_most_work() -> None:
    found = reliances("topic", COUNTS, HERE, COUNTS)

    assert [("vpn", "ada", 0), ("erp", "cem", 0)] == [(r.thing, r.person, r.practised) for r in found]
    assert all(r.leaves_nobody for r in found)


def test_a_share_carries_its_interval_and_n() -> None:
    share = reliances("topic", COUNTS, HERE, COUNTS)[0].share

    assert (30 / 32, 32) == (share.value, share.n)
    assert 0.8 < share.low < share.value < share.high < 1


def test_few_tickets_and_shared_work_say_nothing() -> None:
    assert {"vpn", "erp"} == {r.thing for r in reliances("topic", COUNTS, HERE, COUNTS)}
    assert {"vpn", "erp", "mail"} == {r.thing for r in reliances("topic", COUNTS, HERE, COUNTS, 0.3)}


def test_somebody_practised_beside_them_is_counted() -> None:
    found = reliances("topic", {("ada", "vpn"): 30, ("bo", "vpn"): PRACTISED}, HERE, {})

    assert not found[0].leaves_nobody
    assert (("bo", PRACTISED),) == found[0].near


def test_where_nobody_did_any_the_most_alike_mix_is_nearest() -> None:
    erp = next(r for r in reliances("topic", COUNTS, HERE, COUNTS) if r.thing == "erp")

    assert (("bo", 0), ("ada", 0)) == erp.near


def test_whoever_left_neither_holds_nor_learns_anything() -> None:
    found = reliances("topic", COUNTS, ("bo", "cem"), COUNTS)

    assert ["erp"] == [r.thing for r in found]
    assert (("bo", 0),) == found[0].near


def test_only_those_who_are_open_are_named_as_near() -> None:
    vpn = reliances("topic", COUNTS, HERE, COUNTS)[0]

    assert (("cem", 0),) == vpn.only({"cem"}).near


def test_a_team_that_one_person_holds_together_falls_apart_without_them() -> None:
    ties = {("a", "hub"): 9, ("b", "hub"): 5, ("a", "b"): 1, ("c", "hub"): 3, ("b", "a"): 1}

    assert {"hub": (("a", "b"), ("c",))} == cuts(ties, ("a", "b", "c", "hub", "alone"))
    assert {} == cuts({("a", "b"): 4, ("b", "c"): 4, ("a", "c"): 4}, ("a", "b", "c"))
