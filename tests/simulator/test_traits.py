"""Planted traits counted straight from the rows: there in the helpful world, absent in null.

With 80 people a rank correlation has a standard error of 0.11 where nothing is planted; absent means within three.
"""

from collections import Counter, defaultdict
from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy.stats import spearmanr

from cadre.simulator import load_world, simulate, truth
from cadre.simulator.dice import Dice
from cadre.simulator.traits import planted

UNTIL, PEOPLE, MONTHS, SEED = date(2026, 3, 31), 80, 2, 3
NOISE = 3 * 0.113
USED = ("people", "messages", "tickets", "ticket_events")


@cache
def lived(name):
    world, tables = load_world(name), defaultdict(list)
    for table, rows in simulate(world, SEED, PEOPLE, MONTHS, until=UNTIL, texts=False):
        if table in USED:
            tables[table] += rows.to_pylist()
    return tables, truth(world, SEED, PEOPLE, until=UNTIL, months=MONTHS).to_pylist()


def correlation(people, account, trait, values):
    return spearmanr([values[p[account]] for p in people], [p[trait] for p in people]).statistic


def answer_share(name):
    tables, people = lived(name)
    replies, asked = defaultdict(set), defaultdict(list)
    for message in tables["messages"]:
        replies[message["thread_id"]].add(message["account_id"])
    for message in tables["messages"]:
        named = message["mention_account_ids"] or ()
        if not message["thread_id"] and len(named) == 1 and not message["channel_id"].startswith("I"):
            asked[named[0]].append(named[0] in replies[message["external_id"]])
    shares = {account: np.mean(found) for account, found in asked.items()}
    return correlation([p for p in people if p["chat_account_id"] in shares], "chat_account_id", "helpfulness", shares)


def notes_on_others_work(name):
    tables, people = lived(name)
    notes = Counter(
        e["actor_account_id"] for e in tables["ticket_events"] if e["kind"] == "note" and e["mention_account_ids"]
    )
    return correlation([p for p in people if not p["is_lead"]], "psa_account_id", "mentoring", notes)


def log_hours(name):
    """Mean log hours of each resolver against the team's mean, and against that of the same topic and priority."""
    tables, people = lived(name)
    team = {p["psa_account_id"]: p["team_id"] for p in people}
    raw, cells, solved = defaultdict(list), defaultdict(list), []
    for ticket in tables["tickets"]:
        if ticket["resolved_at"] and not ticket["is_major"]:
            hours = np.log((ticket["resolved_at"] - ticket["occurred_at"]).total_seconds() / 3600)
            who = ticket["resolver_account_id"]
            cell = (ticket["category"], ticket["priority"], team[who])
            for key in (cell, team[who]):
                cells[key].append(hours)
            solved.append((who, cell, hours))
    means, adjusted = {key: np.mean(found) for key, found in cells.items()}, defaultdict(list)
    for who, cell, hours in solved:
        raw[who].append(hours - means[team[who]])
        adjusted[who].append(hours - means[cell])
    return {w: np.mean(h) for w, h in raw.items()}, {w: np.mean(h) for w, h in adjusted.items()}


def adjusted_speed(name):
    _, adjusted = log_hours(name)
    people = [p for p in lived(name)[1] if p["psa_account_id"] in adjusted]
    return -correlation(people, "psa_account_id", "speed", adjusted)


def take_backs(name):
    """Take-backs per ticket handed on in the team by those who delegate ill, minus those who delegate well."""
    tables, people = lived(name)
    plain = {p["external_id"] for p in tables["people"] if not p["role"].startswith(("Senior", "Team lead"))}
    handed, taken = Counter(), Counter()
    for event in tables["ticket_events"]:
        if event["kind"] == "handed_over" and event["to_team_id"] is None:
            handed[event["actor_account_id"]] += event["actor_account_id"] == event["from_account_id"]
            taken[event["actor_account_id"]] += event["actor_account_id"] == event["to_account_id"]

    def share(group):
        return sum(taken[p["psa_account_id"]] for p in group) / sum(handed[p["psa_account_id"]] for p in group)

    bosses = [p for p in people if p["person_id"] not in plain]
    return share([p for p in bosses if p["delegation"] < -0.5]) - share([p for p in bosses if p["delegation"] > 0.5])


@pytest.mark.parametrize("trace", [answer_share, notes_on_others_work, adjusted_speed])
def test_traits_show_in_the_helpful_world(trace):
    assert trace("helpful") > NOISE


@pytest.mark.parametrize("trace", [answer_share, notes_on_others_work, adjusted_speed])
def test_traits_leave_no_trace_in_the_null_world(trace):
    assert abs(trace("null")) < NOISE


def test_those_who_delegate_ill_take_work_back_in_the_helpful_world_only():
    assert take_backs("helpful") > 0.08
    assert abs(take_backs("null")) < 0.08


def test_help_by_phone_hides_the_helpful_in_the_other_world():
    assert answer_share("other") < NOISE


def test_easy_tickets_look_quick_but_not_for_their_case():
    raw, adjusted = log_hours("gamed")
    games = {p["psa_account_id"]: p["games"] for p in lived("gamed")[1]}

    def gap(values):
        return np.mean([v for w, v in values.items() if games[w]]) - np.mean(
            [v for w, v in values.items() if not games[w]]
        )

    assert gap(raw) < -0.1
    assert gap(adjusted) > gap(raw) / 2


def test_gamers_mention_more_people_than_others():
    tables, people = lived("gamed")
    named = Counter()
    for message in tables["messages"]:
        named[message["account_id"]] += len(message["mention_account_ids"] or ())
    gamers = [named[p["chat_account_id"]] for p in people if p["games"]]
    others = [named[p["chat_account_id"]] for p in people if not p["games"]]

    assert np.median(gamers) > 2 * np.median(others)


@pytest.mark.parametrize("rho", [-0.2, 0.0, 0.2])
def test_craft_and_leading_correlate_as_planted(rho):
    values = planted(load_world("helpful"), Dice(5, 0), 20_000, rho).values

    found = np.corrcoef(values["craft"], values["leading"])[0, 1]
    assert found == pytest.approx(rho, abs=4 / np.sqrt(20_000))


def test_labels_name_who_fits_them():
    made = planted(load_world("helpful"), Dice(5, 0), 200, None)
    gap = made.values["craft"] - made.values["leading"]
    soloists = [gap[n] for n, label in enumerate(made.archetypes) if label == "brilliant_soloist"]
    others = [gap[n] for n, label in enumerate(made.archetypes) if label != "brilliant_soloist"]

    assert len(soloists) == 16
    assert min(soloists) >= max(others)


def test_promotions_turn_out_well_for_those_who_lead_well():
    rows = truth(load_world("helpful"), 5, 1500, until=UNTIL, months=1).to_pylist()
    leads = [r for r in rows if r["outcome"] is not None]
    well, badly = ([r["leading"] for r in leads if r["outcome"] is turned] for turned in (True, False))

    assert len(leads) > 100
    assert np.mean(well) - np.mean(badly) > 3 * np.std([r["leading"] for r in leads]) * np.sqrt(4 / len(leads))
