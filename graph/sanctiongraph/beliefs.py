"""Which claims are believed: those that sources state as fact, and whose word a viewpoint takes."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from pyoxigraph import NamedNode, Quad

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.viewpoints import SOURCES, believed, viewpoint
from sanctiongraph.vocabulary import CLAIMS_GRAPH, term

_MODALITY: Final = term("sg:modality")
_FACT: Final = term("sg:Fact")


def beyond_facts(store: GraphStore, name: str) -> list[str]:
    """The claims that the viewpoint of a name believes beyond those of fact."""
    return [] if name == SOURCES else believed(store, viewpoint(store, name))


def accepted(store: GraphStore, graph: NamedNode, beyond: Container[str]) -> bool:
    """Whether a graph is of a claim of fact, or of one that is believed beyond those."""
    return graph.value in beyond or Quad(graph, _MODALITY, _FACT, CLAIMS_GRAPH) in store
