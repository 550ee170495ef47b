"""The style page shows every macro there is, so that none is mended or broken out of sight."""

import re
from importlib.resources import files

from cadre.web.style_examples import EXAMPLES

TEMPLATES = files("cadre.web") / "templates"


def test_every_macro_is_on_the_style_page() -> None:
    page = (TEMPLATES / "style.html").read_text("utf-8")
    macros = {
        name
        for path in TEMPLATES.iterdir()
        if path.name.startswith("_") and path.name.endswith(".html")
        for name in re.findall(r"{% macro (\w+)\(", path.read_text("utf-8"))
    }
    used = {name for name in macros if re.search(rf"{{{{ ?{name}\(", page)}

    assert macros == used


def test_every_example_is_shown() -> None:
    page = (TEMPLATES / "style.html").read_text("utf-8")

    assert [] == [name for name in EXAMPLES if not re.search(rf"\b{name}\b", page)]
