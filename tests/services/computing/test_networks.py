"""Networks as a refresh stores them: what measuring the edges gives, of the people who work here and of nobody else."""

from collections.abc import Iterator

import pytest

from cadre.records import DERIVED_BY_NAME
from cadre.services.computing.networks import TABLES
from cadre.signals import Window
from cadre.signals.centrality import MEASURES, measures, spans
from cadre.signals.network import NETWORKS, Network, among_persons, with_months
from cadre.warehouse import Snapshot, Warehouse
from tests.reports.conftest import DAYS, START, build

WINDOW = Window(START, DAYS)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A firm of eight with a client and a bot, refreshed."""
    house: Warehouse = build(tmp_path_factory.mktemp("networks"))
    with house.snapshot() as snapshot:
        yield snapshot


@pytest.mark.parametrize("network", NETWORKS[:3], ids=lambda each: each.name)
def test_what_is_stored_is_what_measuring_the_edges_gives(record: Snapshot, network: Network) -> None:
    placed = among_persons(record)
    edges = record.arrow(with_months(network.edges(placed, WINDOW), placed, WINDOW))
    staff = {row["person_id"] for row in record.rows(record["people"].select("person_id"))}
    found = {name: [row for row in record.rows(record[name]) if row["network"] == network.name] for name in TABLES}
    ties = {(row["source_id"], row["target_id"]): (row["times"], row["months"]) for row in found["network_ties"]}
    places = {row["person_id"]: row for row in found["network_places"]}
    known = spans(edges, is_directed=network.is_directed)

    assert ties == {(row["source"], row["target"]): (row["times"], row["months"]) for row in edges.to_pylist()}
    assert set(places) <= staff
    for number, place in enumerate(measures(edges, is_directed=network.is_directed)):
        row = places[place.node]
        assert (place.times_in, place.times_out, place.community) == (
            row["times_in"],
            row["times_out"],
            row["community"],
        )
        told = [(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in MEASURES]
        assert told == [(known.value[n][number], known.low[n][number], known.high[n][number]) for n in MEASURES]
    assert [(row["modularity"], row["is_grouped"]) for row in found["networks"]] == [
        (known.modularity, known.is_grouped)
    ]


def test_a_network_without_ties_has_no_rows(record: Snapshot) -> None:
    names = {row["network"] for name in TABLES for row in record.rows(record[name])}

    assert names == {network.name for network in NETWORKS[:3]}
    assert all(DERIVED_BY_NAME[name].schema().names[0] == "network" for name in TABLES)
