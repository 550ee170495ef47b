"""What a derived table is, and the tables of what was fitted to the record."""

from dataclasses import dataclass

import pyarrow as pa

from cadre.records.schema import Column


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived table.

    Attributes:
        name: Plural noun; the folder name under `derived/`.
        grain: What one row is.
        columns: All its columns, in order.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]

    def schema(self) -> pa.Schema:
        """What lies on disk, in order."""
        return pa.schema([pa.field(c.name, c.arrow) for c in self.columns])


FITTED: tuple[Derived, ...] = (
    Derived(
        "team_effects",
        "what one person's presence did to one outcome of teammates' tickets, fitted over up to two years",
        (
            Column(
                "outcome", "text", "`hours` (log hours saved) or `tail` (share not in the slow tail)", required=True
            ),
            Column("person_id", "text", "Whose presence", required=True),
            Column("account_id", "text", "One account of that person", required=True),
            Column(
                "local_at", "local", "Midnight of the last day the fit read, on the firm's wall clock", required=True
            ),
            Column("value", "real", "Effect against the other teammates' presence", required=True),
            Column("variance", "real", "Its sampling variance, from weeks drawn anew", required=True),
            Column("n", "integer", "Teammates' tickets opened on days the person was there", required=True),
            Column("rows", "integer", "Tickets of the team that the fit read", required=True),
        ),
    ),
    Derived(
        "learning_steps",
        "a colleague's help and the learner's next ticket on its topic",
        (
            Column("ticket_id", "text", "The next ticket", required=True),
            Column("account_id", "text", "Who had helped", required=True),
            Column("learner_account_id", "text", "Who was helped", required=True),
            Column("occurred_at", "instant", "When the next ticket was resolved"),
            Column("local_at", "local", "When, on the firm's wall clock"),
            Column("topic", "text", "Topic of both tickets", required=True),
            Column(
                "helped_ticket_id", "text", "The ticket that was helped on, the last before the next", required=True
            ),
            Column(
                "alone", "real", "1 where nobody helped on the next and it was not passed on, else 0", required=True
            ),
            Column("expected_alone", "real", "Its probability for the case", required=True),
            Column(
                "elsewhere",
                "real",
                "Mean of alone less expected on the learner's other topics in the days up to it",
                required=True,
            ),
            Column("elsewhere_count", "integer", "Tickets of other topics that tell it", required=True),
            Column("gain", "real", "alone - expected_alone - elsewhere", required=True),
        ),
    ),
    Derived(
        "stated_help",
        "help that somebody said they gave and the colleague confirmed; it left no other trace",
        (
            Column("statement_id", "text", "Key of the statement among the decisions", required=True),
            Column("account_id", "text", "Who helped: one account of theirs", required=True),
            Column("other_account_id", "text", "Who was helped and confirmed it", required=True),
            Column("occurred_at", "instant", "Noon of the day they told"),
            Column("local_at", "local", "The same, on the firm's wall clock"),
            Column("ticket_id", "text", "The ticket, where there was one"),
        ),
    ),
)
