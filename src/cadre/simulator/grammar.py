"""Words: sentences composed from the committed lexicon, specific enough to be read by models.

Keeps true: words are drawn apart from what happens, so a simulation without texts has the same events; every name
is invented. What is said when is decided by the rooms that simulate work; here stands only how it is put.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from cadre.simulator.dice import Dice

FOLDER = Path(__file__).parent / "words"
_SLOT = re.compile(r"\{([a-z_0-9]+)\}")
_PHRASE = {
    "question": "questions",
    "symptom": "symptoms",
    "cause": "causes",
    "plain": "plain",
    "step": "steps",
    "brief": "brief",
}


@cache
def topics() -> Mapping[str, Mapping[str, list[str]]]:
    """The lexicon: topic -> kind of sentence -> sentences."""
    return tomllib.loads((FOLDER / "topics.toml").read_text(encoding="utf-8"))


@cache
def surnames() -> Sequence[Mapping[str, list[str]]]:
    """Groups of surnames: beginnings and endings that go together."""
    found = tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))["surnames"]
    return cast("Sequence[Mapping[str, list[str]]]", found)


@cache
def phrases() -> Mapping[str, list[str]]:
    """Everyday sentences by occasion."""
    words = tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))
    return {occasion: said for occasion, said in words.items() if occasion != "surnames"}


def second_language(text: str) -> str:
    """The same words as somebody may write them whose second language this is; as clear as before."""
    for usual, other in cast("Sequence[Sequence[str]]", phrases()["second_language"]):
        text = text.replace(usual, other, 1)
    return text


def invented_name(dice: Dice) -> tuple[str, str]:
    """A first name and a surname composed from the lexicon; whoever bears it by chance is not meant."""
    group = dice.one(surnames())
    return dice.one(phrases()["first_names"]), dice.one(group["begin"]) + dice.one(group["end"])


class Talk:
    """What a conversation is about, so that its sentences agree with one another.

    Args:
        dice: Draws of words only.
        topic: Name of a topic in the lexicon.
        client: Name of the client; empty where none.
        user: Name of the client's user.
        ticket: Ticket number as people write it; empty where none.
        speaks: False where no texts are wanted; then nothing is drawn and `say` gives empty text.
    """

    def __init__(
        self, dice: Dice, topic: str, *, client: str = "", user: str = "", ticket: str = "", speaks: bool = True
    ) -> None:
        self.dice, self.topic, self.speaks = dice, topic, speaks
        self._fixed = {"client": client or "the client", "user": user or "a user", "ticket": ticket or "a ticket"}
        self._fixed |= {"to": "colleague", "to2": "and others", "to3": "and others"}
        if speaks:
            lexicon, words = topics()[topic], phrases()
            case = int(dice.uniform() * len(lexicon["causes"]))
            self._fixed |= {
                "host": f"{dice.one(lexicon['hosts'])}{1 + int(dice.uniform() * 9):02d}",
                "site": dice.one(words["sites"]),
                "app": dice.one(words["apps"]),
                "_cause": lexicon["causes"][case],
                "_plain": lexicon["plain"][case],
            }

    def say(self, occasion: str, *to: str, **fixed: str) -> str:
        """A sentence for the occasion, addressed to those names; `fixed` fills further slots."""
        if not self.speaks:
            return ""
        lexicon = topics()[self.topic]
        pool = lexicon[occasion] if occasion in lexicon else phrases()[occasion]
        names = dict(zip(("to", "to2", "to3"), to, strict=False)) | fixed
        template = self.dice.one(pool)
        text = self._filled(template, names)
        return text if template.startswith("{host}") else text[:1].upper() + text[1:]

    def _filled(self, template: str, names: Mapping[str, str]) -> str:
        used: list[str] = []

        def slot(match: re.Match[str]) -> str:
            name = match[1]
            if name in names or name in self._fixed:
                return names.get(name) or self._fixed[name]
            if name in ("n", "n2"):
                return str(2 + int(self.dice.uniform() * 58))
            if name == "check":
                return self.dice.one(phrases()["checks"])
            if name == "hello":
                return self._filled(self.dice.one(phrases()["greetings" if "to" in names else "open_greetings"]), names)
            return self._topical(name, names, used)

        return _SLOT.sub(slot, template)

    def _topical(self, name: str, names: Mapping[str, str], used: list[str]) -> str:
        base, _, form = name.partition("_")
        base = "step" if base == "step2" else base
        if base in ("cause", "plain"):
            text = self._fixed[f"_{base}"]
        else:
            pool = [t for t in topics()[self.topic][_PHRASE[base]] if t not in used]
            text = self.dice.one(pool)
            used.append(text)
        text = self._filled(text, names)
        if form == "short":
            text = re.split(r", (?:because|since|so that|as|otherwise)", text)[0]
        if form == "cap":
            text = text[:1].upper() + text[1:]
        return text
