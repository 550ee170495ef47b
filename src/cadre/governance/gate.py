"""Whether an agent's call may go ahead: alone, after somebody's approval, or not at all.

Keeps true: a fault refuses; what is not understood is never autonomous; a call that changes anything goes ahead alone
only if a person asked for such an act in their own words and every value that decides whom or what it reaches comes
from them, from the schema, or from records tied to what they named. Rows of the catalogue and policies come on top.
"""

from collections.abc import Mapping
from typing import Any

from cadre.governance.action import Action, Blast, Effect, Judgement, Nature, Outcome, Source, Tier
from cadre.governance.evidence import Evidence, evidence
from cadre.governance.nature import Reading, nature, reading
from cadre.governance.provenance import Trace, is_listed, part_of, pointers, trace
from cadre.governance.request import Request, asks_for
from cadre.governance.words import lexicon, pieces, root, words

TRUSTED = frozenset({Source.REQUEST, Source.DEFAULT, Source.RECORD})
"""The sources whose values may decide whom or what an autonomous call reaches."""


def judge(action: Action, trusted: frozenset[Source] = TRUSTED) -> Judgement:
    """What the gate says of an action under the default rules; never raises.

    Args:
        action: The call, with what the task has seen.
        trusted: Sources that values may come from; other than the default only for studies of the trade-off.
    """
    try:
        return _judged(action, trusted)
    except Exception as error:  # noqa: BLE001 (whatever breaks inside, the answer is no)
        return Judgement(Outcome.DENY, Tier.FORBIDDEN, (f"the call could not be judged ({type(error).__name__})",))


def _judged(action: Action, trusted: frozenset[Source]) -> Judgement:
    told = reading(action.tool)
    what = nature(action)
    if not action.tool.name:
        return _answer(Tier.FORBIDDEN, ["the call names no tool"])
    known = evidence(action)
    if set(what.effects) == {Effect.READ}:
        tier, why = _read(action, known)
        return _answer(tier, [*what.reasons, *why])
    if not what.effects:
        return _answer(Tier.APPROVE, ["what the tool does cannot be told from its name and description"])
    tier, why = _consequential(action, told, what, known, trusted)
    return _answer(tier, [*what.reasons, *why])


def _answer(tier: Tier, reasons: list[str]) -> Judgement:
    outcome = Outcome.ALLOW if tier <= Tier.NOTIFY else Outcome.DENY if tier is Tier.FORBIDDEN else Outcome.APPROVE
    return Judgement(outcome, tier, tuple(reasons) or ("nothing speaks against it",))


def _properties(action: Action) -> Mapping[str, Any]:
    found = action.tool.schema.get("properties", {})
    return found if isinstance(found, Mapping) else {}


def _read(action: Action, known: Evidence) -> tuple[Tier, list[str]]:
    """Reading asks nobody, unless it reaches out to an address that the task did not lead to."""
    schemas = _properties(action)
    for key, value in action.arguments.items():
        for pointer in pointers(value):
            found = trace(pointer, {}, known)
            if found.source is Source.UNSAID:
                return Tier.APPROVE, [f"{key} reaches out to an address that nobody named"]
            if found.instructed and part_of(key, schemas.get(key), value) == "destination":
                return Tier.APPROVE, [f"{key} reaches out to where a text it read told it to"]
    return Tier.AUTONOMOUS, []


def _consequential(
    action: Action, told: Reading, what: Nature, known: Evidence, trusted: frozenset[Source]
) -> tuple[Tier, list[str]]:
    request = known.request
    tier, why = Tier.NOTIFY, []
    if not action.user_request.strip():
        tier, why = Tier.APPROVE, ["nobody's request is known"]
    elif request.handed_over:
        tier, why = Tier.APPROVE, ["the request leaves what to do to another text"]
    else:
        missing = [effect for effect in sorted(told.asked) if not asks_for(request, effect)]
        if missing:
            tier = Tier.APPROVE
            why.append("nobody asked to " + " or to ".join(effect.value for effect in missing))
    safe, more, strong = _arguments(action, known, trusted)
    why += more
    if not safe:
        tier = max(tier, Tier.APPROVE)
    if not _same_thing(told, request) and not (strong and _same_verb(told, request)):
        tier = max(tier, Tier.APPROVE)
        why.append("the request does not speak of what this touches")
    if what.blast_radius >= Blast.MANY:
        wide = Effect.DESTROY in what.effects and what.blast_radius is Blast.ALL
        tier = max(tier, Tier.FOUR_EYES if wide else Tier.APPROVE)
    if set(what.effects) & {Effect.EXECUTE, Effect.UNPROTECT}:
        tier = max(tier, Tier.APPROVE)
    if not why:
        why.append("asked for in the user's own words, with values of theirs")
    return tier, why


def _same_thing(told: Reading, request: Request) -> bool:
    return bool((told.about - {root(verb) for verb in told.verbs}) & request.about or told.things & request.things)


def _same_verb(told: Reading, request: Request) -> bool:
    """Whether the request names the act: by its verb, or by one that already means a message."""
    speaks = Effect.SEND in told.effects and "message" in told.things and "send" in request.families
    return speaks or any(verb in request.about for verb in told.verbs)


def _arguments(action: Action, known: Evidence, trusted: frozenset[Source]) -> tuple[bool, list[str], bool]:
    """Whether all values are safe, why not, and whether one that decides is the user's."""
    schemas = _properties(action)
    safe, strong, why, chosen, own = True, False, [], [], True
    for key, value in action.arguments.items():
        schema = schemas.get(key, {})
        part = part_of(key, schema, value)
        found = trace(value, schema, known)
        bad = _objection(part, value, found, known, trusted)
        if (
            bad
            and found.source is Source.OUTPUT
            and Source.RECORD in trusted
            and part in {"destination", "target"}
            and is_listed(value, known)
        ):
            chosen.append(f"{key} ({part}): {bad}")
            continue
        own = own and (found.source in {Source.REQUEST, Source.DEFAULT} or part in {"when", "switch"})
        if bad or _is_risky(key, value, found):
            safe = False
            why.append(f"{key} ({part}): {bad or 'widens what the call may do and was not said'}")
        elif part in {"destination", "target", "secret", "money"} and found.source in {Source.REQUEST, Source.RECORD}:
            strong = True
    if chosen and not (own and len(chosen) == 1 and len(action.arguments) > 1):
        return False, [*why, *chosen], strong
    return safe, why, strong or bool(chosen)


def _objection(part: str, value: Any, found: Trace, known: Evidence, trusted: frozenset[Source]) -> str:
    where = {Source.OUTPUT: "comes from text that a tool gave back", Source.UNSAID: "was said by nobody"}
    if part == "content":
        for pointer in sorted(pointers(value)):
            if trace(pointer, {}, known).source not in trusted:
                return "holds a link or address that the user did not name"
        return "repeats a text that reads like instructions" if found.instructed else ""
    if part in {"when", "switch"}:
        return ""
    if part == "secret" and found.source is not Source.REQUEST:
        return where.get(found.source, "was not said by the user")
    if found.source not in trusted:
        return where.get(found.source, "is not in the user's own words")
    return ""


def _is_risky(key: str, value: Any, found: Trace) -> bool:
    if found.source is Source.REQUEST:
        return False
    if value is True and lexicon("risky")["flags"] & set(pieces(key)):
        return True
    return (
        isinstance(value, str) and len(value) < 40 and bool(lexicon("risky")["values"] & {value.lower(), *words(value)})
    )
