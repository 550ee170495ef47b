"""What of the catalogue is looser than it would be by itself, held against how such calls were judged of late."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision
from cadre.governance.action import Tier
from cadre.governance.governing import row_of
from cadre.governance.loosening import loosening
from cadre.services.agents.governing import read_governing

_MOST_SEEN = 200
"""Newest calls of a tool that are looked at."""


def loosened(principal: Principal, sessions: sessionmaker[Session]) -> dict[tuple[str, str], str]:
    """Rows of the firm that loosen, in words, by client and key: as if each were set only now."""
    del principal  # every account may read the rules that machines follow
    with sessions() as session:
        now = read_governing(session)
        rows = {(client, key): told for (kind, _, client, key), told in now.settings.items() if kind == "catalogue"}
        return {
            (client, key): words
            for (client, key), told in rows.items()
            if (words := loosening(now.without("catalogue", "", client, key), "catalogue", ("", client, key), told,
                                   seen_tiers(session, row_of(key, client, told).tool, client)))
        }  # fmt: skip


def seen_tiers(session: Session, tool: str, client: str) -> tuple[Tier, ...]:
    """How late calls of a tool were judged before policies, by other rows than one of its own; none without a tool."""
    if not tool:
        return ()
    wanted = select(ActionDecision.record).where(ActionDecision.tool == tool)
    if client:
        wanted = wanted.where(ActionDecision.client_id == client)
    rows = session.scalars(wanted.order_by(ActionDecision.at.desc()).limit(_MOST_SEEN))
    told = (json.loads(row)["inputs"] for row in rows)
    label = f"{tool}: "
    return tuple(
        sorted({Tier.named(one["tier"]) for one in told if not any(why.startswith(label) for why in one["why"])})
    )
