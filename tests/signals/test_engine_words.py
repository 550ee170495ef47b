"""What signals may say so that every engine answers alike; `tests/engines` runs them on a second one."""

from collections.abc import Mapping
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pytest

from cadre.exposure import cases, helps, holds, outcomes, presence, question_waits, stress_windows, tries
from cadre.language import answers, question_targets, questions
from cadre.signals import SIGNALS, Signal
from cadre.signals.network import NETWORKS, Network, among_persons

Tables = Mapping[str, ir.Table]
STEPS = (cases, helps, holds, outcomes, presence, question_waits, stress_windows, tries)
# Each engine has a hash of its own, and takes whichever of tied rows it meets first.
_OWN = (ops.Hash, ops.ArgMin, ops.ArgMax, ops.First, ops.Last, ops.Arbitrary, ops.RandomScalar, ops.ApproxMedian)


def _said(expression: ir.Table) -> set[str]:
    return {type(node).__name__ for node in expression.op().find(_OWN)}


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.name)
def test_signals_say_nothing_that_each_engine_answers_in_its_own_way(signal: Signal, busy: Tables) -> None:
    assert _said(signal.partials(busy)) == set()
    assert _said(signal.evidence(busy)) == set()


@pytest.mark.parametrize("step", [*STEPS, questions, question_targets, answers], ids=lambda s: s.__name__)
def test_neither_does_what_they_read(step: Any, busy: Tables) -> None:
    assert _said(step(busy)) == set()


@pytest.mark.parametrize("network", NETWORKS, ids=lambda n: n.name)
def test_nor_do_networks(network: Network, busy: Tables) -> None:
    assert _said(network.edges(among_persons(busy), None)) == set()
