"""Bytes that nobody can guess, drawn from the system many at a time.

Keeps true: each is given once and to one caller, also between threads and in a process that was forked from another.
Each draw lets go of the interpreter, and beside a busy thread taking it back costs more than the bytes.
"""

import os

BYTES = 32
_TOGETHER = 64
_drawn: list[bytes] = []
os.register_at_fork(after_in_child=_drawn.clear)


def unguessable() -> bytes:
    """32 random bytes."""
    try:
        return _drawn.pop()
    except IndexError:
        block = os.urandom(BYTES * _TOGETHER)
        _drawn.extend(block[at : at + BYTES] for at in range(BYTES, len(block), BYTES))
        return block[:BYTES]
