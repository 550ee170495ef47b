"""Why believe this, on the command line."""

from pathlib import Path
from typing import Any


def test_the_worst_comes_first_and_json_holds_the_same(cadre: Any, firm: Path) -> None:
    text = cadre("validity", "-w", str(firm)).out
    told = cadre("validity", "--json", "-w", str(firm)).json()

    assert f"{told['finding']}." in text
    assert "above zero was asked for" in text
    assert 20 == told["own"]["needed"]
