"""A set of digests in a sorted file, too many to read each time, and a difference to it in memory."""

from __future__ import annotations

import bisect
import mmap
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from sanctiongraph.durable import written

#: Bytes of a digest: two of a billion things are alike with a chance of 10^-21.
SIZE: Final = 16
#: Bytes that are compared, or read, at once.
_CHUNK: Final = SIZE * 2**16


class Digests(Collection[bytes]):
    """Digests of ``SIZE`` bytes: those of a sorted sequence, without some and with others."""

    __slots__ = ("_come", "_gone", "_sorted")

    def __init__(
        self,
        in_order: bytes | mmap.mmap = b"",
        come: frozenset[bytes] = frozenset(),
        gone: frozenset[bytes] = frozenset(),
    ) -> None:
        """``in_order`` is one digest after the other; of it are all of ``gone`` and none of ``come``."""
        self._sorted = in_order
        self._come = come
        self._gone = gone

    @classmethod
    def of(cls, digests: Iterable[bytes]) -> Digests:
        """Those given, in memory; each may come more than once."""
        return cls(b"".join(sorted(set(digests))))

    @classmethod
    def read(cls, path: Path) -> Digests:
        """Those of a file, which stays on the disk; none where there is no file."""
        try:
            with path.open("rb") as file:
                return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (FileNotFoundError, ValueError):  # an empty file cannot be mapped
            return cls()

    def __contains__(self, one: object) -> bool:
        if one in self._come:
            return True
        if not isinstance(one, bytes) or one in self._gone:
            return False
        at = self._place(one)
        return self._sorted[at : at + SIZE] == one

    def __len__(self) -> int:
        return len(self._sorted) // SIZE + len(self._come) - len(self._gone)

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts():
            yield from (part[at : at + SIZE] for at in range(0, len(part), SIZE))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Digests):
            return NotImplemented
        if self._sorted is other._sorted:
            return (self._come, self._gone) == (other._come, other._gone)
        return len(self) == len(other) and all(
            one == two for one, two in zip(self._chunks(), other._chunks(), strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # it may be millions

    def changed(self, come: Iterable[bytes], gone: Iterable[bytes]) -> Digests:
        """These with those that come and without those that go; what does both goes."""
        leaves = frozenset(gone)
        enters = frozenset(come) - leaves
        below = Digests(self._sorted)
        return Digests(
            self._sorted,
            frozenset(one for one in (self._come | enters) - leaves if one not in below),
            frozenset(one for one in (self._gone | leaves) - enters if one in below),
        )

    def write(self, path: Path) -> None:
        """Writes them, on the disk when this returns."""
        with written(path) as file:
            file.writelines(self._parts())

    def _parts(self) -> Iterator[bytes]:
        """All of them in order, some at a time."""
        done = 0
        for one in sorted(self._come | self._gone):
            at = self._place(one)
            yield from self._between(done, at)
            if one in self._come:
                yield one
            done = at + SIZE if one in self._gone else at
        yield from self._between(done, len(self._sorted))

    def _between(self, start: int, end: int) -> Iterator[bytes]:
        for first, last in pairwise((*range(start, end, _CHUNK), end)):
            yield self._sorted[first:last]

    def _chunks(self) -> Iterator[bytes]:
        """All of them in order, equally many at a time."""
        waiting = bytearray()
        for part in self._parts():
            waiting += part
            while len(waiting) >= _CHUNK:
                yield bytes(waiting[:_CHUNK])
                del waiting[:_CHUNK]
        yield bytes(waiting)

    def _place(self, one: bytes) -> int:
        """Where a digest stands in the sequence, or would stand."""

        def at(number: int) -> bytes:
            return self._sorted[number * SIZE : number * SIZE + SIZE]

        return bisect.bisect_left(range(len(self._sorted) // SIZE), one, key=at) * SIZE
