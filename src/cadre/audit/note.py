"""Signing notes: keys, checkpoints, hand-overs and cosignatures, in the formats that other transparency logs use.

Reading and checking them is in `verify`. A private key is text, `PRIVATE+KEY+name+hash+base64`, as the Go implementation
of signed notes writes it.

References:
    C2SP signed-note, tlog-checkpoint, tlog-cosignature (c2sp.org).
"""

import base64
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cadre.audit.verify import (
    COSIGNATURE,
    ED25519,
    HANDOVER,
    NoteError,
    VerifierKey,
    is_signed,
    key_hash,
    read_note,
    verifier_key,
)

_PRIVATE = "PRIVATE+KEY+"


class Signer:
    """A private key with its name.

    Args:
        name: Name of the key; for a log its origin.
        private: The key.
        algorithm: `ED25519` for a log, `COSIGNATURE` for a witness.
    """

    def __init__(self, name: str, private: Ed25519PrivateKey, algorithm: int = ED25519) -> None:
        if not name or re.search(r"[\s+]", name):
            raise NoteError("the name of a key has neither spaces nor plus signs")
        data = bytes([algorithm]) + private.public_key().public_bytes_raw()
        self.name, self._private, self._algorithm = name, private, algorithm
        self.hash = key_hash(name, data)
        self.vkey = f"{name}+{self.hash.hex()}+{base64.b64encode(data).decode()}"

    def text(self) -> str:
        """The private key as it is kept."""
        data = bytes([self._algorithm]) + self._private.private_bytes_raw()
        return f"{_PRIVATE}{self.name}+{self.hash.hex()}+{base64.b64encode(data).decode()}"

    def key(self) -> VerifierKey:
        """Its public half."""
        return verifier_key(self.vkey)

    def line(self, text: str, *, at_seconds: int = 0) -> str:
        """A signature line for the text of a note.

        Args:
            text: The text, with its last line ended.
            at_seconds: Unix time; a witness says when it looked.
        """
        message, before = text.encode(), b""
        if self._algorithm == COSIGNATURE:
            message = f"cosignature/v1\ntime {at_seconds}\n".encode() + message
            before = at_seconds.to_bytes(8, "big")
        told = base64.b64encode(self.hash + before + self._private.sign(message)).decode()
        return f"\u2014 {self.name} {told}\n"


def new_signer(name: str, algorithm: int = ED25519) -> Signer:
    """A new key."""
    return Signer(name, Ed25519PrivateKey.generate(), algorithm)


def read_signer(text: str) -> Signer:
    """A private key as it was kept.

    Raises:
        NoteError: It is none, or damaged.
    """
    name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
    told, _, data = rest.partition("+")
    try:
        raw = base64.b64decode(data, validate=True)
        made = Signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]), raw[0])
    except (ValueError, IndexError) as error:
        raise NoteError("the private key of the log is damaged") from error
    if not text.startswith(_PRIVATE) or made.hash.hex() != told:
        raise NoteError("the private key of the log is damaged: its hash does not fit")
    return made


def checkpoint(signer: Signer, size: int, root: bytes) -> str:
    """A signed checkpoint: origin, size, root."""
    text = f"{signer.name}\n{size}\n{base64.b64encode(root).decode()}\n"
    return f"{text}\n{signer.line(text)}"


def handover(old: Signer, new: Signer, size: int) -> str:
    """A note in which a key hands over to the next, signed by both.

    Args:
        old: Who signed until now.
        new: Who signs from now on; it has the same name, since it is the same log.
        size: Events in the log; the old key is believed for checkpoints of up to as many.
    """
    text = f"{HANDOVER}\n{old.name}\n{old.vkey}\n{new.vkey}\n{size}\n"
    return f"{text}\n{old.line(text)}{new.line(text)}"


def cosigned(note: str, line: str, witness: VerifierKey) -> str:
    """A checkpoint with a witness's line added.

    Raises:
        NoteError: The line is not that witness's, or not about this checkpoint.
    """
    longer = note + (line if line.endswith("\n") else line + "\n")
    if not is_signed(read_note(longer), witness):
        raise NoteError(f"the line is no cosignature of {witness.name} under this checkpoint")
    return longer
