"""What somebody asserts, apart from what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Quad


@dataclass(frozen=True, slots=True)
class Asserted:
    """What is said, before anything is derived from it."""

    #: Quads in the graphs that their files or writers put them in, without date bounds.
    quads: list[Quad]
    #: What reference files state as fact, as quads of ``graph/reference``. It stays there as long
    #: as a claim of fact asserts it.
    background: list[Quad]
