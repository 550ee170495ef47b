"""JSON item by item: the same items whatever the wrapping and wherever a chunk ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources import SourceFile, json_rows
from cadre.sources.markup import text_of

ITEMS = [{"id": n, "text": 'é\\"]},' * n, "nested": {"a": [1, {"b": None}]}} for n in range(1, 40)]


def rows(tmp_path: Path, text: str, name: str = "x.json") -> list[Any]:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return list(json_rows.json_rows(SourceFile(path, name)))


@pytest.mark.parametrize("chunk", [1, 7, 64, 100_000])
def test_items_do_not_depend_on_where_a_chunk_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(json_rows, "CHUNK_BYTES", chunk)

    assert list(enumerate(ITEMS, start=1)) == rows(tmp_path, json.dumps({"next": None, "value": ITEMS}))


def test_an_object_with_an_id_is_an_item_even_where_a_field_is_called_like_a_page(tmp_path: Path) -> None:
    item = {"id": 1, "items": [{"id": 2}]}

    assert [(1, item)] == rows(tmp_path, json.dumps(item))
    assert [(1, item)] == rows(tmp_path, json.dumps(item), "x.jsonl")


def test_pages_one_after_another_are_numbered_through(tmp_path: Path) -> None:
    text = json.dumps({"items": ITEMS[:2]}) + json.dumps(ITEMS[2:3]) + json.dumps(ITEMS[3])

    assert [(n, ITEMS[n - 1]) for n in (1, 2, 3, 4)] == rows(tmp_path, text)


@pytest.mark.parametrize("text", ['[{"id": 1}', '{"value": [{"id": 1}]', '[{"id": 1} oops]', "[" * 100_000])
def test_a_file_that_breaks_off_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFileError, match="not JSON, or cut short"):
        rows(tmp_path, text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain & simple", "plain & simple"),
        ("<p>a</p><p>b&nbsp;c</p>", "a\nb c"),
        ("<style>x{}</style>one<br>two", "one\ntwo"),
        ('<img alt="chart"> <ul><li>x</li></ul>', "chart\nx"),
    ],
)
def test_markup_becomes_words_and_line_breaks(html: str, text: str) -> None:
    assert text == text_of(html)
