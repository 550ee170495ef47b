"""A small record of six accounts in memory, with every derived table that signals read."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from cadre.exposure import (
    HELD,
    SHARES,
    cases,
    expectations,
    fitted,
    helps,
    hold_expectations,
    holds,
    learning_steps,
    question_waits,
    stress_windows,
    tries,
    working_days,
)
from cadre.language import answers, question_targets, questions
from cadre.records import BY_NAME, DERIVED_BY_NAME, Firm

Rows = dict[str, list[dict[str, Any]]]
START = datetime(2026, 3, 2, 9)


def record() -> Rows:
    rows: Rows = {name: [] for name in BY_NAME}
    for n in range(120):
        at = {
            "occurred_at": START + timedelta(days=n % 30, minutes=n),
            "local_at": START + timedelta(days=n % 30, minutes=n),
        }
        later = {name: value + timedelta(minutes=30) for name, value in at.items()}
        asker, helper = f"a{n % 6}", f"a{(n + 1 + n % 3) % 6}"
        rows["messages"] += [
            {"message_id": f"m{n}", "channel_id": "c", "account_id": asker, "kind": "message",
             "mention_account_ids": [helper], **at},
            {"message_id": f"r{n}", "channel_id": "c", "account_id": helper, "kind": "message", "thread_id": f"m{n}", **later},
        ][: 2 if n % 4 else 1]  # fmt: skip
        rows["texts"].append({"text_id": f"x{n}", "record_table": "messages", "record_id": f"m{n}", "field": "body",
                              "account_id": asker, "body": "Which switch is it?"})  # fmt: skip
        rows["tickets"].append({"ticket_id": f"t{n}", "category": "mail", "priority": 3, "resolver_account_id": asker,
                                "resolved_at": at["occurred_at"] + timedelta(hours=1 + n % 5), **at})  # fmt: skip
        rows["ticket_events"] += [
            {"event_id": f"e{n}", "ticket_id": f"t{n}", "kind": "assigned", "actor_account_id": helper,
             "to_account_id": asker, **at},
            {"event_id": f"n{n}", "ticket_id": f"t{n}", "kind": "note", "actor_account_id": helper, **later},
            {"event_id": f"h{n}", "ticket_id": f"t{n}", "kind": "handed_over", "actor_account_id": asker,
             "from_account_id": asker, "to_account_id": f"a{(n + 4) % 6}", **later},
        ]  # fmt: skip
        rows["task_events"].append({"event_id": f"k{n}", "task_id": f"j{n}", "kind": "reviewed", "actor_account_id": helper,
                                    "for_account_id": asker, **later})  # fmt: skip
        _talk(rows, n, asker, helper)
        _outcome(rows, n, asker, helper)
    rows["channels"] = [{"channel_id": "i", "kind": "incident"}]
    rows["people"] = [{"person_id": f"p{n}", "team_id": str(n % 2 + 1)} for n in range(6)]
    rows["schedules"] = [{"schedule_id": f"s{n}", "person_id": f"p{n}", "kind": "work", "start_hour": 8.0, "end_hour": 10.0}
                         for n in range(6)]  # fmt: skip
    return rows


def _talk(rows: Rows, n: int, asker: str, helper: str) -> None:
    """An incident's chat, a ticket that went to another team, and a meeting about it."""
    at, later, done = (
        {name: START + timedelta(days=n % 30, minutes=n + more) for name in ("occurred_at", "local_at")}
        for more in (0, 20, 60)
    )
    rows["messages"] += [
        {"message_id": f"i{n}", "channel_id": "i", "account_id": asker, "kind": "message", **at},
        {"message_id": f"j{n}", "channel_id": "i", "account_id": helper, "kind": "message", **later},
    ]
    rows["tickets"].append({"ticket_id": f"g{n}", "priority": 4, "assignee_account_id": asker, "is_major": n % 7 < 2,
                            "resolved_at": done["occurred_at"], **at})  # fmt: skip
    rows["ticket_events"] += [
        {"event_id": f"ga{n}", "ticket_id": f"g{n}", "kind": "assigned", "actor_account_id": helper, "to_account_id": asker, **at},
        {"event_id": f"gr{n}", "ticket_id": f"g{n}", "kind": "reply", "actor_account_id": asker, "visibility": "public", **later},
        {"event_id": f"ge{n}", "ticket_id": f"g{n}", "kind": "escalated", "actor_account_id": asker, "from_account_id": asker,
         "to_account_id": helper, "from_team_id": "1", "to_team_id": "2", **done},
    ]  # fmt: skip
    rows["meetings"].append({"meeting_id": f"v{n}", "ticket_id": f"g{n}", **at})
    rows["utterances"] += [
        {"utterance_id": f"u{n}", "meeting_id": f"v{n}", "account_id": asker, "ordinal": 0, **at},
        {"utterance_id": f"w{n}", "meeting_id": f"v{n}", "account_id": helper, "ordinal": 1, **later},
    ]


def _outcome(rows: Rows, n: int, asker: str, helper: str) -> None:
    """A client's ticket with help, its time, rating and return, and an article linked to it."""
    at, later, done = (
        {name: START + timedelta(days=n % 30, minutes=n + more) for name in ("occurred_at", "local_at")}
        for more in (0, 20, 60 + 50 * (n % 4))
    )
    rows["tickets"].append({"ticket_id": f"s{n}", "category": f"c{n % 3}", "client_id": f"k{n % 5}", "source": "psa",
                            "type": "Problem" if n % 4 == 0 else "Incident", "resolver_account_id": asker,
                            "reopen_count": int(n % 9 == 0), "resolved_at": done["occurred_at"], **at})  # fmt: skip
    rows["ticket_events"] += [
        {"event_id": f"sn{n}", "ticket_id": f"s{n}", "kind": "note", "actor_account_id": helper, **later},
        {"event_id": f"sr{n}", "ticket_id": f"s{n}", "kind": "resolved", "actor_account_id": asker,
         "mention_account_ids": [helper] if n % 2 else None, **done},
    ]  # fmt: skip
    rows["time_entries"].append(
        {"time_entry_id": f"b{n}", "account_id": asker, "ticket_id": f"s{n}", "hours": 1.0 + n % 3, **done}
    )
    rows["ratings"].append({"rating_id": f"q{n}", "ticket_id": f"s{n}", "score_share": (n % 5) / 4, **done})
    rows["articles"].append({"article_id": f"d{n}", "account_id": asker, **at})
    rows["article_events"].append({"event_id": f"l{n}", "article_id": f"d{n}", "kind": "linked", "account_id": helper,
                                   "ticket_id": f"s{n}", **later})  # fmt: skip


def tables(rows: Rows) -> Mapping[str, ir.Table]:
    made = {name: _table(rows[name], BY_NAME[name].stored_schema()) for name in BY_NAME}
    for name, table in DERIVED_BY_NAME.items():
        made[name] = ibis.memtable(table.schema().empty_table())
    made |= _read(rows)
    owners = [{"account_id": f"a{row['person_id'][1:]}", "person_id": row["person_id"], "rule": "own", "kind": "staff"}
              for row in rows["people"]]  # fmt: skip
    made["person_accounts"] = _table(owners, DERIVED_BY_NAME["person_accounts"].schema())
    for step in (questions, question_targets, answers):
        made[step.__name__] = _held(step(made), step.__name__)
    made["working_days"] = ibis.memtable(
        working_days(rows["people"], _weeks(rows), Firm(), (date(2026, 2, 1), date(2026, 6, 1)))
    )
    made["question_waits"] = _held(question_waits(made), "question_waits")
    made["stress_windows"] = _held(stress_windows(made), "stress_windows")
    done, held = cases(made).to_pyarrow(), holds(made).to_pyarrow()
    resolved = fitted(done, {}, ("hours", *SHARES, "rating_share"))
    made["ticket_expectations"] = ibis.memtable(expectations(done, resolved, {}))
    made["ticket_holds"] = ibis.memtable(hold_expectations(held, fitted(held, {}, HELD), {}))
    made["learning_steps"] = ibis.memtable(learning_steps(helps(made).to_pyarrow(), tries(made).to_pyarrow()))
    made["team_effects"] = _table(_fitted(rows), DERIVED_BY_NAME["team_effects"].schema())
    return made


def _fitted(rows: Rows) -> list[dict[str, Any]]:
    """What a fit of presence would have found of each person."""
    return [{"outcome": outcome, "person_id": f"p{n}", "account_id": f"a{n}", "local_at": datetime(2026, 3, 31),
             "value": (n - 2) / 50, "variance": 0.001, "n": 100 + n, "rows": 150}
            for n in range(len(rows["people"])) for outcome in ("hours", "tail")]  # fmt: skip


def _weeks(rows: Rows) -> list[dict[str, Any]]:
    return [dict.fromkeys(("weekday", "started_on", "ended_on")) | row for row in rows["schedules"]]


def _read(rows: Rows) -> dict[str, ir.Table]:
    """What models would read: questions in chat, and exchanges of an answer or decision and its reply."""
    told = {"messages": [{"message_id": row["record_id"], "act_question": 0.9} for row in rows["texts"]],
            "ticket_events": [], "utterances": []}  # fmt: skip
    told["messages"] += [{"message_id": row["message_id"], "is_readable": True, "act_explanation": int(row["message_id"][1:]) % 3 / 2}
                         for row in rows["messages"] if row["message_id"].startswith("r")]  # fmt: skip
    links = []
    for name, key, first, second in (("messages", "message_id", "i", "j"), ("utterances", "utterance_id", "u", "w")):
        for n in sorted(int(row[key][1:]) for row in rows[name] if row[key].startswith(first)):
            told[name] += [
                {key: f"{first}{n}", "container_id": "i" if first == "i" else f"v{n}", "is_readable": True, "word_count": 9,
                 "act_question": 0.6, "act_decision": 0.9, "act_concern": 0.8},
                {key: f"{second}{n}", "container_id": "i" if first == "i" else f"v{n}", "is_readable": True, "word_count": 9,
                 "act_question": 0.1, "act_answer": 0.9, "asks_back": (n % 5) / 5, "constructive": (n % 7) / 7},
            ]  # fmt: skip
            links.append({"record_table": name, "record_id": f"{second}{n}", "parent_id": f"{first}{n}", "place": 1,
                          "probability": 0.9})  # fmt: skip
    made = {f"{stem}_annotations": _table(told[name], DERIVED_BY_NAME[f"{stem}_annotations"].schema())
            for name, stem in (("messages", "message"), ("ticket_events", "ticket"), ("utterances", "utterance"))}  # fmt: skip
    return made | {"reply_links": _table(links, DERIVED_BY_NAME["reply_links"].schema())}


def _held(expression: ir.Table, name: str) -> ir.Table:
    schema = DERIVED_BY_NAME[name].schema()
    return ibis.memtable(expression.select(*schema.names).to_pyarrow().cast(schema))


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> ir.Table:
    return ibis.memtable(pa.Table.from_pylist(rows, schema))


@pytest.fixture(scope="session")
def busy() -> Mapping[str, ir.Table]:
    return tables(record())


@pytest.fixture(scope="session")
def empty() -> Mapping[str, ir.Table]:
    return tables({name: [] for name in BY_NAME})


@pytest.fixture(scope="session")
def backwards() -> Mapping[str, ir.Table]:
    return tables({name: rows[::-1] for name, rows in record().items()})


@pytest.fixture(scope="session")
def place() -> Callable[..., ir.Table]:
    """Accounts to persons: every account a person of its own unless told."""

    def build(**persons: str) -> ir.Table:
        rows = [{"account_id": f"a{n}", "person_id": persons.get(f"a{n}", f"p{n}"), "rule": "own", "kind": "staff"}
                for n in range(6)]  # fmt: skip
        return ibis.memtable(pa.Table.from_pylist(rows, DERIVED_BY_NAME["person_accounts"].schema()))

    return build
