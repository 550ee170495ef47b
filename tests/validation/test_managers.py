"""The study of managers' answers on a small invented desk: what is counted, and that silence is never rewarded."""

import csv
import importlib.util
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

UTTERANCES = ("issueid", "id", "comment_seq", "utr_seq", "author", "created", "is_private", "actionbody", "author_role")
SCORES = ("employee", "avg_comments", "q1", "q2", "q3")
START = datetime(2022, 1, 3, 8, tzinfo=UTC)
Line = tuple[str, float, str, int]


@pytest.fixture(scope="module")
def study() -> ModuleType:
    path = Path(__file__).parents[2] / "validation" / "managers.py"
    spec = importlib.util.spec_from_file_location("managers", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.DRAWS = 100  # type: ignore[attr-defined]  # quick; the number of draws is not what is tested
    return module


def write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header, *rows])


def conversations(folder: Path, tickets: Sequence[Sequence[Line]]) -> None:
    """Tickets of lines: author (`client` asks), hours since the start, text, 1 for a note to colleagues."""
    rows = []
    for n, lines in enumerate(tickets):
        for k, (author, hour, text, private) in enumerate(lines):
            role = "reporter" if author == "client" else "assignee"
            at = (START + timedelta(days=n, hours=hour)).isoformat()
            rows.append((f"{n}.0", f"{n * 100 + k}.0", k, 0, author, at, float(private), text, role))
    write(folder / "helpdesk_utterances.csv", UTTERANCES, rows)


def world(folder: Path, seed: int, people: list[str], *, answered: bool = True) -> None:
    """Half of the people answer within the hour and ask kindly; the others are late and the client must write again."""
    rng = np.random.default_rng(seed)
    tickets: list[list[Line]] = []
    for n, person in enumerate(people * 4):
        quick = people.index(person) % 2 == 0
        lines: list[Line] = [("client", 0, f"the printer on floor {n} does not print", 0)]
        if quick:
            lines += [
                (person, 0.5, "please kindly restart it, the driver hangs", 0),
                (person, 1, "kindly check floor 2", 1),
            ]
        else:
            other = people[int(rng.integers(len(people)))]
            lines += [
                (other, 1, "noted", 0),
                ("client", 2, "any news?", 0),
                (person, 20, "it is fixed", 0),
                ("client", 22, "it is not", 0),
            ]
        tickets.append(lines)
    conversations(folder, tickets)
    means = [5 - (k % 2) - 0.01 * k for k in range(len(people))]
    rows = [
        (p, 2 + k % 2, m, m, m) if answered else (p, 2, "", "", "")
        for k, (p, m) in enumerate(zip(people, means, strict=True))
    ]
    write(folder / "helpdesk_manager_scores.csv", SCORES, rows)


PEOPLE = [f"t{k:02}" for k in range(16)]
OTHERS = [f"u{k:02}" for k in range(14)]


def test_shares_are_of_what_the_person_had_the_chance_to_do(study: ModuleType, tmp_path: Path) -> None:
    conversations(tmp_path, [
        [("client", 0, "the mail is down", 0), ("ann", 1, "please wait", 0), ("bob", 2, "a note", 1), ("client", 3, "still down", 0),
         ("bob", 6, "it is fixed", 0)],
        [("client", 0, "no sound", 0), ("bob", 1, "done", 0), ("client", 2, "no, not yet", 0)],
    ])  # fmt: skip

    sums = study.desk._sums(study.desk.Desk(tmp_path).threads)

    assert sums["ann"]["first_answer_share"] == [1, 1]
    assert sums["bob"]["first_answer_share"] == [1, 2]
    assert sums["ann"]["client_again_share"] == [0, 1]
    assert sums["bob"]["client_again_share"] == [2, 2]
    assert sums["bob"]["came_back_share"] == [1, 2]
    assert sums["bob"]["client_wait"] == [pytest.approx(np.log(4) + np.log(2)), 2]
    assert sums["bob"]["note_share"] == [1, 3]
    assert sums["ann"]["courtesy_share"] == [1, 1]
    assert "client" not in sums


def test_people_seen_little_stand_near_the_middle(study: ModuleType, tmp_path: Path) -> None:
    often: list[list[Line]] = [[("client", 0, "no sound", 0), ("bob", 1, "see the mixer", 0)] for _ in range(12)]
    once: list[list[Line]] = [[("client", 0, "no sound", 0), ("bob", 1, "see", 0), ("ann", 1, "see here", 1)]]
    conversations(tmp_path, often + once)

    shares = study.desk.Desk(tmp_path).shares()

    middle = shares[study.desk.MIDDLE]["note_share"]
    assert middle < shares["ann"]["note_share"] < 0.5
    assert 0 <= shares["bob"]["note_share"] < middle


def test_an_account_on_most_tickets_is_automation(study: ModuleType, tmp_path: Path) -> None:
    tickets: list[list[Line]] = [
        [("client", 0, "no sound", 0), ("robot", 0.01, "we got it", 0), ("sole", 1, "see", 0)] for n in range(30)
    ]
    conversations(tmp_path, tickets)

    found = study.desk.Desk(tmp_path)

    assert found.automatic == 1
    assert "robot" not in found.tickets()
    assert found.tickets() == {"sole": 30}


def test_weights_never_turn_a_measure_round(study: ModuleType) -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(40, 3))
    y = 2 * x[:, 0] - 3 * x[:, 1] + rng.normal(size=40) * 0.1

    weights = study.Weights(x, y, np.full(40, 5.0)).weights

    assert weights[0] > 0.1
    assert weights[1] == 0
    assert (weights >= 0).all()


def test_partial_correlation_takes_a_third_out(study: ModuleType) -> None:
    rng = np.random.default_rng(4)
    c = rng.normal(size=400)
    a, b = c + rng.normal(size=400), c + rng.normal(size=400)

    assert study.spearman(a, b) > 0.35
    assert abs(study.beyond(a, b, c)) < 0.12


def test_people_are_told_by_a_model_that_never_saw_them(study: ModuleType, tmp_path: Path) -> None:
    world(tmp_path / "train", 1, PEOPLE)
    world(tmp_path / "data", 2, OTHERS, answered=False)
    out = tmp_path / "out.csv"

    told = study.study(tmp_path / "data", tmp_path / "train", out)

    assert told["figures"]["spearman"]["value"] is None
    said = {row["employee"]: float(row["score"]) for row in csv.DictReader(out.open(encoding="utf-8"))}
    assert list(said) == OTHERS
    assert min(said[p] for p in OTHERS[::2]) > max(said[p] for p in OTHERS[1::2])


def test_folds_of_people_where_there_is_no_other_folder(study: ModuleType, tmp_path: Path) -> None:
    world(tmp_path, 1, PEOPLE)

    told, again = (study.study(tmp_path, None, None)["figures"] for _ in range(2))

    assert told == again
    assert told["spearman"]["value"] > 0.5
    assert told["silence_gain"]["value"] < 0.3
    assert told["spearman_comments_a_ticket_told"]["n"] == 16


def test_without_answers_or_names_everybody_of_the_desk_is_told(study: ModuleType, tmp_path: Path) -> None:
    world(tmp_path, 1, PEOPLE)
    (tmp_path / "helpdesk_manager_scores.csv").unlink()

    told = study.study(tmp_path, None, tmp_path / "out.csv")

    assert told["figures"]["spearman"]["value"] is None
    assert "weights are equal" in told["notes"][0]
    assert len(list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))) == 16
