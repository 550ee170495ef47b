"""Setting a document: a layout of this package and plain values in, a tagged PDF out.

Values travel as JSON beside the layout, never inside it, so that no name or reason can become markup. The same values give the
same bytes. The only user of typst.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

STANDARD: Final = "ua-1"
"""PDF/UA-1: tagged, with a title and reading order, for readers that cannot see it."""


def pdf(layout: str, values: Mapping[str, Any], *, made_at: datetime | None = None) -> bytes:
    """A document.

    Args:
        layout: Name of a `.typ` file of this package, without its ending.
        values: What it shows, as plain values.
        made_at: Instant written into the file; none unless given, so that it repeats.
    """
    import typst  # noqa: PLC0415 (native, loads where used)

    source = (files("cadre.documents") / f"{layout}.typ").read_bytes()
    told = json.dumps(values, ensure_ascii=False, sort_keys=True)
    made = typst.compile(
        source, format="pdf", sys_inputs={"values": told}, pdf_standards=STANDARD,
        timestamp=int(made_at.timestamp()) if made_at else 0,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made
