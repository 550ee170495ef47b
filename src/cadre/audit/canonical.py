"""Canonical JSON: one text for one value, so that its hash means the value.

What is plain (words, whole numbers, ASCII keys) goes through `msgspec`, which writes the same and is written in C; the rest,
such as decimals and keys in other scripts, through `rfc8785`. A test holds the two against each other.

References:
    RFC 8785 (JSON Canonicalization Scheme).
"""

from typing import Any

import msgspec
import rfc8785

from cadre.errors import UsageError

_ENCODE = msgspec.json.Encoder(order="deterministic").encode
_WIDEST = 2**53 - 1


def canonical(value: Any) -> str:
    """The canonical text of a JSON value.

    Args:
        value: Mappings with text keys, lists, tuples, text, numbers, booleans and None.

    Raises:
        UsageError: It holds something that canonical JSON cannot: infinity, a whole number beyond 2 ** 53, half a
            character, or another type.
    """
    try:
        if _is_plain(value):
            return _ENCODE(value).decode()
        return bytes(rfc8785.dumps(value)).decode()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError, TypeError, ValueError) as error:
        raise UsageError(
            f"a value cannot be written as canonical JSON ({type(error).__name__})",
            hint="Use text, whole numbers up to 2^53, decimals, lists and mappings with text keys.",
        ) from error


def canonical_plain(value: Any) -> str:
    """The same for a value that is known to be plain: ASCII keys, no decimals, whole numbers up to 2 ** 53."""
    return _ENCODE(value).decode()


def as_written(text: str) -> object:
    """A part of a value for `canonical_plain` whose canonical text is there already."""
    return msgspec.Raw(text.encode())


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_WIDEST <= value <= _WIDEST)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_plain(inner) for key, inner in value.items())
    return kind in {list, tuple} and all(map(_is_plain, value))
