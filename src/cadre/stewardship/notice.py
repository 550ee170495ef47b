"""The notice: what people are told before a number about them is opened, in plain words."""

from importlib.resources import files


def notice_text(firm: str, contact: str) -> str:
    """The notice that comes with Cadre, for one firm.

    Args:
        firm: Name of the firm.
        contact: Whom people can ask, as they would write or call them.
    """
    text = (files("cadre.stewardship") / "notice.md").read_text("utf-8")
    return text.format(firm=firm, contact=contact.strip())


def missing_sections(text: str) -> tuple[str, ...]:
    """Headings of the notice that comes with Cadre that a published text has not; none where nothing was published.

    A firm may say the same under its own headings, so this asks somebody to look and closes nothing.
    """
    has = set(_headings(text))
    return tuple(heading for heading in _headings(notice_text("", "")) if heading not in has) if text else ()


def _headings(text: str) -> tuple[str, ...]:
    return tuple(lines[0] for kind, lines in blocks(text) if kind == "h2")


def blocks(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The text as (kind, lines) a page can show: `h1`, `h2`, `p` or `ul`; no markup of the text is obeyed otherwise."""
    made: list[tuple[str, tuple[str, ...]]] = []
    for part in text.strip().split("\n\n"):
        lines = [line.strip() for line in part.strip().splitlines() if line.strip()]
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            made.append(("ul", tuple(line[2:] for line in lines)))
        elif lines[0].startswith("# "):
            made.append(("h1", (lines[0][2:],)))
        elif lines[0].startswith("## "):
            made.append(("h2", (lines[0][3:],)))
        else:
            made.append(("p", (" ".join(lines),)))
    return tuple(made)
