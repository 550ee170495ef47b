"""A planted set for the private-data study: texts such as a managed service provider writes, with every span known.

Names, templates and formats stand here alone. They were written before the rules, from how people, vendors and
countries write these things, and share no list with the package; so the study measures what the rules do with what
they were not made from. Every fourth text or so is clean and full of look-alikes: versions, builds, error codes,
ticket numbers, product names.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import planted_private_things as things
import planted_private_words as words

SLOTS: dict[str, tuple[str, Callable[[things.Case], str]]] = {
    "person": ("person", things.person), "full": ("person", things.full_name), "first": ("person", things.first_name), "last": ("person", things.honorific), "reversed": ("person", things.reversed_name), "user": ("person", things.user),
    "client": ("client", things.client), "email": ("email", things.email), "upn": ("upn", things.upn), "phone": ("phone", things.phone), "host": ("host", things.host), "ip": ("ip", things.ip), "mac": ("mac", things.mac), "serial": ("serial", things.serial), "asset": ("serial", things.asset),
    "password": ("key", things.password), "key": ("key", things.key), "card": ("card", things.card), "iban": ("iban", things.iban), "url": ("url", things.url), "guid": ("id", things.guid), "address": ("address", things.address), "birthday": ("birthday", things.birthday), "ssn": ("id", things.national),
}  # fmt: skip


def fill(case: things.Case, template: str) -> str:
    """A text of a template, noting each span as it is written; `<...>` is a slot, `[n]` plain filler."""
    out = ""
    for place, part in enumerate(template.split("<")):
        if place == 0:
            out += part
            continue
        slot, _, rest = part.partition(">")
        if slot.startswith("="):
            out += case.shape(slot[1:]) + rest
            continue
        kind, make = SLOTS[slot]
        value = make(case)
        case.spans.append({"start": len(out), "end": len(out) + len(value), "kind": kind})
        out += value + rest
    return out


def generate(count: int, number: int) -> list[dict[str, Any]]:
    """So many texts of some forty firms, the same ones for the same number."""
    rng = random.Random(number)  # noqa: S311 (a set to be made again, nothing secret)
    firms = [(rng.sample(words.CLIENTS, 12), rng.sample(words.PEOPLE, 15)) for _ in range(40)]
    found = []
    for place in range(count):
        clients, people = firms[place % len(firms)]
        case = things.Case(rng, clients, people)
        draw = rng.random()
        if draw < 0.27:
            text = fill(case, rng.choice(words.CLEAN))
        elif draw < 0.9:
            text = fill(case, rng.choice(words.TEMPLATES))
        else:
            text, offset = "", 0
            for _ in range(rng.randint(2, 4)):
                part = things.Case(rng, clients, people)
                written = fill(part, rng.choice(words.TEMPLATES + words.CLEAN))
                offset = len(text)
                case.spans += [
                    {**span, "start": span["start"] + offset, "end": span["end"] + offset} for span in part.spans
                ]
                text += written + rng.choice(["\n", " ", "\n\n"])
        names = [" ".join(name) for name in people]
        found.append({"id": str(place), "text": text, "clients": clients, "people": names, "spans": case.spans})
    return found


def main() -> None:
    """Write the set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where to write the JSON lines")
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--number", type=int, default=1, help="another number, another set")
    args = parser.parse_args()
    rows = generate(args.count, args.number)
    args.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} texts, {sum(len(row['spans']) for row in rows)} spans")


if __name__ == "__main__":
    main()
