"""Who may act for the firm towards its people, and who speaks for themselves."""

from cadre.access.principal import Principal, Role
from cadre.errors import ForbiddenError, UsageError

LEADS: tuple[Role, ...] = ("owner", "manager")
REVIEWERS: tuple[Role, ...] = ("owner", "manager", "reviewer")


def act_as(principal: Principal, roles: tuple[Role, ...], what: str) -> None:
    """Stop whoever has none of the roles.

    Args:
        principal: Who asks.
        roles: Roles of which one is needed.
        what: What they want to do, after "may not".

    Raises:
        ForbiddenError: Their role is none of them.
    """
    if principal.role not in roles:
        allowed = " or ".join(roles)
        raise ForbiddenError(f"a {principal.role} may not {what}: that takes {allowed}", hint=f"Ask {allowed}.")


def own_person(principal: Principal) -> str:
    """Key of the person who speaks for themselves.

    Raises:
        ForbiddenError: Whoever asks is no person on the staff.
    """
    if principal.person_id is None:
        raise ForbiddenError(
            "only a person on the staff can do that for themselves, and it is not known who you are",
            hint="Sign in with an account that is linked to you.",
        )
    return principal.person_id


def told(words: str, what: str, hint: str) -> str:
    """Words without the space around them.

    Raises:
        UsageError: There are none.
    """
    if not words.strip():
        raise UsageError(f"{what} needs words, and none were given", hint=hint)
    return words.strip()
