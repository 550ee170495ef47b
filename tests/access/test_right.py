"""What roles may change, and how a refusal is told."""

from typing import get_args

import pytest

from cadre.access.principal import ROLES, Principal, Role
from cadre.access.right import RIGHTS, Right, may, require
from cadre.errors import ForbiddenError


@pytest.mark.parametrize(
    ("right", "allowed"),
    [("agenda:decide", {"owner", "manager"}), ("identity:decide", {"owner", "manager"}), ("account:manage", {"owner"})],
)
def test_a_right_belongs_to_these_roles(right: Right, allowed: set[Role]) -> None:
    assert allowed == {role for role in ROLES if may(Principal("x", role), right)}


def test_every_right_is_given_to_somebody_and_every_role_is_listed() -> None:
    assert set(get_args(Right)) == set(RIGHTS)
    assert get_args(Role) == ROLES


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(ForbiddenError) as refused:
        require(Principal("x", "technician"), "agenda:decide")

    told = (refused.value.message, refused.value.hint, refused.value.status)
    assert told == (
        "a technician may not decide about a matter of the week: that takes an owner or a manager",
        "Ask an owner or a manager.",
        403,
    )
