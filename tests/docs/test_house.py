"""The house rules hold over the checkout, and each of them can object."""

from importlib import import_module
from pathlib import Path

import pytest
from tools.lint.house import ROOT, RULES, File, Rule, objections

from cadre.signals import SIGNALS
from cadre.sources import SOURCES
from cadre.web.pages import PAGES

BROKEN = {
    "one clock": ("src/cadre/reports/week/week.py", "from datetime import datetime\nnow = datetime.now()\n", [2]),
    "one commit": ("src/cadre/reports/week/week.py", "session.commit()\n", [1]),
    "one opener": ("src/cadre/web/view.py", "from cadre.estimate import open_sealed\n", [1]),
    "400 lines": ("src/cadre/web/view.py", "a = 1\n" * 401, [401]),
    "telling names": ("src/cadre/web/utils.py", "", [1]),
    "no workplace": ("docs/index.md", "See\n/" + "home/anna/cadre\n", [2]),
    "words about people": ("src/cadre/web/templates/a.html", '<p class="score">\nHer score is {{ score }}\n</p>', [2]),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_checkout_keeps_the_rule(rule: Rule) -> None:
    assert [] == objections(rule), rule.why


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_objects_to_what_breaks_it(rule: Rule) -> None:
    path, text, lines = BROKEN[rule.name]

    assert lines == list(rule.check(File(path, text)))


def test_every_connector_is_in_its_registry() -> None:
    found = {m.SOURCE.name for m in _modules("sources") if hasattr(m, "SOURCE")}

    assert found == {source.name for source in SOURCES}


def test_every_signal_of_a_family_is_in_the_registry() -> None:
    found = {signal.name for m in _modules("signals/families") for signal in m.SIGNALS}

    assert found == {signal.name for signal in SIGNALS}


def test_every_page_is_in_its_registry() -> None:
    found = {m.PAGE.name for m in _modules("web/pages") if hasattr(m, "PAGE")}

    assert found == {page.name for page in PAGES}


def _modules(folder: str) -> list:
    names = sorted(p.stem for p in (ROOT / "src/cadre" / folder).glob("*.py") if p.stem != "__init__")
    assert names, Path(folder)
    return [import_module(f"cadre.{folder.replace('/', '.')}.{name}") for name in names]
