"""Approvers are told outside Cadre: what is said, how it is sent, what happens where nobody takes it; nothing waits for it."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.db.audit import AuditEvent, AuditPayload
from cadre.errors import ForbiddenError, UsageError
from cadre.governance.action import Effect, Tier
from cadre.services.agents.approve import answer_approval, break_the_glass
from cadre.services.agents.webhook import LINES, Endpoint, Message, Telling, plain, slack, teams
from cadre.services.agents.webhook_send import QUEUE, Sender, require_safe, send_test
from cadre.services.agents.webhook_watch import Place, Watcher
from tests.services.desk import ADMIN, AT, EFFECTS, OWNER, TIERS, Desk, call, caller, copied_desk, new_desk
from tests.services.listener import listening, until

TELLING = Telling("https://cadre.example.com", "Europe/Vienna")
ASKED = Message(
    "asked", "Bot", "acme", "Acme <Ltd>", "send_mail", "Mail to outside is asked.", AT, AT + timedelta(hours=1)
)
TEXT = (
    "Bot wants to call send_mail at Acme <Ltd> and waits for an answer. Mail to outside is asked. "
    "Until 2026-05-04 12:00 (Europe/Vienna)."
)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_desk(tmp_path_factory.mktemp("webhook") / "firm")
    made.log.close()
    return made.log.root


@pytest.fixture
def desk(tmp_path: Path, migrated: Path) -> Desk:
    return copied_desk(tmp_path / "firm", migrated)


def sender(desk: Desk, url: str, *, timeout: float = 30.0, **told: Any) -> Sender:
    """One that waits long for an answer, unless a test is about an answer that does not come."""
    endpoint = Endpoint("on call", "json", url, secret="key")
    return Sender(endpoint, TELLING, desk.log.work(), desk.log.clock, waits=(0.01, 0.01), timeout=timeout, **told)


def watcher(desk: Desk, *senders: Sender) -> Watcher:
    """One that begins where the log ends."""
    made = Watcher(desk.log.sessions, desk.log.clock, senders, lambda a, c: (a.title(), c.title()),
                   Place(desk.log.root / "private" / "told-upto"), 0.02)  # fmt: skip
    made.look()
    return made


def failures(desk: Desk) -> list[dict[str, object]]:
    with desk.log.sessions() as session:
        wanted = select(AuditPayload.payload).join(AuditEvent, AuditEvent.position == AuditPayload.position)
        return [json.loads(one) for one in session.scalars(wanted.where(AuditEvent.kind == "webhook:failed"))]


def test_slack_gets_plain_text_and_a_link_and_nothing_that_answers() -> None:
    told = slack([ASKED], TELLING)

    assert {
        "text": TEXT.replace("<", "&lt;").replace(">", "&gt;"),
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": TEXT, "emoji": False}},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "<https://cadre.example.com/approvals|Open approvals>"},
            },
        ],
    } == told


def test_teams_gets_one_card_with_a_link() -> None:
    (attached,) = teams([ASKED], TELLING)["attachments"]
    card = attached["content"]

    assert "application/vnd.microsoft.card.adaptive" == attached["contentType"]
    assert [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": TEXT}]}] == card["body"]
    assert [
        {"type": "Action.OpenUrl", "title": "Open approvals", "url": "https://cadre.example.com/approvals"}
    ] == card["actions"]


def test_many_at_once_are_one_post_that_counts_the_rest() -> None:
    told = slack([ASKED] * (LINES + 3), Telling())

    assert (LINES + 1, "And 3 more.") == (len(told["blocks"]), told["blocks"][-1]["text"]["text"])


@pytest.mark.parametrize("url", ["http://hooks.example.com/x", "ftp://127.0.0.1/x", "https://", "http://[", "/x", ""])
def test_only_https_or_this_machine_is_posted_to(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        require_safe("on call", url)

    assert "the address of the webhook 'on call' is no https address" == raised.value.message


def test_a_post_is_signed(desk: Desk) -> None:
    with listening() as told:
        posting = sender(desk, told.url)
        posting.offer(ASKED)
        posting.end()
    (path, headers, body), second = told.got[0], str(int(AT.timestamp()))
    signed = hmac.new(b"key", f"{second}.".encode() + body, hashlib.sha256).hexdigest()

    assert ("/hook/s3cret", second, f"v1={signed}") == (
        path,
        headers["X-Cadre-Timestamp"],
        headers["X-Cadre-Signature"],
    )
    assert plain([ASKED], TELLING) == json.loads(body)
    assert [] == failures(desk)


@pytest.mark.parametrize(
    ("answers", "posts", "wrong"),
    [
        ((500, 503, 200), 3, None),
        ((429, 200), 2, None),
        ((500, 500, 500), 3, "status 500"),
        ((404,), 1, "status 404"),
        ((307,), 1, "status 307: it sends on elsewhere, which is not followed"),
    ],
)
def test_what_may_pass_is_tried_again_and_what_failed_is_on_record_without_the_address(
    desk: Desk, answers: tuple[int, ...], posts: int, wrong: str | None
) -> None:
    with listening(*answers) as told:
        posting = sender(desk, told.url)
        posting.offer(ASKED)
        until(lambda: len(told.got) == posts and (wrong is None or bool(failures(desk))))
        posting.end()
    found = failures(desk)
    expected = [{"wrong": wrong, "messages": 1, "tries": posts, "dropped": 0}] if wrong else []

    assert (["/hook/s3cret"] * posts, expected) == ([path for path, _, _ in told.got], found)
    assert "s3cret" not in json.dumps(found) + repr(Endpoint("on call", "json", told.url))


def test_one_that_hangs_holds_up_neither_the_others_nor_whoever_tells_it(desk: Desk) -> None:
    with listening(is_hanging=True) as slow, listening() as quick:
        held, free = sender(desk, slow.url, timeout=0.5), sender(desk, quick.url)
        began = time.perf_counter()
        for _ in range(QUEUE + 50):
            held.offer(ASKED)
        took = time.perf_counter() - began
        free.offer(ASKED)
        until(lambda: bool(quick.got) and bool(failures(desk)))
        held.end()
        free.end()
    first = failures(desk)[0]

    assert (1, True) == (len(quick.got), took < 1.0)  # held up, it would be by three tries of half a second
    assert ("no answer (TimeoutError)", True) == (
        first["wrong"],
        sum(int(str(f["dropped"])) for f in failures(desk)) > 0,
    )


def test_a_dead_address_fails_with_what_kind_of_error(desk: Desk) -> None:
    with listening() as told:
        url = told.url
    posting = sender(desk, url)
    posting.offer(ASKED)
    until(lambda: bool(failures(desk)))
    posting.end()

    assert [{"wrong": "no answer (ConnectionRefusedError)", "messages": 1, "tries": 3, "dropped": 0}] == failures(desk)


def test_a_call_that_waits_is_told_without_its_arguments_or_anybodys_words(desk: Desk) -> None:
    with listening() as told:
        watching = watcher(desk, sender(desk, told.url))
        watching.begin()
        with desk.governor() as governor:
            governor.decide(caller(on_behalf_of="account:9"), call(to="someone@example.com", body="private words"))
        until(lambda: bool(told.got))
        watching.end()
    (message,) = told.bodies()[0]["messages"]

    assert ("asked", "Bot", "acme", "Acme", "send_mail") == tuple(
        message[name] for name in ("about", "agent", "client", "client_name", "tool")
    )
    assert ("What it does (send) takes an approval.", "2026-05-04T10:00:00+00:00") == (message["why"], message["until"])
    for word in ("someone@example.com", "private words", "account:", "is approve"):
        assert word not in told.got[0][2].decode()


def test_a_restart_tells_nothing_twice_leaves_nothing_out_and_skips_what_was_answered(desk: Desk) -> None:
    first = watcher(desk)
    desk.asked()
    before = [one.about for one in first.look()]
    answered, waiting = desk.asked("send_mail"), desk.asked("wipe")
    answer_approval(ADMIN, desk.log.work(), desk.log.clock, answered.approval_id, is_yes=True)
    after = [(one.tool, one.why) for one in watcher_again(desk).look()]

    assert (["asked"], [("wipe", "What it does (destroy) takes two approvals.")]) == (before, after)
    assert waiting.approval_id


def watcher_again(desk: Desk) -> Watcher:
    return Watcher(
        desk.log.sessions, desk.log.clock, (), lambda a, c: (a, c), Place(desk.log.root / "private" / "told-upto")
    )


def test_what_lapses_soon_is_told_once(desk: Desk) -> None:
    watching = watcher(desk)
    desk.asked()
    told = []
    for minutes in (0, 45, 51, 55, 61):
        desk.after(minutes=minutes)
        told.append([one.about for one in watching.look()])

    assert [["asked"], [], ["expiring"], [], []] == told


def test_an_emergency_and_a_kill_switch_are_told_and_who_and_why_are_not(desk: Desk) -> None:
    watching = watcher(desk)
    approval_id = desk.asked().approval_id
    break_the_glass(OWNER, desk.log.work(), desk.log.clock, desk.governing, approval_id, reason="Zoe is locked out")  # type: ignore[arg-type]
    desk.set("switch", True, client="acme")
    desk.set("switch", True)
    desk.set("switch", None)
    desk.set("mode", "advise", agent="bot")
    found = [one for one in watching.look() if one.about != "asked"]

    assert [
        "An emergency: somebody on call let Bot call send_mail at Acme alone. Somebody else has to look at it within a day.",
        "Stopped: all agents at Acme. Until it is let go on, everything it asks for is refused.",
        "Stopped: all agents at all clients. Until it is let go on, everything it asks for is refused.",
    ] == [TELLING.line(one) for one in found]


def test_an_endpoint_hears_of_its_clients_and_of_what_stops_all(desk: Desk) -> None:
    del desk
    endpoint = Endpoint("acme", "slack", "", frozenset({"asked", "stopped"}), frozenset({"acme"}))
    told = [("asked", "acme"), ("asked", "globex"), ("glass", "acme"), ("stopped", ""), ("stopped", "globex")]

    assert [True, False, False, True, False] == [
        endpoint.takes(Message(about, "Bot", client, client, "t", "", AT)) for about, client in told
    ]


def test_a_tool_with_an_odd_name_stays_one_short_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    watching = watcher(desk)
    odd = "send\n<!channel>\u202e" + "x" * 100
    monkeypatch.setitem(TIERS, odd, Tier.APPROVE)
    monkeypatch.setitem(EFFECTS, odd, Effect.SEND)
    desk.asked(odd)
    (message,) = watching.look()

    assert ("send <!channel> " + "x" * 63 + "…") == message.tool


def test_a_test_message_says_what_went_wrong_and_takes_a_right(desk: Desk) -> None:
    del desk

    class Now:
        def now(self) -> datetime:
            return datetime(2026, 5, 4, tzinfo=UTC)

    with listening(200, 403) as told:
        ends = [Endpoint("good", "slack", told.url), Endpoint("bad", "teams", told.url)]
        found = send_test(OWNER, ends, TELLING, Now())
        with pytest.raises(ForbiddenError):
            send_test(Principal("Mia", "technician", account_id=4), ends, TELLING, Now())

    assert {"good": "", "bad": "status 403"} == found
    assert "This is a test: messages from Cadre arrive here." == told.bodies()[0]["text"]
