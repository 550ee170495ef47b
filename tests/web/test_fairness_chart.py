"""Ratios drawn: an open end is an arrow and never a number, and the words say what the drawing does."""

import re

from cadre.web.fairness_chart import ratio_axis, ratio_bar, sweep_lines


def test_an_interval_inside_the_scale_ends_and_an_open_one_goes_on() -> None:
    closed = ratio_bar(0.5, 0.2, 1.2, label="x")
    opened = [ratio_bar(0.5, 0.2, high, label="x") for high in (None, 40.0)]

    assert [0, 1, 1] == [svg.count("iv-arrow") for svg in (closed, *opened)]
    assert opened[0] == opened[1]


def test_four_fifths_is_where_the_band_ends() -> None:
    band = re.search(r'iv-band" x="([\d.]+)" y="3" width="([\d.]+)"', ratio_bar(0.8, 0.7, 0.9, label="x"))
    dot = re.search(r'cx="([\d.]+)"', ratio_bar(0.8, 0.7, 0.9, label="x"))

    assert band is not None
    assert dot is not None
    assert float(dot[1]) == round(float(band[1]) + float(band[2]), 1)
    assert ".8</text>" in ratio_axis()


def test_labels_are_escaped() -> None:
    assert "<b>" not in ratio_bar(0.5, 0.2, 1.2, label="<b>") + sweep_lines([(5, 0.5)], 20, label="<b>")


def test_the_sweep_has_a_dot_a_line_and_says_its_ends() -> None:
    svg = sweep_lines([(5, 0.5), (10, 0.9), (15, 1.0)], 20, label="The lowest ratio")

    assert (3, 1, 1) == (svg.count("mo-dot"), svg.count(">5</text>"), svg.count(">15</text>"))
    assert 'aria-label="The lowest ratio"' in svg
