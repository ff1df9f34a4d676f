"""Viewpoints: whose claims are accepted on top of what sources state as fact.

The named graph of a viewpoint has its IRI and holds what it accepts beyond the accepted graph,
with what follows: only triples that the accepted graph lacks, so that the two can be looked at as
one graph without a row coming twice. Where ownerships add up to something else on a viewpoint, its
sums are in its graph and supersede those of the accepted graph (``ownership``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from sanctiongraph.binding import bind
from sanctiongraph.errors import NotFound
from sanctiongraph.increments import Increments
from sanctiongraph.ownership import superseding
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import PREFIXES, local_name, shorten, term

#: The viewpoint that is the accepted graph itself.
SOURCES: Final = "sources"

# Believing a state is believing its agencies and all who speak for it. The claims are found in each
# branch by themselves: joined afterwards, a speaker of n claims would give n times n rows.
_BELIEVED: Final = """
SELECT DISTINCT ?claim WHERE {
  { $viewpoint sg:believes ?speaker . ?claim sg:speaker ?speaker }
  UNION { $viewpoint sg:believes ?state . ?speaker sg:speaksFor ?state . ?claim sg:speaker ?speaker }
  UNION { $viewpoint sg:believes ?state . ?speaker sg:agencyOf ?state . ?claim sg:speaker ?speaker }
  UNION { $viewpoint sg:believesEverySpeaker true . ?claim sg:speaker ?speaker }
  ?claim sg:modality ?modality .
  $viewpoint sg:believesModality ?modality .
} ORDER BY ?claim"""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A named choice of whose claims to accept."""

    iri: str
    label: str

    @property
    def name(self) -> str:
        """The last part of the IRI, by which commands call it."""
        return local_name(self.iri)

    @property
    def graph(self) -> NamedNode:
        """The graph of what it accepts beyond the accepted graph."""
        return NamedNode(self.iri)


def viewpoints(store: GraphStore) -> list[Viewpoint]:
    """The viewpoints that there are, in the order of their IRIs."""
    found = store.quads_for_pattern(None, term("rdf:type"), term("sg:Viewpoint"), None)
    iris = {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}
    return [Viewpoint(iri, _label(store, iri)) for iri in sorted(iris)]


def viewpoint(store: GraphStore, name: str) -> Viewpoint:
    """A viewpoint by the last part of its IRI, its short form or its IRI. Raises ``NotFound``."""
    offered = viewpoints(store)
    for one in offered:
        if name in {one.name, one.iri, shorten(one.iri)}:
            return one
    names = ", ".join(one.name for one in offered) or "none"
    raise NotFound(f"no viewpoint is named {name!r}; there are: {names}")


def believed(store: GraphStore, one: Viewpoint) -> list[str]:
    """The claims that a viewpoint accepts beyond those of fact, in the order of their IRIs."""
    rows = store.query(bind(_BELIEVED, {"viewpoint": one.graph}), prefixes=PREFIXES)
    if not isinstance(rows, QuerySolutions):  # a SELECT always gives solutions
        raise TypeError(type(rows))
    return [row["claim"].value for row in rows if isinstance(row["claim"], NamedNode)]


def assertions(store: GraphStore, claims: Iterable[str]) -> Iterator[Triple]:
    """What the claims assert, one after the other."""
    for claim in claims:
        for quad in store.quads_for_pattern(None, None, None, NamedNode(claim)):
            yield quad.triple


def add_viewpoints(store: Store) -> None:
    """Fills the graph of each viewpoint. The accepted graph must be complete, entailments and all."""
    increments = Increments(store)
    for one in viewpoints(store):
        fill(store, increments, one.graph, one.name, assertions(store, believed(store, one)))


def fill(
    store: Store, increments: Increments, graph: NamedNode, name: str, said: Iterable[Triple]
) -> None:
    """Fills a graph with what is said, what follows, and the sums that supersede accepted ones."""
    believed_too = list(said)
    store.bulk_extend(quads_in(graph, increments.beyond(believed_too)))
    if sums := superseding(store, graph, name):
        store.bulk_extend(quads_in(graph, increments.beyond([*believed_too, *sums])))


def quads_in(graph: NamedNode, triples: Collection[Triple]) -> Iterator[Quad]:
    """The triples as quads of a graph."""
    return (Quad(one.subject, one.predicate, one.object, graph) for one in triples)


def _label(store: GraphStore, iri: str) -> str:
    for quad in store.quads_for_pattern(NamedNode(iri), term("rdfs:label"), None, None):
        if isinstance(quad.object, Literal) and quad.object.language == "en":
            return quad.object.value
    return local_name(iri)
