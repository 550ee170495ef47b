"""Stand-ins for what is private: the same for the same value within a firm, and worth nothing without its key.

Keeps true: a stand-in depends on the firm's key, the kind and the value alone, so that two texts can be read side by
side; values that differ only in case, spaces or signs get one stand-in. The way back is a mapping that the caller keeps
inside the firm. Reference: RFC 7693 (BLAKE2, keyed).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

from cadre.errors import UsageError
from cadre.language.private.fold import key as folded
from cadre.language.private.span import Span

_STAND_IN = re.compile(r"\[[a-z]{2,10} [0-9a-f]{4,64}\]")
_EXACT = frozenset({"key", "id", "url"})
LEAST_KEY = 16


class Pseudonyms:
    """Typed stand-ins such as `[person 7f3a91]`.

    Args:
        key: The firm's secret, at least 16 bytes (only the first 64 count).
        digits: Hexadecimal digits in a stand-in; with 8 two of 10,000 values of a kind meet in about one firm of a hundred.

    Raises:
        UsageError: The key is too short.
    """

    def __init__(self, key: bytes, *, digits: int = 8) -> None:
        """Keep the key; nothing else is remembered."""
        if len(key) < LEAST_KEY:
            raise UsageError(
                f"A key for stand-ins has at least {LEAST_KEY} bytes, not {len(key)}.",
                hint="Draw one: secrets.token_bytes(32).",
            )
        self._key = key[:64]
        self._digits = digits

    def stand_in(self, kind: str, value: str) -> str:
        """The stand-in of a value.

        Args:
            kind: Of the span.
            value: Its text; secrets count to the letter, names and the like as they fold.
        """
        plain = value if kind in _EXACT else folded(value) or value
        told = hashlib.blake2b(
            f"{kind}\x00{plain}".encode("utf-8", "surrogatepass"), key=self._key, digest_size=32
        ).hexdigest()
        return f"[{kind} {told[: self._digits]}]"

    def redact(self, text: str, spans: Iterable[Span]) -> str:
        """A text with stand-ins in place of spans that do not overlap."""
        return self.redact_with_mapping(text, spans)[0]

    def redact_with_mapping(self, text: str, spans: Iterable[Span]) -> tuple[str, dict[str, str]]:
        """As `redact`, and which stand-in was which value: keep that inside.

        Where a value was written in several ways the mapping holds the first.
        """
        out: list[str] = []
        mapping: dict[str, str] = {}
        past = 0
        for span in sorted(spans, key=lambda span: span.start):
            value = text[span.start : span.end]
            stand_in = self.stand_in(span.kind, value)
            mapping.setdefault(stand_in, value)
            out += [text[past : span.start], stand_in]
            past = span.end
        return "".join([*out, text[past:]]), mapping


def restore(text: str, mapping: Mapping[str, str]) -> str:
    """A text with the values back where a stand-in is in the mapping; others stay."""
    return _STAND_IN.sub(lambda match: mapping.get(match.group(), match.group()), text)
