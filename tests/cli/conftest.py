"""A small invented workspace, and a way to run a command as a newcomer would."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cadre.cli import main
from cadre.reports.kept import forget
from tests.firms import copied, small


@dataclass
class Done:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Cadre = Callable[..., Done]


@pytest.fixture
def cadre(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cadre:
    def run(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["cadre", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return run


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented firm of twelve people over two months."""
    return copied(tmp_path_factory, "small", small)


@pytest.fixture
def ranked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """People are ranked as where outcomes are many: twelve people over two months do not show what goes with what."""
    forget()
    monkeypatch.setattr("cadre.readiness.readiness.ENOUGH_OUTCOMES", 0)
    yield
    forget()
