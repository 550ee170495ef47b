"""The seat sheet as a PDF: two tagged pages, the same each time, and nothing that is withheld."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cadre.db.seats import SeatCost, SeatDecision
from cadre.documents.seat import seat_pdf, values_of
from cadre.estimate import Estimate
from cadre.readiness.desk import Sole
from cadre.reports.release import Withheld
from cadre.reports.seats.seat import SeatReport, seat
from cadre.services.people.seat import decide_seat, open_seat
from tests.seat_firm import NOW, OWNER, build, keys


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> SeatReport:
    runtime = build(tmp_path_factory.mktemp("seats"))
    open_seat(OWNER, runtime.work(), runtime.clock, name="Desk lead #1 *now*", hands_on_share=0.5, span=9, tiers=["1"])
    decide_seat(
        OWNER, runtime.work(), runtime.clock, runtime.warehouse,
        key="desk-lead-1-now", person_id=keys(runtime)["Hana Kim"], reason='#panic("x") $ & <b>',
    )  # fmt: skip
    with runtime.looking(OWNER, "selection_for_seat") as (gate, record):
        return seat(gate, record, runtime.sessions, "desk-lead-1-now", now=NOW)


def _pages(document: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", document))


def test_the_sheet_has_two_tagged_pages_and_a_title(sheet: SeatReport) -> None:
    document = seat_pdf(sheet)

    assert 2 == _pages(document)
    assert b"/StructTreeRoot" in document
    assert b"pdfuaid" in document
    assert b"/Lang" in document


def test_the_same_sheet_gives_the_same_file(sheet: SeatReport) -> None:
    assert seat_pdf(sheet) == seat_pdf(sheet)


def test_what_people_wrote_is_never_markup(sheet: SeatReport) -> None:
    told = values_of(sheet)

    assert '#panic("x") $ & <b>' == told["decision"]["reason"]
    assert 2 == _pages(seat_pdf(sheet))


def test_drawn_places_stay_on_the_scale(sheet: SeatReport) -> None:
    drawn = [d for p in values_of(sheet)["people"] for d in (p["estimate"], *p["competencies"].values()) if d]

    assert drawn
    assert all(0 <= low <= value <= high <= 1 for low, value, high in drawn)


def test_a_withheld_sheet_names_nobody(sheet: SeatReport, tmp_path: Path) -> None:
    shut = Withheld("Candidates for a seat are for the owner", "Ask the owner.")
    closed = replace(sheet, candidates=(), others=(), thin=(), above={}, compared=0, decisions=(), withheld=shut)

    assert "Hana Kim" not in str(values_of(closed))
    assert seat_pdf(closed).startswith(b"%PDF-")


def test_a_crowded_sheet_still_has_two_pages(sheet: SeatReport) -> None:
    share = Estimate(0.6, 0.4, 0.8, 0.9, 15)
    everybody = tuple((who, 12) for who in list(sheet.names)[:3])
    rests = tuple(Sole((f"a rather long topic {n}", "client"), 9, 15, share, everybody) for n in range(5))
    wide = tuple(
        replace(
            c,
            person=replace(
                c.person, name=f"{c.person.name} von der Osten-Sacken", role="Senior network operations engineer"
            ),
            loss=replace(c.loss, sole=rests),
        )
        for c in (*sheet.candidates, *sheet.candidates[:3])
    )
    thin = tuple((c.person, "too little was seen") for c in wide) * 4
    row = sheet.decisions[0].row
    told = replace(
        sheet.decisions[0],
        row=SeatDecision(row.seat_key, row.person_id, "because " * 400, row.decided_by, row.decided_at, 1, "0", "x"),
    )
    costly = SeatCost("x", 60_000, "EUR", 0.5, 2, "A long source " * 12, "Olga", NOW)

    assert 2 == _pages(seat_pdf(replace(sheet, candidates=wide, thin=thin, decisions=(told,), cost=costly)))
