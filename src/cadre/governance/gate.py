"""Whether an agent's call may go ahead: alone, after somebody's approval, or not at all.

Keeps true: a fault refuses; what is not understood is never autonomous; a call that changes anything goes ahead alone
only if a person asked for such an act in their own words and every value that decides whom or what it reaches comes
from them, from the schema, or from records tied to what they named. Where no request is known, only a row of the
catalogue may let it go. Policies come on top and only raise.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cadre.governance.action import Action, Effect, Judgement, Nature, Outcome, Source, Tier
from cadre.governance.alignment import unasked
from cadre.governance.catalogue import Row, matched
from cadre.governance.evidence import Evidence, evidence, leaves
from cadre.governance.nature import Reading, nature, reading
from cadre.governance.provenance import Trace, is_option, is_written_down, part_of, pointers, tells_private, trace
from cadre.governance.request import Request, is_another_day, says_day
from cadre.governance.tier import derived
from cadre.governance.words import family, lexicon, pieces, root, telling, words

TRUSTED = frozenset({Source.REQUEST, Source.DEFAULT, Source.RECORD})
"""The sources whose values may decide whom or what an autonomous call reaches."""
UNSURE = 0.5
"""From here on the model's estimate is not believed to be that of a tool which only reads."""
_DECIDING = frozenset({"destination", "target", "secret", "money"})
_ADDING = frozenset({Effect.CREATE, Effect.SEND})
_NEVER_CHOSEN = frozenset({Effect.PAY, Effect.CREDENTIAL, Effect.DESTROY, Effect.EXECUTE, Effect.UNPROTECT})
_FREE = frozenset({"when", "switch"})
_WRITES = re.compile(
    r"(?:^|[;(])\s*(?:insert\s+into|update\s+\S+\s+set|delete\s+from|merge\s+into|truncate\s+table|grant\s+\S+\s+(?:on|to)"
    r"|(?:create|drop|alter)\s+(?:table|view|user|role|database|schema|index|function|procedure|trigger))\b",
    re.IGNORECASE,
)
"""Statements of SQL that write, wherever a tool that says it reads takes statements."""
_WHERE = {
    Source.REQUEST: "was said by the user",
    Source.RECORD: "comes from a record",
    Source.DEFAULT: "was not said by the user",
    Source.OUTPUT: "comes from text that a tool gave back",
    Source.UNSAID: "was said by nobody",
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say of an action, before policies.

    Attributes:
        nature: What it does, with where its values come from.
        tier: Who has a say.
        reasons: Sentences a person can read; never empty.
        row: Name of the catalogue's row; empty where none speaks of it.
    """

    nature: Nature
    tier: Tier
    reasons: tuple[str, ...]
    row: str = ""


@dataclass(slots=True)
class _Values:
    """What the arguments say together."""

    sources: dict[str, Source] = field(default_factory=dict)
    objections: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    decided: bool = False
    tied: bool = False
    own: bool = True
    secret: bool = False
    instructed: bool = False


def judge(
    action: Action, rows: Iterable[Row] = (), client: str = "", *, trusted: frozenset[Source] = TRUSTED
) -> Judgement:
    """What the gate says of an action under the default rules; never raises.

    Args:
        action: The call, with what the task has seen.
        rows: Rows of the firm and of clients, before the default catalogue.
        client: Whose environment it acts in.
        trusted: Sources that values may come from; other than the default only for studies of the trade-off.
    """
    try:
        found = assess(action, rows, client, trusted=trusted)
    except Exception as error:  # noqa: BLE001 (whatever breaks inside, the answer is no)
        return Judgement(Outcome.DENY, Tier.FORBIDDEN, (f"the call could not be judged ({type(error).__name__})",))
    outcome = Outcome.ALLOW if found.tier <= Tier.NOTIFY else Outcome.APPROVE
    return Judgement(Outcome.DENY if found.tier is Tier.FORBIDDEN else outcome, found.tier, found.reasons)


def assess(
    action: Action, rows: Iterable[Row] = (), client: str = "", *, trusted: frozenset[Source] = TRUSTED
) -> Assessment:
    """The nature and tier of an action with their reasons; what services hand on to policy.

    Raises:
        DangerModelError: The shipped model is missing or changed.
    """
    told, what = reading(action.tool), nature(action)
    if not action.tool.name:
        return Assessment(what, Tier.FORBIDDEN, ("the call names no tool",))
    known, row = evidence(action), matched(told, action.tool.name, rows, client)
    values = _values(action, known, trusted, set(what.effects))
    what = replace(what, sources=values.sources, protective=what.protective or (row is not None and row.protective))
    if set(what.effects) == {Effect.READ}:
        tier, why = _reading(action, told, known, row)
    else:
        tier, why = _acting(action, told, what, known, values, row)
    return Assessment(what, tier, (*what.reasons, *why), row.name if row else "")


def _reading(action: Action, told: Reading, known: Evidence, row: Row | None) -> tuple[Tier, list[str]]:
    """Reading asks nobody, unless it reaches out to an address that the task did not lead to, or shows a secret."""
    schemas = _properties(action)
    for key, value in action.arguments.items():
        for pointer in pointers(value):
            found = trace(pointer, {}, known)
            if pointer.isdigit() and part_of(key, schemas.get(key), value) == "target":
                continue  # the number of a thing, not of a telephone
            if found.source is Source.UNSAID:
                return Tier.APPROVE, [f"{key} reaches out to an address that nobody named"]
            if found.instructed and part_of(key, schemas.get(key), value) == "destination":
                return Tier.APPROVE, [f"{key} reaches out to where a text it read told it to"]
    for key, value in action.arguments.items():
        if isinstance(value, str) and _WRITES.search(value):
            return Tier.APPROVE, [f"{key} holds a statement that writes"]
    if told.danger.probability >= UNSURE:
        return Tier.APPROVE, [f"its words are like those of dangerous acts: {', '.join(told.parts)}"]
    if row is not None:
        return row.tier, [f"{row.label}: {row.why}"]
    return Tier.AUTONOMOUS, []


def _acting(
    action: Action, told: Reading, what: Nature, known: Evidence, values: _Values, row: Row | None
) -> tuple[Tier, list[str]]:
    request, why = known.request, list(values.objections)
    has_request = bool(action.user_request.strip())
    if has_request:
        strict = (
            bool(values.chosen) or not values.decided or (Effect.DESTROY in told.asked and len(request.clauses) > 1)
        )
        why += unasked(told, request, decided=values.decided, strict=strict, own=values.own and values.secret)
        if action.arguments and not (values.tied or values.decided):
            why.append("no value of it is the user's")
    is_asked = has_request and not why
    tier, more = derived(what, row, is_asked=is_asked)
    if not has_request and row is None:
        why.append("nobody's request is known")
    if has_request or row is None or values.instructed:
        tier = tier if is_asked else max(tier, Tier.APPROVE)
    return tier, [*why, *more]


def _properties(action: Action) -> Mapping[str, Any]:
    found = action.tool.schema.get("properties", {})
    return found if isinstance(found, Mapping) else {}


def _values(action: Action, known: Evidence, trusted: frozenset[Source], effects: set[Effect]) -> _Values:
    schemas, out = _properties(action), _Values()
    for key, value in action.arguments.items():
        schema = schemas.get(key, {})
        part, found = part_of(key, schema, value), trace(value, schema, known)
        out.sources[key] = found.source
        out.instructed = out.instructed or found.instructed
        out.tied = out.tied or _is_tied(value, found, known.request)
        bad = _objection(part, value, found, known, trusted)
        if bad and Source.RECORD in trusted and _may_be_named(key, part, found, effects):
            continue
        if bad and Source.RECORD in trusted and _may_be_chosen(value, found, known, effects):
            out.chosen.append(f"{key} ({part}): {bad}")
            continue
        out.secret = out.secret or (part == "secret" and found.source is Source.REQUEST)
        out.own = out.own and _is_own(part, value, found, known.request)
        if bad or _is_risky(key, value, found, known.request):
            out.objections.append(f"{key} ({part}): {bad or 'widens what the call may do and was not said'}")
        elif part in _DECIDING and found.source in {Source.REQUEST, Source.RECORD}:
            out.decided = True
    if Source.RECORD in out.sources.values() and is_written_down(action.arguments, out.sources, known):
        out.objections.append("all of this call stands written in one record, which no user named")
    # one value chosen for the user is fine where all others are their own words
    if len(out.chosen) == 1 and out.own and len(action.arguments) > 1:
        out.decided = True
    else:
        out.objections += out.chosen
    return out


def _is_tied(value: Any, found: Trace, request: Request) -> bool:
    """Whether a value has anything of the user's: said by them, of a record of theirs, a day or two words they named."""
    if found.source in {Source.REQUEST, Source.RECORD} or says_day(value, request):
        return True
    return isinstance(value, str) and len(telling(words(value)) & request.about) >= 2


def _is_own(part: str, value: Any, found: Trace, request: Request) -> bool:
    """Whether a value is the user's own, as strictly as it has to be beside one that was chosen for them."""
    if found.source in {Source.REQUEST, Source.DEFAULT} or part == "switch":
        return True
    return part == "when" and says_day(value, request)


def _objection(part: str, value: Any, found: Trace, known: Evidence, trusted: frozenset[Source]) -> str:
    if part == "content":
        return _content_objection(value, found, known, trusted)
    if found.source is Source.REQUEST and found.source in trusted:
        return ""
    if part in _FREE:
        another = part == "when" and any(is_another_day(one, known.request) for one in leaves(value))
        return "is another day than the request names" if another and found.source is not Source.RECORD else ""
    if found.instructed and found.source is not Source.DEFAULT:
        return "is what a text that reads like instructions speaks of"
    return _WHERE[found.source] if part == "secret" or found.source not in trusted else ""


def _content_objection(value: Any, found: Trace, known: Evidence, trusted: frozenset[Source]) -> str:
    if any(trace(one, {}, known).source not in trusted for one in pointers(value)):
        return "holds a link or address that the user did not name"
    if tells_private(value, known):
        return "tells something private that the request does not speak of"
    return "repeats a text that reads like instructions" if found.instructed else ""


def _may_be_named(key: str, part: str, found: Trace, effects: set[Effect]) -> bool:
    """Whether a value only names something new, which an agent may make up."""
    names = part == "target" and bool(lexicon("choosing")["naming"] & set(pieces(key)))
    return names and found.source is Source.UNSAID and Effect.CREATE in effects and effects <= _ADDING


def _may_be_chosen(value: Any, found: Trace, known: Evidence, effects: set[Effect]) -> bool:
    """Whether a value is one of those that the user left a choice among, and no text told the agent to take it."""
    return (
        found.source is Source.OUTPUT
        and not found.instructed
        and not effects & _NEVER_CHOSEN
        and is_option(value, known)
    )


def _is_risky(key: str, value: Any, found: Trace, request: Request) -> bool:
    if found.source is Source.REQUEST:
        return False
    if value is True:
        some = pieces(key)
        opens = (root(one) not in request.about for one in some if family("verbs", one) & {"unprotect", "destroy"})
        return bool(lexicon("risky")["flags"] & set(some)) or any(opens)
    return (
        isinstance(value, str) and len(value) < 40 and bool(lexicon("risky")["values"] & {value.lower(), *words(value)})
    )
