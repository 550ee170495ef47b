"""The network page: the caution on top, the matrix in words, and nothing about persons where it is withheld."""

import itertools
import re
from typing import Any

import pytest

from cadre.web.matrix import LEVELS, MOST, level, matrix, ranges

GROUPS = [("Desk", [("a", "Ada <Lind>"), ("b", "Bo")]), ("", [("c", "Cem")])]


def test_the_caution_stands_above_every_figure(study: Any) -> None:
    text = study.get("/network").text

    assert 0 < text.index("Central is not leading") < text.index("<form")
    assert text.count("<option") == 5


def test_a_network_can_be_chosen_and_an_unknown_one_is_an_error(study: Any) -> None:
    assert 'value="subcontracting" selected' in study.get("/network?name=subcontracting").text
    assert study.get("/network?name=fame").status_code == 404


def test_pairs_are_shown_by_name_and_taken_away_whole(study: Any) -> None:
    told = study.get("/network?format=json").json()
    lines = study.get("/network?format=csv").text.strip().splitlines()

    assert len(told["pairs"]) == sum(line.startswith("person,") for line in lines)
    assert "Ada Lind" in study.get("/network").text
    assert all({"value", "low", "high", "level", "n"} == set(m) or {"abstained", "n", "min_n"} == set(m)
               for p in told["people"] for m in p["measured"].values())  # fmt: skip


def test_a_firms_own_people_are_in_no_part_of_the_page(own: Any) -> None:
    page, csv = own.get("/network"), own.get("/network?format=csv")

    assert page.status_code == 200
    assert "stay closed until they were told" in page.text
    for text in (page.text, csv.text, own.get("/network?format=json").text):
        assert "Ada Lind" not in text
    assert 'class="nm' not in page.text


def test_an_empty_record_says_what_to_load(empty: Any) -> None:
    text = empty.get("/network").text

    assert "Nothing to see it in" in text
    assert "cadre ingest" in text


def test_teams_lead_to_the_network(study: Any) -> None:
    assert 'href="/network"' in study.get("/teams").text


def test_every_cell_of_the_matrix_says_who_and_how_often_and_escapes_names() -> None:
    drawn = matrix(GROUPS, {("a", "b"): 3, ("c", "a"): 1}, verb="handed work to", label='Say "it"')

    assert "<title>Ada &lt;Lind&gt; handed work to Bo: 3</title>" in drawn
    assert "<title>Cem handed work to Ada &lt;Lind&gt;: 1</title>" in drawn
    assert drawn.count('aria-label="Say &#34;it&#34;"') == 2
    assert "No team on record" in drawn


def test_rows_and_columns_have_one_order_so_that_teams_lie_on_the_diagonal() -> None:
    drawn = matrix(GROUPS, {(k, k2): 1 for k in "abc" for k2 in "abc" if k != k2}, verb="x", label="y")
    wide = drawn.split('<div class="nm-narrow">')[0]
    own = re.findall(r'class="nm-all nm-own" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', wide)

    assert len(own) == 2
    assert all(w == h for _, _, w, h in own)
    assert len({int(x) - int(y) for x, y, _, _ in own}) == 1


@pytest.mark.parametrize("most", [1, 2, 7, 54, 10_000])
def test_levels_rise_with_the_times_and_their_ranges_leave_nothing_out(most: int) -> None:
    told = ranges(most)

    assert [level(n, most) for n in (0, most)] == [0, LEVELS]
    assert told[0][1] == 1
    assert told[-1][2] == most
    assert all(before[2] + 1 == after[1] for before, after in itertools.pairwise(told))


def test_too_many_people_are_not_drawn() -> None:
    crowd = [("Desk", [(str(n), str(n)) for n in range(MOST + 1)])]

    assert matrix(crowd, {("0", "1"): 1}, verb="x", label="y") == ""
