"""Findings by family: what stands clearly apart first, the rest in one line."""

import pytest

from cadre.estimate import Abstained, Estimate, Measured
from cadre.reports.signals.finding import Finding, by_family, finding, summed
from cadre.reports.signals.signals import Spread, card
from cadre.signals import SIGNALS

SPREAD = Spread(low=0.4, middle=0.5, high=0.6, least=0.2, most=0.8, people=9, thin=1)
CARDS = {signal.name: card(signal) for signal in SIGNALS}
BETTER = Estimate(0.7, 0.6, 0.8, 0.9, 40)
PROBABLY = Estimate(0.56, 0.46, 0.66, 0.9, 40)
UNSURE = Estimate(0.51, 0.41, 0.61, 0.9, 40)
THIN = Abstained("not enough evidence", 3, 8)


def _finding(name: str, measured: Measured, spread: Spread | None = SPREAD) -> Finding:
    return finding(CARDS[name], measured, spread, ())


@pytest.mark.parametrize(
    ("name", "measured", "spread", "verdict"),
    [
        ("peer_answer_share", BETTER, SPREAD, "clearly better"),
        ("repair_share", BETTER, SPREAD, "clearly behind"),
        ("solo_share", BETTER, SPREAD, "clearly higher"),
        ("peer_answer_share", PROBABLY, SPREAD, "probably better"),
        ("peer_answer_share", UNSURE, SPREAD, "cannot tell yet"),
        ("peer_answer_share", BETTER, None, "nothing to compare with"),
        ("peer_answer_share", THIN, SPREAD, "too little evidence"),
    ],
)
def test_a_verdict_is_the_comparison_in_few_words(
    name: str, measured: Measured, spread: Spread | None, verdict: str
) -> None:
    assert verdict == _finding(name, measured, spread).verdict


def test_families_with_something_clearly_apart_come_first_and_keep_the_registrys_order() -> None:
    found = [
        _finding("peer_answer_share", UNSURE),
        _finding("assist_credit", THIN),
        _finding("explanation_share", BETTER),
        _finding("repair_share", BETTER),
    ]
    families = [
        (f.name, [x.card.name for x in f.apart], [x.card.name for x in f.rest]) for f in by_family(found)
    ]  # fmt: skip

    assert [
        ("mentoring", ["explanation_share"], ["assist_credit"]),
        ("clarity", ["repair_share"], []),
        ("responsiveness", [], ["peer_answer_share"]),
    ] == families


def test_one_line_names_what_differs_bad_news_first_and_counts_the_rest() -> None:
    found = [
        _finding("peer_answer_share", PROBABLY),
        _finding("assist_credit", THIN),
        _finding("explanation_share", BETTER),
        _finding("repair_share", BETTER),
        _finding("solo_share", UNSURE),
    ]

    assert summed(found) == (
        "Clearly behind: Replies that ask back. Clearly better: Answers that explain. "
        "Probably better: Colleagues' questions answered. Cannot tell yet: 1. Too little evidence: 1."
    )
