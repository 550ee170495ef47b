"""Secrets that open something: made at random, kept as a hash, shown once.

A secret has 256 random bits, so that a plain hash is enough: there is nothing to guess slowly.
"""

import hashlib
import secrets

PREFIX = "cadre_"
"""Begins every bearer token, so that scanners for lost secrets can find one."""
_BYTES = 32


def new_secret() -> str:
    """A secret for a link or a cookie, safe in both."""
    return secrets.token_urlsafe(_BYTES)


def new_token() -> str:
    """A bearer token."""
    return PREFIX + new_secret()


def hashed(secret: str) -> str:
    """What is stored of a secret: SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
