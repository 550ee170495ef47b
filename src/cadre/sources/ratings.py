"""Clients' ratings of work (CSAT), as SmileBack, Simplesat or a survey sheet export them: one row a rating.

Keeps true: a score becomes a share of its scale, 0 worst to 1 best. The scale comes from the row (`4/5`, or a
`scale` column: its best score, or `1-5`), from words (positive, neutral, negative), or from the settings
`scale_low` and `scale_high`; without any of these a number is refused, because 4 could be 4 of 5 or 4 of 10.
"""

import re
from collections.abc import Iterator, Sequence

from cadre.sources.columns import real
from cadre.sources.flat import Made, Row, read_flat
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

WANTED = {
    "id": ("rating id", "response id", "review id", "survey response id"),
    "at": ("date", "rated on", "rated at", "created", "created at", "responded at", "response date", "submitted",
           "timestamp", "rating date", "review date", "date rated", "time"),
    "score": ("rating", "csat", "csat score", "answer", "value", "sentiment", "review rating", "choice"),
    "scale": ("out of", "max", "maximum", "scale max", "best score"),
    "ticket": ("ticket id", "ticket number", "ticket no", "ticket #"),
    "client": ("company", "customer company", "client name", "company name", "account", "organization"),
    "technician": ("agent", "team member", "assigned to", "owner", "member", "resource", "technician name",
                   "agent name", "rated member"),
    "technician_email": ("agent email", "team member email", "technician e-mail", "member email"),
    "comment": ("feedback", "comments", "review", "remarks"),
}  # fmt: skip
_WORDS = {
    "positive": 1.0, "happy": 1.0, "good": 1.0, "great": 1.0, "satisfied": 1.0, "green": 1.0, "thumbs up": 1.0,
    "neutral": 0.5, "ok": 0.5, "okay": 0.5, "yellow": 0.5,
    "negative": 0.0, "unhappy": 0.0, "bad": 0.0, "sad": 0.0, "dissatisfied": 0.0, "red": 0.0, "thumbs down": 0.0,
}  # fmt: skip
_RANGE = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(?:-|\u2013|to)\s*(\d+(?:\.\d+)?)\s*$")
_OF = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:/|of|out of)\s*(\d+(?:\.\d+)?)\s*$")


def share_of(score: str | None, scale: str | None, options: ReadOptions) -> float:
    """A score as a share of its scale; `ValueError` where score or scale cannot be told."""
    if score is None:
        raise ValueError("no score")
    if score.lower() in _WORDS:
        return _WORDS[score.lower()]
    if score.endswith("%"):
        return _within((real(score[:-1]) or 0.0) / 100)
    low, high = options.settings.get("scale_low"), options.settings.get("scale_high")
    parts = _OF.match(score)
    span = _RANGE.match(scale) if scale else None
    if parts:
        score, high, low = parts[1], float(parts[2]), low if low is not None else _least(float(parts[2]))
    elif span:
        low, high = float(span[1]), float(span[2])
    elif scale:
        high = real(scale)
        low = low if low is not None else _least(high or 0.0)
    if low is None and high is not None:
        low = _least(float(high))
    value = real(score)
    if low is None or high is None or value is None:
        raise ValueError("no scale: expected a scale column or the settings scale_low and scale_high")
    if float(high) <= float(low):
        raise ValueError("scale: its best score lies below its worst")
    return _within((value - float(low)) / (float(high) - float(low)))


def _least(high: float) -> float:
    """The worst score where only the best is told: scales to 10 and 100 begin at 0, shorter ones at 1."""
    return 0.0 if high >= 10 or high == 1 else 1.0


def _within(share: float) -> float:
    if not 0 <= share <= 1:
        raise ValueError("the score lies outside its scale")
    return share


def _make(row: Row, options: ReadOptions) -> Made:
    at = row.when(row.read("at"))
    if at is None:
        raise ValueError("no date")
    yield (
        "ratings",
        {
            "external_id": row.id,
            "occurred_at": at,
            "ticket_id": row.read("ticket"),
            "client_id": row.named.client(row.read("client"), row.read("client")),
            "account_id": row.named.person(row.read("technician"), row.read("technician_email"), "staff"),
            "score_share": share_of(row.read("score"), row.read("scale"), options),
        },
    )
    comment = row.read("comment")
    if comment:
        yield "texts", {"external_id": f"ratings/{row.id}/body", "record_table": "ratings", "record_id": row.id,
                        "field": "body", "body": comment}  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_flat(files, options, WANTED, (("at",), ("score",)), _make)


SOURCE = Source(
    name="ratings",
    label="Client ratings (CSAT)",
    group="msp",
    accepts="ratings as CSV or XLSX: date, score, scale, ticket, client, technician, comment",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("ratings", "accounts", "identities", "clients", "texts"),
    read=_read,
    tried="not yet tried on a live export",
    reference="SmileBack and Simplesat public help pages on exporting reviews and answers",
)
