"""Working hours: the Ibis expression and the plain function agree, spans add up."""

from datetime import datetime, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.exposure import worked_hours, working_hours
from cadre.records import Firm

AT = st.datetimes(datetime(1999, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(microsecond=0))
FIRM = Firm(workdays=(0, 1, 2, 3, 5), start_hour=7.5, end_hour=16.0)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(AT, AT), min_size=1, max_size=30))
def test_the_expression_equals_the_plain_function(spans: list[tuple[datetime, datetime]]) -> None:
    starts, ends = zip(*spans, strict=True)
    kind = pa.timestamp("us")
    table = ibis.memtable(pa.table({"a": pa.array(starts, kind), "b": pa.array(ends, kind)}))
    got = table.select(h=working_hours(table.a, table.b, FIRM)).to_pyarrow().column("h").to_pylist()

    assert got == pytest.approx([max(worked_hours(b, FIRM) - worked_hours(a, FIRM), 0.0) for a, b in spans], abs=1e-5)


@given(AT, st.integers(0, 200_000))
def test_a_span_counts_every_minute_of_the_working_week(at: datetime, minutes: int) -> None:
    minutes %= 4_000
    at = at.replace(second=0)
    expected = 0
    for n in range(minutes):
        now = at + timedelta(minutes=n)
        expected += now.weekday() in FIRM.workdays and 7.5 <= now.hour + now.minute / 60 < 16.0
    end = at + timedelta(minutes=minutes)

    assert worked_hours(end, FIRM) - worked_hours(at, FIRM) == pytest.approx(expected / 60, abs=1e-6)
