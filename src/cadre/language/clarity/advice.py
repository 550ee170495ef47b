"""What the writer of a text might change, in plain words; for the writer's own eyes.

Keeps true: advice names what stands in the text and a way to change it, never the person; the most telling comes first
and there are at most `MOST`; a text that is too short or not readable gets none.
"""

from cadre.language.clarity.jargon import unexplained
from cadre.language.clarity.part import PARTS, Reader, parts
from cadre.language.clarity.reading import prose

MOST = 3
_BELOW = {
    "one_ask": 0.4, "sentences": 0.5, "order": 0.3, "definite": 0.25, "easy_words": 0.4, "named": 0.01, "next_step": 0.5,
    "timed": 0.5,
}  # fmt: skip
"""Parts in the order they are told, and the share below which they are."""
_LONG = {"named": 12, "next_step": 30, "timed": 60}
"""Some are asked only of texts of so many words; a line in chat needs no date."""
_SAYS = {
    "one_ask": "Several questions or requests stand in one text. Ask one at a time, or number them so that each gets its answer.",
    "sentences": "The sentences are long. Split them where one thought ends and the next begins; about 15 words read easily.",
    "order": "A long text without steps or paragraphs. Number the steps, or put one thought in each paragraph.",
    "definite": "Words such as “it”, “this” or “something” carry much here. Say the thing's name once more.",
    "easy_words": "Many long words. A short one that means the same reads faster.",
    "named": "Nothing is named exactly. The device, the version, the path or the words of the error save a question.",
    "next_step": "It does not say what happens next, or who does it.",
    "timed": "It names no time. Say when it happened, or by when it is needed.",
}


def advice(text: str, reader: Reader) -> list[str]:
    """What the writer might change.

    Args:
        text: As written; at most the first 4,000 characters are read.
        reader: For whom it was written.

    Returns:
        At most `MOST` sentences, the most telling first; none where there is nothing to say or to read.
    """
    row = parts([text], reader)[0]
    if row[0] != row[0]:
        return []
    share = dict(zip(PARTS, row.tolist(), strict=True))
    read = prose(text)
    said = []
    if share["explained"] < 1:
        terms = ", ".join(unexplained(read.text)[0][:3])
        said.append(f"A client may not know: {terms}. Say in a few words what it is, in brackets behind it.")
    for name, least in _BELOW.items():
        shown = name == "named" and share["shown"] > 0
        if share[name] < least and len(read.words) >= _LONG.get(name, 0) and not shown:
            said.append(_SAYS[name])
    return said[:MOST]
