"""Chat logs with gold reply links, as turns: what the recipes and the study of reply links read.

The format is that of the disentanglement corpus (Kummerfeld et al. 2019 and 2023): `[hh:mm] <nick> text`, `* nick acts`,
`=== system`, in some channels behind the channel's name and a date; `a b -` in `*.annotation.txt` links two lines.
"""

import re
import tarfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from cadre.language.turns import Turns

_LINE = re.compile(r"^(?:(?:\S+\s+)?\d{4}-\d\d-\d\d\s+)?\[(\d{1,2}):(\d\d)(?::\d\d)?\]\s?(.*)$", re.DOTALL)
_SAID = re.compile(r"^(?:<[ @+%&~]?([^\s<>]+)>\s?|\*\s+(\S+)(?:\s|$))(.*)$", re.DOTALL)
_SLACK, _HALF_DAY, _DAY = 60, 720, 1440


@dataclass(frozen=True, slots=True)
class Log:
    """One log: its turns, a line each, and the gold parents of its annotated lines (none where there is no file)."""

    name: str
    turns: Turns
    parents: dict[int, list[int]]


def logs(folder: Path) -> list[Log]:
    """Every log below a folder or in an archive there, by name."""
    found = [log(path, folder) for path in sorted(folder.rglob("*.ascii.txt"))]
    for archive in sorted(folder.rglob("*.tar.gz")):
        with tarfile.open(archive) as opened:
            chosen = [m for m in opened.getmembers() if m.name.endswith((".ascii.txt", ".annotation.txt"))]
            if not chosen:
                continue
            with TemporaryDirectory() as scratch:
                opened.extractall(scratch, members=chosen, filter="data")
                found += [log(path, Path(scratch)) for path in sorted(Path(scratch).rglob("*.ascii.txt"))]
    return found


def log(path: Path, folder: Path) -> Log:
    """One log; a line without speaker or time keeps its place and starts a conversation of its own."""
    lines = path.read_text("utf-8", errors="replace").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    speaker = np.full(len(lines), -1, np.int32)
    minute = np.zeros(len(lines))
    texts, numbers, latest, base = [], dict[str, int](), 0, 0
    for n, line in enumerate(lines):
        text = ""
        if match := _LINE.match(line):
            at = int(match[1]) * 60 + int(match[2]) + base
            if at < latest - _SLACK:
                step = _HALF_DAY if at + _HALF_DAY >= latest - _SLACK else _DAY
                at, base = at + step, base + step
            latest = max(at, latest)
            if said := _SAID.match(match[3]):
                nick, text = (said[1] or said[2]).lower(), said[3]
                speaker[n] = numbers.setdefault(nick, len(numbers))
        minute[n] = latest
        texts.append(text)
    name = str(path.relative_to(folder)).removesuffix(".ascii.txt")
    return Log(name, Turns(speaker, minute, texts, [[nick] for nick in numbers]), _gold(path))


def _gold(path: Path) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    gold = path.with_name(path.name.replace(".ascii.txt", ".annotation.txt"))
    if gold.exists():
        for line in gold.read_text("utf-8").split("\n"):
            if len(words := line.split()) >= 2:
                first, last = sorted((int(words[0]), int(words[1])))
                found[last].append(first)
    return dict(found)
