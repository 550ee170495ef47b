"""No bytes are given twice, neither to two threads nor to a process and the one that it was forked from."""

import os
from concurrent.futures import ThreadPoolExecutor

from cadre.audit.unguessable import BYTES, unguessable


def test_each_is_given_once_also_between_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: unguessable(), range(2_000)))
    expected = (2_000, {BYTES})
    actual = (len(set(given)), {len(one) for one in given})
    assert expected == actual


def test_a_forked_process_draws_its_own() -> None:
    unguessable()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"".join(unguessable() for _ in range(63)))
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reader, 63 * BYTES)
    os.close(reader)
    os.close(writer)
    theirs = {told[at : at + BYTES] for at in range(0, len(told), BYTES)}
    expected: tuple[int, set[bytes]] = (63, set())
    actual = (len(theirs), theirs & {unguessable() for _ in range(63)})
    assert expected == actual
