"""Derived tables: computed from the record, never edited, rewritten whole or by day.

They carry no source columns; what they were computed from stands in the manifest that names them. Stages in
`services.refresh` write them, signals and reports only read them.
"""

from cadre.records.derivation import FITTED, Derived
from cadre.records.flagged import FLAGGED
from cadre.records.schema import Column
from cadre.records.shown import SHOWN

_PERSON = Column("person_id", "text", "Whose", required=True)
_ACCOUNT = Column("account_id", "text", "Which account", required=True)
_AT = (Column("occurred_at", "instant", "When"), Column("local_at", "local", "When, on the firm's wall clock"))
_FOLD = Column("fold", "integer", "Fold of persons without which the expectation was fitted", required=True)
_WINDOW = (
    Column("window_start", "date", "First local day counted", required=True),
    Column("window_days", "integer", "Days counted", required=True),
)
_INTERVAL = (
    Column("value", "real", "Point estimate; missing where abstained"),
    Column("low", "real", "Lower end of the interval"),
    Column("high", "real", "Upper end of the interval"),
    Column("level", "real", "Level of the interval"),
    Column("n", "integer", "Observations it rests on", required=True),
)

ACTS = (
    "question", "request", "answer", "explanation", "instruction", "decision", "status", "offer", "acknowledgement",
    "concern", "apology", "social",
)  # fmt: skip
"""What a turn may do; `language.act` says what each means."""


def _annotations(name: str, grain: str, key: str) -> Derived:
    """A table of annotations; the three differ in what they annotate."""
    return Derived(
        name,
        grain,
        (
            Column(key, "text", "Which one", required=True),
            Column("container_id", "text", "Channel, ticket or meeting it stands in", required=True),
            Column(
                "block", "text", "Month of a channel, computed together; empty for the whole container", required=True
            ),
            Column("text_digest", "integer", "Digest of the words read, by which a change is seen", required=True),
            Column("word_count", "integer", "Words read", required=True),
            Column("is_readable", "flag", "Whether it reads as prose; a log, a code or another language does not"),
            *(
                Column(f"act_{act}", "real", f"Probability that it is: {act}; missing where not readable")
                for act in ACTS
            ),
            Column("asks_back", "real", "Probability that it shows an earlier turn was not clear or not enough"),
            Column(
                "constructive", "real", "Probability that it acknowledges, asks or proposes; missing where not readable"
            ),
            Column("private_kinds", "texts", "Kinds of private data its words hold, such as `email` or `client`"),
            Column("model_version", "text", "Models that annotated it", required=True),
        ),
    )


def _outcome(name: str, meaning: str) -> tuple[Column, Column, Column]:
    """Whether something happened, and how likely the case made it."""
    return (
        Column(name, "real", f"1 where {meaning}, else 0; missing where the source does not tell"),
        Column(
            f"expected_{name}",
            "real",
            "Its probability for the case, fitted without this person; missing where not known",
        ),
        _doubt(name, "its probability"),
    )


def _doubt(name: str, what: str) -> Column:
    """How unsure an expectation is."""
    return Column(f"doubt_{name}", "real", f"Half the difference of {what} fitted on odd and on even weeks")


DERIVED: tuple[Derived, ...] = (
    _annotations("message_annotations", "a chat message that was read", "message_id"),
    _annotations("ticket_annotations", "a comment on a ticket that was read", "event_id"),
    _annotations("utterance_annotations", "something said in a meeting that was read", "utterance_id"),
    Derived(
        "reply_links",
        "a turn and one turn it answers; a turn that starts a conversation has one row without parent",
        (
            Column("record_table", "text", "`messages`, `ticket_events` or `utterances`", required=True),
            Column("record_id", "text", "The turn", required=True),
            Column("container_id", "text", "Channel, ticket or meeting", required=True),
            Column(
                "block", "text", "Month of a channel, computed together; empty for the whole container", required=True
            ),
            Column("parent_id", "text", "The turn it answers; missing where it starts a conversation"),
            Column("place", "integer", "1 the likeliest parent, 2 a second one", required=True),
            Column("probability", "real", "How likely this link is", required=True),
            Column("how", "text", "`marked` by the source, `thread` it stands in, or `model`", required=True),
            Column("model_version", "text", "Model that drew it", required=True),
        ),
    ),
    Derived(
        "annotation_blocks",
        "a channel's month, a ticket or a meeting whose words were read",
        (
            Column("record_table", "text", "`messages`, `ticket_events` or `utterances`", required=True),
            Column("container_id", "text", "Channel, ticket or meeting", required=True),
            Column("block", "text", "Month of a channel; empty for the whole container", required=True),
            Column("digest", "text", "Digest of its turns and of the months beside it", required=True),
            Column("turns_count", "integer", "Turns in it", required=True),
            Column("model_version", "text", "Models that read it", required=True),
        ),
    ),
    Derived(
        "person_accounts",
        "an account and the person it belongs to",
        (
            _ACCOUNT,
            _PERSON,
            Column(
                "rule",
                "text",
                "What joined them: `listed`, `email`, `name` or `own` (a person of its own)",
                required=True,
            ),
            Column("kind", "text", "`staff`, `client`, `bot` or `unknown`", required=True),
        ),
    ),
    Derived(
        "identity_doubts",
        "a join that a person should look at",
        (
            Column("doubt_id", "text", "Key", required=True),
            _ACCOUNT,
            _PERSON,
            Column("reason", "text", "Why it is doubtful", required=True),
        ),
    ),
    Derived(
        "questions",
        "a question someone put in writing or in a meeting",
        (
            Column("question_id", "text", "Key of the message, comment or utterance that asks", required=True),
            Column("record_table", "text", "`messages`, `ticket_events` or `utterances`", required=True),
            _ACCOUNT,
            *_AT,
            Column("container_id", "text", "Channel, ticket or meeting it was asked in"),
        ),
    ),
    Derived(
        "question_targets",
        "an account a question was put to",
        (
            Column("question_id", "text", "Which question", required=True),
            _ACCOUNT,
            Column("how", "text", "`mention`, `thread`, `direct` or `addressee`", required=True),
        ),
    ),
    Derived(
        "answers",
        "a reply to a question by someone else",
        (
            Column("question_id", "text", "Which question", required=True),
            Column("answer_id", "text", "Key of the record that answers", required=True),
            Column("record_table", "text", "Its table", required=True),
            _ACCOUNT,
            *_AT,
        ),
    ),
    Derived(
        "working_days",
        "a day in a calendar, on the firm's wall clock; a day off has no spans",
        (
            Column("calendar_id", "text", "Whose: a person on the roster, or empty for the firm", required=True),
            Column("day", "date", "Local day", required=True),
            Column("first_start", "real", "Hour work begins, 0-24; missing on a day off"),
            Column("first_end", "real", "Hour it ends"),
            Column("second_start", "real", "Hour a second span begins; missing where there is none"),
            Column("second_end", "real", "Hour it ends"),
            Column("hours_before", "real", "Working hours of the calendar's days before this one", required=True),
        ),
    ),
    Derived(
        "question_waits",
        "a question put to an account, and how long it waited there",
        (
            Column("question_id", "text", "Which question", required=True),
            Column("record_table", "text", "Its table", required=True),
            _ACCOUNT,
            Column("asker_account_id", "text", "Who asked", required=True),
            *_AT,
            Column("answer_id", "text", "Record in which this account answered; missing where it did not"),
            Column(
                "waited_hours",
                "real",
                "Hours the account's person was at work until the answer, or to the end of the wait where there was none",
                required=True,
            ),
            Column(
                "is_over",
                "flag",
                "Whether a working week of the person has passed since, so that answered or not is settled",
                required=True,
            ),
        ),
    ),
    Derived(
        "topic_centres",
        "one dimension of the centre of one topic of tickets",
        (
            Column("number", "integer", "Topic, from 0", required=True),
            Column("dimension", "integer", "Dimension of the word vector, from 0", required=True),
            Column("value", "real", "Its value", required=True),
            Column("texts_count", "integer", "Texts the topics were found from", required=True),
            Column("model_version", "text", "Vectors and method", required=True),
        ),
    ),
    Derived(
        "ticket_topics",
        "a ticket with words, and the topic they fall into",
        (
            Column("ticket_id", "text", "Which ticket", required=True),
            Column("topic", "text", "Group of tickets with near words, such as `topic 7`; missing where none is near"),
            Column("model_version", "text", "Vectors and method", required=True),
        ),
    ),
    Derived(
        "expectation_weights",
        "one weight of one expectation model",
        (
            Column("outcome", "text", "What is expected: `hours`, `reopened`, `passed` and so on", required=True),
            Column("fold", "integer", "Fold of persons the model was fitted without", required=True),
            Column("half", "integer", "0 fitted on all cases, 1 on those of odd weeks, 2 of even ones", required=True),
            Column("factor", "text", "Factor of the case; empty for the middle", required=True),
            Column("level", "text", "Level of the factor; empty for levels seen too seldom", required=True),
            Column("weight", "real", "Weight, on the log scale for hours and the log odds for shares", required=True),
            Column("n", "integer", "Cases it was fitted on", required=True),
            Column("model_version", "text", "Version of the method", required=True),
        ),
    ),
    Derived(
        "ticket_expectations",
        "a resolved ticket against what its case mix leads one to expect",
        (
            Column("ticket_id", "text", "Which ticket", required=True),
            Column("account_id", "text", "Who resolved it", required=True),
            *_AT,
            Column("client_id", "text", "Client it was for"),
            Column("topic", "text", "Category it was filed under, else the topic its words fall into"),
            Column("open_hours", "real", "Hours the resolver was at work from opening to resolution", required=True),
            Column(
                "expected_hours",
                "real",
                "The same as expected from the case, fitted without this person's tickets",
                required=True,
            ),
            Column(
                "log_ratio", "real", "log(open_hours / expected_hours) on the scale the model was fitted", required=True
            ),
            _doubt("hours", "expected log hours"),
            Column(
                "difficulty", "real", "Expected log hours, standardised over the firm's tickets (sd)", required=True
            ),
            _doubt("difficulty", "difficulty"),
            *_outcome("reopened", "it was reopened"),
            *_outcome("late", "it was resolved later than agreed"),
            *_outcome("recurred", "the client had the same again within 14 days"),
            *_outcome("helped", "somebody else wrote or booked time on it"),
            Column("rating_share", "real", "Mean score its client gave, 0-1; missing where none"),
            Column("expected_rating_share", "real", "The same as expected from the case; missing where not known"),
            _doubt("rating_share", "the expected score"),
            _FOLD,
            Column("model_version", "text", "Version of the expectation model", required=True),
        ),
    ),
    Derived(
        "ticket_holds",
        "a ticket and an account that held it, and whether it passed it on",
        (
            Column("ticket_id", "text", "Which ticket", required=True),
            _ACCOUNT,
            *_AT,
            Column("event_id", "text", "The step by which the account first got it", required=True),
            Column("from_account_id", "text", "Who held it before; missing where nobody did"),
            Column("passed_at", "instant", "When this account itself passed it on; missing where it did not"),
            Column("passed_local_at", "local", "The same on the firm's wall clock"),
            Column("to_account_id", "text", "To whom it passed it on"),
            Column("passed_event_id", "text", "The step by which it passed it on"),
            Column("is_escalated", "flag", "Whether it went to another team; missing where it did not pass it on"),
            Column("taken_back_at", "instant", "When this account itself took it back after passing it on"),
            Column("came_back_at", "instant", "When somebody else gave it back after it was passed on"),
            *_outcome("passed", "the account passed it on"),
            _FOLD,
            Column("model_version", "text", "Version of the expectation model", required=True),
        ),
    ),
    Derived(
        "stress_windows",
        "a span of heavy work: an urgent or major incident open, an agreement nearly broken, a surge of open work",
        (
            Column("kind", "text", "`urgent`, `major`, `due` or `surge`", required=True),
            Column("team_id", "text", "Team under load; missing means the firm"),
            Column("ticket_id", "text", "Ticket that causes it; missing for a surge"),
            Column("started_at", "instant", "From when", required=True),
            Column("ended_at", "instant", "Until when", required=True),
        ),
    ),
    Derived(
        "day_digests",
        "a table's rows of one local day when the signals were last computed",
        (
            Column("record_table", "text", "Which table; empty for what everything depends on", required=True),
            Column("day", "date", "Local day; missing for what everything depends on"),
            Column("n", "integer", "Rows", required=True),
            Column("digest", "integer", "Digest of what they say", required=True),
        ),
    ),
    *FITTED,
    Derived(
        "signal_partials",
        "one signal's sums for an account (or account pair) on a local day",
        (
            Column("signal", "text", "Which signal", required=True),
            _ACCOUNT,
            Column("other_account_id", "text", "The other account, for signals over pairs"),
            Column("day", "date", "Local day", required=True),
            Column("bin", "integer", "Bin of a histogram sketch, for signals that need one"),
            Column("n", "integer", "Observations", required=True),
            Column("total", "real", "Sum of the observed quantity", required=True),
            Column("total_sq", "real", "Sum of its squares"),
        ),
    ),
    Derived(
        "signal_values",
        "one signal for one person over one window",
        (
            Column("signal", "text", "Which signal", required=True),
            _PERSON,
            *_WINDOW,
            Column("raw_value", "real", "Value before shrinkage, in the signal's unit"),
            Column("variance", "real", "Sampling variance of the raw value on the signal's working scale"),
            *_INTERVAL,
            Column("reason", "text", "Why there is no estimate; missing where there is one"),
        ),
    ),
    *FLAGGED,
    Derived(
        "reliabilities",
        "how far one signal or competency repeats in this record, over people held against their own team",
        (
            Column("name", "text", "Signal or competency", required=True),
            Column("about", "text", "`signal` or `competency`", required=True),
            Column(
                "method",
                "text",
                "`halves` (odd and even weeks, Spearman-Brown) or `months` (a month and the next)",
                required=True,
            ),
            *_WINDOW,
            *_INTERVAL,
            Column("reason", "text", "Why it is not told; missing where it is"),
        ),
    ),
    Derived(
        "assessments",
        "one competency of one person, estimated from its signals",
        (
            Column("name", "text", "Competency", required=True),
            _PERSON,
            *_WINDOW,
            *_INTERVAL,
            Column("reason", "text", "Why there is no estimate; missing where there is one"),
            Column("signals", "texts", "Signals it rests on, with their contribution as `name=value`"),
            Column("manifest", "integer", "Manifest of the record it read", required=True),
            Column("code_version", "text", "Version of Cadre", required=True),
            Column("settings_digest", "text", "Digest of the settings it used", required=True),
        ),
    ),
    *SHOWN,
)

READ = (
    "message_annotations", "ticket_annotations", "utterance_annotations", "reply_links", "annotation_blocks",
    "topic_centres", "ticket_topics",
)  # fmt: skip
"""Tables made from words, which may be gone since; they name nobody."""

DERIVED_BY_NAME: dict[str, Derived] = {table.name: table for table in DERIVED}
