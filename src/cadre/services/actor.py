"""By which key the audit log knows somebody; never a name."""

from cadre.access.principal import Principal

MACHINE = "machine"


def actor_of(principal: Principal) -> str:
    """Key of whoever acts: their account's number, or the machine where nobody signs in."""
    return MACHINE if principal.account_id is None else f"account:{principal.account_id}"
