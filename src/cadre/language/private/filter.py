"""What guards everything that leaves the firm: all recognisers behind one door.

Keeps true: a span that any recogniser found is covered; a text for one client never names another. The statistical
recogniser is a second reader for what leaves (`statistical.py`); without it the rules stand alone.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from cadre.errors import CadreError
from cadre.language.private import cues, structured
from cadre.language.private.fold import key
from cadre.language.private.names import Names, client_ways
from cadre.language.private.pseudonym import Pseudonyms
from cadre.language.private.span import Span, resolve


class Reader(Protocol):
    """Anything that finds private spans in a text."""

    def find(self, text: str) -> list[Span]:
        """Spans of a text, in any order."""


class OtherClientError(CadreError):
    """A text for a client names another one."""

    status = 409


class PrivateData:
    """The filter.

    Args:
        clients: Names of all clients.
        people: Names of the staff and of whoever else is known.
        pseudonyms: The firm's; without them a key is drawn, and stand-ins last as long as this object.
        second: A further reader, such as `statistical.Presidio`.
        unlisted: Whether to look for people that no list holds.
    """

    def __init__(
        self,
        clients: Iterable[str] = (),
        people: Iterable[str] = (),
        *,
        pseudonyms: Pseudonyms | None = None,
        second: Reader | None = None,
        unlisted: bool = True,
    ) -> None:
        """Index the names once; reuse the object for many texts."""
        self.clients = tuple(clients)
        self.names = Names(self.clients, people)
        self.pseudonyms = pseudonyms or Pseudonyms(secrets.token_bytes(32))
        self._client_names = Names(self.clients)
        self._second = second
        self._unlisted = unlisted

    def find(self, text: str) -> list[Span]:
        """Private stretches of a text, in order, none overlapping.

        Args:
            text: Anything, of any length.
        """
        spans = structured.find(text)
        spans += self.names.find(text)
        if self._unlisted:
            spans += cues.find(text)
        if self._second is not None:
            spans += self._second.find(text)
        return resolve(spans, text)

    def find_many(self, texts: Iterable[str]) -> Iterator[list[Span]]:
        """Spans of each text, as `find`."""
        return map(self.find, texts)

    def redact(self, text: str) -> str:
        """The text with a stand-in for everything private in it."""
        return self.pseudonyms.redact(text, self.find(text))

    def other_clients(self, text: str, client: str) -> Sequence[str]:
        """Clients that a text names, other than the one it is for."""
        own = client_ways(client)
        return sorted(
            {
                known.whose
                for span, known in self._client_names.told(text)
                if known.whose != client and key(text[span.start : span.end]) not in own
            }
        )

    def client_facing(self, text: str, client: str) -> str:
        """A text that may go to a client, unchanged.

        Args:
            text: What would be sent.
            client: For whom, as in `clients`.

        Raises:
            OtherClientError: It names another client; the message says how many, never which.
        """
        others = self.other_clients(text, client)
        if others:
            raise OtherClientError(
                f"This text is for one client and names {len(others)} other{'s' if len(others) > 1 else ''}.",
                hint="Take the other names out, or send it to each of them apart.",
            )
        return text
