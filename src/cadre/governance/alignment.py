"""Whether a request asks for a call: the act, the thing it touches, and both in one sentence.

Keeps true: a request that leaves its wording to another text asks for nothing by itself; verbs count as the same only
within one group of `[alike]` in the lexicon; where a value was chosen for the user, or nothing of the call is theirs,
one sentence has to name the act and its thing together.
"""

from cadre.governance.action import Effect
from cadre.governance.nature import Reading, effects_of
from cadre.governance.request import ASKS, Clause, Request, asks_for
from cadre.governance.words import family

SIGN_INS = frozenset({"authenticate", "login", "logon", "signin"})
"""Who gives a name and a secret in their own words has asked to sign in with them."""


def unasked(told: Reading, request: Request, *, decided: bool, strict: bool, own: bool = False) -> list[str]:
    """Why a request does not ask for this; empty where it does.

    Args:
        told: What the tool's words tell.
        request: What the user said.
        decided: Whether a value that decides whom or what the call reaches is the user's.
        strict: Whether one sentence must name the act and its thing together.
        own: Whether every value of the call, a secret among them, is the user's own words.
    """
    why = ["the request leaves what to do to another text"] if request.handed_over else []
    missing = [effect.value for effect in sorted(told.asked) if not asks_for(request, effect)]
    if told.verb in SIGN_INS and own:
        return why
    if missing:
        named = _named(told, request)
        missing = [effect for effect in missing if effect not in named]
    if missing:
        why.append(f"nobody asked to {' or to '.join(missing)}")
    only_adds = set(told.effects) == {Effect.CREATE}
    if not (_same_thing(told, request) or ((decided or only_adds) and _same_verb(told, request))):
        why.append("the request does not speak of what this touches")
    elif not any(_is_clause_of(clause, told, strict=strict) for clause in request.clauses):
        why.append("no sentence of the request asks for this of that")
    return why


def _named(told: Reading, request: Request) -> frozenset[str]:
    """The effects of those verbs of a tool that the request says, and the mild ones of those it says by another word."""
    said = (set(told.verbs) & request.about) - request.negated
    alike = {verb for verb in told.verbs if family("alike", verb) & request.acts}
    mild = {effect for verb in alike for effect in effects_of(verb, told.things) & _MILD}
    return frozenset(effect.value for effect in mild.union(*(effects_of(verb, told.things) for verb in said)))


_MILD = frozenset({Effect.CREATE, Effect.CHANGE})
"""What a verb alike asks for as well as the verb itself: it can be taken back."""


def _same_thing(told: Reading, request: Request) -> bool:
    return bool((told.about - set(told.verbs)) & request.about or told.things & request.things)


def _same_verb(told: Reading, request: Request) -> bool:
    """Whether the request names the act, by its verb or by one that asks for the same."""
    named = any(verb in request.about or family("alike", verb) & request.acts for verb in told.verbs)
    return named or _reminds(told, request.acts)


def _is_clause_of(clause: Clause, told: Reading, *, strict: bool) -> bool:
    """Whether one sentence asks for such an act and speaks of such a thing, or names the act by a verb like it."""
    reminds = _reminds(told, clause.acts)
    alike = reminds or any(family("alike", verb) & clause.acts or verb in clause.about for verb in told.verbs)
    asks = alike or all(effect is Effect.READ or ASKS[effect] & clause.families for effect in told.asked)
    own = {told.object, *told.about} - set(told.verbs)
    speaks = reminds or bool(own & clause.about or told.things & clause.things)
    return (alike and speaks) if strict else (asks and speaks) or alike


def _reminds(told: Reading, acts: frozenset[str]) -> bool:
    """Whether a tool makes reminders and somebody asks to be reminded: a thing named by its act."""
    return "remind" in acts and "remind" in family("alike", told.object)
