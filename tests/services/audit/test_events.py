"""Every change of a service is an event in the log, and erasing somebody erases what events told of them, no proof with it."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import cadre
from cadre.audit.name import EVENT_NAMES
from cadre.audit.verify import verified
from cadre.db.audit import AuditEvent, AuditKey, AuditPayload
from cadre.services.accounts.account import deactivate, link_person, set_role
from cadre.services.accounts.sign_in import issue_token, sign_out
from cadre.services.actor import happened
from cadre.services.agenda import decide
from cadre.services.audit.bundle import export_bundle
from cadre.services.audit.check import check_log
from cadre.services.audit.checkpoint import make_checkpoint
from cadre.services.audit.key import KeyFile
from cadre.services.erasure.erase import erase
from tests.services.door import AT_MACHINE, Door

SRC = Path(cadre.__file__).parent
FOLDER = SRC / "services"
SAYS_NOTHING = {
    "people/declaration.declare": "a declaration meets no other log, by its hour least of all",
    "people/lead_outcome.answer_team": "neither who answered nor when is kept",
    "accounts/sign_in.proven": "tries are counted under hashes and forgotten; a session that begins is an event",
    "accounts/sign_in.in_session": "that a session is used, to the minute, decides nothing",
    "accounts/sign_in.with_token": "that a token is used, to the minute, decides nothing",
    "agents/take_back.take_back": "`govern.add_setting`, which it calls, records what is set",
    "audit/key.signer_of": "the first key is made with the first checkpoint",
    "audit/checkpoint.make_checkpoint": "a checkpoint stands beside the log: an event would make it cover itself",
    "audit/bundle.export_bundle": "its event is recorded first, in a transaction of its own",
    "audit/cosign.ask_witnesses": "a checkpoint and its cosignatures stand beside the log",
    "audit/cosign._keep": "a checkpoint and its cosignatures stand beside the log",
}


def changing_functions() -> Iterator[tuple[str, bool]]:
    """Functions of services that commit, and whether they record an event; what they call in the same file counts."""
    for path in sorted(FOLDER.rglob("*.py")):
        if path.stem in {"unit_of_work", "__init__"}:
            continue
        functions = {n.name: n for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, ast.FunctionDef)}
        recording = {name for name, node in functions.items() if "work.record(" in ast.unparse(node)}
        for name, node in functions.items():
            words = ast.unparse(node)
            if "work.commit()" in words:
                says = name in recording or any(f"{other}(" in words for other in recording)
                yield f"{path.relative_to(FOLDER).with_suffix('').as_posix()}.{name}", says


def test_whatever_commits_records_an_event_or_has_a_reason_not_to() -> None:
    silent = {name for name, says in changing_functions() if not says}

    assert set() == silent - set(SAYS_NOTHING)


def test_every_name_of_the_registry_is_used() -> None:
    code = "\n".join(p.read_text("utf-8") for p in SRC.rglob("*.py") if p.name != "name.py")
    parts = {each.name: each.name.partition(":")[2] for each in EVENT_NAMES}

    assert [] == [name for name, action in parts.items() if f'"{name}"' not in code and f'"{action}"' not in code]


def kinds(door: Door) -> list[str]:
    with door.work() as work:
        return list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.position)))


def test_a_story_of_accounts_is_on_record(door: Door) -> None:
    person, other, _ = door.staff
    mia = door.made("Mia", person_id=other)
    ole = door.made("Ole", "manager")
    entered = door.enter("Ole")
    issue_token(entered.principal, door.work(), door.clock, name="sheet")
    sign_out(door.work(), door.clock, entered.secret)
    owner = door.enter("Mia").principal
    where = (door.work(), door.clock)
    set_role(owner, *where, account_id=ole.id, role="reviewer", reason="asked")
    link_person(owner, *where, door.warehouse, account_id=ole.id, person_id=person, reason="asked")
    deactivate(owner, *where, account_id=ole.id, reason="left")
    found = kinds(door)
    with door.work() as work:
        last = work.session.scalars(select(AuditEvent).order_by(AuditEvent.position.desc()).limit(1)).one()

    assert [
        "log:started", "account:invited", "account:made", "account:invited", "account:made", "session:begun", "token:made",
        "session:ended", "session:begun", "account:role_changed", "account:person_linked", "account:deactivated",
    ] == found  # fmt: skip
    assert (f"account:{mia.id}", [f"account:{ole.id}"]) == (last.actor, json.loads(last.header)["objects"])


def test_a_person_is_erased_and_every_proof_stays(door: Door, tmp_path: Path) -> None:
    person, other, _ = door.staff
    keys = KeyFile(tmp_path / "key")
    where = (AT_MACHINE, door.work(), door.clock, keys)
    door.made("Mia", person_id=other)
    door.made("Ole Brandt", "manager", person_id=person)
    with door.work() as work:
        work.record(happened("machine", door.clock, "agenda:decided", client_id="c_1", about=[person], outcome="done"))
        work.record(happened("machine", door.clock, "agenda:decided", client_id="c_1", words="asked Ole Brandt twice"))
        work.record(happened("machine", door.clock, "agenda:decided", client_id="c_1", outcome="snoozed"))
        work.commit()
    held = make_checkpoint(*where)
    with door.work() as work:
        vkey = work.session.scalars(select(AuditKey.vkey)).one()
        leaves = list(work.session.scalars(select(AuditEvent.leaf).order_by(AuditEvent.position)))

    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=person)

    bundle = export_bundle(*where, client_id="c_1")
    found = verified(bundle, vkey, held=[held])
    checked = check_log(AT_MACHINE, door.work(), held=[held])
    with door.work() as work:
        after = list(work.session.scalars(select(AuditEvent.leaf).order_by(AuditEvent.position)))
        words = " ".join(work.session.scalars(select(AuditPayload.payload)))
        about = [e.header for e in work.session.scalars(select(AuditEvent))]

    assert ([], 4, 2) == (found["problems"], found["rows"], found["erased"])
    assert ([], leaves) == (checked.problems, after[: len(leaves)])
    assert ("Ole" in words, person in words, any(person in header for header in about)) == (False, False, False)
    assert ["payload:erased", "person:erased", "bundle:exported"] == kinds(door)[-3:]
    assert checked.erased >= 3  # the two, and the invitation and account that were linked to them


def test_a_decision_of_the_week_names_its_item_and_never_its_decider(door: Door) -> None:
    decide(AT_MACHINE, door.work(), door.clock, item_key="stale:x", outcome="assigned", assignee="Kim Klug")
    with door.work() as work:
        rows = work.session.execute(select(AuditEvent.header, AuditPayload.payload).join(AuditPayload)).all()

    assert {"item": "stale:x", "outcome": "assigned"} == json.loads(rows[-1].payload)
    assert [] == [row for row in rows if "Kim" in row.header + row.payload]


@pytest.mark.parametrize(
    ("told", "written"), [("seat:noc", "seat:noc"), ("ticket:Ä 1", "ticket:%C3%84%201"), ("x" * 300, "x" * 120)]
)
def test_keys_from_elsewhere_fit_a_header(door: Door, told: str, written: str) -> None:
    assert (written,) == happened("machine", door.clock, "agenda:decided", told).objects
