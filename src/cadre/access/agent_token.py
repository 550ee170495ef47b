"""Tokens of machines: short-lived, signed, good for the gate alone. Who gets one and who is let in is decided elsewhere.

Keeps true: a token names the machine and the secret it was given for, so that ending either ends it; only the one
algorithm is read, whatever a token says of itself; a private key is made where there is none, readable by its owner only.

References:
    RFC 8725, JSON Web Token Best Current Practices; RFC 8037, EdDSA in JOSE.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from cadre.errors import UnauthenticatedError

LIFE = timedelta(minutes=15)
"""How long a token lives: short enough that a stolen one is of little use, long enough not to be asked for at each call."""
ISSUER, AUDIENCE = "cadre", "cadre-gate"
_ALGORITHM = "EdDSA"
_LEEWAY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class AgentToken:
    """What a token says, once its signature holds.

    Attributes:
        machine_key: The machine.
        secret_id: Number of the secret it was given for.
        token_id: Its own, never given twice.
        expires_at: When it ends.
    """

    machine_key: str
    secret_id: int
    token_id: str
    expires_at: datetime


class TokenKey:
    """The key that signs tokens of one workspace.

    Args:
        private: The private key.
    """

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        raw = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.name = hashlib.sha256(raw).hexdigest()[:16]

    @classmethod
    def at(cls, path: Path) -> "TokenKey":
        """The key in a file, made where there is none."""
        with suppress(FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made)
            try:
                os.link(draft, path)  # the first to link wins, and nobody reads half a key
            finally:
                draft.unlink()
        held = load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(held, Ed25519PrivateKey)
        return cls(held)

    def mint(self, machine_key: str, secret_id: int, now: datetime) -> tuple[str, AgentToken]:
        """A new token, as sent and as meant."""
        told = AgentToken(machine_key, secret_id, secrets.token_hex(12), now + LIFE)
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": machine_key, "sid": secret_id, "jti": told.token_id,
                  "iat": int(now.timestamp()), "exp": int(told.expires_at.timestamp())}  # fmt: skip
        return jwt.encode(claims, self._private, algorithm=_ALGORITHM, headers={"kid": self.name}), told

    def read(self, token: str, now: datetime) -> AgentToken:
        """What a token says.

        Raises:
            UnauthenticatedError: It is no token of this workspace, was changed, or is over.
        """
        wanted = {
            "require": ["iss", "aud", "sub", "sid", "jti", "iat", "exp"],
            "verify_exp": False,
            "verify_iat": False,
        }
        try:
            # Times are held against the clock that is given, so that a test or a replay can say when it is.
            claims = jwt.decode(token, self._public, [_ALGORITHM], options=wanted, audience=AUDIENCE, issuer=ISSUER)  # type: ignore[arg-type]
            told = AgentToken(str(claims["sub"]), int(claims["sid"]), str(claims["jti"]),
                              datetime.fromtimestamp(int(claims["exp"]), UTC))  # fmt: skip
            made_at = datetime.fromtimestamp(int(claims["iat"]), UTC)
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
            raise UnauthenticatedError(
                "this is no token of an agent here", hint="Ask for one with the agent's secret."
            ) from None
        if now >= told.expires_at or made_at > now + _LEEWAY:
            raise UnauthenticatedError("this token is over", hint="Ask for a new one with the agent's secret.")
        return told
