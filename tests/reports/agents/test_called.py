"""What an approver is shown is exactly what was asked, however it is put together."""

from cadre.reports.agents.called import argument_rows, plainly, said_by_all, side_by_side


def test_what_calls_share_and_what_is_their_own_is_all_there_is() -> None:
    many = ['{"to":"a","text":"hi"}', '{"to":"b","text":"hi"}', '{"to":"a","text":"hi","cc":"x"}']
    shared, own = side_by_side(many)

    assert (("text", "hi"),) == shared
    assert [set(argument_rows(one)) for one in many] == [{*shared, *rows} for rows in own]


def test_a_call_that_was_erased_shares_nothing() -> None:
    assert ((), ((), (("to", "a"),))) == side_by_side([None, '{"to":"a"}'])


def test_signs_that_deceive_are_written_out_and_letters_stay() -> None:
    assert r"a\u202eb\u200b" == plainly("a\u202eb\u200b")
    assert "Grüße, 日本\n" == plainly("Grüße, 日本\n")


def test_only_what_all_say_is_said_once() -> None:
    assert ("b",) == said_by_all([("a", "b"), ("b",)])
    assert () == said_by_all([])
