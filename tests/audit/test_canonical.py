"""One value has one text, whichever way it is written."""

import math

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.audit.canonical import canonical
from cadre.errors import UsageError

_WORDS = st.text(st.characters(exclude_categories=["Cs"]))
_ASCII = st.text(st.characters(max_codepoint=127), max_size=4)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS | _ASCII, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_VALUES)
@settings(max_examples=300, deadline=None)
def test_the_quick_way_writes_what_the_standard_says(value: object) -> None:
    assert rfc8785.dumps(value).decode() == canonical(value)


def test_the_example_of_the_standard() -> None:
    told = {"numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001], "literals": [None, True]}

    assert '{"literals":[null,true],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}' == canonical(told)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\ud800", {1: 2}, {"a": {1, 2}}, object()])
def test_what_has_no_canonical_text_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="canonical JSON"):
        canonical(value)
