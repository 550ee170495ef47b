"""Check an audit bundle offline: `python verify.py BUNDLE --key KEY [--held CHECKPOINT ...]`.

This one file needs Python and `cryptography`, nothing of Cadre, so that a client can read all that it trusts. The rules work
on bytes and open nothing; only `main` reads files. What holds when it says so:

- each row shown lies in the tree whose root the checkpoint signs, at its place, unaltered (RFC 9162, 2.1.3);
- the client's rows are numbered 1, 2, 3 ... and none between two that are shown is kept back;
- the tree still holds everything that a checkpoint kept elsewhere stood for, in the same order (RFC 9162, 2.1.4);
- the checkpoint is signed by the key given, or by one that it handed over to (C2SP signed-note, tlog-checkpoint);
- as many witnesses as were asked for cosigned it (C2SP tlog-cosignature).

What it cannot tell: whether something happened that was never written down, and, without a checkpoint kept elsewhere or a
witness, whether another tree was shown to somebody else. An erased row keeps its header; its content is gone for everybody.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "cadre-audit-bundle/v1"
HANDOVER = "cadre-audit-handover/v1"
EXPORTED = "bundle:exported"
"""The event that ends every bundle."""
ED25519, COSIGNATURE = 1, 4
"""Algorithm bytes of C2SP signed notes."""


class VerificationError(Exception):
    """What was shown does not prove what it claims; the message says what was expected and what was found."""


class ProofError(VerificationError):
    """Hashes do not lead to the root."""


class NoteError(VerificationError):
    """A signed note is malformed, or no key that is trusted signed it."""


# --- the tree (RFC 9162, section 2.1; the same hashes as RFC 6962) ---


def leaf_hash(data: bytes) -> bytes:
    """Hash of an entry: SHA-256 of 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two neighbouring subtrees: SHA-256 of 0x01 and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf is in a tree, at its place.

    References:
        RFC 9162, 2.1.3.2.

    Raises:
        ProofError: It is not, or the proof is for something else.
    """
    if not 0 <= index < size:
        raise ProofError(f"place {index} is not in a tree of {size}")
    if _climbed(index, size - 1, leaf, leaf, proof)[1] != root:
        raise ProofError("the row is not in the signed tree")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that a tree begins with an older one.

    References:
        RFC 9162, 2.1.4.2.

    Raises:
        ProofError: It does not: something was changed, dropped, put between or cut off.
    """
    if old > new:
        raise ProofError(f"the log had {old} entries and has {new}: its end was cut off")
    if old == new and (proof or old_root != new_root):
        raise ProofError("two trees of one size differ: the log was replaced")
    if old == 0 and (proof or old_root != EMPTY_ROOT):
        raise ProofError("a tree without entries has a root of its own, and this is another")
    if old in {0, new}:
        return
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path or _climbed(here, last, path[0], path[0], path[1:]) != (old_root, new_root):
        raise ProofError("the log does not begin with what it held before: it was rewritten")


def _climbed(here: int, last: int, first: bytes, second: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """From a node to the roots of the tree that ends with it (`first`) and of the whole (`second`)."""
    for node in path:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if here & 1 or here == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, node)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is shorter than the tree is high")
    return first, second


# --- signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ---


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name: `name+hash+base64(algorithm, key)`."""

    name: str
    hash: bytes
    algorithm: int
    key: bytes
    text: str


def verifier_key(text: str) -> VerifierKey:
    """Read a verifier key.

    Raises:
        NoteError: It is none, or its hash does not fit.
    """
    parts = text.strip().split("+", 2)
    try:
        name, told, data = parts[0], bytes.fromhex(parts[1]), base64.b64decode(parts[2], validate=True)
    except (IndexError, ValueError) as error:
        raise NoteError("a verifier key reads name+hash+key, and this does not") from error
    if len(data) != 33 or data[0] not in {ED25519, COSIGNATURE} or told != key_hash(name, data):
        raise NoteError(f"the verifier key of {name} is damaged: its hash does not fit")
    return VerifierKey(name, told, data[0], data[1:], text.strip())


def key_hash(name: str, data: bytes) -> bytes:
    """Four bytes by which a signature line names its key; `data` is the algorithm byte and the key."""
    return hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]


@dataclass(frozen=True)
class Note:
    """A text and the signature lines under it: name, key hash, signature."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


def read_note(note: str) -> Note:
    """Split a note.

    Raises:
        NoteError: It is not one.
    """
    text, gap, below = note.rpartition("\n\n")
    lines = below.splitlines()
    if not gap or not lines or not below.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise NoteError("a signed note is a text, an empty line and signatures, and this is not")
    found = []
    for line in lines:
        mark, _, rest = line.partition(" ")
        name, _, data = rest.partition(" ")
        try:
            raw = base64.b64decode(data, validate=True)
        except binascii.Error as error:
            raise NoteError("a signature line is damaged") from error
        if mark != "\u2014" or not name or len(raw) < 5:
            raise NoteError("a signature line is damaged")
        found.append((name, raw[:4], raw[4:]))
    return Note(text + "\n", tuple(found))


def is_signed(note: Note, key: VerifierKey) -> bool:
    """Whether a key signed, or cosigned, a note."""
    for name, told, signature in note.signatures:
        if (name, told) != (key.name, key.hash):
            continue
        message, signed = note.text.encode(), signature
        if key.algorithm == COSIGNATURE:
            when = int.from_bytes(signature[:8], "big")
            message, signed = f"cosignature/v1\ntime {when}\n".encode() + message, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(key.key).verify(signed, message)
        except InvalidSignature:
            continue
        return True
    return False


@dataclass(frozen=True)
class Checkpoint:
    """How long a log was and what its root was, as signed."""

    origin: str
    size: int
    root: bytes
    note: Note


def read_checkpoint(note: str) -> Checkpoint:
    """Read a checkpoint; signatures are not looked at yet.

    Raises:
        NoteError: It is none.
    """
    signed = read_note(note)
    lines = signed.text.splitlines()
    if len(lines) < 3 or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise NoteError("a checkpoint is an origin, a size and a root, and this is not")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error as error:
        raise NoteError("the root of a checkpoint is damaged") from error
    if len(root) != 32:
        raise NoteError("the root of a checkpoint is damaged")
    return Checkpoint(lines[0], int(lines[1]), root, signed)


def check_signed(checkpoint: Checkpoint, key: VerifierKey, handovers: Iterable[str]) -> None:
    """Check that the key given, or one it handed over to, signed a checkpoint of its own origin.

    A key that handed over at n entries is believed for checkpoints of up to n, so that a retired key that leaks later
    cannot lengthen the log.

    Raises:
        NoteError: Nobody who may sign did.
    """
    if checkpoint.origin != key.name:
        raise NoteError(f"the checkpoint is of {checkpoint.origin}, the key of {key.name}")
    current = key
    for told in handovers:
        note = read_note(told)
        lines = note.text.splitlines()
        if len(lines) != 5 or lines[:2] != [HANDOVER, key.name] or not lines[4].isdecimal():
            raise NoteError("a hand-over of keys is damaged")
        if lines[2] != current.text:
            continue  # it is older than the key given, which is where trust begins
        following = verifier_key(lines[3])
        if not (is_signed(note, current) and is_signed(note, following)):
            raise NoteError("a hand-over of keys is not signed by both keys")
        if checkpoint.size <= int(lines[4]) and is_signed(checkpoint.note, current):
            return
        current = following
    if not is_signed(checkpoint.note, current):
        raise NoteError("the checkpoint is signed neither by the key given nor by one that it handed over to")


# --- a client's bundle ---


def check_row(row: Mapping[str, Any], client: str, checkpoint: Checkpoint) -> tuple[int, bool]:
    """Check one row of a bundle.

    Returns:
        Its number among the client's rows, and whether its content is still there.

    Raises:
        VerificationError: It is not what the tree holds, or not the client's.
    """
    header = row["header"].encode()
    proof = [bytes.fromhex(node) for node in row["proof"]]
    check_inclusion(leaf_hash(header), row["position"], checkpoint.size, proof, checkpoint.root)
    told = json.loads(header)
    if told.get("client") != client or not isinstance(told.get("nth"), int):
        raise VerificationError("the row belongs to another client")
    if row["payload"] is None:
        return told["nth"], False
    if payload_digest(bytes.fromhex(row["salt"]), row["payload"].encode()) != told["payload"]:
        raise VerificationError("the content is not the one that was recorded")
    return told["nth"], True


def payload_digest(salt: bytes, payload: bytes) -> str:
    """What a header holds of a payload: SHA-256 of 32 bytes of salt and the payload, as hex."""
    return hashlib.sha256(salt + payload).hexdigest()


def verified(
    bundle: Mapping[str, Any],
    key: str,
    *,
    held: Sequence[str] = (),
    witnesses: Sequence[str] = (),
    need: int = 0,
    first: int = 1,
) -> dict[str, Any]:
    """Check a whole bundle.

    Args:
        bundle: What was handed out, as read from JSON.
        key: Verifier key of the log, kept since it was first given.
        held: Checkpoints kept elsewhere.
        witnesses: Verifier keys of witnesses.
        need: How many of them have to have cosigned.
        first: Number of the client's row that the bundle has to begin with.

    Returns:
        What was checked, and every problem found; without problems all of it holds.
    """
    problems: list[str] = []
    told: dict[str, Any] = {"problems": problems}
    try:
        trusted, handovers, checkpoint = verifier_key(key), bundle["handovers"], read_checkpoint(bundle["checkpoint"])
        check_signed(checkpoint, trusted, handovers)
        told |= {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        told["cosigned"] = sum(is_signed(checkpoint.note, verifier_key(each)) for each in set(witnesses))
        if bundle["format"] != FORMAT:
            problems.append(f"the bundle is {bundle['format']!r}, this reads {FORMAT!r}")
        if told["cosigned"] < need:
            problems.append(f"{told['cosigned']} witnesses cosigned, {need} were asked for")
        for each in held:
            problems += _against(read_checkpoint(each), checkpoint, bundle["consistency"], trusted, handovers)
        told |= _rows(bundle, checkpoint, first, problems)
    except VerificationError as error:
        problems.append(str(error))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problems.append(f"the bundle is damaged: {type(error).__name__}")
    return told


def _against(
    old: Checkpoint, new: Checkpoint, proofs: Mapping[str, Any], key: VerifierKey, handovers: Sequence[str]
) -> list[str]:
    """What a checkpoint kept elsewhere says against this one."""
    lies_between = 0 < old.size < new.size
    try:
        check_signed(old, key, handovers)
        if lies_between and str(old.size) not in proofs:
            return [f"the bundle has no proof from {old.size} entries on; ask for it with that checkpoint"]
        proof = [bytes.fromhex(node) for node in proofs[str(old.size)]] if lies_between else []
        check_consistency(old.size, new.size, old.root, new.root, proof)
    except VerificationError as error:
        return [f"against the checkpoint of {old.size} entries kept elsewhere: {error}"]
    return []


def _rows(bundle: Mapping[str, Any], checkpoint: Checkpoint, first: int, problems: list[str]) -> dict[str, Any]:
    """Check the rows one by one, that none is out of order and none between them kept back."""
    expected, erased, before = first, 0, -1
    for row in bundle["rows"]:
        try:
            number, is_whole = check_row(row, bundle["client"], checkpoint)
        except VerificationError as error:
            problems.append(f"row {row['position']}: {error}")
            expected += 1
            continue
        if number != expected or row["position"] <= before:
            problems.append(f"row {row['position']}: number {number} of the client where {expected} is due")
        expected, before, erased = number + 1, row["position"], erased + (not is_whole)
    if not bundle["rows"] or json.loads(bundle["rows"][-1]["header"])["kind"] != EXPORTED:
        problems.append("the last row does not say that the bundle was handed out: rows before it may be kept back")
    return {"client": bundle["client"], "rows": len(bundle["rows"]), "erased": erased}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read files, print the result as JSON; exit code 0 where all of it holds, else 1."""
    parser = argparse.ArgumentParser(description="Check an audit bundle offline.")
    parser.add_argument("bundle", type=Path, help="The file you were given.")
    parser.add_argument("--key", required=True, help="Verifier key of the log, as it was first given to you.")
    parser.add_argument("--held", type=Path, action="append", default=[], help="A checkpoint you kept; repeatable.")
    parser.add_argument("--witness", action="append", default=[], help="Verifier key of a witness; repeatable.")
    parser.add_argument("--need", type=int, default=0, help="How many witnesses have to have cosigned.")
    parser.add_argument("--first", type=int, default=1, help="Number of your row that the bundle begins with.")
    told = parser.parse_args(arguments)
    try:
        bundle = json.loads(told.bundle.read_text("utf-8"))
        held = [path.read_text("utf-8") for path in told.held]
    except (OSError, ValueError) as error:
        sys.stdout.write(json.dumps({"problems": [f"cannot be read: {error}"]}) + "\n")
        return 1
    found = verified(bundle, told.key, held=held, witnesses=told.witness, need=told.need, first=told.first)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
