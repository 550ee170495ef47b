"""Everything private that has a shape, in bulk: a glance at a text decides which patterns are worth running on it.

Keeps true: time is linear in the length of the text, as every pattern has bounded or possessive repeats; a text without
digits, signs or telling words is left after that glance; nothing here raises, whatever the text. Text longer than
`PIECE` is read in pieces that overlap, so that memory stays small.
"""

import re
from collections.abc import Iterator

from cadre.language.private import contact, network, secret
from cadre.language.private.span import Span, resolve

PIECE = 100_000
OVERLAP = 5_000
_DIGIT = re.compile(r"\d").search
_LONG = re.compile(r"[A-Za-z0-9+/_~-]{16}").search
_PATH_WORDS = ("users", "home", "documents and settings", "profiles")
_SECRET_WORDS = (
    "pass", "pw", "secret", "token", "key", "pin", "cred", "login", "log in", "mot de", "mdp", "contrase", "clave", "senha", "wacht", "kennwort", "hasło",
    "lösen", "otp", "code", "community", "psk", " -p ", "/p:",
)  # fmt: skip
_USER_WORDS = ("user", "login", "logon", "account", "uid", "acct", "upn", "usr", "benutzer", " for ")
_SERIAL_WORDS = ("s/n", "sn", "serial", "tag", "asset", "imei", "ser.", "serien", "inventory")
_STREET_WORDS = re.compile(
    r"(?i)\d(?: ?[a-z])?,? [\w'.]|(?:stra|str\.|weg|platz|allee|gasse|laan|plein|gracht|gatan|vägen|vej|veien|calle|avenida|via|piazza|rua|ul\.|box)"
).search


def find(text: str) -> list[Span]:
    """Private stretches with a shape.

    Args:
        text: Anything, of any length and script.

    Returns:
        In order, none overlapping.
    """
    if len(text) <= PIECE:
        return resolve(_spans(text), text)
    found: list[Span] = []
    for start in range(0, len(text), PIECE - OVERLAP):
        piece = text[start : start + PIECE]
        found.extend(Span(span.start + start, span.end + start, span.kind) for span in _spans(piece))
    return resolve(found, text)


def _spans(text: str) -> Iterator[Span]:
    lower = text.lower()
    yield from _signed(text, lower)
    if any(word in lower for word in _SECRET_WORDS):
        yield from secret.passwords(text)
    if any(word in lower for word in _USER_WORDS) or "\\" in text:
        yield from contact.accounts(text)
    if _LONG(text):
        yield from secret.keys(text)
    if "-" in text or _DIGIT(text):
        yield from network.machines(text)
    if _DIGIT(text):
        yield from _numbered(text, lower)
    elif ":" in text or "-" in text:
        yield from network.addresses(text)


def _signed(text: str, lower: str) -> Iterator[Span]:
    """What a sign gives away."""
    if "@" in text or "at]" in lower or "at)" in lower:
        yield from contact.mail(text)
    if "://" in text or "\\\\" in text:
        yield from network.urls(text)
    if "." in text:
        yield from network.domains(text)
    if ("\\" in text or "/" in text or "%" in text) and any(word in lower for word in _PATH_WORDS):
        yield from contact.paths(text)


def _numbered(text: str, lower: str) -> Iterator[Span]:
    """What holds digits."""
    yield from network.addresses(text)
    yield from secret.ids(text)
    yield from secret.money(text)
    yield from secret.serials(text, told=any(word in lower for word in _SERIAL_WORDS))
    yield from contact.phones(text)
    if "b" in lower or "n" in lower:
        yield from contact.births(text)
    if _STREET_WORDS(text):
        yield from contact.places(text)
