"""The tables of what pages show: it follows from the record alone, and is worked out at a refresh so that nobody waits."""

from cadre.records.derivation import Derived
from cadre.records.schema import Column

_WINDOW = (
    Column("window_start", "date", "First local day counted", required=True),
    Column("window_days", "integer", "Days counted", required=True),
)

SHOWN: tuple[Derived, ...] = (
    Derived(
        "signal_months",
        "one signal for one person in one calendar month of the window, without shrinkage",
        (
            Column("signal", "text", "Which signal", required=True),
            Column("person_id", "text", "Whose", required=True),
            *_WINDOW,
            Column("month", "date", "First day of the month", required=True),
            Column("raw_value", "real", "Value of the month alone, in the signal's unit", required=True),
            Column("variance", "real", "Its sampling variance on the signal's working scale", required=True),
            Column("n", "integer", "Observations in the month", required=True),
        ),
    ),
    Derived(
        "seen_hours",
        "a person with scheduled work in the window, and how much of it left a trace",
        (
            Column("person_id", "text", "Whose", required=True),
            *_WINDOW,
            Column("scheduled_count", "integer", "Clock hours they were to work, leave taken out", required=True),
            Column("seen_count", "integer", "Of these, hours that hold a trace of theirs", required=True),
        ),
    ),
)
