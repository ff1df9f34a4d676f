"""What somebody asserts, apart from what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from sanctiongraph.vocabulary import term

#: Literals that a store gives back as they were written.
_AS_WRITTEN: Final[set[NamedNode]] = {term("xsd:string"), term("rdf:langString")}


@dataclass(frozen=True, slots=True)
class Asserted:
    """What is said, before anything is derived from it."""

    #: Quads in the graphs that their files or writers put them in, without date bounds.
    quads: list[Quad]
    #: What reference files state as fact, as quads of ``graph/reference``. It stays there as long
    #: as a claim of fact asserts it.
    background: list[Quad]


def as_stored(quads: Iterable[Quad]) -> list[Quad]:
    """The quads as a store gives them back: ``5.0`` becomes ``5``, which is the same value.

    A quad in another form is the same quad to a store, and another one to everybody else.
    """
    found: list[Quad] = []
    valued = Store()
    for quad in quads:
        if isinstance(quad.object, Literal) and quad.object.datatype not in _AS_WRITTEN:
            valued.add(quad)
        else:
            found.append(quad)
    return [*found, *valued]
