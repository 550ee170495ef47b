"""Every report begins the same, with the word of a study and the newest instant of the record."""

from cadre.records import Firm
from cadre.reports.head import dated_head, head
from tests.conftest import NOW


def test_a_head_says_whose_what_for_and_as_of_when() -> None:
    firm = Firm(name="Test firm", zone="Europe/Berlin", purpose="study")
    told = {"firm": "Test firm", "purpose": "study", "label": "Study"}

    assert told == head(firm, "Study")
    assert told | {"as_of": "2026-05-04T09:00:00+00:00"} == dated_head(firm, "Study", NOW)
    assert told | {"as_of": None} == dated_head(firm, "Study", None)
