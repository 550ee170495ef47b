"""The study of danger on a few actions of our own in the vendors' formats."""

import csv
import gzip
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from training.severity import act, teaches_destroys, trained

ROWS = [
    {"service": "iam", "action": "PutRolePolicy", "access_level": "Permissions management", "description": "Grants permission to attach a policy"},
    {"service": "s3", "action": "CreateBucket", "access_level": "Write", "description": "Grants permission to create a bucket"},
    {"service": "s3", "action": "ListBuckets", "access_level": "List", "description": "Grants permission to list buckets"},
    {"area": "Az.Sql", "command": "delete", "cls": "DatabaseDeleteCommand", "description": "Deletes a database.", "Destructive": True, "ReadOnly": False},
    {"area": "Az.Sql", "command": "list", "cls": "DatabaseListCommand", "description": "Lists databases.", "Destructive": False, "ReadOnly": True},
    {"tool": "delete_file", "annotations": {"destructiveHint": True, "readOnlyHint": False}, "description": "Delete a file", "params": ["path"]},
    {"tool": "get_file", "annotations": {"readOnlyHint": True}, "description": "Get a file", "params": ["path"]},
    {"module": "M", "cmdlet": "Remove-Thing", "verb": "Remove", "whatif": True, "synopsis": "Removes a thing."},
    {"module": "M", "cmdlet": "Get-Thing", "verb": "Get", "whatif": False, "synopsis": "Gets a thing."},
]  # fmt: skip


@pytest.fixture(scope="module")
def study() -> ModuleType:
    path = Path(__file__).parents[2] / "validation" / "severity.py"
    spec = importlib.util.spec_from_file_location("severity_study", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_vendors_own_columns_are_read() -> None:
    read = [act(row, f"f:{n}") for n, row in enumerate(ROWS)]

    assert ["aws"] * 3 + ["azure"] * 2 + ["github"] * 2 + ["powershell"] * 2 == [one.vendor for one in read]
    assert [True, False, False, True, False, True, False, True, False] == [one.is_dangerous for one in read]
    assert [True, False, True] == [teaches_destroys(one) for one in read[:3]]


def test_a_vendor_is_judged_by_models_that_never_saw_it(study: ModuleType, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "some.jsonl.gz", "wt") as out:
        out.write("".join(json.dumps(row) + "\n" for row in ROWS))
    told = study.study(tmp_path, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as lines:
        said = [int(row["dangerous"]) for row in csv.DictReader(lines)]

    assert (1.0, 1.0) == (told["figures"]["recall_macro"]["value"], told["figures"]["precision_macro"]["value"])
    assert (len(ROWS), 4) == (len(said), sum(said))


def test_lines_without_labels_are_judged_and_have_no_figures(study: ModuleType, tmp_path: Path) -> None:
    rows = [{"id": "a", "vendor": "other", "tool": "x", "action": "delete_server", "description": "", "params": []},
            {"id": "b", "vendor": "other", "tool": "x", "action": "zorblat", "description": "", "params": []},
            {"id": "c", "vendor": "other", "tool": "x", "action": "list_servers", "description": "", "params": None}]  # fmt: skip
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    told = study.study(tmp_path / "in.jsonl", tmp_path / "out.csv")

    assert (None, None) == (told["figures"]["recall_other"]["value"], told["figures"]["recall_macro"]["value"])
    assert ["id,dangerous", "a,1", "b,1", "c,0"] == (tmp_path / "out.csv").read_text("utf-8").split()


def test_a_head_without_anything_to_learn_from_is_left_out() -> None:
    read = [act(row) for row in ROWS]

    assert ({"destroys", "grants"}, {"destroys"}) == (set(trained(read)), set(trained(read, ["aws"])))
