"""A stretch of text that is private, and what to keep where several overlap.

Keeps true: what any recogniser found stays covered; where two overlap, the longer keeps its whole length (of equals the
more specific kind), and what sticks out of the other stays as a span of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

KINDS = (
    "client", "card", "iban", "id", "key", "email", "upn", "url", "mac", "ip", "serial", "host", "phone", "birthday",
    "address", "person", "name",
)  # fmt: skip
"""Every kind, the most specific first. `name` is a name of something that was recognised by its setting alone."""
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Span:
    """A private stretch.

    Attributes:
        start: First character, from 0.
        end: One past the last.
        kind: One of `KINDS`.
        text: The characters themselves; None where they were not kept.
    """

    start: int
    end: int
    kind: str
    text: str | None = None


def resolve(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans in order, none overlapping, covering all that was covered.

    Args:
        spans: In any order, of one text.
        text: That text.

    Returns:
        Sorted by place, each with its text.
    """
    found = list(spans)
    if len(found) > 1:
        found = _disjoint(found, text)
    return [span if span.text is not None else replace(span, text=text[span.start : span.end]) for span in found]


def _disjoint(spans: list[Span], text: str) -> list[Span]:
    """The longest first; of later ones what sticks out. Linear after sorting, as kept spans never overlap."""
    spans.sort(key=lambda span: (span.start, -span.end, _RANK.get(span.kind, len(KINDS))))
    kept: list[Span] = []
    for span in spans:
        last = kept[-1] if kept else None
        if last is None or span.start >= last.end:
            kept.append(span)
            continue
        if span.end <= last.end:
            if (span.start, span.end) == (last.start, last.end) and _RANK.get(span.kind, 99) < _RANK.get(last.kind, 99):
                kept[-1] = span
            continue
        if span.end - span.start > last.end - last.start:
            kept[-1] = Span(last.start, span.start, last.kind)
            kept.append(Span(span.start, span.end, span.kind))
        else:
            kept.append(Span(last.end, span.end, span.kind))
    return [span for span in kept if any(map(str.isalnum, text[span.start : span.end]))]
