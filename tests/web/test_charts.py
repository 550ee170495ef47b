"""Charts and exports: shared scales, intervals that leave the scale, text that a spreadsheet would run."""

import io
import re

import pytest
from openpyxl import load_workbook

from cadre.estimate import Abstained, Estimate
from cadre.reports.signals.signals import Spread
from cadre.web.charts import Scale, interval, scale_for, share_bar, strip
from cadre.web.export import Sheet, as_csv, as_xlsx

SCALE = Scale(0.0, 1.0, "share", (0.0, 0.5, 1.0))
SPREAD = Spread(low=0.3, middle=0.5, high=0.7, least=0.1, most=0.9, people=20, thin=2)


def _place(markup: str, kind: str, name: str) -> float:
    found = re.search(rf'class="{kind}"[^>]* {name}="([\d.]+)"', markup)
    assert found
    return float(found.group(1))


def test_a_dot_stands_where_its_value_is_on_the_shared_scale() -> None:
    dots = [_place(interval(Estimate(v, v - 0.1, v + 0.1, 0.9, 9), SCALE), "iv-dot", "cx") for v in (0.25, 0.5, 0.75)]

    assert dots == pytest.approx([44.0, 80.0, 116.0])


def test_thin_evidence_has_no_place_on_the_scale() -> None:
    markup = interval(Abstained("few", 4, 20), SCALE, SPREAD, label="Answers")

    assert "<circle" not in markup
    assert 'aria-label="Answers: not enough evidence: 4 of 20"' in markup


def test_an_interval_that_leaves_the_scale_ends_in_an_arrow() -> None:
    inside = interval(Estimate(0.5, 0.4, 0.6, 0.9, 9), SCALE)
    outside = interval(Estimate(0.9, 0.4, 1.6, 0.9, 9), SCALE)

    assert (inside.count("iv-arrow"), outside.count("iv-arrow")) == (0, 1)


def test_a_label_cannot_break_out_of_the_markup() -> None:
    markup = interval(Estimate(0.5, 0.4, 0.6, 0.9, 9), SCALE, label='"><script>')

    assert "<script>" not in markup


def test_one_long_interval_does_not_flatten_everybody_else() -> None:
    scale = scale_for("hours", Spread(low=20, middle=30, high=40, least=5, most=4000, people=20, thin=0))

    assert scale is not None
    assert (scale.low, scale.high) == (0.0, 60.0)


@pytest.mark.parametrize("unit", ["share", "hours", "people", "sd", "tickets"])
@pytest.mark.parametrize("size", [1e-6, 0.01, 1.0, 50.0, 1e6])
def test_a_scale_holds_the_spread_and_its_ticks(unit: str, size: float) -> None:
    scale = scale_for(unit, Spread(size, 1.5 * size, 2 * size, 0.5 * size, 3 * size, 20, 0))

    assert scale is not None
    assert scale.low <= size
    assert scale.high >= 2 * size
    assert 2 <= len(scale.ticks) <= 8


def test_a_scale_of_equal_values_has_a_width() -> None:
    scale = scale_for("sd", None, [Estimate(1.0, 1.0, 1.0, 0.9, 3)])

    assert scale is not None
    assert scale.high > scale.low


def test_a_distribution_draws_every_person_once() -> None:
    assert strip((0.2, 0.5, 0.8), SCALE, SPREAD, label="Answers").count("st-dot") == 3


def test_a_missing_share_is_not_drawn_as_zero() -> None:
    assert share_bar(None, label="Seen") == ""
    assert 'aria-label="Seen: 0%"' in share_bar(0.0, label="Seen")


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    sheet = Sheet("people", ("name", "value"), [("=HYPERLINK(1)", -0.5), (None, 2)], "Study")
    book = load_workbook(io.BytesIO(bytes(as_xlsx(sheet).body)))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]

    assert rows == [("name", "value", "workspace"), ("'=HYPERLINK(1)", -0.5, "Study"), (None, 2, "Study")]
    assert "'=HYPERLINK(1),-0.5,Study" in bytes(as_csv(sheet).body).decode("utf-8-sig")
