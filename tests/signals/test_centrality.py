"""Measures against graphs one can reckon by hand, and against planted and random groups."""

import numpy as np
import pyarrow as pa
import pytest

from cadre.signals import centrality
from cadre.signals.centrality import communities, draws_for, edges_of, measures, modularity, spans

Tie = tuple[str, str, int]


def _table(ties: list[Tie], months: float | None = None) -> pa.Table:
    columns = {name: [tie[n] for tie in ties] for n, name in enumerate(("source", "target", "times"))}
    return pa.table(columns | ({"months": [months] * len(ties)} if months else {}))


def _firm(people: int, groups: int, inside: float, across: float, seed: int) -> pa.Table:
    dice = np.random.default_rng(seed)
    return _table([
        (f"n{a:02d}", f"n{b:02d}", times) for a in range(people) for b in range(people)
        if a != b and (times := int(dice.poisson(inside if a % groups == b % groups else across)))
    ])  # fmt: skip


def test_in_a_row_of_three_the_one_between_has_every_shortest_way() -> None:
    found = {p.node: p for p in measures(_table([("a", "b", 4), ("b", "c", 2)]))}

    assert [0.0, 0.5, 0.0] == [found[n].betweenness for n in "abc"]  # of two ordered pairs around b, one leads through
    assert [(0, 4, 0, 1), (4, 2, 1, 1), (2, 0, 1, 0)] == [
        (p.times_in, p.times_out, p.people_in, p.people_out) for p in found.values()
    ]
    assert sum(p.pagerank for p in found.values()) == pytest.approx(1.0)


def test_without_direction_both_ends_count_alike() -> None:
    found = measures(_table([("a", "b", 3), ("b", "c", 3)]), is_directed=False)

    assert [(3, 3), (6, 6), (3, 3)] == [(p.times_in, p.times_out) for p in found]
    assert [0.0, 1.0, 0.0] == [p.betweenness for p in found]
    assert found[0].pagerank == pytest.approx(found[2].pagerank)


def test_pagerank_of_a_pair_and_a_sink_is_what_its_equations_say() -> None:
    found = {p.node: p.pagerank for p in measures(_table([("a", "b", 1), ("b", "a", 1), ("a", "c", 1)]))}
    a, b, c = (found[n] for n in "abc")
    rest = 0.05 + 0.85 * c / 3  # the sink's share goes to all

    assert (a, b, c) == pytest.approx((rest + 0.85 * b, rest + 0.85 * a / 2, rest + 0.85 * a / 2), abs=1e-8)


def test_twice_the_presence_with_twice_the_times_stands_where_it_stood() -> None:
    ties = [("a", "b", 6), ("b", "c", 3), ("c", "a", 1), ("a", "c", 2)]
    full = measures(_table(ties, 2.0))
    part = measures(_table([(a, b, 2 * times) for a, b, times in ties], 4.0))

    for one, other in zip(full, part, strict=True):
        assert one.month_in == pytest.approx(other.month_in)
        assert one.pagerank == pytest.approx(other.pagerank)


def test_two_who_pass_work_to_and_fro_gain_less_than_one_more_colleague() -> None:
    base = [("a", "b", 3), ("b", "a", 3), ("a", "c", 3), ("c", "a", 3)]
    alone = {p.node: p for p in measures(_table(base))}
    traded = {p.node: p for p in measures(_table([("a", "b", 300), ("b", "a", 300), *base[2:]]))}

    assert traded["b"].month_out - alone["b"].month_out < 0.06
    assert traded["b"].times_out == 300


def test_planted_groups_are_found_and_strewn_ties_are_no_groups() -> None:
    planted = _firm(30, 3, 3.0, 0.3, seed=1)
    edges = edges_of(planted)
    groups = communities(edges)

    assert 3 == len({(n % 3, groups[n]) for n in range(30)})
    assert spans(planted).is_grouped is True
    assert spans(_firm(30, 3, 1.0, 1.0, seed=1)).is_grouped is False


def test_modularity_of_two_cliques_joined_by_one_tie_is_what_one_reckons() -> None:
    ties = [(f"{g}{a}", f"{g}{b}", 1) for g in "xy" for a in range(3) for b in range(a + 1, 3)] + [("x0", "y0", 1)]
    edges = edges_of(_table(ties), is_directed=False)
    groups = communities(edges)

    assert [0, 0, 0, 1, 1, 1] == groups
    assert modularity(edges, groups) == pytest.approx(6 / 7 - 0.5)


def test_parts_that_nothing_joins_are_groups_of_their_own() -> None:
    assert [0, 0, 1, 1] == communities(edges_of(_table([("a", "b", 1), ("c", "d", 1)])))


def test_the_order_of_rows_changes_nothing() -> None:
    table = _firm(20, 2, 2.0, 0.5, seed=3)
    turned = table.take(list(range(table.num_rows))[::-1])

    assert measures(table) == measures(turned)
    one, other = spans(table), spans(turned)
    assert all((one.low[name] == other.low[name]).all() for name in centrality.MEASURES)
    assert one.is_grouped == other.is_grouped


def test_intervals_hold_their_value_and_narrow_with_more_times() -> None:
    thin, thick = _firm(12, 2, 1.0, 1.0, seed=4), _firm(12, 2, 30.0, 30.0, seed=4)
    widths = []
    for table in (thin, thick):
        found = spans(table)
        for name in centrality.MEASURES:
            assert (found.low[name] <= found.value[name]).all()
            assert (found.value[name] <= found.high[name]).all()
        widths.append(float((found.high["pagerank"] - found.low["pagerank"]).mean()))

    assert widths[1] < widths[0] / 2


def test_a_network_too_large_to_draw_anew_has_no_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (100, 0) == (draws_for(10), draws_for(10**6))
    monkeypatch.setattr(centrality, "_PAIR_DRAWS", 10)
    found = spans(_firm(10, 2, 2.0, 1.0, seed=5))

    assert ({}, None) == (found.low, found.is_grouped)


def test_nothing_in_gives_nobody() -> None:
    nothing = pa.table({"source": pa.array([], pa.string()), "target": pa.array([], pa.string()),
                        "times": pa.array([], pa.int64())})  # fmt: skip

    assert () == measures(nothing)
    assert ({}, None) == (spans(nothing).value, spans(nothing).is_grouped)
