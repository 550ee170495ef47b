"""What each role may change. Who may read what is the release rule's business, not this one's."""

from collections.abc import Mapping
from typing import Literal

from cadre.access.principal import Principal, Role
from cadre.errors import ForbiddenError

Right = Literal["agenda:decide", "identity:decide", "account:manage", "audit:keep", "machine:manage", "action:govern",
                "action:stop", "action:approve"]  # fmt: skip

RIGHTS: Mapping[Right, tuple[Role, ...]] = {
    "agenda:decide": ("owner", "manager"),
    "identity:decide": ("owner", "manager"),
    "account:manage": ("owner",),
    "audit:keep": ("owner",),
    "machine:manage": ("owner", "manager"),
    "action:govern": ("owner", "manager"),
    "action:stop": ("owner", "manager", "reviewer", "technician"),
    "action:approve": ("owner", "manager"),
}
_WORDS: Mapping[Right, str] = {
    "agenda:decide": "decide about a matter of the week",
    "identity:decide": "decide who an account of the record belongs to",
    "account:manage": "invite people or change accounts",
    "audit:keep": "read the audit log, hand out of it or keep its key",
    "machine:manage": "decide what machines may exist",
    "action:govern": "set modes, limits and tiers of agents, or switch them on again",
    "action:stop": "switch agents off",
    "action:approve": "answer what agents ask for",
}
_ARTICLES: Mapping[Role, str] = {
    "owner": "an owner",
    "manager": "a manager",
    "reviewer": "a reviewer",
    "technician": "a technician",
}


def may(principal: Principal, right: Right) -> bool:
    """Whether a role has a right."""
    return principal.role in RIGHTS[right]


def require(principal: Principal, right: Right) -> None:
    """Stop whoever may not.

    Args:
        principal: Who asks.
        right: What for.

    Raises:
        ForbiddenError: Their role does not have the right.
    """
    if not may(principal, right):
        allowed = " or ".join(_ARTICLES[role] for role in RIGHTS[right])
        raise ForbiddenError(
            f"{_ARTICLES[principal.role]} may not {_WORDS[right]}: that takes {allowed}", hint=f"Ask {allowed}."
        )
