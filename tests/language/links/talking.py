"""Conversations written down as (who, what) or (minute, who, what), for the tests of everything that reads turns."""

from collections.abc import Sequence

import numpy as np

from cadre.language.turns import Turns

Line = tuple[float, str | None, str]


def conversation(
    lines: Sequence[Line], *, told: Sequence[Sequence[str]] | None = None, parts: Sequence[int] | None = None
) -> Turns:
    """Turns of lines (minute, who, what); who is their only name, None for a system line.

    In another part the same name is another speaker.
    """
    keys = [(0 if parts is None else parts[k], who) for k, (_, who, _) in enumerate(lines)]
    numbers: dict[tuple[int, str], int] = {}
    for part, who in keys:
        if who is not None:
            numbers.setdefault((part, who), len(numbers))
    spoken = [-1 if who is None else numbers[part, who] for part, who in keys]
    mentions = (
        None if told is None else [[numbers[part, w] for w in some] for (part, _), some in zip(keys, told, strict=True)]
    )
    return Turns(
        np.array(spoken, np.int32),
        np.array([minute for minute, _, _ in lines], float),
        [text for _, _, text in lines],
        [[who] for _, who in numbers],
        mentions,
        None if parts is None else np.array(parts, np.int32),
    )


HELPING: list[Line] = [
    (0, "anna", "hi all, my printer says offline since this morning, any ideas?"),
    (1, "bert", "anna: is it on the network? can you ping it"),
    (1, "carla", "does anyone know how to resize a partition on a running server?"),
    (2, "anna", "bert: yes, ping works fine"),
    (3, "dmitri", "carla: use growpart, then resize2fs"),
    (4, None, "=== erik has joined #help"),
    (5, "bert", "anna: then restart the spooler, systemctl restart cups"),
    (6, "carla", "dmitri: do i have to unmount the partition first?"),
    (7, "anna", "bert: great, it prints again, thanks!"),
    (8, "dmitri", "carla: no, ext4 grows while mounted"),
    (9, "erik", "hello, where do i find the vpn profile?"),
    (10, "carla", "dmitri: perfect, thank you"),
    (12, "bert", "erik: it is in the portal under downloads"),
]
