"""Witnesses cosign what only grew: a small real one, on a socket, that keeps the rules of its specification."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.audit.note import new_signer
from cadre.audit.verify import (
    COSIGNATURE,
    ProofError,
    VerificationError,
    check_consistency,
    check_signed,
    read_checkpoint,
    verified,
    verifier_key,
)
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.reports.audit.log import log_state
from cadre.services.audit.cosign import add_witness, ask_witnesses, remove_witness
from tests.services.ledger import Ledger, new_ledger


class Witness:
    """Remembers the newest checkpoint of one log and cosigns what begins with it."""

    def __init__(self, name: str = "witness.example") -> None:
        self.signer = new_signer(name, COSIGNATURE)
        self.trusted = ""
        self.size, self.root = 0, b""
        self.says = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, body = outer.answered(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(status)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *told: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answered(self, body: str) -> tuple[int, str]:
        head, _, note = body.partition("\n\n")
        old, *proof = head.splitlines()
        checkpoint = read_checkpoint(note)
        try:
            check_signed(checkpoint, verifier_key(self.trusted), ())
        except VerificationError:
            return 403, ""
        if int(old.removeprefix("old ")) != self.size:
            return 409, f"{self.size}\n"
        try:
            if self.size:
                nodes = [base64.b64decode(each) for each in proof]
                check_consistency(self.size, checkpoint.size, self.root, checkpoint.root, nodes)
        except ProofError:
            return 422, ""
        self.size, self.root = checkpoint.size, checkpoint.root
        return 200, self.says or self.signer.line(checkpoint.note.text, at_seconds=1_777_777_777)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_ledger(tmp_path_factory.mktemp("empty"))
    made.close()
    return made.root


@pytest.fixture
def log(tmp_path: Path, empty: Path) -> Ledger:
    made = new_ledger(tmp_path / "w", empty)
    made.grow(5)
    made.checkpoint()
    return made


@pytest.fixture
def witness(log: Ledger) -> Iterator[Witness]:
    made = Witness()
    made.trusted = log_state(log.principal, log.sessions).vkeys[0]
    add_witness(log.principal, log.work(), log.clock, vkey=made.signer.vkey, address=made.address)
    yield made
    made.server.shutdown()
    made.server.server_close()


def ask(log: Ledger) -> dict[str, str]:
    return ask_witnesses(log.principal, log.work(), log.clock, log.keys)


def test_a_witness_follows_a_log_that_grows_and_a_client_sees_it(log: Ledger, witness: Witness) -> None:
    first = ask(log)
    log.grow(300)
    second = ask(log)
    bundle = log.bundle()
    last = ask(log)
    bundle["checkpoint"] = log.checkpoint()
    found = verified(bundle, witness.trusted, witnesses=[witness.signer.vkey], need=1)

    assert [{"witness.example": ""}] * 3 == [first, second, last]
    assert ([], 1) == (found["problems"], found["cosigned"])
    assert [("witness.example", 308)] == [(w.name, w.size) for w in log_state(log.principal, log.sessions).witnesses]


def test_asking_twice_about_the_same_keeps_one_line(log: Ledger, witness: Witness) -> None:
    ask(log)
    ask(log)

    assert 2 == log.checkpoint().count("\u2014 ")


def test_a_witness_that_is_further_than_we_remember_is_asked_from_there(log: Ledger, witness: Witness) -> None:
    ask(log)
    with log.work() as work:
        work.session.connection().exec_driver_sql("DROP TRIGGER audit_cosignatures_no_delete")
        work.session.connection().exec_driver_sql("DELETE FROM audit_cosignatures")
        work.commit()
    log.grow(3)

    assert {"witness.example": ""} == ask(log)


def test_a_rewritten_log_gets_no_cosignature(log: Ledger, witness: Witness) -> None:
    ask(log)
    witness.root = bytes(32)
    log.grow(3)

    assert "does not show that the log only grew" in ask(log)["witness.example"]


def test_a_log_that_got_shorter_gets_no_cosignature(log: Ledger, witness: Witness) -> None:
    ask(log)
    witness.size = 900

    assert "it saw 900 events" in ask(log)["witness.example"]


def test_a_line_of_somebody_else_is_not_kept(log: Ledger, witness: Witness) -> None:
    witness.says = new_signer("other", COSIGNATURE).line("x", at_seconds=1)

    assert "no cosignature of witness.example" in ask(log)["witness.example"]


def test_a_witness_that_does_not_answer_is_said(log: Ledger, witness: Witness) -> None:
    witness.server.shutdown()
    witness.server.server_close()

    assert ask(log)["witness.example"]


def test_a_witness_is_asked_no_longer(log: Ledger, witness: Witness) -> None:
    remove_witness(log.principal, log.work(), log.clock, name="witness.example")

    assert {} == ask(log)
    with pytest.raises(NotFoundError, match="no witness of that name"):
        remove_witness(log.principal, log.work(), log.clock, name="witness.example")


@pytest.mark.parametrize(
    ("vkey", "address", "told"),
    [
        ("nonsense", "https://w", "name\\+hash\\+key"),
        (new_signer("w").vkey, "https://w", "not cosignatures"),
        ("", "ftp://w", "begins with https"),
    ],
    ids=["no key", "a key for notes", "no address"],
)
def test_a_witness_needs_its_own_kind_of_key_and_an_address(log: Ledger, vkey: str, address: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        add_witness(
            log.principal, log.work(), log.clock, vkey=vkey or new_signer("w", COSIGNATURE).vkey, address=address
        )


def test_nobody_but_an_owner_names_a_witness(log: Ledger) -> None:
    log.principal = Principal("Mia", "manager")
    with pytest.raises(ForbiddenError, match="an owner"):
        ask(log)
