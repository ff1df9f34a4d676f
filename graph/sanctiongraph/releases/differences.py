"""Two datasets as canonical N-Quads, and the quads by which they differ.

Both are sorted, so they are read side by side, and memory does not grow with them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

#: Lines that are parsed at a time.
_BATCH: Final = 10_000


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file of N-Quads, compressed or not."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        yield from file


def differing(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[Quad, bool]]:
    """The quads of one of two sorted files alone, and whether it is the new one."""
    lines = _differing(iter(old), iter(new))
    while batch := list(islice(lines, _BATCH)):
        quads = quads_of(line for line, _ in batch)
        yield from zip(quads, (is_new for _, is_new in batch), strict=True)


def quads_of(lines: Iterable[bytes]) -> Iterator[Quad]:
    """The quads of lines; blank nodes keep their names."""
    return iter(parse(b"".join(lines), format=RdfFormat.N_QUADS, lenient=True))


def _differing(old: Iterator[bytes], new: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        if one == other:
            one, other = next(old, None), next(new, None)
        elif other is None or (one is not None and one < other):
            assert one is not None
            yield one, False
            one = next(old, None)
        else:
            yield other, True
            other = next(new, None)
