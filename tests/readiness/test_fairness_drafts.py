"""Drafts: marked as such, unknown where nothing was given, and with the audit's own figures."""

import re

import numpy as np

from cadre.readiness.fairness import Audit, audit
from cadre.readiness.fairness_drafts import (
    ASSESSMENT_FACTS,
    SUMMARY_FACTS,
    UNKNOWN,
    bias_audit_summary,
    impact_assessment,
)


def told(people: int = 60, *, declares: bool = True) -> Audit:
    dice = np.random.default_rng(1)
    labels = [("women", "men", "a | third", None)[k] for k in dice.choice(4, people, p=[0.45, 0.4, 0.05, 0.1])]
    return audit(
        dice.normal(size=people).tolist(), {"sex": labels if declares else [None] * people},
        chosen=[bool(x) for x in dice.random(people) < 0.4],
    )  # fmt: skip


def test_every_fact_that_was_not_given_is_printed_as_unknown() -> None:
    assert len(SUMMARY_FACTS) == bias_audit_summary(told(), {}).count(UNKNOWN)
    assert len(ASSESSMENT_FACTS) == impact_assessment(told(), {"firm": "  "}).count(UNKNOWN)


def test_both_say_that_they_are_drafts_and_no_legal_advice() -> None:
    for draft in (bias_audit_summary(told(), {}), impact_assessment(told(), {})):
        assert "(draft)" in draft.splitlines()[0]
        assert "Draft, no legal advice." in draft


def test_the_summary_holds_each_groups_count_rate_and_ratio() -> None:
    found = told()
    draft = bias_audit_summary(found, {"firm": "Example firm"})
    table = next(one for one in found.tables if one.outcome == "selected")
    for rate in table.rates:
        assert re.search(rf"\| {rate.group} \| {rate.rate.n} \| {rate.count} \|", draft)

    assert "| Employer | Example firm |" in draft
    assert f"Unknown: {table.unknown} of 60 people" in draft
    assert "Having an estimate" not in draft


def test_a_group_that_is_withheld_is_in_no_draft() -> None:
    for draft in (bias_audit_summary(told(), {}), impact_assessment(told(), {})):
        assert "third" not in draft


def test_where_nobody_declared_the_summary_has_no_rates_and_says_so() -> None:
    draft = bias_audit_summary(told(declares=False), {})

    assert "**No rates: nobody declared a group.**" in draft
    assert "impact ratio" not in draft


def test_what_somebody_wrote_cannot_break_the_table() -> None:
    draft = bias_audit_summary(told(), {"firm": "A | B\n| evil | <b>"})

    assert "| Employer | A \\| B \\| evil \\| &lt;b> |" in draft


def test_an_assessment_with_every_answer_has_no_open_question() -> None:
    draft = impact_assessment(told(), dict.fromkeys(ASSESSMENT_FACTS, "told"))

    assert UNKNOWN not in draft
    assert "Every question has an answer." in draft
    assert "What the fairness audit" in draft
