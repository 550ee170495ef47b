"""Replayed with what was in force, decisions come out to the last character; with something else, the difference shows."""

from datetime import UTC, datetime, timedelta

import pytest

from cadre.governance.action import Action, Blast, Danger, Effect, Nature, Outcome, Tier, Tool
from cadre.governance.decision import Mode, decide
from cadre.governance.replay import Recorded, as_recorded, replay
from cadre.governance.situation import Hours, Past, Request, Standing, situation
from cadre.policy.agents import agents_engine, shipped_agents
from cadre.policy.source import File

AT = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOURS = Standing(is_registered=True, is_tool_registered=True, hours=Hours("Europe/Vienna"))
OWN = File("own.cedar", '@id("no-send") @rule("Agents send nothing here") @opens("Ask the client.")\n'
           'forbid (principal, action == Cadre::Action::"send", resource == Cadre::Client::"acme");\n'
           '@id("never") @rule("Nothing on a Sunday") @tier("approve")\n'
           "forbid (principal, action, resource) when { context.weekday == 7 };")  # fmt: skip


@pytest.fixture(scope="module")
def records() -> list[Recorded]:
    """A week of an observed agent: reads, changes, mails and deletions at two clients, by day and by night."""
    made = []
    kinds = [(Effect.READ,), (Effect.CHANGE,), (Effect.SEND,), (Effect.DESTROY, Effect.CHANGE), ()]
    for n in range(200):
        at = AT + timedelta(minutes=40 * n)
        client = ("acme", "other")[n % 3 == 0]
        nature = Nature("do", "it", kinds[n % 5], Blast(1 + n % 4), reversible=(True, False, None)[n % 3],
                        data_classes=(), protective=False, sources={}, danger=Danger(0.5, "m1"))  # fmt: skip
        past = [Past(at - timedelta(minutes=40), "acme", f"t{n}", (Effect.READ,))] if n % 7 == 0 else []
        found = decide(Action(Tool(f"tool{n % 5}"), {"n": n}), nature, Tier(n % 4),
                       situation(Request("bot", client, at, task=f"t{n}"), HOURS, past), shipped_agents(),
                       Mode.OBSERVE)  # fmt: skip
        made.append(as_recorded(f"d{n}", at, found))
    return made


def test_with_what_was_in_force_it_is_the_same_to_the_last_character(records: list[Recorded]) -> None:
    found = replay(records, shipped_agents())

    assert (200, (), (), ()) == (found.count, found.changes, found.unread, found.differing)


def test_a_new_rule_shows_what_it_would_have_stopped(records: list[Recorded]) -> None:
    found = replay(records, agents_engine([OWN]))
    sent = {c.decision_id for c in found.changes}

    assert {f"d{n}" for n in range(200) if n % 5 == 2 and n % 3 and not (n % 7 == 0 and n % 3 == 0)} == sent
    assert {Outcome.DENY} == {c.after[0] for c in found.changes}


def test_rules_that_matched_nothing_are_named(records: list[Recorded]) -> None:
    found = replay(records, agents_engine([OWN]))

    assert ("never", False) == (found.unmatched[-1].name, "no-send" in {rule.name for rule in found.unmatched})


def test_a_new_catalogue_is_replayed_too(records: list[Recorded]) -> None:
    found = replay(records, shipped_agents(), retier=lambda inputs: (Tier.APPROVE, ("Everything asks.",)))

    assert 0 == sum(c.after[0] == Outcome.ALLOW for c in found.changes)
    assert () == found.differing


def test_a_record_that_was_changed_differs_and_one_that_is_broken_is_named(records: list[Recorded]) -> None:
    changed = Recorded("x", AT, records[1].text.replace('"hour":7', '"hour":8'))
    found = replay([changed, Recorded("y", AT, "{}"), Recorded("z", AT, "no json")], shipped_agents())

    assert ((), ("y", "z"), 1) == (found.differing, found.unread, found.count)
    other = Recorded("w", AT, records[1].text.replace('"outcome":"allow"', '"outcome":"deny"'))

    assert ("w",) == replay([other], shipped_agents()).differing


def test_what_stepping_up_costs_is_counted_in_minutes_a_week(records: list[Recorded]) -> None:
    effort = replay(records, shipped_agents(), minutes_per_approval=3).effort
    four = sum('"tier":"four-eyes","versions"' in r.text for r in records)

    assert (effort.asked + four, round((200 - 1) * 40 / 60 / 24 / 7, 6)) == (effort.answers, round(effort.weeks, 6))
    assert pytest.approx(effort.answers * 3 / effort.weeks) == effort.minutes_a_week
    assert effort.looks <= effort.asked
