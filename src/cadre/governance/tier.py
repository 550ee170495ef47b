"""From what a call does to who has a say in it: explicit rows first, else rules by effect, always with the reason.

Keeps true: no effect known means asking; the strictest effect counts; many things at once, code, and what lowers
protection are never autonomous by these rules; a request of a person lowers a tier only where the act and every value
that decides it are theirs, which `gate` finds out.
"""

from dataclasses import dataclass

from cadre.governance.action import Blast, Effect, Nature, Tier
from cadre.governance.catalogue import Row


@dataclass(frozen=True, slots=True)
class Rule:
    """What an effect comes to.

    Attributes:
        tier: Where nobody asked for it in so many words.
        asked: Where a person did, with values of their own.
        why: One sentence.
    """

    tier: Tier
    asked: Tier
    why: str


RULES: dict[Effect, Rule] = {
    Effect.READ: Rule(Tier.AUTONOMOUS, Tier.AUTONOMOUS, "It only reads."),
    Effect.CREATE: Rule(Tier.APPROVE, Tier.AUTONOMOUS, "It adds something that can be taken away again."),
    Effect.CHANGE: Rule(Tier.APPROVE, Tier.NOTIFY, "It changes what is there."),
    Effect.SEND: Rule(Tier.APPROVE, Tier.NOTIFY, "What is sent cannot be unsent."),
    Effect.PUBLISH: Rule(Tier.APPROVE, Tier.NOTIFY, "What was published was read."),
    Effect.GRANT: Rule(Tier.APPROVE, Tier.NOTIFY, "It lets somebody in."),
    Effect.CREDENTIAL: Rule(Tier.APPROVE, Tier.NOTIFY, "Whoever knows it is that person."),
    Effect.PAY: Rule(Tier.APPROVE, Tier.NOTIFY, "Money that left is hard to get back."),
    Effect.DESTROY: Rule(Tier.APPROVE, Tier.NOTIFY, "It may not come back."),
    Effect.EXECUTE: Rule(Tier.APPROVE, Tier.APPROVE, "Code can do anything."),
    Effect.PROTECT: Rule(Tier.APPROVE, Tier.NOTIFY, "It makes things safer, and may stop somebody's work."),
    Effect.UNPROTECT: Rule(Tier.APPROVE, Tier.APPROVE, "It lowers a protection."),
}
UNKNOWN = Rule(Tier.APPROVE, Tier.APPROVE, "What the tool does cannot be told from its name and description.")


def derived(nature: Nature, row: Row | None, *, is_asked: bool) -> tuple[Tier, tuple[str, ...]]:
    """The tier of an act before policies, and why.

    Args:
        nature: What it does.
        row: The catalogue's row for it; None where there is none.
        is_asked: Whether a person asked for exactly this, with values of their own.
    """
    if row is not None:
        tier, why = (row.asked if is_asked else row.tier), [f"{row.label}: {row.why}"]
    else:
        rules = [RULES[effect] for effect in nature.effects] or [UNKNOWN]
        tier = max(rule.asked if is_asked else rule.tier for rule in rules)
        why = [rule.why for rule in rules if (rule.asked if is_asked else rule.tier) == tier][:2]
    if nature.blast_radius is Blast.ALL and Effect.DESTROY in nature.effects:
        return max(tier, Tier.FOUR_EYES), (*why, "It destroys everything it can reach.")
    if nature.blast_radius >= Blast.MANY and set(nature.effects) != {Effect.READ}:
        return max(tier, Tier.APPROVE), (*why, "It touches many things at once.")
    return tier, tuple(why)
