"""The Merkle tree of the log: hashes of subtrees from kept tiles, roots, and the proofs that others check.

Keeps true: only complete subtrees are ever read, since those never change; a tile is 256 neighbouring hashes of one
level, 8 levels of the tree, and is kept once it is full. Checking is in `verify`, so that a client needs that file alone.

References:
    RFC 9162, section 2.1 (the hashes of RFC 6962). C2SP tlog-tiles for the tiles.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from cadre.audit.verify import EMPTY_ROOT, node_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

Read = Callable[[int, int], bytes]
"""Hash of the complete subtree of 2 ** level leaves at a place of its level: `read(level, place)`."""


class Frontier:
    """The right border of a growing tree: enough to give its root at every size, whatever its length.

    Args:
        size: Leaves so far.
        border: Roots of its complete subtrees, the largest first, one for each bit of the size.
    """

    def __init__(self, size: int = 0, border: Iterable[bytes] = ()) -> None:
        self.size = size
        self._border = list(border)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        node, size = leaf, self.size
        while size & 1:
            node, size = node_hash(self._border.pop(), node), size >> 1
        self._border.append(node)
        self.size += 1

    @property
    def border(self) -> tuple[bytes, ...]:
        """Roots of its complete subtrees, the largest first."""
        return tuple(self._border)

    def root(self) -> bytes:
        """Root of the tree so far."""
        return folded(self._border)


def folded(border: Sequence[bytes]) -> bytes:
    """Root over complete subtrees, the largest first."""
    if not border:
        return EMPTY_ROOT
    node = border[-1]
    for left in reversed(border[:-1]):
        node = node_hash(left, node)
    return node


def subtree(read: Read, start: int, end: int) -> bytes:
    """Hash of the leaves from `start` to before `end`, where `start` is a multiple of a power of two not below their number."""
    border = []
    while start < end:
        level = (end - start).bit_length() - 1
        border.append(read(level, start >> level))
        start += 1 << level
    return folded(border)


def root_of(read: Read, size: int) -> bytes:
    """Root of the tree of the first leaves."""
    return subtree(read, 0, size)


def inclusion_proof(read: Read, index: int, size: int) -> list[bytes]:
    """Hashes that lead from a leaf to the root, the lowest first.

    Raises:
        IndexError: The tree has no such leaf.

    References:
        RFC 9162, 2.1.3.1.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(read, middle, end))
            end = middle
        else:
            path.append(subtree(read, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(read: Read, old: int, new: int) -> list[bytes]:
    """Hashes that show that a tree begins with an older one, the lowest first; none where either is empty or they are one.

    Raises:
        IndexError: The older tree is longer.

    References:
        RFC 9162, 2.1.4.1.
    """
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {new} does not begin with one of {old}")
    if old in {0, new}:
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(read, middle, end))
            end = middle
        else:
            path.append(subtree(read, start, middle))
            start = middle
    if start:
        path.append(subtree(read, start, end))
    return path[::-1]


def tile_root(hashes: bytes) -> bytes:
    """Root of a full tile."""
    return tile_node(hashes, TILE_HEIGHT, 0)


def tile_node(hashes: bytes, height: int, place: int) -> bytes:
    """A hash inside a tile: `height` levels above its own, at a place of that level."""
    wide = 32 << height
    level = [hashes[at : at + 32] for at in range(place * wide, (place + 1) * wide, 32)]
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def tiled(tile: Callable[[int, int], bytes | None], hashes: Callable[[int, int, int], bytes]) -> Read:
    """Hashes of subtrees from kept tiles, each worked out once.

    Args:
        tile: The 256 hashes of a full tile at a level of tiles and a place, or None where it is not full.
        hashes: So many hashes of a level of tiles, from a place on, one after the other.
    """
    tile = lru_cache(64)(tile)

    @lru_cache(16_384)
    def read(level: int, place: int) -> bytes:
        high, height = divmod(level, TILE_HEIGHT)
        start = place << height
        full = tile(high, start // TILE_WIDTH)
        if full is None:
            return tile_node(hashes(high, start, 1 << height), height, 0)
        return tile_node(full, height, start % TILE_WIDTH >> height)

    return read


def frontier(read: Read, size: int) -> Frontier:
    """The right border of a tree of so many leaves."""
    border, start = [], 0
    while start < size:
        level = (size - start).bit_length() - 1
        border.append(read(level, start >> level))
        start += 1 << level
    return Frontier(size, border)


def _split(count: int) -> int:
    """The largest power of two below a number above one."""
    return 1 << ((count - 1).bit_length() - 1)
