"""The walk-through over real files: its commands run as they stand, and its counts hold, twice."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools.lint.house import ROOT

DOCUMENT = (ROOT / "docs/tutorials/real-data.md").read_text("utf-8")
DATA = os.environ.get("CADRE_DATA", "")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL) for line in block.splitlines()]
ROW = re.compile(r"^\| ([a-z-]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (.+) \|$", re.MULTILINE)

real = pytest.mark.skipif(
    not (Path(DATA) / "tickets").is_dir() or not DATA,
    reason="set CADRE_DATA to the folder with the public files to run it",
)


def run(command: str, folder: Path) -> str:
    words = command.replace("$CADRE_DATA", DATA).split()[1:]
    done = subprocess.run(
        [sys.executable, "-m", "cadre", *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_document_counts_each_of_its_ingests() -> None:
    told = [command.split()[2] for command in COMMANDS if command.startswith("cadre ingest")]

    assert told == [row[0] for row in ROW.findall(DOCUMENT)]


@real
@pytest.mark.slow
def test_the_walk_through_says_what_the_document_says_and_the_same_again(tmp_path: Path) -> None:
    expected = [
        (source, number(read), number(good), number(bad), {t: number(n) for n, t in re.findall(r"(\d[\d,]*) (\w+)", of)})
        for source, read, good, bad, of in ROW.findall(DOCUMENT)
    ]  # fmt: skip
    ingests = [command for command in COMMANDS if command.startswith("cadre ingest")]

    for command in COMMANDS:
        if command.startswith("cadre map"):
            run(command, tmp_path)
    first = [json.loads(run(command, tmp_path)) for command in ingests]
    again = [json.loads(run(command, tmp_path)) for command in ingests]

    assert expected == [
        (t["source"], t["rows_read"], t["rows_accepted"], t["rows_rejected"], {k: t["tables"][k] for k in e[4]})
        for t, e in zip(first, expected, strict=True)
    ]
    assert [(t["rows_read"], 0) for t in first] == [(t["rows_read"], t["rows_accepted"]) for t in again]
    run("cadre refresh -w real", tmp_path)
    people = json.loads(run("cadre people -w real --json", tmp_path))["people"]
    measured = [m for p in people for m in p["measured"].values() if "value" in m]
    assert measured
    assert [] == [m for m in measured if not m["low"] <= m["value"] <= m["high"] or m["n"] < 1]
