"""The date that a node stands for, as it is written in the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import term

#: What bounds a date.
BOUNDS: Final = (term("sg:earliest"), term("sg:latest"))
EDTF: Final = term("sg:edtf")
_INFERRED: Final = term("sg:inferred")


@dataclass(frozen=True, slots=True)
class DateNote:
    """The date that a triple is about: EDTF as it is written, and why where it is inferred."""

    edtf: str
    inferred: str | None


def date_note(store: GraphStore, node: NamedNode) -> DateNote | None:
    """The date of a node; ``None`` where it is no date."""
    edtf = _text(store, node, EDTF)
    return DateNote(edtf, _text(store, node, _INFERRED)) if edtf else None


def _text(store: GraphStore, node: NamedNode, predicate: NamedNode) -> str | None:
    for quad in store.quads_for_pattern(node, predicate, None, None):
        if isinstance(quad.object, Literal):
            return quad.object.value
    return None
