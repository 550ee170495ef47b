"""Computing everything that follows from the record: who is who, questions and answers, expectations, signals, estimates.

Keeps true: stages run in one order, each reads what the ones before it wrote, and the result is published at once or
not at all. What a stage computes is the business of the package it comes from; here it is only told when.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import select

from cadre import __version__
from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.model import IdentityDecision
from cadre.db.stewardship import ExcludedRow, HelpAnswer, HelpStatement
from cadre.estimate import Sealed
from cadre.exposure import question_waits, stress_windows
from cadre.identity import Decision, resolve
from cadre.language import answers, question_targets, questions
from cadre.readiness import Assessment, assess
from cadre.readiness.competency import teams_of
from cadre.readiness.reliability import unrepeated
from cadre.records import DERIVED_BY_NAME, Firm
from cadre.services.computing.annotate import annotate
from cadre.services.computing.expect import write_calendars, write_expectations
from cadre.services.computing.flags import flag_tables
from cadre.services.computing.ingest import Progress
from cadre.services.computing.lift import write_effects
from cadre.services.computing.networks import network_tables
from cadre.services.computing.partials import LeftOut, bring_partials_up
from cadre.services.computing.repeats import months_table, parts_of, repeats_of, repeats_table
from cadre.services.computing.retention import drop_old_texts
from cadre.services.computing.seen import seen_table
from cadre.services.computing.values import values_of, window_of
from cadre.services.unit_of_work import UnitOfWork
from cadre.signals import Window
from cadre.warehouse import Derivation, Warehouse


def refresh(
    principal: Principal,
    warehouse: Warehouse,
    work: UnitOfWork,
    clock: Clock,
    *,
    progress: Progress = lambda step, rows: None,
) -> dict[str, int]:
    """Recompute every derived table.

    Args:
        principal: Who asks.
        warehouse: The workspace's record.
        work: Access to recorded decisions.
        clock: Tells today, on which a firm's window ends.
        progress: Called as stages end.

    Returns:
        Derived table -> rows.
    """
    counts: dict[str, int] = {}
    annotate(principal, warehouse, clock, progress=progress)
    decisions = _decisions(work)
    now = clock.now()
    with warehouse.deriving(now) as derivation:

        def write(name: str, rows: Any) -> None:
            counts[name] = derivation.write(name, rows)
            progress(name.replace("_", " "), counts[name])

        record = derivation.tables
        accounts, identities, people = (record.rows(record[n]) for n in ("accounts", "identities", "people"))
        who = resolve(accounts, identities, people, decisions)
        write("person_accounts", who.person_accounts)
        write("identity_doubts", who.doubts)
        write("questions", questions(derivation.tables))
        write("question_targets", question_targets(derivation.tables))
        write("answers", answers(derivation.tables))
        write_calendars(derivation, warehouse.firm)
        write("stated_help", confirmed_help(work, who.person_accounts, warehouse.firm))
        write("question_waits", question_waits(derivation.tables))
        write("stress_windows", stress_windows(derivation.tables))
        persons = dict(
            zip(*(who.person_accounts.column(c).to_pylist() for c in ("account_id", "person_id")), strict=True)
        )
        for name, rows in write_expectations(derivation, persons).items():
            counts[name] = rows
            progress(name.replace("_", " "), rows)
        for name, rows in write_effects(derivation).items():
            counts[name] = rows
            progress(name.replace("_", " "), rows)
        counts["signal_partials"] = bring_partials_up(derivation, warehouse.firm, left_out=_left_out(work))
        progress("signal partials", counts["signal_partials"])
        window = window_of(derivation.tables, warehouse.firm, now.date())
        values = values_of(derivation.tables, window)
        write("signal_values", pa.Table.from_pylist(values, DERIVED_BY_NAME["signal_values"].schema()))
        flags, looks = flag_tables(derivation.tables, values, window)
        write("flags", flags)
        write("flag_looks", looks)
        parts = parts_of(derivation.tables, window)
        write("signal_months", months_table(parts, window))
        repeats = repeats_table(repeats_of(derivation.tables, parts), window)
        write("reliabilities", repeats)
        write("seen_hours", seen_table(derivation.tables, window))
        for name, drawn in network_tables(derivation.tables, window).items():
            write(name, drawn)
        silent = unrepeated(repeats.to_pylist())
        write("assessments", _assessments(derivation, values, window, warehouse.firm, silent))
        derivation.publish()
    if dropped := drop_old_texts(principal, warehouse, clock):
        progress("texts dropped", dropped)
    return counts


def _decisions(work: UnitOfWork) -> list[Decision]:
    with work:
        rows = work.session.scalars(select(IdentityDecision).order_by(IdentityDecision.id)).all()
        return [Decision(cast("Literal['join', 'split', 'undo']", r.verdict), r.account_id, r.person_id) for r in rows]


def confirmed_help(work: UnitOfWork, owners: pa.Table, firm: Firm) -> pa.Table:
    """Rows of `stated_help`: confirmed statements of help between two people with an account each.

    Args:
        work: Access to what people said.
        owners: `person_accounts`.
        firm: Its zone tells noon.
    """
    accounts: dict[str, str] = {}
    for row in owners.select(["person_id", "account_id"]).to_pylist():
        accounts[row["person_id"]] = min(accounts.get(row["person_id"], row["account_id"]), row["account_id"])
    confirmed = select(HelpStatement).join(HelpAnswer, HelpAnswer.statement_id == HelpStatement.id)
    with work:
        said = work.session.scalars(confirmed.where(HelpAnswer.is_confirmed).order_by(HelpStatement.id)).all()
        rows = []
        for one in said:
            if one.person_id in accounts and one.helped_person_id in accounts:
                noon = datetime.combine(one.helped_on, time(12))
                rows.append({
                    "statement_id": str(one.id), "account_id": accounts[one.person_id],
                    "other_account_id": accounts[one.helped_person_id], "ticket_id": one.ticket_id,
                    "occurred_at": noon.replace(tzinfo=ZoneInfo(firm.zone)), "local_at": noon,
                })  # fmt: skip
    return pa.Table.from_pylist(rows, DERIVED_BY_NAME["stated_help"].schema())


def _left_out(work: UnitOfWork) -> list[LeftOut]:
    with work:
        rows = work.session.scalars(select(ExcludedRow).order_by(ExcludedRow.id)).all()
        return [LeftOut(row.person_id, row.signal, row.record_table, row.record_id) for row in rows]


def _assessments(
    derivation: Derivation, values: list[dict[str, Any]], window: Window, firm: Firm, silent: Mapping[str, str]
) -> Sealed[pa.Table]:
    people = derivation.tables.rows(derivation.tables["people"].select("person_id", "team_id", "role"))
    manifest = derivation.manifest
    stamp = {
        "window_start": window.start,
        "window_days": window.days,
        "manifest": manifest.number,
        "code_version": __version__,
        "settings_digest": hashlib.sha256(json.dumps(asdict(firm), sort_keys=True).encode()).hexdigest()[:16],
    }

    def row(one: Assessment) -> dict[str, Any]:
        return {**asdict(one), "signals": list(one.signals), **stamp}

    schema = DERIVED_BY_NAME["assessments"].schema()
    return assess(values, teams_of(people), silent).map(
        lambda made: pa.Table.from_pylist([row(one) for one in made], schema)
    )
