"""The fairness audit on the command line."""

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.usefixtures("ranked")
def test_the_audit_is_told_recorded_and_drafted(cadre: Any, firm: Path, tmp_path: Path) -> None:
    root = str(shutil.copytree(firm, tmp_path / "firm"))
    first = cadre("fairness", "-w", root)
    told = cadre("fairness", "--record", "--json", "-w", root).json()
    after = cadre("fairness", "-w", root)
    draft = cadre("fairness", "--draft", "assessment", "-w", root)

    assert "No group is declared, so rates cannot be compared" in first.out
    assert "No audit is on record yet" in first.out
    assert (True, True) == (told["recorded_now"], told["finding"].startswith("No group is declared"))
    assert "The newest audit on record is of" in after.out
    assert draft.out.startswith("# Impact assessment (draft)")
