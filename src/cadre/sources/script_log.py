"""Script and automation runs of RMM tools, as CSV or XLSX: one row a run.

Keeps true: a run acts under the policy, script account or agent that started it; a run that a person started by hand is
an act of that person's tool and is kept with them as the one on whose behalf. Output of scripts is not taken.
"""

from collections.abc import Iterator, Sequence

from cadre.sources.columns import real
from cadre.sources.flat import Made, Row, read_flat
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

WANTED = {
    "id": ("run id", "job id", "activity id", "execution id", "log id"),
    "at": ("started", "start time", "run time", "executed at", "executed", "date", "timestamp", "time", "created"),
    "tool": ("script", "script name", "automation", "component", "job name", "task", "policy task", "action"),
    "account": ("run as", "policy", "automation account", "source", "triggered by policy", "agent account"),
    "person": ("user", "technician", "initiated by", "run by", "triggered by"),
    "client": ("organization", "organisation", "site", "customer", "company", "client name"),
    "ticket": ("ticket id", "ticket number", "ticket"),
    "status": ("result", "outcome", "state", "exit status"),
    "seconds": ("duration seconds", "duration", "run seconds"),
}  # fmt: skip
_DONE = ("success", "complete", "ok", "done", "passed", "0")
_FAILED = ("fail", "error", "time", "abort", "cancel", "warn")


def _make(row: Row, options: ReadOptions) -> Made:
    at, tool = row.when(row.read("at")), row.read("tool")
    if at is None or tool is None:
        raise ValueError("a time and a script are needed")
    status = (row.read("status") or "").lower()
    outcome = "done" if status.startswith(_DONE) else "failed" if any(word in status for word in _FAILED) else None
    account = row.read("account") or options.settings.get("account")
    row.named.machine(account, "unknown")
    yield "agent_actions", {
        "external_id": row.id, "occurred_at": at, "tool": tool, "outcome": outcome,
        "account_id": row.named.account(account, "bot", name=account),
        "for_account_id": row.named.person(row.read("person"), None, "staff"),
        "client_id": row.named.client(row.read("client"), row.read("client")), "ticket_id": row.read("ticket"),
        "duration_seconds": real(row.read("seconds")),
    }  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_flat(files, options, WANTED, (("at",), ("tool",)), _make)


SOURCE = Source(
    name="script-log",
    label="RMM script runs",
    group="msp",
    accepts="a log of script or automation runs as CSV or XLSX: time, script, run as, client, status",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("agent_actions", "machine_identities", "accounts", "identities", "clients"),
    read=_read,
    tried="not yet tried on a live export",
    reference="column names as RMM tools write activity and script logs, from their public documentation",
)
