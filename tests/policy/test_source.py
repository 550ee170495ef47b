"""Policies are told apart by their own ends, whatever stands in quotes and comments, and know their line."""

from pathlib import Path

import cedarpy

from cadre.policy.source import File, folder_files, statements

SCHEMA = cedarpy.Schema.from_str("entity A; entity B; action see appliesTo { principal: [A], resource: [B] };")
TEXT = """// One; two;

@id("a") @rule("; // \\" ;")
permit (principal, action, resource); // three;
@id("b") @rule("two")
@opens("x")
forbid (principal == A::";", action, resource);
"""


def test_policies_are_told_apart_and_know_their_line() -> None:
    found = statements([File("one.cedar", TEXT), File("none.cedar", "// nothing;\n")], SCHEMA)

    assert [("a", "one.cedar:3"), ("b", "one.cedar:5")] == [(s.rule.name, s.rule.where) for s in found]


def test_files_of_a_folder_come_by_name(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.cedar", "a.cedar", "deep/c.cedar", "d.txt"):
        (tmp_path / name).write_text(name)

    assert ["a.cedar", "b.cedar", "deep/c.cedar"] == [file.name for file in folder_files(tmp_path)]
    assert () == folder_files(tmp_path / "missing")
