"""JSON exports item by item: a list, pages such as `{"value": [...]}`, one after another, or a line an object.

Keeps true: memory holds one item and one chunk, whatever the file's size; items are numbered from 1; a line of a
JSON-lines file that is no object is refused, while a JSON file that breaks off is an error of the file.
"""

import codecs
import json
from collections.abc import Iterator
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.reading import CHUNK_BYTES, MAX_LINE_BYTES, lines, open_bytes
from cadre.sources.source import Rejected, SourceFile

Item = tuple[int, dict[str, Any]]
PAGES = frozenset({"items", "value", "data", "records", "tickets", "actions", "results", "messages"})
"""Names under which systems put the items of a page."""
_SPACE = " \t\r\n,"


def json_rows(file: SourceFile) -> Iterator[Item | Rejected]:
    """The objects of a `.json`, `.jsonl` or `.ndjson` file, plain or gzip.

    Raises:
        UnreadableFileError: A JSON file is cut short or no JSON.
    """
    name = file.path.name.lower().removesuffix(".gz")
    found = _by_line(file) if name.endswith((".jsonl", ".ndjson")) else _Reader(file).items()
    for number, item in enumerate(found, start=1):
        if isinstance(item, Rejected):
            yield Rejected(item.reason, file.name, number)
        elif isinstance(item, dict):
            yield number, item
        else:
            yield Rejected("not a JSON object", file.name, number)


def _by_line(file: SourceFile) -> Iterator[Any]:
    for line in lines(file):
        if isinstance(line, Rejected):
            yield line
        elif line[1].strip():
            try:
                found = json.loads(line[1])
            except (ValueError, RecursionError):
                yield Rejected("not a line of JSON", file.name, line[0])
                continue
            page = _page_of(found)
            yield from page if page is not None else [found]


def _page_of(found: Any) -> list[Any] | None:
    if isinstance(found, list):
        return found
    if isinstance(found, dict) and "id" not in found:
        return next((found[name] for name in PAGES if isinstance(found.get(name), list)), None)
    return None


class _Reader:
    """Takes JSON values off a stream, asking for more text as it needs it."""

    def __init__(self, file: SourceFile) -> None:
        self._file, self._text, self._at, self._ended = file, "", 0, False
        self._decode = json.JSONDecoder().raw_decode
        self._chunks = self._read()

    def items(self) -> Iterator[Any]:
        """All items of all top-level values."""
        while (mark := self._peek()) is not None:
            if mark == "[":
                yield from self._array()
            elif mark == "{":
                yield from self._page()
            else:
                raise self._broken()

    def _page(self) -> Iterator[Any]:
        """An object: its items where it is a page, itself where it is an item."""
        self._at += 1
        held: dict[str, Any] = {}
        was_page = False
        while (mark := self._peek()) != "}":
            if mark is None:
                raise self._broken()
            name = self._value()
            if self._peek(also=":") == "[" and name in PAGES and "id" not in held:
                was_page = True
                yield from self._array()
            else:
                held[str(name)] = self._value()
        self._at += 1
        if held and not was_page:
            yield held

    def _array(self) -> Iterator[Any]:
        self._at += 1
        while (mark := self._peek()) != "]":
            if mark is None:
                raise self._broken()
            yield self._value()
        self._at += 1

    def _value(self) -> Any:
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except RecursionError:
                raise self._broken() from None
            except ValueError:
                if self._ended or len(self._text) - self._at > MAX_LINE_BYTES:
                    raise self._broken() from None
            else:
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._fill()

    def _peek(self, also: str = "") -> str | None:
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE + also:
                    return self._text[self._at]
                self._at += 1
            if self._ended:
                return None
            self._fill()

    def _fill(self) -> None:
        chunk = next(self._chunks, None)
        self._ended = chunk is None
        self._text, self._at = self._text[self._at :] + (chunk or ""), 0

    def _read(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        with open_bytes(self._file) as stream:
            while data := stream.read(CHUNK_BYTES):
                try:
                    yield decoder.decode(data)
                except UnicodeDecodeError:
                    raise UnreadableFileError(
                        f"{self._file.name}: not UTF-8 text", hint="Export the file as UTF-8."
                    ) from None

    def _broken(self) -> UnreadableFileError:
        return UnreadableFileError(
            f"{self._file.name}: not JSON, or cut short",
            hint="Export or copy the file again: a list or pages of objects.",
        )
