"""Responsiveness: whether and how fast colleagues' questions are answered, and how many colleagues are helped.

All three read `question_waits` and `answers`, whose rules stand in `language.question` and `exposure.waiting`; here a
question counts only where asker and answerer are different persons, which the valuation sees to.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.activity import EQUAL_DAYS, active_days
from cadre.signals.partial import LEAST_OTHERS, daily, share_of_many, with_weights
from cadre.signals.signal import Signal, Tables, Window

_REVIEWS = ("reviewed", "tested", "helped")
"""Without approvals: the right to approve often comes with a role, and would tell the role instead of the help."""


def _settled(tables: Tables) -> ir.Table:
    """Questions for which a working week of the person has passed: of newer ones only the quick answers are known."""
    return tables["question_waits"].filter(_.is_over)


def _share_partials(tables: Tables) -> ir.Table:
    waits = _settled(tables)
    return daily(waits, quantity=waits.answer_id.notnull().ifelse(1.0, 0.0), other="asker_account_id")


def _share_evidence(tables: Tables) -> ir.Table:
    waits = _settled(tables)
    is_answered = waits.answer_id.notnull()
    return waits.select(
        "account_id", "record_table", "occurred_at", "local_at",
        record_id="question_id",
        other_account_id="asker_account_id",
        effect=is_answered.ifelse(1.0, 0.0),
        note=is_answered.ifelse("a colleague's question, answered", "a colleague's question, no answer found"),
    )  # fmt: skip


def _hours_partials(tables: Tables) -> ir.Table:
    waits = tables["question_waits"]
    return daily(
        waits, quantity=waits.waited_hours, other="asker_account_id", bin_=waits.answer_id.notnull().ifelse(1, 0)
    )


def _hours_value(partials: ir.Table, window: Window) -> ir.Table:
    """Hours waited over answers given (censored exponential), with a variance that allows for uneven waits."""
    del window
    many = with_weights(partials)
    answered, weight, square = many.bin == 1, many.weight, many.weight * many.weight
    sums = many.group_by("person_id").agg(
        waited=(weight * many.total).sum(),
        waited_sq=(square * many.total_sq).sum(),
        n=answered.ifelse(many.n, 0).sum(),
        answers=answered.ifelse(weight * many.n, 0.0).sum(),
        squares=answered.ifelse(square * many.n, 0.0).sum(),
        waited_answered=answered.ifelse(square * many.total, 0.0).sum(),
    )
    some = sums.filter((sums.n > 0) & (sums.waited > 0))
    middle = some.waited / some.answers
    uneven = some.waited_sq - 2 * middle * some.waited_answered + middle * middle * some.squares
    return some.select(
        "person_id", "n", raw_value=middle,
        variance=ibis.greatest(uneven / (some.waited * some.waited), some.squares / (some.answers * some.answers)),
    )  # fmt: skip


def _hours_evidence(tables: Tables) -> ir.Table:
    waits = tables["question_waits"]
    return waits.select(
        "account_id", "record_table", "occurred_at", "local_at",
        record_id="question_id",
        other_account_id="asker_account_id",
        effect="waited_hours",
        note=waits.answer_id.notnull().ifelse("working hours to the answer", "working hours waited without an answer"),
    )  # fmt: skip


def _help(tables: Tables) -> ir.Table:
    """Answers given to others' questions, and others' tasks reviewed or tested: helper, helped, record."""
    answers, questions, tasks = tables["answers"], tables["questions"], tables["task_events"]
    asked = questions.select("question_id", other_account_id="account_id")
    given = answers.join(asked, "question_id").select(
        "account_id", "other_account_id", "occurred_at", "local_at", "record_table", record_id="answer_id",
        note=ibis.literal("answered a colleague's question"),
    )  # fmt: skip
    looked = tasks.filter(
        tasks.kind.isin(_REVIEWS) & tasks.for_account_id.notnull() & (tasks.for_account_id != tasks.actor_account_id)
    )
    looked = looked.select(
        account_id="actor_account_id", other_account_id="for_account_id", occurred_at="occurred_at", local_at="local_at",
        record_table=ibis.literal("task_events"), record_id="event_id",
        note=ibis.literal("reviewed or tested a colleague's change"),
    )  # fmt: skip
    return given.union(looked)


def _helped_partials(tables: Tables) -> ir.Table:
    given = _help(tables)
    pairs = daily(given, quantity=ibis.literal(1.0), other="other_account_id")
    return pairs.union(active_days(tables, "messages", "utterances", "task_events"))


def _helped_value(partials: ir.Table, window: Window) -> ir.Table:
    """Distinct colleagues helped as of `EQUAL_DAYS` active days (sample-based rarefaction, drawn with replacement)."""
    del window
    exposed = partials.filter(_.other_account_id.isnull()).group_by("person_id").agg(n=_.day.nunique())
    pairs = (
        partials.filter(_.other_account_id.notnull())
        .group_by("person_id", "other_account_id")
        .agg(days=_.day.nunique())
    )
    joined = pairs.join(exposed, "person_id")
    chance = 1 - (1 - ibis.least(joined.days / joined.n, ibis.literal(1.0))).pow(EQUAL_DAYS)
    # Without the one they help most, from so many on: a bargain of two is worth nothing.
    most = ibis.window(group_by="person_id", order_by=[ibis.desc("days"), ibis.desc("other_account_id")])
    ranked = joined.mutate(
        chance=chance, place=ibis.row_number().over(most), others=_.count().over(ibis.window(group_by="person_id"))
    )
    counted = ranked.filter((ranked.place > 0) | (ranked.others < LEAST_OTHERS))
    drawn = counted.group_by("person_id").agg(value=_.chance.sum(), own=(_.chance * (1 - _.chance)).sum())
    every = exposed.left_join(drawn, "person_id").drop("person_id_right")
    return every.select(
        "person_id", "n", raw_value=every.value.fill_null(0.0),
        variance=(every.own.fill_null(0.0) + 0.25) * ibis.greatest(EQUAL_DAYS / every.n, ibis.literal(0.02)),
    )  # fmt: skip


def _helped_evidence(tables: Tables) -> ir.Table:
    return _help(tables).mutate(effect=ibis.literal(1.0))


_QUESTION_RULES = (
    "A question is a message, note or utterance that asks, put to somebody by a mention, in the thread they opened, in a "
    "direct conversation or by name in a meeting. "
)

SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="peer_answer_share",
        label="Colleagues' questions answered",
        family="responsiveness",
        unit="share",
        direction="high",
        scale="logit",
        min_n=8,
        needs=(("messages", "texts"), ("utterances", "texts")),
        horizon_days=7,
        grade="C",
        sentence="Answered {value} of the questions colleagues put to them ({n} questions).",
        explanation=_QUESTION_RULES
        + "It counts as answered when the person replied within a working week of their own, "
        "leave and days off left out; the newest week is not settled yet and not counted. Questions "
        "asked aloud leave no trace and are not counted, neither for nor against anyone. The colleague who asks most is left "
        "out where five ask, and no other weighs more than a twentieth, so that two who keep asking each other gain nothing.",
        reference="The Leadership DNA framework, 'responsiveness to peer questions'; Bernoulli share with a Jeffreys prior (Brown, Cai, DasGupta 2001).",
        partials=_share_partials,
        value=share_of_many,
        evidence=_share_evidence,
        leaves_out="rows",
    ),
    Signal(
        name="peer_answer_hours",
        label="Wait for an answer",
        family="responsiveness",
        unit="hours",
        direction="low",
        scale="log",
        min_n=8,
        needs=(("messages", "texts"), ("utterances", "texts")),
        horizon_days=7,
        grade="C",
        sentence="A colleague's question waited {value} of working time for an answer on average ({n} answers).",
        explanation=_QUESTION_RULES
        + "Hours the person was at work while it waited, over answers given. A question without an answer waits on to "
        "the end of a working week and is counted, so that leaving questions open cannot look fast. The colleague who asks most "
        "is left out where five ask, and no other weighs more than a twentieth.",
        reference="Censored exponential rate (Lawless 2003, ch. 3), variance from the waits' own unevenness.",
        partials=_hours_partials,
        value=_hours_value,
        evidence=_hours_evidence,
        leaves_out="rows",
    ),
    Signal(
        name="people_helped_count",
        label="Colleagues helped in a month",
        family="responsiveness",
        unit="people",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("messages", "texts"), ("utterances", "texts"), ("task_events",)),
        horizon_days=7,
        grade="B",
        sentence="Helped {value} over a month of active days, the one helped most left out (seen on {n} days).",
        explanation="Distinct colleagues whose question the person answered, or whose change they reviewed or tested, as "
        f"of {EQUAL_DAYS} active days, so that part-time, leave and a late start do not lower it. A day is active where the person "
        "wrote in chat, spoke in a meeting or worked on a task: who uses none of these is not measured. The one helped "
        "most is left out where there are five.",
        reference="Sample-based rarefaction (Gotelli and Colwell 2001). Graded B: in public projects those who helped more people were "
        "listed as maintainers more often, beyond their own output (validation/promotions.py), which is a proxy for leading.",
        partials=_helped_partials,
        value=_helped_value,
        evidence=_helped_evidence,
        leaves_out="days",
    ),
)
