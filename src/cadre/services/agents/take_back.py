"""Taking back what was set about agents: what held before it is set again, by the same rights and with a reason of its own.

Keeps true: only what nothing newer stands on is taken back (`governance.taken_back`); a taking back is a setting with its
event like any other, and can be taken back in turn; two at the same moment do not both count.
"""

import json

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.governance import GovernanceSetting
from cadre.errors import NotFoundError, UsageError
from cadre.governance.taken_back import Chain, chain
from cadre.services.agents.govern import Place, add_setting, new_setting
from cadre.services.unit_of_work import UnitOfWork


def take_back(principal: Principal, work: UnitOfWork, clock: Clock, number: int, *, reason: str) -> GovernanceSetting:
    """Set what held before a setting, while nothing newer stands on it.

    Args:
        principal: Whoever may set what held before: everybody, where agents were stopped; else an owner or manager.
        work: The transaction.
        clock: Tells when.
        number: Of the setting that is taken back.
        reason: Why.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: There is no such setting.
        UsageError: Somebody set it anew since, or no reason was given.
    """
    with work:
        found = work.session.get(GovernanceSetting, number)
        if found is None:
            raise NotFoundError(
                f"there is no setting {number}", hint="`cadre govern history` lists what was set, by number."
            )
        before = _free(work, found).before[number]
        value = None if before is None else json.loads(work.session.get_one(GovernanceSetting, before).value)
        made = new_setting(principal, clock, found.kind, value, place=Place(found.agent, found.client_id, found.key),
                           reason=reason, takes_back=number)  # fmt: skip
        add_setting(principal, work, clock, made, value)
        work.session.flush()
        _free(work, found, made.id)  # from the flush on nobody else writes
        work.commit()
    return made


def _free(work: UnitOfWork, found: GovernanceSetting, made: int | None = None) -> Chain:
    """The settings of its place, other than the one that takes it back; stops where something newer stands on it."""
    table = GovernanceSetting
    rows = work.session.execute(
        select(table.id, table.takes_back)
        .where(table.kind == found.kind, table.agent == found.agent, table.client_id == found.client_id,
               table.key == found.key)
        .order_by(table.id)
    )  # fmt: skip
    told = chain([(row.id, row.takes_back) for row in rows if row.id != made])
    number = found.id or 0
    if not told.may_end(number):
        newer = told.over(number)
        raise UsageError(f"setting {number} was set anew or taken back since, and setting {newer} stands on it",
                         hint=f"Take {newer} back first, or set what you want to hold.")  # fmt: skip
    return told
