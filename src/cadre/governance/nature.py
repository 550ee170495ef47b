"""What a call does: verb, thing, effects, reach, whether it can be taken back, and the part each parameter plays.

Keeps true: a tool does whatever its name, its description or its hints say, the worst of them counting; a hint of an
unknown server raises and never lowers; where no verb is known the effects are empty, which is not "nothing". What the
tool's own words tell is derived once a digest; only reach is read from the arguments of each call.

References:
    Hints and what they mean: Model Context Protocol 2025-11-25, ToolAnnotations. Families of words: `lexicon.toml`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cadre.governance.action import Action, Blast, Danger, Effect, Nature, Tool
from cadre.governance.danger import danger
from cadre.governance.verbs import name_verb, own_words, soft, spoken_verbs
from cadre.governance.words import family, lexicon, pieces, root, telling, words

_SENSITIVE = {
    "credential": "credential",
    "money": "financial",
    "person": "personal",
    "message": "communication",
    "security": "security",
    "permission": "access",
}
_GRAVE = frozenset(
    {Effect.PAY, Effect.DESTROY, Effect.EXECUTE, Effect.GRANT, Effect.CREDENTIAL, Effect.UNPROTECT, Effect.PUBLISH}
)
_LASTING = frozenset({Effect.SEND, Effect.PUBLISH, Effect.EXECUTE, Effect.PAY, Effect.DESTROY})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool's own words tell, whatever it is called with.

    Attributes:
        verb: The main verb of the name, else of the description; empty where neither has one.
        verbs: All leading verbs, of name and description.
        object: The main thing; empty where none is known.
        things: Families of the things it speaks of.
        about: Roots of the telling words of name and description.
        spoken: Words of its name and of the beginning of its description.
        wide: Words for everything in its name, or behind its verb in the description.
        effects: What it does.
        asked: Those of the effects that somebody has to have asked for: all of its main verb, the grave ones of others.
        roles: Part of each parameter of the schema.
        danger: The model's estimate.
        parts: The parts of it that weigh most.
        reasons: Sentences a person can read.
    """

    verb: str
    verbs: tuple[str, ...]
    object: str
    things: frozenset[str]
    about: frozenset[str]
    spoken: frozenset[str]
    wide: frozenset[str]
    effects: tuple[Effect, ...]
    asked: frozenset[Effect]
    roles: Mapping[str, str]
    danger: Danger
    parts: tuple[str, ...]
    reasons: tuple[str, ...]


_known: dict[str, Reading] = {}
_MOST_KNOWN = 20_000


def reading(tool: Tool) -> Reading:
    """What a tool's words tell; derived once for each digest."""
    found = _known.get(tool.digest)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[tool.digest] = _read(tool)
    return found


def nature(action: Action) -> Nature:
    """What a call does, without asking where its arguments come from."""
    told = reading(action.tool)
    reach, why = blast(told, action.arguments)
    effects = set(told.effects)
    reversible = None if not effects else not (effects & _LASTING or (Effect.CHANGE in effects and reach >= Blast.MANY))
    data = tuple(sorted({_SENSITIVE[thing] for thing in told.things if thing in _SENSITIVE}))
    return Nature(
        told.verb, told.object, told.effects, reach, reversible, data, Effect.PROTECT in effects, {}, told.danger,
        (*told.reasons, *why),
    )  # fmt: skip


def _read(tool: Tool) -> Reading:
    name = pieces(tool.name)
    description = own_words(tool.description)
    said = words(description[:2000])
    lead, spoken = _leading(name, said, spoken_verbs(description))
    verbs = tuple(dict.fromkeys([*([lead] if lead else []), *spoken]))
    nouns = [word for word in name if word != lead]
    near = list(said[:14])
    things = _things(nouns) or _things(near)
    effects: dict[Effect, str] = {}
    for verb in verbs:
        for effect in effects_of(verb, things | (_things(near) if verb in spoken else frozenset())):
            effects.setdefault(effect, verb)
    roles = {key: role(key, _told(schema)) for key, schema in _parameters(tool.schema).items()}
    if any(effects_of(verb, things) == {Effect.READ} for verb in verbs) and all(_may_read(verb) for verb in verbs):
        effects = {Effect.READ: next(verb for verb in verbs if effects_of(verb, things) == {Effect.READ})}
    main_verb = next((verb for verb in verbs if effects_of(verb, things) != {Effect.READ}), "")
    if set(effects) == {Effect.READ}:
        effects = _not_so_plain(name, lead, things, description, spoken) or effects
        main_verb = next((verb for effect, verb in effects.items() if effect is not Effect.READ), main_verb)
    hints = _hinted(tool.hints, effects)
    estimate, parts = danger(tool.name, description, roles)
    if lead in _GOES and _OWN_PLACE.search(description):
        # the agent goes elsewhere itself, and changes nothing for anybody
        effects, estimate, parts = {Effect.READ: lead}, replace(estimate, probability=0.0), ()
    if "code" in roles.values() and not set(effects) <= {Effect.READ}:
        effects.setdefault(Effect.EXECUTE, "a parameter that takes code")
    if any(part != "read" for part in hints) and set(effects) == {Effect.READ}:
        effects.setdefault(Effect.CHANGE, "its server's hint")
    main = next((word for word in reversed(nouns) if family("things", word)), "") or next(
        (word for word in near if family("things", word) and root(word) not in verbs), nouns[-1] if nouns else ""
    )
    return Reading(
        verbs[0] if verbs else "", verbs, root(main), things | _things(near), telling([*name, *near]),
        frozenset([*name, *near]), _wide(name, said),
        tuple(sorted(effects)), frozenset(effect for effect, verb in effects.items() if verb == main_verb or effect in _GRAVE),
        roles,
        estimate, parts, (*(_because(effect, verb) for effect, verb in effects.items()), *hints.values()),
    )  # fmt: skip


def _leading(name: tuple[str, ...], said: tuple[str, ...], spoken: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The verb of a name and those of a description, without nouns that look like verbs.

    A thing at the end of a name that is described as a reading leads nothing (`git_log`), nor does one in the plural
    (`unread_messages`); a query that is run by a tool whose name reads is read, too.
    """
    lead = name_verb(name) or (root(name[0]) if name and family("first", name[0]) else "")
    if said and family("first", said[0]) and (not spoken or said[0] in lexicon("leads")["vague"]):
        spoken = (root(said[0]), *spoken)
    reads = bool(spoken) and all(effects_of(verb, frozenset()) == {Effect.READ} for verb in spoken)
    if lead and lead in soft() and lead not in name[:1]:
        is_plural = all(word != lead for word in name)
        asks = bool(name) and "read" in family("first", name[0])
        lead = root(name[0]) if asks else "" if is_plural or (reads and root(name[-1]) == lead) else lead
    if lead and effects_of(lead, frozenset()) == {Effect.READ} and _QUERIES & set(said[:9]):
        spoken = tuple(verb for verb in spoken if verb not in _RUNS)
    return lead, spoken


_GOES = frozenset({"cd", "chdir", "change", "go", "enter", "navigate", "switch", "set", "cwd"})
_OWN_PLACE = re.compile(r"\b(?:current|working) (?:working )?(?:directory|folder|path)\b", re.IGNORECASE)
_RUNS = frozenset({"execute", "run", "perform", "issue"})
_QUERIES = frozenset({"query", "queries", "select", "search", "lookup"})


def _not_so_plain(
    name: tuple[str, ...], lead: str, things: frozenset[str], said: str, spoken: tuple[str, ...]
) -> dict[Effect, str]:
    """What a tool does that seems to read, such as `return_parcel`, `check_in_guest`, `collect_debt` or `status_set`."""
    last = name[-1] if len(name) > 1 else ""
    if lead == "return" and last and not _GIVEN_BACK_BY_FUNCTIONS & set(name):
        return {Effect.CHANGE: lead, **({Effect.PAY: lead} if "money" in things else {})}
    if lead in {"collect", "load"} and "money" in things:
        return {Effect.PAY: lead}
    if name[:1] == ("check",) and name[1:2] in {("in",), ("out",)}:
        return {Effect.CHANGE: lead}
    if lead in lexicon("leads")["nouns"] and root(name[0]) != last and root(last) == last and not _may_read(last):
        found = effects_of(last, things) if lead in soft() or last not in soft() else frozenset()
        # described as a reading, the mild ones are things: the last commit, the next run of a list
        if found & _GRAVE or (found and not spoken):
            return dict.fromkeys(found, root(last))
    done = _WILL_BE.search(said)
    return {Effect.CHANGE: done.group().lower()} if done is not None else {}


_GIVEN_BACK_BY_FUNCTIONS = frozenset(
    {"value", "values", "result", "results", "list", "output", "response", "data", "details", "info", "status", "all"}
)
_WILL_BE = re.compile(
    r"\b(?:will|is going to) (?:then |also )?be (?:changed|updated|modified|deleted|removed|cancell?ed|sent|charged|refunded"
    r"|created|added|moved|closed|paid|replaced|overwritten|notified|disabled|enabled|granted|revoked)\b",
    re.IGNORECASE,
)


def _because(effect: Effect, verb: str) -> str:
    return f"{verb!r} means to {effect.value}" if effect is not Effect.READ else f"{verb!r} only reads"


def _things(some: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(family("things", word) for word in some)) if some else frozenset()


def effects_of(verb: str, things: frozenset[str]) -> frozenset[Effect]:
    """What a verb does to things of some families.

    Args:
        verb: In any of its forms.
        things: Families of what it is done to; empty where nothing is known.
    """
    may = family("verbs", verb) or family("first", verb)
    out = {Effect(name) for name in may & {"read", "create", "change", "send", "publish", "execute", "destroy"}}
    if may & {"pay", "send"} and "money" in things and "read" not in may:
        out |= {Effect.PAY}
        out -= {Effect.SEND, Effect.CREATE}
    if "grant" in may and (verb in _GRANTS or (things & {"permission", "person"} and "event" not in things)):
        out |= {Effect.GRANT}
    if "credential" in may and "credential" in things:
        out |= {Effect.CREDENTIAL}
    if "unprotect" in may and things & {"security", "device", "rule"}:
        out |= {Effect.UNPROTECT}
    if "destroy" in may and "security" in things:
        out |= {Effect.UNPROTECT}
    if "protect" in may and Effect.UNPROTECT not in out:
        out |= {Effect.PROTECT}
    out = _milder(out, verb, things)
    if not out and may:
        out = {Effect.CHANGE}
    if Effect.READ in out and len(out) > 1 and verb not in {"open", "report", "check", "monitor"}:
        out -= {Effect.READ}
    return frozenset(out)


_GRANTS = frozenset(
    {"grant", "authorize", "authorise", "entitle", "elevate", "delegate", "impersonate", "bestow", "entrust", "confer"}
)
"""Verbs that let somebody in whatever it is to."""


def _milder(effects: set[Effect], verb: str, things: frozenset[str]) -> set[Effect]:
    """Effects without those that a thing takes away: what is made anew by itself is not destroyed, an engine is no program."""
    if verb == "start" and "code" not in things:
        effects = effects - {Effect.EXECUTE}
    if Effect.DESTROY in effects and "passing" in things:
        effects = (effects - {Effect.DESTROY}) | {Effect.CHANGE}
    return effects


def _may_read(verb: str) -> bool:
    """Whether a verb such as `open` may be one of reading, where another verb says so."""
    return "read" in (family("verbs", verb) or family("first", verb))


def _hinted(hints: Mapping[str, Any], effects: dict[Effect, str]) -> dict[str, str]:
    out = {}
    if hints.get("destructiveHint") is True:
        effects.setdefault(Effect.DESTROY, "its server's hint")
        out["destroys"] = "its server says it may destroy"
    if hints.get("readOnlyHint") is False and set(effects) == {Effect.READ}:
        out["writes"] = "its server says it does more than read"
    if hints.get("openWorldHint") is True and effects and set(effects) != {Effect.READ}:
        out["open"] = "its server says it reaches beyond the firm"
    return out


def _parameters(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties", schema.get("parameters", {}))
    if not isinstance(found, Mapping):
        return {}
    return {str(key): part for key, part in found.items()}


def _told(schema: Any) -> str:
    if isinstance(schema, Mapping):
        said = schema.get("description")
        return said if isinstance(said, str) else ""
    return schema if isinstance(schema, str) else ""


@lru_cache(20_000)
def role(parameter: str, description: str = "") -> str:
    """The part a parameter plays: destination, secret, money, code, target, content, when, switch; empty if unknown."""
    name, said = pieces(parameter), words(description)[:10]
    named = {after for before, after in (*pairwise(name), *pairwise(said)) if before in _CODE_OF}
    for word in (*reversed(name), *said):
        found = family("roles", word) - ({"code"} if word in named else frozenset())
        for part in ("secret", "code", "destination", "money", "content", "when", "target", "switch"):
            if part in found and not (word in name and part == "secret" and name[-1] != word):
                return part
    return ""


_CODE_OF = frozenset(
    {"zip", "postal", "country", "state", "area", "region", "city", "currency", "airport", "iata", "iso", "language"}
    | {"error", "status", "reason", "category", "type", "product", "promo", "discount", "coupon", "dialing", "branch"}
)
"""A code of these is no program."""


def blast(told: Reading, arguments: Mapping[str, Any]) -> tuple[Blast, tuple[str, ...]]:
    """How many things a call touches, by wildcards, words for everything, and the length of its lists."""
    longest = 1
    for key, value in arguments.items():
        if told.roles.get(key) in {"content", "code"} or role(key) == "content":
            continue
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, str) and (part.strip() in _WIDE or part.strip().lower() in _EVERY):
                return Blast.ALL, (f"{key} is {part.strip()!r}: everything",)
        if isinstance(value, list | tuple):
            longest = max(longest, len(value))
    if told.wide and set(told.effects) != {Effect.READ}:
        return Blast.ALL, (f"the tool speaks of {min(told.wide)!r}",)
    if longest > 10:
        return Blast.MANY, (f"it touches {longest} things at once",)
    return (Blast.SEVERAL, (f"it touches {longest} things at once",)) if longest > 1 else (Blast.ONE, ())


_WIDE = frozenset({"*", "**", "%", ".*", "/", "*.*", "0.0.0.0/0", "::/0", "c:\\", "~", "@everyone", "@all", "@channel"})
_EVERY = frozenset({"all", "every", "everything", "everyone", "entire", "whole", "bulk", "mass", "organization-wide"})


def _wide(name: tuple[str, ...], said: tuple[str, ...]) -> frozenset[str]:
    behind = {after for verb, after in pairwise(said[:9]) if family("verbs", verb)}
    return (frozenset(name) | behind) & _EVERY
