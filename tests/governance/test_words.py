from cadre.governance.verbs import name_verb, spoken_verbs
from cadre.governance.words import family, pieces, root


def test_a_name_is_split_however_it_is_written() -> None:
    written = ("sendMoney", "send_money", "send.money", "SEND-MONEY", "SendMoney2")

    assert [("send", "money")] * 4 + [("send", "money", "2")] == [pieces(name) for name in written]


def test_a_word_is_known_in_any_form() -> None:
    assert [True] * 4 == ["destroy" in family("verbs", word) for word in ("delete", "deletes", "deleted", "deleting")]
    assert ("computer", frozenset()) == (root("computer"), family("verbs", "computer"))


def test_the_plainest_verb_of_a_name_leads() -> None:
    names = ("email_send", "get_email", "calendarEventDelete", "usersList", "post_webpage", "zorblat")

    assert ["send", "get", "delete", "list", "post", ""] == [name_verb(pieces(name)) for name in names]


def test_a_description_leads_with_its_first_verb_and_those_joined_to_it() -> None:
    assert ("create", "invite") == spoken_verbs("Creates an event and invites its guests.")
    assert ("show",) == spoken_verbs("Show state, last check-in and alerts of a device.")
    assert ("reserve",) == spoken_verbs("Makes a reservation for a hotel.")
    assert () == spoken_verbs("Frumious bandersnatch.")
