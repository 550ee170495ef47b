"""Who works here, as the record tells it: those on a roster, and those whose accounts are staff's or who were seen at work."""

import ibis.expr.types as ir

from cadre.signals.signal import Tables


def working_here(tables: Tables) -> ir.Table:
    """Persons who work here, each once: `person_id`.

    Args:
        tables: The record; reads `people`, `person_accounts` and `signal_values`. Of a person whose accounts are of unknown
            kind, only what was seen of them in signals says that they work here.
    """
    accounts, values = tables["person_accounts"], tables["signal_values"]
    unknown = accounts.filter(accounts.kind == "unknown").semi_join(values.filter(values.n > 0), "person_id")
    return (
        tables["people"]
        .select("person_id")
        .union(
            accounts.filter(accounts.kind == "staff").select("person_id"), unknown.select("person_id"), distinct=True
        )
    )
