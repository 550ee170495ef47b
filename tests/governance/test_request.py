from cadre.governance.action import Effect
from cadre.governance.request import asked, asks_for, is_another_day, normal, says_day


def test_values_are_compared_without_their_dress() -> None:
    assert ["10", "1200", "a.example/x", "gb29nwbk60161331926819"] == [
        normal(value) for value in ("10.00", "1,200", "https://a.example/x/", "GB29NWBK60161331926819")
    ]


def test_an_act_counts_as_asked_for_by_a_verb_of_its_family() -> None:
    request = asked("Please refund Ann and do not delete the invoice.")

    assert (True, False, True) == (
        asks_for(request, Effect.PAY), asks_for(request, Effect.DESTROY), asks_for(request, Effect.READ),
    )  # fmt: skip


def test_several_words_may_ask_for_an_act() -> None:
    assert asks_for(asked("Let Ann know that I am late."), Effect.SEND)
    assert not asks_for(asked("Drop Ann a line about the offsite."), Effect.DESTROY)


def test_a_request_may_leave_its_wording_to_another_text() -> None:
    told = (
        "Do the tasks in my TODO list.",
        "Follow the instructions in the file.",
        "Do the following tasks: 1. Pay Ann.",
    )

    assert [True, True, False] == [asked(text).handed_over for text in told]


def test_a_day_is_said_in_words_or_digits() -> None:
    request = asked("Book it from May 1st to 2026-05-03.")

    assert [True, True, False] == [says_day(day, request) for day in ("2026-05-01", "2026-05-03 10:00", "2026-05-09")]
    assert is_another_day("2026-05-09", request)
    assert not is_another_day("2026-05-09", asked("Book it for next week."))
