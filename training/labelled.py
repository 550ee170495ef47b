"""The turns labelled for Cadre, joined with their words: what the recipes of acts and exchanges read.

`labels/turns.csv` holds ids and codes alone (`labels/guideline.md`); the words come from the data folder.
"""

import csv
import gzip
import io
import tarfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from training.chat import log

LABELS = Path(__file__).parent / "labels/turns.csv"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled turn: its words, those of the turn it answers or follows, and the codes of one or two readers."""

    id: str
    group: str
    rule: str
    text: str
    before: str
    same_speaker: bool
    first: str
    second: str | None

    @property
    def genre(self) -> str:
        """`irc`, `helpdesk` or `ami`."""
        return self.id.split(":", 1)[0]


def labelled(data: Path) -> list[Labelled]:
    """Every labelled turn whose words are below `data`."""
    told = list(csv.DictReader(LABELS.open()))
    wanted = {row["id"] for row in told}
    words = {**_chat(data, wanted), **_helpdesk(data), **_meetings(data)}
    return [
        Labelled(row["id"], group, row["rule"], text, before, same, row["first"], row["second"] or None)
        for row in told
        if row["id"] in words
        for group, text, before, same in [words[row["id"]]]
    ]


def _chat(data: Path, wanted: set[str]) -> dict[str, tuple[str, str, str, bool]]:
    with TemporaryDirectory() as scratch:
        folders = [data]
        for archive in data.rglob("*.tar.gz"):
            if "irc" in archive.name:
                with tarfile.open(archive) as opened:
                    opened.extractall(scratch, filter="data")
                folders.append(Path(scratch))
        files = {p.name.removesuffix(".ascii.txt"): p for f in folders for p in f.rglob("*.ascii.txt")}
        found = {}
        for name, path in files.items():
            lines = [int(x.split(":")[2]) for x in wanted if x.startswith(f"irc:{name}:")]
            if not lines:
                continue
            read = log(path, path.parent)
            turns = read.turns
            for line in lines:
                parents = [p for p in read.parents.get(line, []) if p != line]
                said = [n for n in range(line - 1, max(line - 12, -1), -1) if turns.speaker[n] >= 0]
                earlier = parents[-1] if parents else (said[0] if said else None)
                before = turns.text[earlier] if earlier is not None and parents else ""
                same = earlier is not None and bool(parents) and turns.speaker[earlier] == turns.speaker[line]
                found[f"irc:{name}:{line}"] = (name, turns.text[line], before, bool(same))
    return found


def comments(data: Path) -> dict[str, list[dict[str, str]]]:
    """Comments of each help-desk ticket in order: `id`, `author`, `role`, `text`, `created`."""
    tickets: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in _table(data, "helpdesk_utterances.csv.gz"):
        ticket = tickets[row["issueid"]]
        comment = ticket.setdefault(
            row["id"],
            {"id": row["id"], "author": row["author"], "role": row["author_role"], "created": row["created"],
             "seq": row["comment_seq"], "text": ""},
        )  # fmt: skip
        comment["text"] = f"{comment['text']} {row['actionbody']}".strip()
    return {
        ticket: sorted(found.values(), key=lambda c: (int(float(c["seq"])), c["created"]))
        for ticket, found in tickets.items()
    }


def _helpdesk(data: Path) -> dict[str, tuple[str, str, str, bool]]:
    found = {}
    for ticket, said in comments(data).items():
        for n, comment in enumerate(said):
            before = said[n - 1] if n else None
            found[f"helpdesk:{ticket}:{comment['id']}"] = (
                ticket, comment["text"], before["text"] if before else "", bool(before and before["author"] == comment["author"]),
            )  # fmt: skip
    return found


def meeting_acts(data: Path) -> dict[str, list[dict[str, str]]]:
    """Dialogue acts of each meeting by start."""
    meetings: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _table(data, "ami_dialogue_acts.csv.gz"):
        meetings[row["meeting"]].append(row)
    for said in meetings.values():
        said.sort(key=lambda row: (float(row["start"]), float(row["end"])))
    return dict(meetings)


def _meetings(data: Path) -> dict[str, tuple[str, str, str, bool]]:
    found = {}
    for meeting, said in meeting_acts(data).items():
        for n, row in enumerate(said):
            before = said[n - 1] if n else None
            found[f"ami:{row['da_id']}"] = (
                meeting[:6], row["text"], before["text"] if before else "", bool(before and before["speaker"] == row["speaker"]),
            )  # fmt: skip
    return found


def _table(data: Path, name: str) -> list[dict[str, str]]:
    return [
        row for path in sorted(data.rglob(name)) for row in csv.DictReader(io.TextIOWrapper(gzip.open(path), "utf-8"))
    ]
