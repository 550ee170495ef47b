import re
from collections import Counter
from datetime import date

import pytest

from cadre.simulator import load_world, simulate, truth
from cadre.simulator.dice import Dice
from cadre.simulator.grammar import Talk, phrases, second_language, topics


@pytest.mark.parametrize("topic", sorted(topics()))
def test_every_sentence_can_be_said(topic):
    talk = Talk(Dice(1, 1), topic, client="Alderbach Law", user="Mei Novaski", ticket="T1")
    said = [
        talk.say(occasion, "Aylin", people="Two of us")
        for occasion in sorted(phrases().keys() - {"second_language"})
        for _ in range(5)
    ]
    said += [talk.say(occasion) for occasion in topics()[topic] for _ in range(3)]

    assert [] == [text for text in said if "{" in text or not text.strip()]


def test_sentences_of_one_case_agree_on_the_host():
    talk = Talk(Dice(1, 2), "sql")
    hosts = {found for _ in range(80) for found in re.findall(r"srv-[a-z-]+\d\d", talk.say("notes"))}

    assert 1 == len(hosts)


def test_nothing_is_drawn_where_no_words_are_wanted():
    dice = Dice(1, 3)

    assert "" == Talk(dice, "sql", speaks=False).say("notes")
    assert Dice(1, 3).uniform() == dice.uniform()


def test_words_are_varied():
    bodies = [
        body for table, rows in simulate(load_world("helpful"), 7, 30, 1, until=date(2026, 3, 31)) if table == "texts"
        for body in rows["body"].to_pylist()
    ]  # fmt: skip
    long = Counter(body for body in bodies if len(body) > 80)

    assert len(long) > 0.6 * long.total() > 1000
    assert not any("!" in body for body in bodies)


def test_a_second_language_changes_the_wording_and_not_who_writes_it():
    people = truth(load_world("helpful"), 7, 30, until=date(2026, 3, 31)).to_pylist()
    second = {p["chat_account_id"]: p["second_language"] for p in people}
    usual, other = (Counter(), Counter())
    for table, rows in simulate(load_world("helpful"), 7, 30, 1, until=date(2026, 3, 31)):
        for row in rows.to_pylist() if table == "texts" else ():
            if row["record_table"] == "messages":
                (other if second[row["account_id"]] else usual)["I had also same" in row["body"]] += 1

    assert 4 < sum(second.values()) < 20
    assert "I had also same at a client." == second_language("I had the same at a client.")
    assert usual[True] == 0 < other[True]
