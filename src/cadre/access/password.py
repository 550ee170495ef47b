"""Passwords: what is accepted, how they are kept, how one is checked in the same time whether it is right or not.

Length counts, composition does not, as NIST SP 800-63B has it: no rule about capitals or digits, no forced change.
Words that a guesser tries first (the name, the firm, runs of the keyboard) do not count towards the length.

References:
    NIST SP 800-63B-4 (2025), section 3.1.1.2 (15 characters where a password is the only factor):
    https://pages.nist.gov/800-63-4/sp800-63b.html
    RFC 9106, Argon2, second recommended option (64 MiB, three passes): https://www.rfc-editor.org/rfc/rfc9106
"""

import re
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from cadre.access.secret import new_secret
from cadre.errors import UsageError

MIN_LENGTH = 15
"""Of a new password; one that was accepted while 12 were asked for goes on working."""
MAX_LENGTH = 256
_MIN_DIFFERENT = 5
_MIN_PART = 3
_FIRST_TRIED = (
    "qwertyuiop", "1234567890", "0123456789", "0987654321", "administrator", "123456789", "987654321", "q1w2e3r4",
    "1q2w3e4r", "abcdefgh", "asdfghjkl", "12345678", "password", "passwort", "passw0rd", "p@ssw0rd", "iloveyou",
    "changeme", "sunshine", "princess", "football", "baseball", "letmein", "welcome", "monkey", "dragon", "qwerty",
    "qwertz", "azerty", "123456", "abc123", "secret", "summer", "winter", "cadre", "admin", "12345", "1234",
)  # fmt: skip
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB: many at once would take the machine down


def normal(password: str) -> str:
    """A password as it is hashed: the same on every keyboard that writes the same characters."""
    return unicodedata.normalize("NFKC", password)


def handle_of(name: str) -> str:
    """A name as it is compared: without case, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def check_new(password: str, *names: str) -> None:
    """Refuse a password that is guessed early.

    Args:
        password: As typed.
        names: What a guesser knows: the account's name, the firm's.

    Raises:
        UsageError: It is too short, too long, repeats a few characters, or is made of what is tried first.
    """
    told = normal(password)
    if len(told) > MAX_LENGTH:
        raise UsageError(f"a password of more than {MAX_LENGTH} characters", hint="Take a shorter one.")
    if len(told) < MIN_LENGTH:
        raise UsageError(
            f"a password needs at least {MIN_LENGTH} characters, and this one has {len(told)}",
            hint="A few words in a row are easy to remember; capitals and digits are not needed.",
        )
    if len(set(told)) < _MIN_DIFFERENT:
        raise UsageError("this password repeats a few characters", hint="Take a few words in a row.")
    left = _without_first_tried(told, names)
    if left < MIN_LENGTH:
        raise UsageError(
            f"without names and the words everyone tries first, this password has {left} characters, "
            f"and it needs {MIN_LENGTH}",
            hint="Add words that have nothing to do with your name, the firm or the keyboard.",
        )


def hash_password(password: str) -> str:
    """Argon2id of a password, with salt and parameters."""
    with _AT_ONCE:
        return _HASHER.hash(normal(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one kept; where none is kept, the same work is done and the answer is no.

    Args:
        password: As typed.
        kept: Its hash; None where there is no such account.
    """
    with _AT_ONCE:
        nobodys = _nobodys()  # asked for either way: its first making takes time
        try:
            return _HASHER.verify(kept or nobodys, normal(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    """Hash of a password that nobody knows, made with the parameters of everybody's."""
    return _HASHER.hash(new_secret())


def _without_first_tried(password: str, names: tuple[str, ...]) -> int:
    """Characters left when names and what is tried first are taken out."""
    parts = {part for name in names for part in re.split(r"\W+", handle_of(name)) if len(part) >= _MIN_PART}
    left = password.casefold()
    for word in sorted({*parts, *_FIRST_TRIED}, key=lambda w: (-len(w), w)):
        left = left.replace(word, "")
    return len(left)
