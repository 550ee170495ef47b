"""The tables of what pages show: it follows from the record alone, and is worked out at a refresh so that nobody waits."""

from cadre.records.derivation import Derived
from cadre.records.schema import Column

_WINDOW = (
    Column("window_start", "date", "First local day counted", required=True),
    Column("window_days", "integer", "Days counted", required=True),
)

_NETWORK = Column("network", "text", "Which network", required=True)


def _measured(name: str, what: str) -> tuple[Column, Column, Column]:
    """A measure with the interval of its 90%; missing where ties were too many to be drawn anew."""
    return (
        Column(name, "real", f"{what}; missing where the ties were too many for an interval"),
        Column(f"{name}_low", "real", "Lower end of its interval"),
        Column(f"{name}_high", "real", "Upper end of its interval"),
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
    Derived(
        "network_ties",
        "two persons in one network of work",
        (
            _NETWORK,
            *_WINDOW,
            Column(
                "source_id",
                "text",
                "Person who did it; of a network without direction, the first as text",
                required=True,
            ),
            Column("target_id", "text", "Person to or with whom", required=True),
            Column("times", "integer", "How often, at least 1", required=True),
            Column("judged_count", "integer", "Of how many the outcome is known", required=True),
            Column("good", "real", "How many of these turned out well, credit for help; missing where none is known"),
            Column("months", "real", "Months both were there, at least 1", required=True),
        ),
    ),
    Derived(
        "network_places",
        "where a person stands in one network of work",
        (
            _NETWORK,
            *_WINDOW,
            Column("person_id", "text", "Who", required=True),
            Column("times_in", "integer", "Times as target; in a network without direction, all", required=True),
            Column("times_out", "integer", "Times as source; in a network without direction, all", required=True),
            Column("community", "integer", "Number of their group, from 0, the largest first", required=True),
            *_measured("month_in", "Colleagues they were the target of in a month that both were there"),
            *_measured("month_out", "Colleagues they were the source of in a month that both were there"),
            *_measured("betweenness", "Share of shortest ways between two others that lead through them, 0-1"),
            *_measured("pagerank", "Share of a random walk along the ties spent there, 0-1"),
        ),
    ),
    Derived(
        "networks",
        "one network of work as a whole",
        (
            _NETWORK,
            *_WINDOW,
            Column("person_count", "integer", "Persons in it", required=True),
            Column("tie_count", "integer", "Pairs in it", required=True),
            Column(
                "modularity", "real", "Weight within groups beyond the same weights at random, -0.5 to 1", required=True
            ),
            Column("is_grouped", "flag", "Whether that is more than chance; missing where that was not looked at"),
        ),
    ),
)
