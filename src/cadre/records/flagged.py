"""The tables of flags: what stands out about a person, and how often was looked."""

from cadre.records.derivation import Derived
from cadre.records.schema import Column

_WINDOW = (
    Column("window_start", "date", "First local day counted; of a change, the day it is told from", required=True),
    Column("window_days", "integer", "Days counted", required=True),
)
_KIND = Column("kind", "text", "`red_flag`, `early_indicator` or `change`", required=True)

FLAGGED: tuple[Derived, ...] = (
    Derived(
        "flags",
        "behaviour of one person so far from peers, or from before, that its rows are worth a look",
        (
            Column("person_id", "text", "Whose", required=True),
            _KIND,
            Column("name", "text", "Barrier or indicator; of a change, the signal", required=True),
            *_WINDOW,
            Column("p_value", "real", "Chance of it, were nothing out of the ordinary there", required=True),
            Column("q_value", "real", "The same after everything that was looked at, at most 0.1", required=True),
            Column("signals", "texts", "Signals that took part, as `name=z`: standard errors beyond the margin"),
            Column("direction", "text", "`behind` or `ahead` of peers; of a change, `up` or `down`", required=True),
            Column("n", "integer", "Observations behind the signals; of a change, after it", required=True),
            Column("before", "real", "Value before a change, in the signal's unit; missing for other kinds"),
            Column("value", "real", "Value after it"),
            Column("low", "real", "Lower end of an interval that carries what is not known of before and after"),
            Column("high", "real", "Upper end"),
            Column("level", "real", "Level of the interval"),
        ),
    ),
    Derived(
        "flag_looks",
        "how often was looked for flags of a kind, so that none among many can be said",
        (
            _KIND,
            *_WINDOW,
            Column("people_count", "integer", "People looked at: those with evidence and enough peers", required=True),
            Column("looked_at_count", "integer", "Tests: people by barriers, indicators or signals", required=True),
            Column("found_count", "integer", "Flags that stand", required=True),
        ),
    ),
)
