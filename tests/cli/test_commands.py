import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cadre

READING = ("week", "people", "network", "signals", "coverage", "doctor", "sources")


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_prints_one_json_object(cadre: Cadre, firm: Path, command: str) -> None:
    done = cadre(command, "--workspace", str(firm), "--json")

    assert (0, "") == (done.code, done.err)
    assert isinstance(done.json(), dict | list)


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_prints_something_to_read(cadre: Cadre, firm: Path, command: str) -> None:
    done = cadre(command, "--workspace", str(firm))

    assert 0 == done.code
    assert len(done.out.splitlines()) >= 2


def test_every_number_about_a_person_has_an_interval_its_level_and_n(cadre: Cadre, firm: Path) -> None:
    people = cadre("people", "-w", str(firm), "--json").json()["people"]

    told = [m for p in people for m in (*p["measured"].values(), *p["estimates"].values())]
    estimates = [m for m in told if "value" in m]
    assert len(estimates) > 20
    assert all(
        {"value", "low", "high", "level", "n"} == set(m) and m["low"] <= m["value"] <= m["high"] for m in estimates
    )
    assert all({"abstained", "n", "min_n"} == set(m) for m in told if "value" not in m)


def test_a_person_is_shown_by_name_and_with_the_rows_behind_a_signal(cadre: Cadre, firm: Path) -> None:
    people = cadre("people", "-w", str(firm), "--json").json()["people"]
    one = next(p for p in people if "value" in p["measured"].get("peer_answer_share", {}))

    shown = cadre("person", one["name"], "-w", str(firm))
    rows = cadre("person", one["person_id"], "-w", str(firm), "--signal", "peer_answer_share", "--json").json()

    assert one["name"] in shown.out
    assert one["measured"]["peer_answer_share"]["n"] <= rows["total"]
    assert rows["rows"][0]["source_file"]


def test_an_agenda_item_is_decided_and_leaves_the_week(cadre: Cadre, firm: Path) -> None:
    before = cadre("week", "-w", str(firm), "--json").json()["items"]
    assert before
    key = before[0]["key"]

    without = cadre("week", "-w", str(firm), "--done", key)
    done = cadre("week", "-w", str(firm), "--done", key, "--reason", "looked at it", "--json").json()
    back = cadre("week", "-w", str(firm), "--reopen", key, "--json").json()

    assert (2, True) == (without.code, "reason" in without.err)
    assert key not in [i["key"] for i in done["items"]]
    assert key in [s["item"]["key"] for s in done["settled"]]
    assert key in [i["key"] for i in back["items"]]


def test_the_week_goes_into_a_calendar(cadre: Cadre, firm: Path) -> None:
    done = cadre("week", "-w", str(firm), "--ics")

    assert done.out.startswith("BEGIN:VCALENDAR\r\n")


def test_a_missing_workspace_is_an_error_with_the_next_step(cadre: Cadre, tmp_path: Path) -> None:
    words = cadre("people", "-w", str(tmp_path / "nowhere"))
    told = cadre("people", "-w", str(tmp_path / "nowhere"), "--json")

    assert (2, "") == (words.code, words.out)
    assert "no Cadre workspace" in words.err
    assert {"error", "hint"} == set(told.json())


def test_an_unknown_source_names_the_known_ones(cadre: Cadre, tmp_path: Path) -> None:
    done = cadre("ingest", "nothing", str(tmp_path), "-w", str(tmp_path / "w"))

    assert 2 == done.code
    assert "roster" in done.err
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    "words", [("table", "t.csv"), ("servicenow", "nowhere.csv"), ("slack", "t.csv", "--mapping", "x")]
)
def test_a_wrong_ingest_leaves_no_workspace_behind(cadre: Cadre, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "t.csv").write_text("id\n1\n", "utf-8")
    source, file, *more = words

    done = cadre("ingest", source, str(tmp_path / file), *more, "-w", str(tmp_path / "w"))

    assert 2 == done.code
    assert not (tmp_path / "w").exists()


def test_serving_to_other_machines_is_refused(cadre: Cadre, firm: Path) -> None:
    done = cadre("serve", "-w", str(firm), "--host", "0.0.0.0")

    assert 2 == done.code
    assert "served on this one alone" in done.err


def test_an_invented_firm_is_not_mixed_into_another_record(cadre: Cadre, firm: Path) -> None:
    done = cadre("simulate", "-w", str(firm), "--seed", "99")

    assert 2 == done.code
    assert "another invented firm" in done.err


def test_a_broken_setting_is_named(cadre: Cadre, tmp_path: Path) -> None:
    (tmp_path / "cadre.toml").write_text('[firm]\npurpose = "spying"\n', "utf-8")

    done = cadre("week", "-w", str(tmp_path))

    assert 2 == done.code
    assert "firm.purpose" in done.err


def test_a_firm_of_its_own_keeps_numbers_about_persons_closed(cadre: Cadre, tmp_path: Path, firm: Path) -> None:
    import shutil

    own = tmp_path / "own"
    shutil.copytree(firm, own)
    settings = own / "cadre.toml"
    settings.write_text(settings.read_text("utf-8").replace('purpose = "study"', 'purpose = "firm"'), "utf-8")

    people = cadre("people", "-w", str(own), "--json").json()

    assert people["withheld"]["withheld"]
    assert all(not p["measured"] and not p["estimates"] for p in people["people"])


def test_an_erased_person_is_gone_and_the_rest_is_recomputed(cadre: Cadre, tmp_path: Path, firm: Path) -> None:
    import shutil

    own = tmp_path / "own"
    shutil.copytree(firm, own)
    people = cadre("people", "-w", str(own), "--json").json()["people"]
    gone = people[0]

    done = cadre("erase", gone["person_id"], "-w", str(own), "--yes", "--json")
    left = cadre("people", "-w", str(own), "--json").json()["people"]

    assert done.json()["erased"] >= 1
    assert gone["name"] not in [p["name"] for p in left]
    assert gone["person_id"] not in [p["person_id"] for p in left]


def test_a_command_loads_no_engine_before_it_needs_one() -> None:
    heavy = "{'duckdb', 'ibis', 'deltalake', 'pandas', 'pyarrow', 'numpy', 'scipy', 'fastapi', 'sqlalchemy', 'alembic'}"
    code = f"import sys, cadre.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "[]" == done.stdout.strip()


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "cadre", "--help"], check=True, capture_output=True, text=True)

    assert "ingest" in done.stdout
