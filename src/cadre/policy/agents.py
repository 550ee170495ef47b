"""The policies of agents' acts: Cadre's own and the firm's together, and what requests about acts can say.

Keeps true: there is one permit, Cadre's own, and every other policy forbids or raises; so whatever a firm adds, nothing
becomes looser than it was without it. A policy that would permit is not loaded.
"""

from collections.abc import Iterable
from functools import cache

from cadre.errors import CadreError
from cadre.policy.clause import Vocabulary
from cadre.policy.engine import Engine, Kinds, shipped_files
from cadre.policy.source import File

RAISES = ("notify", "approve", "four-eyes")
"""Tiers that a policy may raise to; what forbids for good has no tier."""

EFFECTS = (
    "read", "create", "change", "send", "publish", "execute", "grant", "credential", "pay", "destroy", "protect",
    "unprotect", "unknown",
)  # fmt: skip
"""The actions of the schema: effects of a call, and `unknown` where none could be told."""

KINDS = Kinds("Cadre::Agent", "Cadre::Client", is_checked=False)

VOCABULARY = Vocabulary(
    bounds={
        "blast_radius": (1, 4), "danger_percent": (0, 100), "tier": (0, 4), "hour": (0, 23), "weekday": (1, 7),
        "confidence_percent": (0, 100), "cost_cents": (0, 2**63 - 1), "cost_today_cents": (0, 2**63 - 1),
        "calls_last_minute": (0, 2**63 - 1), "writes_last_hour": (0, 2**63 - 1), "refusals_last_hour": (0, 2**63 - 1),
    },
    words={
        "effects": frozenset(EFFECTS),
        "stopped": frozenset({"agent", "client", "firm"}),
        "reversible": frozenset({"yes", "no", "unknown"}),
        "sources": frozenset({"request", "default", "record", "output", "unsaid"}),
    },
)  # fmt: skip


@cache
def shipped_agents() -> Engine:
    """The engine with the policies of agents' acts that come with Cadre."""
    return agents_engine(())


def agents_engine(own: Iterable[File]) -> Engine:
    """Cadre's policies of agents' acts and a firm's own, as one engine.

    Args:
        own: The firm's files.

    Raises:
        CadreError: A policy does not load, the firm's own permits, or a policy raises to no tier there is.
    """
    cadres, schema = shipped_files("agents")
    engine = Engine((*cadres, *own), schema, KINDS)
    permits = [rule for rule in engine.rules if rule.effect == "permit"]
    for rule in permits[1:]:
        raise CadreError(f"{rule.where}: the policy {rule.name} permits; policies of agents' acts forbid or raise",
                         hint="Write `forbid` with @tier or @opens; what may be looser stands in the catalogue.")  # fmt: skip
    for rule in engine.rules:
        if rule.tier and rule.tier not in RAISES:
            raise CadreError(f"{rule.where}: {rule.tier} is no tier to raise to",
                             hint=f"There are {', '.join(RAISES)}; leave @tier out to forbid for good.")  # fmt: skip
    return engine
