"""Collections of which another version is made for the price of what differs: they share the rest.

A copy of one with 100 000 entries costs what one of 100 costs, and finds its differences from another at that price.
Whoever shows one to others changes it no more, and goes on with a copy.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from itertools import accumulate, chain, compress
from operator import is_not, itemgetter
from typing import Any, Generic, TypeVar, overload

SHARDS = 256  # that a map is parted into
BLOCK = 256  # values of a sequence that lie together; twice as many are parted

K = TypeVar("K")
V = TypeVar("V")
SortKey = tuple[Any, ...]  # of one sequence they compare, and no two are alike


class SharingMap(MutableMapping[K, V], Generic[K, V]):
    """A mapping in no order, whose copies share what neither has changed since."""

    __slots__ = ("_mine", "_shards")

    def __init__(self) -> None:
        self._shards: list[dict[K, V]] = [{}] * SHARDS
        self._mine = bytearray(SHARDS)

    def copy(self) -> SharingMap[K, V]:
        """Another that may be changed without this one."""
        other: SharingMap[K, V] = SharingMap()
        other._shards = self._shards.copy()
        self._mine = bytearray(SHARDS)
        return other

    def differing(self, other: SharingMap[K, V]) -> set[K]:
        """The keys that only one of the two has, or that have another object in the other."""
        found: set[K] = set()
        for one, two in zip(self._shards, other._shards, strict=True):
            if one is not two:
                found |= one.keys() ^ two.keys()
                found.update(compress(one, map(is_not, one.values(), map(two.get, one))))
        return found

    def _own(self, key: K) -> dict[K, V]:
        at = hash(key) % SHARDS
        if not self._mine[at]:
            self._shards[at] = self._shards[at].copy()
            self._mine[at] = 1
        return self._shards[at]

    def __getitem__(self, key: K) -> V:
        return self._shards[hash(key) % SHARDS][key]

    def __contains__(self, key: object) -> bool:
        return key in self._shards[hash(key) % SHARDS]

    def __setitem__(self, key: K, value: V) -> None:
        self._own(key)[key] = value

    def __delitem__(self, key: K) -> None:
        del self._own(key)[key]

    def __iter__(self) -> Iterator[K]:
        return chain.from_iterable(self._shards)

    def __len__(self) -> int:
        return sum(map(len, self._shards))

    def __bool__(self) -> bool:
        return any(self._shards)


class SharingSequence(Sequence[V], Generic[V]):
    """Values in the order of their keys, whose copies share what neither has changed since."""

    __slots__ = ("_keys", "_last", "_mine", "_starts", "_values")

    def __init__(self, keyed: Iterable[tuple[SortKey, V]] = ()) -> None:
        in_order = sorted(keyed, key=itemgetter(0))
        self._set([key for key, _ in in_order], [value for _, value in in_order])

    @classmethod
    def of(cls, keys: Sequence[SortKey], values: Sequence[V]) -> SharingSequence[V]:
        """Of keys that are in order, and their values."""
        made: SharingSequence[V] = cls()
        made._set(keys, values)
        return made

    def _set(self, keys: Sequence[SortKey], values: Sequence[V]) -> None:
        at = range(0, len(keys), BLOCK)
        self._keys = [list(keys[start : start + BLOCK]) for start in at]
        self._values = [list(values[start : start + BLOCK]) for start in at]
        self._last = [block[-1] for block in self._keys]
        self._mine = [True] * len(self._keys)
        self._starts: list[int] | None = None  # how many stand before a block, and at the end how many there are

    def copy(self) -> SharingSequence[V]:
        """Another that may be changed without this one."""
        other: SharingSequence[V] = SharingSequence()
        other._keys, other._values = self._keys.copy(), self._values.copy()
        other._last, other._starts = self._last.copy(), self._starts
        other._mine = [False] * len(self._mine)
        self._mine = [False] * len(self._mine)
        return other

    def put(self, key: SortKey, value: V) -> None:
        """Set the value of a key."""
        if not self._keys:
            self._set([key], [value])
            return
        block = min(bisect_left(self._last, key), len(self._last) - 1)
        keys, values = self._own(block)
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            values[at] = value
            return
        keys.insert(at, key)
        values.insert(at, value)
        self._last[block] = keys[-1]
        self._starts = None
        if len(keys) >= 2 * BLOCK:
            self._keys[block : block + 1] = keys[:BLOCK], keys[BLOCK:]
            self._values[block : block + 1] = values[:BLOCK], values[BLOCK:]
            self._last[block : block + 1] = keys[BLOCK - 1], keys[-1]
            self._mine[block : block + 1] = True, True

    def discard(self, key: SortKey) -> None:
        """Take the value of a key out, where it has one."""
        block = bisect_left(self._last, key)
        if block == len(self._last):
            return
        at = bisect_left(self._keys[block], key)
        if self._keys[block][at] != key:
            return
        keys, values = self._own(block)
        del keys[at], values[at]
        self._starts = None
        if keys:
            self._last[block] = keys[-1]
        else:
            del self._keys[block], self._values[block], self._last[block], self._mine[block]

    def _own(self, block: int) -> tuple[list[SortKey], list[V]]:
        if not self._mine[block]:
            self._keys[block], self._values[block] = self._keys[block].copy(), self._values[block].copy()
            self._mine[block] = True
        return self._keys[block], self._values[block]

    def before(self, key: SortKey) -> int:
        """How many keys are smaller."""
        block = bisect_left(self._last, key)
        return self._begin[block] + (bisect_left(self._keys[block], key) if block < len(self._keys) else 0)

    def row(self, key: SortKey) -> int | None:
        """Where the value of a key stands."""
        block = bisect_left(self._last, key)
        if block == len(self._last):
            return None
        at = bisect_left(self._keys[block], key)
        return self._begin[block] + at if self._keys[block][at] == key else None

    def keys(self) -> Iterator[SortKey]:
        """The keys, in order."""
        return chain.from_iterable(self._keys)

    def value(self, key: SortKey) -> V:
        """The value of a key that is there."""
        block = bisect_left(self._last, key)
        return self._values[block][bisect_left(self._keys[block], key)]

    @property
    def _begin(self) -> list[int]:
        if self._starts is None:
            self._starts = list(accumulate(map(len, self._keys), initial=0))
        return self._starts

    @overload
    def __getitem__(self, row: int) -> V: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[V]: ...
    def __getitem__(self, row: int | slice) -> V | Sequence[V]:
        if isinstance(row, slice):
            return tuple(self)[row]
        begin = self._begin
        row = row + begin[-1] if row < 0 else row
        if not 0 <= row < begin[-1]:
            raise IndexError(row)
        block = bisect_left(begin, row + 1) - 1
        return self._values[block][row - begin[block]]

    def __iter__(self) -> Iterator[V]:
        return chain.from_iterable(self._values)

    def __len__(self) -> int:
        return self._begin[-1]
