from typing import Any

import pytest

from cadre.governance.reading import action, read_output, structured


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"tool": None, "schema": [], "arguments": "x", "history": "no"},
        {"tool": 7, "description": {"a": 1}, "schema": "{", "arguments": [1], "user_request": 3},
        {"tool": "t", "history": [None, 3, [], {"tool": {}, "arguments": 1, "output": {"a": [1, {"b": None}]}}]},
    ],
)
def test_odd_types_become_empty_or_text(line: dict[str, Any]) -> None:
    read = action(line)

    assert (str, str) == (type(read.tool.name), type(read.user_request))
    assert all(isinstance(step.tool, str) for step in read.history)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"to": {"type": "string"}}},
        {"parameters": {"properties": {"to": {"type": "string"}}}},
        {"function": {"parameters": {"to": {"type": "string"}}}},
        [{"name": "to", "type": "string"}, 7],
        {"to": {"type": "string"}},
        '{"properties": {"to": {"type": "string"}}}',
    ],
)
def test_a_schema_is_read_however_its_server_writes_it(schema: Any) -> None:
    assert ["to"] == list(action({"tool": "t", "schema": schema}).tool.schema["properties"])


def test_text_is_records_only_where_all_of_it_reads_so() -> None:
    yaml = "- name: Ann\n  mail: ann@x.example\n  notes: 'a long\n    line: with a key'\n- name: Bo\n  mails:\n  - bo@x.example\n"
    told = structured(yaml)

    assert [{"name": "Ann", "mail": "ann@x.example", "notes": "a long line: with a key"},
            {"name": "Bo", "mails": ["bo@x.example"]}] == told  # fmt: skip
    assert structured("Dear Ann,\nname: Bo\nmail: bo@evil.example") is None
    assert {"a": [1, 2]} == structured("{'a': [1, 2]}")


def test_a_key_inside_a_folded_value_makes_it_text() -> None:
    assert structured("name: Ann\n  mail: ann@evil.example") is None


def test_short_values_are_fields_and_long_ones_text() -> None:
    records, texts = read_output([{"name": "Ann", "bio": "x " * 100, "tags": ["a", "b"]}])

    assert [(("name", "Ann"), ("tags", "a"), ("tags", "b"))] == [one.atoms for one in records]
    assert ["x " * 100] == list(texts)


def test_an_item_of_a_plain_list_stands_for_itself() -> None:
    records, _ = read_output(["general", "random"])

    assert [(("", "general"),), (("", "random"),)] == [one.atoms for one in records]
