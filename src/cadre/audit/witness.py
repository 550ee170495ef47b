"""What is asked of a witness and what it answers: somebody outside who signs that a log only ever grew.

A witness remembers the newest checkpoint it saw of a log. It cosigns the next one where a proof shows that it begins with
that, so that a log which is rewritten, or shows different people different things, gets no further cosignature.

References:
    C2SP tlog-witness (add-checkpoint).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from cadre.audit.verify import NoteError

PATH = "add-checkpoint"


@dataclass(frozen=True, slots=True)
class Answered:
    """A witness's answer: lines to put under the checkpoint, or the size it saw last, from where it wants the proof."""

    lines: str = ""
    size: int | None = None


def request_body(old: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """What is posted: the size the witness saw last, the proof from there, the checkpoint."""
    told = "".join(f"{base64.b64encode(node).decode()}\n" for node in proof)
    return f"old {old}\n{told}\n{checkpoint}".encode()


def answer(status: int, body: bytes) -> Answered:
    """Read an answer.

    Raises:
        NoteError: The witness refused; the message says why.
    """
    words = body.decode("utf-8", "replace")
    if status == 200:
        return Answered(lines=words)
    if status == 409 and words.strip().isdecimal():
        return Answered(size=int(words))
    why = {
        403: "it does not know the key that signed",
        404: "it does not know this log",
        409: "it saw another log of the same size",
        422: "the proof does not show that the log only grew",
    }
    raise NoteError(f"the witness refused: {why.get(status, f'status {status}')}")
