"""The tree is RFC 9162's: roots equal its definition, proofs lead to them, and nothing else does."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.audit.tree import (
    TILE_WIDTH,
    Frontier,
    consistency_proof,
    frontier,
    inclusion_proof,
    root_of,
    tile_root,
    tiled,
)
from cadre.audit.verify import ProofError, check_consistency, check_inclusion, leaf_hash

PUBLISHED = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
"""The entries with which implementations of RFC 6962 try themselves, and their root."""
PUBLISHED_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """The root by the words of RFC 9162, 2.1.1, from leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


def read_of(leaves: Sequence[bytes]):
    """Reading from tiles, full ones and the one that grows, as a database would keep them."""
    levels = [b"".join(leaves)]
    while len(levels[-1]) >= TILE_WIDTH * 32:
        below = levels[-1]
        full = range(0, len(below) - TILE_WIDTH * 32 + 1, TILE_WIDTH * 32)
        levels.append(b"".join(tile_root(below[at : at + TILE_WIDTH * 32]) for at in full))

    def tile(level: int, place: int) -> bytes | None:
        found = levels[level][place * TILE_WIDTH * 32 : (place + 1) * TILE_WIDTH * 32]
        return found if len(found) == TILE_WIDTH * 32 else None

    return tiled(tile, lambda level, start, count: levels[level][start * 32 : (start + count) * 32])


def test_the_published_example_has_its_published_root() -> None:
    leaves = [leaf_hash(entry) for entry in PUBLISHED]

    assert PUBLISHED_ROOT == root_of(read_of(leaves), len(leaves)).hex()


@given(st.integers(0, 1_200))
@settings(max_examples=60, deadline=None)
def test_every_way_to_the_root_is_the_definition(count: int) -> None:
    leaves = leaves_of(count)
    grown = Frontier()
    for leaf in leaves:
        grown.append(leaf)
    read = read_of(leaves)

    expected = defined_root(leaves)

    assert [expected] * 3 == [grown.root(), root_of(read, count), frontier(read, count).root()]


@given(st.integers(1, 1_200), st.data())
@settings(max_examples=150, deadline=None)
def test_a_leaf_is_proved_and_no_changed_bit_is(count: int, data: st.DataObject) -> None:
    leaves = leaves_of(count)
    index = data.draw(st.integers(0, count - 1))
    proof, root = inclusion_proof(read_of(leaves), index, count), defined_root(leaves)

    check_inclusion(leaves[index], index, count, proof, root)
    parts = [leaves[index], root, *proof]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = (int.from_bytes(parts[which], "big") ^ (1 << bit)).to_bytes(32, "big")

    with pytest.raises(ProofError):
        check_inclusion(parts[0], index, count, parts[2:], parts[1])
    for wrong in {data.draw(st.integers(-1, count)), index ^ 1} - {index}:
        with pytest.raises(ProofError):
            check_inclusion(leaves[index], wrong, count, proof, root)
    for short in (proof[:-1], [*proof, root]):
        if short != proof:
            with pytest.raises(ProofError):
                check_inclusion(leaves[index], index, count, short, root)


@given(st.integers(0, 1_200), st.data())
@settings(max_examples=150, deadline=None)
def test_a_beginning_is_proved_and_nothing_else_is(new: int, data: st.DataObject) -> None:
    leaves = leaves_of(new)
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(read_of(leaves), old, new)
    roots = [defined_root(leaves[:old]), defined_root(leaves)]

    check_consistency(old, new, *roots, proof)
    parts = [*roots, *proof]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    if old == 0 and which == 1:
        return  # every tree begins with the empty one
    parts[which] = (int.from_bytes(parts[which], "big") ^ (1 << bit)).to_bytes(32, "big")

    with pytest.raises(ProofError):
        check_consistency(old, new, parts[0], parts[1], parts[2:])
    with pytest.raises(ProofError):
        check_consistency(new + 1, new, *roots, proof)


def test_the_longest_trees_go_through_three_levels_of_tiles() -> None:
    leaves = leaves_of(70_000)
    read, grown = read_of(leaves), Frontier()
    for leaf in leaves:
        grown.append(leaf)
    root = grown.root()

    check_inclusion(leaves[65_535], 65_535, 70_000, inclusion_proof(read, 65_535, 70_000), root)
    check_consistency(65_536, 70_000, root_of(read, 65_536), root, consistency_proof(read, 65_536, 70_000))

    assert root == root_of(read, 70_000)
