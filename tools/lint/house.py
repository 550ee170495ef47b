"""House rules that the general linters cannot know: small checks over the syntax tree or the lines of a file.

`RULES` is the registry: a rule has a name, a reason and a check that yields the lines it objects to. The test in
`tests/docs/test_house.py` runs them over the checkout; `python tools/lint/house.py` prints what they object to.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "common", "handler", "handlers", "misc"})
CODE = ("src/**/*.py", "tests/**/*.py", "tools/**/*.py", "benchmarks/**/*.py", "validation/**/*.py")
TEXTS = (*CODE, "docs/**/*.md", "*.md", "src/**/*.html", "src/**/*.toml", "*.toml", "Makefile", "tools/*.sh")
_WORKPLACE = re.compile(r"(?<![\w.}/])/(?:work|root|home|Users)/\w")
_ABOUT_PEOPLE = re.compile(
    r"\b(scor(?:e|es|ed|ing)|rating of|rated as|rank(?:ed|ing) of|talent|weak (?:person|performer)|low performer"
    r"|AI-powered|unbiased)\b",
    re.IGNORECASE,
)
_TEMPLATE_CODE = re.compile(r"{[{%#].*?[}%#]}|<[^>]*>", re.DOTALL)
_OPENERS = ("src/cadre/reports/release.py", "src/cadre/warehouse/derive.py", "src/cadre/estimate.py")


@dataclass(frozen=True, slots=True)
class File:
    """A file as the rules see it: its path below the root and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.AST:
        """Its syntax tree."""
        return ast.parse(self.text)


@dataclass(frozen=True, slots=True)
class Rule:
    """One house rule.

    Attributes:
        name: How it is called in messages.
        why: What it protects, in one sentence.
        patterns: Globs of the files it looks at.
        check: File -> lines it objects to.
    """

    name: str
    why: str
    patterns: tuple[str, ...]
    check: Callable[[File], Iterator[int]]


def asks_the_clock(file: File) -> Iterator[int]:
    """Calls of `now`, `utcnow`, `today` or `time.time` outside `clock.py`."""
    if file.path == "src/cadre/clock.py":
        return
    for call in _calls(file):
        told = ast.unparse(call.func)
        if told in {"datetime.now", "datetime.datetime.now", "datetime.utcnow", "datetime.today", "date.today",
                    "datetime.date.today", "time.time"}:  # fmt: skip
            yield call.lineno


def commits(file: File) -> Iterator[int]:
    """Calls of `.commit()` on anything but a unit of work."""
    if file.path == "src/cadre/services/unit_of_work.py":
        return
    for call in _calls(file):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            owner = ast.unparse(call.func.value)
            if not (file.path.startswith("src/cadre/services/") and owner == "work"):
                yield call.lineno


def opens_sealed(file: File) -> Iterator[int]:
    """Names of `open_sealed` outside the release rule and the store that keeps it unseen."""
    if file.path in _OPENERS:
        return
    for node in ast.walk(file.tree):
        if (isinstance(node, ast.alias) and node.name == "open_sealed") or (
            isinstance(node, ast.Attribute) and node.attr in {"open_sealed", "_content"}
        ):
            yield node.lineno


def is_too_long(file: File) -> Iterator[int]:
    """The line past the last that a file may have."""
    if len(file.text.splitlines()) > MAX_LINES:
        yield MAX_LINES + 1


def has_a_vague_name(file: File) -> Iterator[int]:
    """Modules and packages whose name says nothing about what is in them."""
    parts = Path(file.path).with_suffix("").parts
    if FORBIDDEN_NAMES & set(parts):
        yield 1


def names_a_workplace(file: File) -> Iterator[int]:
    """Absolute paths of somebody's machine."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        if _WORKPLACE.search(line) and "https://" not in line and file.path != "tools/lint/house.py":
            yield number


def judges_people(file: File) -> Iterator[int]:
    """Words that pages do not use about people; what `docs/language.md` gives instead."""
    shown = _TEMPLATE_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), file.text)
    for number, line in enumerate(shown.splitlines(), start=1):
        if _ABOUT_PEOPLE.search(line) or "!" in line:
            yield number


RULES: tuple[Rule, ...] = (
    Rule("one clock", "What depends on time can be repeated.", ("src/**/*.py",), asks_the_clock),
    Rule("one commit", "Every change is one unit of work.", ("src/**/*.py",), commits),
    Rule("one opener", "No number about a person leaves but through the release rule.", ("src/**/*.py",), opens_sealed),
    Rule("400 lines", "A file is read in one sitting.", CODE, is_too_long),
    Rule("telling names", "A name says what is inside.", ("src/**/*.py", "tools/**/*.py"), has_a_vague_name),
    Rule("no workplace", "The project runs on any machine.", TEXTS, names_a_workplace),
    Rule("words about people", "Behaviour, never character.", ("src/**/*.html",), judges_people),
)


def files(patterns: tuple[str, ...], root: Path = ROOT) -> Iterator[File]:
    """The files of some globs, each once, in a stable order."""
    for path in sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()}):
        if not path.stat().st_size or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        yield File(path.relative_to(root).as_posix(), path.read_text("utf-8"))


def objections(rule: Rule, root: Path = ROOT) -> list[str]:
    """Where a rule is broken, as `path:line`."""
    return [f"{file.path}:{line}" for file in files(rule.patterns, root) for line in rule.check(file)]


def _calls(file: File) -> Iterator[ast.Call]:
    return (node for node in ast.walk(file.tree) if isinstance(node, ast.Call))


def main() -> int:
    """Print every objection; 1 where there is one."""
    found = [(rule, place) for rule in RULES for place in objections(rule)]
    for rule, place in found:
        print(f"{place}: {rule.name}. {rule.why}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
