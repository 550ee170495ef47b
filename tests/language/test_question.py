"""What counts as asking, by rule."""

import ibis
import pytest

from cadre.language.question import asks


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Which port is it?", True),
        ("Can someone look at the backup", True),
        ("anyone know the VPN gateway", True),
        ("could you take this one", True),
        ("how do I reset the token", True),
        ("The link is https://x.example/a?b=1", False),
        ("Run `SELECT ?` on it", False),
        ("Done, the mail flows again.", False),
        ("I can someday look", False),
        ("", False),
    ],
)
def test_a_text_asks_by_its_mark_or_its_opening(body: str, expected: bool) -> None:
    table = ibis.memtable({"body": [body]}, schema={"body": "string"})

    assert [expected] == table.select(it=asks(table.body)).to_pyarrow().column("it").to_pylist()
