"""The log on real files: what is written stays provable, and nothing about it can be changed unnoticed."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.audit.event import Event
from cadre.audit.verify import read_checkpoint, verified
from cadre.db.audit import AuditEvent, AuditKey, AuditPayload, AuditTile
from cadre.db.model import AgendaDecision
from cadre.errors import CadreError, ForbiddenError, NotFoundError, UsageError
from cadre.services.append import begin_log
from cadre.services.audit.key import KeyFile, rotate
from tests.services.ledger import AT, Ledger, new_ledger


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a log without events."""
    made = new_ledger(tmp_path_factory.mktemp("empty"))
    made.close()
    return made.root


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, empty: Path) -> Path:
    """The folder of a log of 301 events with a checkpoint at a third of them and at the end."""
    made = new_ledger(tmp_path_factory.mktemp("grown"), empty)
    made.grow(120)
    made.checkpoint()
    made.grow(180)
    made.checkpoint()
    made.close()
    return made.root


@pytest.fixture
def log(tmp_path: Path, grown: Path) -> Ledger:
    made = new_ledger(tmp_path / "w", grown)
    made.clock.turn(seconds=600)
    return made


def key_of(log: Ledger, number: int = 0) -> str:
    with log.work() as work:
        return work.session.scalars(select(AuditKey.vkey).order_by(AuditKey.id)).all()[number]


def events(log: Ledger) -> list[AuditEvent]:
    with log.work() as work:
        return list(work.session.scalars(select(AuditEvent).order_by(AuditEvent.position)))


def test_a_whole_log_holds(log: Ledger) -> None:
    found = log.check()

    assert (301, 2, 0, []) == (found.size, found.checkpoints, found.erased, found.problems)


def test_a_log_begins_by_saying_so(log: Ledger) -> None:
    first = events(log)[0]

    assert (0, "log:started", "machine") == (first.position, first.kind, first.actor)


def test_the_log_of_a_firm_that_has_decided_before_says_what_it_does_not_hold(tmp_path: Path, empty: Path) -> None:
    log = new_ledger(tmp_path / "w", empty)
    with log.work() as work:
        work.session.add(AgendaDecision("stale:x", "done", "somebody", AT, "said so"))
        work.commit()
    for _ in range(2):
        begin_log(log.sessions, log.clock)
    with log.work() as work:
        told = [json.loads(each) for each in work.session.scalars(select(AuditPayload.payload))]

    assert [{"earlier_rows": {"agenda_decisions": 1}}] == told
    assert (1, []) == (log.check().size, log.check().problems)


def test_full_tiles_are_kept(log: Ledger) -> None:
    with log.work() as work:
        assert [(0, 0)] == [(t.level, t.place) for t in work.session.scalars(select(AuditTile))]


def test_a_change_that_fails_leaves_no_event(log: Ledger) -> None:
    with pytest.raises(UsageError), log.work() as work:
        work.record(Event("log:started", AT, "machine", payload={"n": 2**60}))
        work.commit()

    assert 301 == log.check().size


def test_a_change_that_is_not_committed_leaves_no_event(log: Ledger) -> None:
    with log.work() as work:
        work.record(Event("log:started", AT, "machine"))

    assert 301 == log.check().size


def test_a_clock_set_back_is_flagged_and_time_goes_on(log: Ledger) -> None:
    log.clock.turn(days=-3)
    log.grow(1)
    told = json.loads(events(log)[-1].header)

    assert (True, []) == (told["clock"] < told["at"], log.check().problems)


def test_nothing_new_makes_no_new_checkpoint(log: Ledger) -> None:
    assert log.checkpoint() == log.checkpoint()


# What somebody who owns the machine may try. Each is on the file itself, with the triggers gone.

_RENUMBER = "UPDATE audit_events SET position = position - 1 WHERE position > 150"


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (["UPDATE audit_events SET header = replace(header, 'machine', 'account:9') WHERE position = 150"], "was changed"),
        (["UPDATE audit_events SET actor = 'account:9' WHERE position = 150"], "says otherwise in its columns"),
        (["UPDATE audit_payloads SET payload = '{}' WHERE position = 150"], "content of event 150 was changed"),
        (["DELETE FROM audit_payloads WHERE position = 150"], "no erasure says so"),
        (["DELETE FROM audit_events WHERE position = 150"], "event 150 is missing"),
        (["DELETE FROM audit_events WHERE position = 150", _RENUMBER, "UPDATE audit_head SET size = 300"], "end was cut off"),
        (["DELETE FROM audit_events WHERE position < 10"], "event 0 is missing"),
        (["DELETE FROM audit_events WHERE position > 290"], "301 events, and 291 are there"),
        (["DELETE FROM audit_events WHERE position > 290", "UPDATE audit_head SET size = 291"], "end was cut off"),
        (["UPDATE audit_events SET header = '{\"at\": 5, \"client\": []}' WHERE position = 150"], "was changed"),
        (["UPDATE audit_events SET header = x'ff00' WHERE position = 150"], "no text"),
        (["UPDATE audit_tiles SET hashes = zeroblob(8192)"], "kept hashes"),
        (["UPDATE audit_checkpoints SET note = replace(note, '301', '300')"], "signed neither"),
    ],
)  # fmt: skip
def test_what_was_done_to_the_file_is_found(log: Ledger, how: list[str], told: str) -> None:
    log.edit(*how)

    assert told in " ".join(log.check().problems)


def test_two_events_that_changed_places_are_found(log: Ledger) -> None:
    log.edit(
        "UPDATE audit_events SET position = -1 WHERE position = 150",
        "UPDATE audit_events SET position = 150 WHERE position = 153",
        "UPDATE audit_events SET position = 153 WHERE position = -1",
    )

    assert "happened before the one ahead" in " ".join(log.check().problems)


@pytest.mark.parametrize("cut", ["position < 60", "position > 250"])
def test_a_cut_that_was_made_to_fit_is_found_by_a_checkpoint_kept_elsewhere(
    log: Ledger, tmp_path: Path, empty: Path, cut: str
) -> None:
    """The owner of the machine has the key: they can sign anything, but not unsign what others hold."""
    held = log.checkpoint()
    kept = [e for e in events(log) if not eval(cut, {"position": e.position})]
    forged = new_ledger(tmp_path / "forged", empty)
    forged.edit(*[
        ("INSERT INTO audit_events VALUES (?, ?, ?, ?, ?, ?, ?)", (i, e.kind, e.actor, e.client_id, e.nth, e.header, e.leaf))
        for i, e in enumerate(kept)
    ], ("UPDATE audit_head SET size = ?", (len(kept),)))  # fmt: skip
    with log.work() as work:
        vkey = work.session.scalars(select(AuditKey.vkey)).one()
    forged.edit(("INSERT INTO audit_keys VALUES (1, ?, '', '2026-05-04')", (vkey,)))
    (forged.root / "private").mkdir()
    (forged.root / "private" / "audit-key").write_text((log.root / "private" / "audit-key").read_text())
    forged.grow(120)
    forged.checkpoint()

    found = " ".join(forged.check(held).problems)

    assert "checkpoint of 301 events was of another log" in found or "end was cut off" in found


def test_a_log_that_was_replaced_as_a_whole_is_found(log: Ledger, tmp_path: Path, empty: Path) -> None:
    held, key = log.checkpoint(), key_of(log)
    other = new_ledger(tmp_path / "other", empty)
    other.grow(300)
    other.checkpoint()

    assert [] == other.check().problems
    assert 1 == len(other.check(held).problems)
    assert "the key of" in " ".join(other.check(key=key).problems)


def test_an_empty_log_in_its_place_is_found(log: Ledger, tmp_path: Path, empty: Path) -> None:
    held = log.checkpoint()

    assert "this log has no key" in " ".join(new_ledger(tmp_path / "n", empty).check(held).problems)


# What a client gets.


def test_a_client_checks_its_own_rows_and_sees_no_others(log: Ledger) -> None:
    bundle = log.bundle("c_1")
    found = verified(bundle, key_of(log))
    whole = json.dumps(bundle)

    assert ([], 101, "c_1") == (found["problems"], found["rows"], found["client"])
    assert ("c_2" in whole, "log:started" in whole) == (False, True)


def test_what_was_held_since_is_proved(log: Ledger) -> None:
    held = log.checkpoint()
    log.grow(50)
    bundle = log.bundle()

    assert [] == verified(bundle, key_of(log), held=[held])["problems"]
    assert "no proof from 301" in str(verified(bundle | {"consistency": {}}, key_of(log), held=[held])["problems"])


def test_a_checkpoint_made_elsewhere_is_proved_when_its_size_is_told(log: Ledger) -> None:
    assert "111" in log.bundle(since=[111])["consistency"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda b: b["rows"].pop(3), "where 4 is due"),
        (lambda b: b["rows"].pop(0), "where 1 is due"),
        (lambda b: b["rows"].pop(), "last row does not say"),
        (lambda b: b["rows"].reverse(), "is due"),
        (lambda b: b["rows"][3].update(payload="{}"), "not the one that was recorded"),
        (lambda b: b["rows"][3].update(position=5), "not in the signed tree"),
        (lambda b: b["rows"][3].update(header=b["rows"][3]["header"].replace("machine", "account:1")), "not in the signed"),
        (lambda b: b["rows"][3].update(proof=b["rows"][4]["proof"]), "not in the signed tree"),
        (lambda b: b.update(client="c_2"), "another client"),
        (lambda b: b.update(checkpoint=b["checkpoint"].replace("302", "303")), "signed neither"),
        (lambda b: b.update(rows=None), "damaged"),
        (lambda b: b.update(format="other"), "this reads"),
    ],
)  # fmt: skip
def test_a_bundle_that_was_changed_is_refused(log: Ledger, change, told: str) -> None:
    bundle = log.bundle("c_1")
    change(bundle)

    assert told in str(verified(bundle, key_of(log))["problems"])


def test_a_bundle_of_a_client_without_rows_is_not_made(log: Ledger) -> None:
    with pytest.raises(NotFoundError, match="no row of that client"):
        log.bundle("c_9")


def test_a_later_bundle_begins_where_it_is_asked_to(log: Ledger) -> None:
    bundle = log.bundle("c_1", first=50)

    assert (52, []) == (len(bundle["rows"]), verified(bundle, key_of(log), first=50)["problems"])


# Keys.


def test_the_private_key_is_readable_by_its_owner_alone(log: Ledger) -> None:
    path = log.root / "private" / "audit-key"

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_key_hands_over_and_what_it_signed_still_holds(log: Ledger) -> None:
    first, held = key_of(log), log.checkpoint()
    new, shown = rotate(log.principal, log.work(), log.clock, log.keys)
    log.grow(10)

    found = verified(log.bundle(), first, held=[held])

    assert ([], new, "", []) == (found["problems"], key_of(log, 1), shown, log.check(held, key=first).problems)
    assert "key:rotated" in {e.kind for e in events(log)}


def test_a_crash_before_or_after_the_rotation_loses_no_key(log: Ledger) -> None:
    before = log.keys.read(key_of(log))
    rotate(log.principal, log.work(), log.clock, log.keys)
    assert before is not None
    private = log.root / "private"
    (private / "audit-key").rename(private / "audit-key.next")
    (private / "audit-key").write_text(before.text())

    log.grow(1)

    assert 303 == read_checkpoint(log.checkpoint()).size


def test_a_key_from_the_environment_touches_no_file(log: Ledger) -> None:
    told = log.keys.read("")
    assert told is not None
    elsewhere = KeyFile(log.root / "nowhere" / "key", told.text())

    _, shown = rotate(log.principal, log.work(), log.clock, elsewhere)

    assert (True, False) == (shown.startswith("PRIVATE+KEY+"), (log.root / "nowhere").exists())


def test_without_its_key_a_log_signs_nothing_and_says_why(log: Ledger) -> None:
    (log.root / "private" / "audit-key").unlink()
    log.grow(1)

    with pytest.raises(NotFoundError, match="private key that the log signs with"):
        log.checkpoint()


def test_a_damaged_key_says_so(log: Ledger) -> None:
    (log.root / "private" / "audit-key").write_text("nonsense")

    with pytest.raises(CadreError, match="damaged"):
        log.checkpoint()


def test_only_an_owner_keeps_the_log(log: Ledger) -> None:
    log.principal = Principal("Mia", "manager")
    for ask in (log.checkpoint, log.check, log.bundle):
        with pytest.raises(ForbiddenError, match="an owner"):
            ask()
