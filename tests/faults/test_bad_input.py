"""Bad input through the command line: a clear error or a refused row each, nothing lost, memory bounded.

Memory is watched in a process of its own, which takes seconds to start; what needs no watching is asked in this one.
"""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from cadre.cli import main

MAPPING = (
    '[[table]]\nto = "tickets"\nid = ["id"]\n[table.columns]\noccurred_at = "opened"\n[table.texts]\ntitle = "title"\n'
)
HEADER = "id,opened,title\n"
_RUN = """
import json, sys
from cadre.cli import main
sys.argv = ["cadre", *json.loads(sys.argv[1])]
try:
    main()
finally:
    # The peak of this process image; getrusage would also count what the test runner held when it forked.
    told = [line for line in open("/proc/self/status") if line.startswith("VmHWM")] if sys.platform == "linux" else []
    print(told[0].split()[1] if told else 0, file=sys.stderr)
"""


Told = tuple[int, dict[str, Any], float]


def cadre(*words: str) -> Told:
    """Exit code and what was printed of a command."""
    out, code = io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out):
        patch.setattr(sys, "argv", ["cadre", *words])
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, json.loads(out.getvalue().splitlines()[-1]), 0.0


def watched(*words: str) -> Told:
    """Exit code, what was printed, and peak memory in MB of a command in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _RUN, json.dumps(words)], capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if line.strip().isdigit()]
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), int(lines[-1]) / 1024


def ingest(
    folder: Path, name: str, content: bytes | Path, source: str = "table", run: Callable[..., Told] = cadre
) -> Told:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    (folder / "m.toml").write_text(MAPPING, "utf-8")
    more = ("--mapping", str(folder / "m.toml")) if source == "table" else ()
    return run("ingest", source, str(path), "-w", str(folder / "w"), *more, "--no-refresh", "--json")


def rows(*lines: str) -> bytes:
    return (HEADER + "".join(f"{line}\n" for line in lines)).encode()


def adds_up(told: dict[str, Any]) -> bool:
    return bool(told["rows_read"] == told["rows_accepted"] + told["rows_rejected"] + told["rows_unchanged"])


def test_a_truncated_gzip_is_an_error_and_a_whole_copy_loads_afterwards(tmp_path: Path) -> None:
    whole = gzip.compress(rows(*(f"{i},2024-05-01,t{i * 7919 % 9973}" for i in range(40_000))))

    code, told, _ = ingest(tmp_path, "t.csv.gz", whole[: len(whole) // 2])
    again, counted, _ = ingest(tmp_path, "t.csv.gz", whole)

    assert (1, True) == (code, "ends early" in told["error"])
    assert (0, 40_000) == (again, counted["rows_accepted"])


def test_lines_in_another_encoding_are_refused_one_by_one(tmp_path: Path) -> None:
    code, told, _ = ingest(tmp_path, "t.csv", rows("1,2024-05-01,good") + "2,2024-05-01,Störung\n".encode("latin-1"))

    assert (0, 1, 1) == (code, told["rows_accepted"], told["rows_rejected"])
    assert "UTF-8" in next(iter(told["reasons"]))
    assert adds_up(told)


def test_mixed_date_orders_are_an_error_until_somebody_says_which(tmp_path: Path) -> None:
    content = rows("1,25/04/2024,a", "2,04/25/2024,b")

    code, told, _ = ingest(tmp_path, "t.csv", content)
    words = (
        "ingest",
        "table",
        str(tmp_path / "t.csv"),
        "-w",
        str(tmp_path / "w"),
        "--mapping",
        str(tmp_path / "m.toml"),
    )
    said, counted, _ = cadre(*words, "--day-first", "--no-refresh", "--json")

    assert (2, "Say --day-first or --month-first.") == (code, told["hint"])
    assert (0, 1, 1) == (said, counted["rows_accepted"], counted["rows_rejected"])


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("channel/2024-05-01.json", b" " * (300 * 2**20))

    code, told, peak = ingest(tmp_path, "export.zip", out.getvalue(), source="slack", run=watched)

    assert (1, True) == (code, "would unpack" in told["error"])
    assert peak < 700


def test_a_gzip_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    code, told, peak = ingest(
        tmp_path, "t.csv.gz", gzip.compress(b"id,opened,title\n" + b"0" * (200 * 2**20)), run=watched
    )

    assert (1, True) == (code, "unpacks to more" in told["error"])
    assert peak < 700


def test_one_id_with_different_content_keeps_the_last_and_names_the_other(tmp_path: Path) -> None:
    _, told, _ = ingest(tmp_path, "t.csv", rows("1,2024-05-01,a", "1,2024-05-02,b"))

    assert (1, 1) == (told["rows_accepted"], told["rows_rejected"])
    assert {"the same id comes again with other content": 1} == told["reasons"]


def test_a_date_in_the_future_is_refused(tmp_path: Path) -> None:
    _, told, _ = ingest(tmp_path, "t.csv", rows("1,2024-05-01,a", "2,2199-05-02,b"))

    assert {"occurred_at lies in the future": 1} == told["reasons"]


def test_a_file_that_is_no_table_is_an_error(tmp_path: Path) -> None:
    code, told, _ = ingest(tmp_path, "t.xlsx", b"PK this is no workbook")

    assert (1, True) == (code, "not a zip archive" in told["error"])


@pytest.mark.parametrize("size", [40 * 2**20, pytest.param(2**30, marks=pytest.mark.slow)])
def test_a_line_without_end_is_one_refused_row_and_the_rest_is_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as out:
        out.write(rows("1,2024-05-01,a") + b"2,2024-05-01,")
        for _ in range(size // 2**20):
            out.write(b"x" * 2**20)
        out.write(b"\n3,2024-05-01,c\n")

    code, told, peak = ingest(tmp_path, "t.csv", path, run=watched)

    assert (0, 2, 1) == (code, told["rows_accepted"], told["rows_rejected"])
    assert adds_up(told)
    assert peak < 700
