"""Notes are those of other transparency logs: what their specification shows is read, what is damaged is refused."""

import base64

import pytest

from cadre.audit.note import Signer, checkpoint, cosigned, handover, new_signer, read_signer
from cadre.audit.verify import (
    COSIGNATURE,
    NoteError,
    check_signed,
    is_signed,
    read_checkpoint,
    read_note,
    verifier_key,
)

ROOT = bytes(range(32))
# The example of the Go implementation of signed notes, golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_made_elsewhere_is_read() -> None:
    assert is_signed(read_note(GO_NOTE), verifier_key(GO_KEY))


def test_a_changed_letter_is_noticed() -> None:
    assert not is_signed(read_note(GO_NOTE.replace("answer", "Answer")), verifier_key(GO_KEY))


def test_a_checkpoint_is_read_as_it_was_signed() -> None:
    signer = new_signer("example.com/log")
    made = read_checkpoint(checkpoint(signer, 12, ROOT))

    check_signed(made, signer.key(), ())

    assert ("example.com/log", 12, ROOT) == (made.origin, made.size, made.root)


def test_a_private_key_is_kept_as_text() -> None:
    signer = new_signer("log")

    assert signer.vkey == read_signer(signer.text()).vkey


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+log+00000000+AAAA", "log+1+2", "half"])
def test_a_damaged_private_key_is_refused(text: str) -> None:
    whole = new_signer("log").text()

    with pytest.raises(NoteError, match="damaged"):
        read_signer(whole[:-8] + "AAAAAAA=" if text == "half" else text)


def test_a_key_hands_over_and_is_believed_no_longer() -> None:
    old, new = new_signer("log"), new_signer("log")
    told = (handover(old, new, 10),)

    check_signed(read_checkpoint(checkpoint(old, 10, ROOT)), old.key(), told)
    check_signed(read_checkpoint(checkpoint(new, 11, ROOT)), old.key(), told)

    with pytest.raises(NoteError, match="neither by the key given"):
        check_signed(read_checkpoint(checkpoint(old, 11, ROOT)), old.key(), told)


def test_a_hand_over_that_the_new_key_did_not_sign_is_none() -> None:
    old, new = new_signer("log"), new_signer("log")
    text = handover(old, new, 10).rpartition("\n\n")[0] + "\n"

    with pytest.raises(NoteError, match="both keys"):
        check_signed(read_checkpoint(checkpoint(new, 11, ROOT)), old.key(), (f"{text}\n{old.line(text)}",))


def test_a_hand_over_without_a_number_is_damaged() -> None:
    old, new = new_signer("log"), new_signer("log")

    with pytest.raises(NoteError, match="damaged"):
        check_signed(read_checkpoint(checkpoint(new, 11, ROOT)), old.key(), (handover(old, new, -3),))


def test_trust_begins_with_the_key_given() -> None:
    first, second, third = (new_signer("log") for _ in range(3))
    told = (handover(first, second, 5), handover(second, third, 9))

    check_signed(read_checkpoint(checkpoint(third, 12, ROOT)), second.key(), told)

    with pytest.raises(NoteError, match="neither"):
        check_signed(read_checkpoint(checkpoint(first, 3, ROOT)), second.key(), told)


def test_another_log_is_another_log() -> None:
    one, other = new_signer("log"), new_signer("gol")

    with pytest.raises(NoteError, match="is of gol"):
        check_signed(read_checkpoint(checkpoint(other, 3, ROOT)), one.key(), ())


def test_a_witness_says_when_it_looked() -> None:
    note, witness = checkpoint(new_signer("log"), 3, ROOT), new_signer("witness", COSIGNATURE)
    line = witness.line(read_note(note).text, at_seconds=1_700_000_000)
    longer = cosigned(note, line, witness.key())

    assert is_signed(read_note(longer), witness.key())
    with pytest.raises(NoteError, match="no cosignature"):
        cosigned(checkpoint(new_signer("log"), 4, ROOT), line, witness.key())


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n- name AAAA\n",
        "text\n\n\u2014 name !\n",
        "a\tb\n\n\u2014 n AAAAAAAA\n",
        "\n\n\n",
    ],
)
def test_a_damaged_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        read_note(note)


@pytest.mark.parametrize(
    "text", ["log\n3\n", "log\n03\nAA==\n", "log\n-1\nAA==\n", f"log\n3\n{base64.b64encode(b'x').decode()}\n"]
)
def test_a_damaged_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(f"{text}\n{new_signer('log').line(text)}")


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_key_needs_a_plain_name(name: str) -> None:
    with pytest.raises(NoteError, match="name of a key"):
        Signer(name, new_signer("log")._private)


def test_a_verifier_key_with_another_name_is_damaged() -> None:
    with pytest.raises(NoteError, match="damaged"):
        verifier_key(GO_KEY.replace("Peter", "Paul"))
