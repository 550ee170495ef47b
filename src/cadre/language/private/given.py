"""First and last names of some seventy languages, as the package `faker` keeps them.

The lists say only that a word is used as a name somewhere; whether it is one here is for `cadre.language.private.cues`.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import Any

from cadre.errors import CadreError
from cadre.language.private.fold import key
from cadre.language.private.vocabulary import COMMON, TRADE

_BAD = frozenset({"add", "can", "job", "red", "cap", "doc", "ice", "vpn", "geo", "sol", "era", "via", "lan", "ram"})


@cache
def names() -> tuple[frozenset[str], frozenset[str]]:
    """First names and last names, folded, at least three letters long; no words of the trade among them.

    Raises:
        CadreError: The package with the lists is not there.
    """
    try:
        person: Any = importlib.import_module("faker.providers.person")
    except ImportError as error:
        raise CadreError(
            "The lists of names are not installed.",
            hint="Install cadre with its dependencies: pip install cadre (it brings faker).",
        ) from error
    first: set[str] = set()
    last: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for label, value in vars(provider).items():
            if label.startswith("first_") and "name" in label:
                first.update(_words(value))
            elif label.startswith("last_") and "name" in label:
                last.update(_words(value))
    return frozenset(_folded(first)), frozenset(_folded(last))


def _words(value: Any) -> set[str]:
    """The words of a list; of one that pairs scripts, the one in Latin letters."""
    if not isinstance(value, (list, tuple, dict, set)):
        return set()
    return {
        word for entry in value for word in ((entry,) if isinstance(entry, str) else entry) if isinstance(word, str)
    }


def _folded(words: Iterable[str]) -> set[str]:
    found = {key(word) for word in words} | {
        key(part) for word in words for part in word.replace("-", " ").split() if len(part) > 3
    }
    return {word for word in found if len(word) > 2 and word not in TRADE and word not in _BAD}


def is_common(word: str) -> bool:
    """Whether a folded word is one of everyday English."""
    return word in COMMON
