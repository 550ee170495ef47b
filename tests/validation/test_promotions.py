"""The study of listings on small invented projects: who is a candidate, what is counted, and what is said of it."""

import csv
import importlib.util
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

EVENTS = ("repo", "date", "kind", "actor", "patch_author", "commit_no")
LISTINGS = ("repo", "person", "first_listed_date", "initial_list")
START = date(2015, 1, 1)


@pytest.fixture(scope="module")
def study() -> ModuleType:
    folder = Path(__file__).parents[2] / "validation"
    spec = importlib.util.spec_from_file_location("promotions", folder / "promotions.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["promotions"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


def write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header, *rows])


def world(folder: Path, name: str, seed: int, years: int = 6) -> None:
    """Forty people who commit alike; ten of them help, and the helpers are listed one after another."""
    rng = np.random.default_rng(seed)
    events, listings, change = [], [(name, "p0", START.isoformat(), 1)], 0
    for week in range(years * 52):
        for person in rng.choice(40, 12, replace=False):
            on, change = START + timedelta(days=7 * week + int(rng.integers(7))), change + 1
            events.append((name, on.isoformat(), "commit", f"p{person}", f"p{person}", change))
            helper = int(rng.integers(10)) if rng.random() < 0.7 else int(rng.integers(10, 40))
            kind = ("reviewed", "acked", "tested")[int(rng.integers(3))]
            events.append((name, on.isoformat(), kind, f"p{helper}", f"p{person}", change))
    listings += [(name, f"p{k}", (START + timedelta(days=500 + 150 * k)).isoformat(), 0) for k in range(1, 10)]
    write(folder / f"{name}_events.csv", EVENTS, events)
    write(folder / f"{name}_promotions.csv", LISTINGS, listings)


def only(study: ModuleType, folder: Path) -> Any:
    (project,) = study.listing.projects(folder)
    return project


def test_candidates_are_those_who_worked_or_helped_and_are_not_listed(study: ModuleType, tmp_path: Path) -> None:
    rows = [
        ("r", "2015-01-10", "commit", "old", "old", 1),
        ("r", "2016-03-01", "commit", "author", "author", 2),
        ("r", "2016-03-01", "reviewed", "reviewer", "author", 2),
        ("r", "2016-03-01", "tested", "own", "own", 3),
        ("r", "2016-03-02", "apply", "merger", "author", 2),
        ("r", "2016-03-02", "reported", "reporter", "author", 2),
        ("r", "2016-04-01", "commit", "listed", "listed", 4),
        ("r", "2018-02-01", "commit", "old", "old", 5),
    ]
    write(tmp_path / "r_events.csv", EVENTS, rows)
    write(tmp_path / "r_promotions.csv", LISTINGS, [("r", "listed", "2015-08-01", 1), ("r", "author", "2017-12-31", 0)])

    project = only(study, tmp_path)
    found = study.listing.candidates(project)

    assert study.listing.snapshots(project) == [date(2016, 7, 1), date(2017, 1, 1)]
    told = list(zip(map(study.listing.day_of, found.snapshot), found.person, found.listed, strict=True))
    assert told == [
        ("2016-07-01", "author", False),
        ("2016-07-01", "reviewer", False),
        ("2017-01-01", "author", True),
        ("2017-01-01", "reviewer", False),
    ]


def test_counts_come_from_before_the_snapshot_alone(study: ModuleType, tmp_path: Path) -> None:
    world(tmp_path, "r", 1, years=3)
    before = study.listing.candidates(only(study, tmp_path))
    first = int(before.snapshot.min())
    rows = list(csv.reader((tmp_path / "r_events.csv").open(encoding="utf-8")))
    late = [row for row in rows[1:] if date.fromisoformat(row[1]).toordinal() >= first]
    other = [[*row[:3], "p39" if row[2] == "commit" else "p38", "p39", row[5]] for row in late]
    write(tmp_path / "r_events.csv", EVENTS, [tuple(r) for r in rows[1:] if r not in late] + [tuple(r) for r in other])

    after = study.listing.candidates(only(study, tmp_path))

    for name in study.listing.FEATURES:
        a, b = (some.features[name][some.snapshot == first] for some in (before, after))
        np.testing.assert_allclose(a, b)


def test_people_helped_are_counted_apart_from_acts_and_from_approvals(study: ModuleType) -> None:
    at, day = 1000, np.array([700, 980, 981, 982, 983, 990])
    kind = np.array(["authored", "reviewed", "reviewed", "approved", "reviewed", "reviewed"])
    actor, author = np.array([0, 1, 1, 1, 1, 2]), np.array([0, 0, 0, 3, 1, 1])
    helped = (kind != "authored") & (actor != author)

    told = study.listing._counts(at, day, actor, author, kind == "authored", helped, day >= 634, 4)

    assert told["people_helped_count"].tolist() == [0, 2, 1, 0]
    assert told["people_helped_rarefied"].tolist() == [0, 2, 1, 0]
    assert told["helped_by_count"].tolist() == [1, 1, 0, 1]
    assert told["idle_days"].tolist()[:3] == [300, 18, 10]
    assert told["active_days"][1] == pytest.approx(0.5 ** (20 / 90) + 0.5 ** (19 / 90) + 0.5 ** (18 / 90))


def test_many_acts_for_one_person_are_one_person_helped(study: ModuleType) -> None:
    giver, times = np.array([0, 0, 1, 1]), np.array([99, 1, 50, 50])

    rarefied = study.listing._rarefied(giver, times, 2)

    assert rarefied[0] == pytest.approx(1.1)
    assert rarefied[1] == pytest.approx(2, abs=0.01)


def test_weighted_figures_are_those_of_repeated_rows(study: ModuleType) -> None:
    truth, said = np.array([True, False, True, False]), np.array([3.0, 2.0, 2.0, 1.0])
    weight = np.array([1.0, 2.0, 1.0, 0.0])

    assert study.auc(truth, said, np.ones(4)) == pytest.approx(3.5 / 4)
    assert study.auc(truth, said, weight) == pytest.approx(0.75)
    assert study.average_precision(truth, said, np.ones(4)) == pytest.approx((1 + 2 / 3) / 2)
    assert np.isnan(study.auc(np.zeros(4, bool), said, weight))


def test_helpers_are_found_in_a_project_the_model_was_not_fitted_on(study: ModuleType, tmp_path: Path) -> None:
    train, data, out = tmp_path / "train", tmp_path / "data", tmp_path / "out.csv"
    for folder in (train, data):
        folder.mkdir()
    world(train, "one", 1)
    world(train, "two", 2)
    world(data, "three", 3)

    told = study.study(data, train, out)
    again = study.study(data, train, None)

    assert told["figures"] == again["figures"]
    assert told["figures"]["auc_model"]["value"] > 0.7
    assert told["figures"]["auc_gain_same_rate"]["low"] > 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert {row["repo"] for row in rows} == {"three"}
    assert all(0 < float(row["score"]) < 1 for row in rows)


def test_blank_answers_give_predictions_and_empty_figures(study: ModuleType, tmp_path: Path) -> None:
    train, data, out = tmp_path / "train", tmp_path / "data", tmp_path / "out.csv"
    for folder in (train, data):
        folder.mkdir()
    world(train, "one", 1)
    world(data, "two", 2)
    (data / "two_promotions.csv").unlink()

    told = study.study(data, train, out)

    assert all(told["figures"][name]["value"] is None for name in ("auc_model", "auc_gain", "average_precision"))
    assert len(list(csv.DictReader(out.open(encoding="utf-8")))) > 100


def test_without_anything_to_fit_on_the_figures_are_empty(study: ModuleType, tmp_path: Path) -> None:
    world(tmp_path, "one", 1, years=3)

    told = study.study(tmp_path, None, tmp_path / "out.csv")

    assert told["figures"]["auc_model"]["value"] is None
    assert "give --train" in told["notes"][0]
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "repo,snapshot,person,score\n"
