"""An invented month of agents: repeatable, in order, with takeovers that are planted and nothing that a tool does not take."""

from datetime import date

from cadre.simulator.agents import agents, month, tool


def test_a_month_is_the_same_for_the_same_seed_in_the_order_of_time_and_calls_what_there_is() -> None:
    told = {"clients": ["a", "b"], "people": 10, "first": date(2026, 10, 5), "days": 3}
    found, again, other = (list(month(seed, hijacked=0.3, **told)) for seed in (1, 1, 2))  # type: ignore[arg-type]
    days = [call.at.date() for call in found]

    assert (True, False) == (found == again, found == other)
    assert days == sorted(days)
    assert {call.agent for call in found} <= set(agents())
    assert {call.is_hijacked for call in found} == {True, False}
    assert all(set(call.arguments) <= set(tool(call.tool.name).schema["properties"]) for call in found)


def test_calls_of_a_task_carry_what_the_task_saw_before() -> None:
    found = list(month(1, ["a"], people=5, first=date(2026, 10, 5), days=1))
    task = [call for call in found if call.task == next(c.task for c in found if c.agent == "ticket-triage")]

    assert [*range(len(task))] == [len(call.history) for call in task]
    assert "get_ticket" == task[1].history[0][0]


def test_a_weekend_and_a_small_example_are_quieter() -> None:
    week = [len(list(month(1, ["a"], people=25, first=date(2026, 10, day), days=1))) for day in (5, 10)]
    small = len(list(month(1, ["a"], people=25, first=date(2026, 10, 5), days=1, scale=0.1)))

    assert week[0] > 4 * week[1]
    assert week[0] > 4 * small
