"""Statements about a node with what says them: the claims by name, or the part of the dataset.

Read are the accepted graph and what anyone claims. What only a viewpoint or a scenario adds is
derived from claims that are read themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import (
    ENTAILED_GRAPH,
    LAW_GRAPH,
    LINKS_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    term,
)
from sanctiongraph_server.linked.meanings import is_own
from sanctiongraph_server.linked.values import Node, Value, Values

_TYPE: Final = term("rdf:type")
#: Properties that a page shows in places of their own.
_NAMES: Final = frozenset(map(term, ("rdfs:label", "skos:altLabel", "skos:notation")))
LINKS_OUT: Final = frozenset(
    term(f"skos:{kind}Match") for kind in ("exact", "close", "broad", "narrow", "related")
)
_NOT_ROWS: Final = frozenset({*_NAMES, *LINKS_OUT, _TYPE, term("sg:mentions")})
#: What a statement without a claim rests on.
_ORIGINS: Final = {
    REFERENCE_GRAPH: "reference data",
    LAW_GRAPH: "the law as encoded here",
    ONTOLOGY_GRAPH: "the vocabulary",
    LINKS_GRAPH: "links",
}
_FOLLOWS: Final = "follows from the rest"


@dataclass(slots=True)
class Told:
    """One value of a property, with the claims that give it, or else what it rests on.

    ``accepted`` where it is in the accepted graph: else it is somebody's word only.
    """

    node: Node
    value: Value
    claims: list[str] = field(default_factory=list)
    origin: str = ""
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node with its values."""

    name: NamedNode
    value: Value
    values: tuple[Told, ...]


class Statements:
    """Reads statements of one store."""

    def __init__(self, store: GraphStore, values: Values) -> None:
        self._store = store
        self._values = values
        self._about: dict[NamedNode, list[Quad]] = {}
        self._properties: dict[NamedNode, tuple[Property, ...]] = {}
        self._classes: dict[NamedNode, frozenset[NamedNode]] = {}
        self._wider: dict[NamedNode, frozenset[NamedNode]] = {}

    def classes(self, node: NamedNode) -> frozenset[NamedNode]:
        """The classes of a node on anybody's word, and what these are kinds of."""
        if node not in self._classes:
            found: set[NamedNode] = set()
            for quad in self._store.quads_for_pattern(node, _TYPE, None, None):
                if isinstance(quad.object, NamedNode) and quad.object not in found:
                    found |= self._with_wider(quad.object)
            self._classes[node] = frozenset(found)
        return self._classes[node]

    def narrowest(self, node: NamedNode) -> tuple[NamedNode, ...]:
        """Of the vocabulary's own classes of a node those that are no kind of another of them."""
        own = {one for one in self.classes(node) if is_own(one)}
        wider = {other for one in own for other in self._with_wider(one) if other != one}
        return tuple(sorted(own - wider, key=str))

    def properties(self, node: NamedNode) -> tuple[Property, ...]:
        """All properties of a node but its names, classes and links, in the order of their labels."""
        if node not in self._properties:
            found: dict[NamedNode, list[Quad]] = {}
            for quad in self._quads(node):
                if quad.predicate not in _NOT_ROWS:
                    found.setdefault(quad.predicate, []).append(quad)
            made = (self._property(name, quads) for name, quads in found.items())
            rows = [one for one in made if one.values]
            self._properties[node] = tuple(sorted(rows, key=lambda one: one.value.text))
        return self._properties[node]

    def values(self, node: NamedNode, name: NamedNode) -> tuple[Told, ...]:
        """The values of one property."""
        quads = [quad for quad in self._quads(node) if quad.predicate == name]
        return self._property(name, quads).values

    def claims_of(self, node: NamedNode) -> set[str]:
        """The claims that say something of the node as subject."""
        return set(claims_in(self._quads(node)))

    def pointing_to(self, node: NamedNode, most: int) -> tuple[dict[NamedNode, list[Quad]], bool]:
        """Statements with the node as object by their subject; and whether these are all."""
        found: dict[NamedNode, list[Quad]] = {}
        for quad in self._store.quads_for_pattern(None, None, node, None):
            subject = quad.subject
            if quad.predicate in _NOT_ROWS or not isinstance(subject, NamedNode):
                continue
            if not _is_read(quad):
                continue
            if subject not in found and len(found) == most:
                return found, False
            found.setdefault(subject, []).append(quad)
        return found, True

    def _quads(self, node: NamedNode) -> list[Quad]:
        """What is read of a node."""
        if node not in self._about:
            quads = self._store.quads_for_pattern(node, None, None, None)
            self._about[node] = [quad for quad in quads if _is_read(quad)]
        return self._about[node]

    def _property(self, name: NamedNode, quads: Iterable[Quad]) -> Property:
        by_object: dict[object, list[Quad]] = {}
        for quad in quads:
            by_object.setdefault(quad.object, []).append(quad)
        merged: dict[tuple[str, str], Told] = {}
        for node, about in by_object.items():
            claims = sorted({iri for quad in about if (iri := _claim(quad))})
            origin = "" if claims else _origin(about)
            if origin == _FOLLOWS and not is_own(name):
                continue  # an alignment says nothing new
            value = self._values.of(node)
            # Each claim has a date node of its own: those of one date are one value.
            key = (value.text, value.language if isinstance(node, Literal) else "")
            one = merged.setdefault(key, Told(about[0].object, value, [], origin))
            one.claims = sorted({*one.claims, *claims})
            one.origin = "" if one.claims else one.origin
            one.accepted |= any(isinstance(quad.graph_name, DefaultGraph) for quad in about)
        values = sorted(merged.values(), key=lambda one: (one.value.language, one.value.text))
        return Property(name, self._values.of(name), tuple(values))

    def _with_wider(self, one: NamedNode) -> frozenset[NamedNode]:
        if one not in self._wider:
            found, waiting = {one}, [one]
            while waiting:
                below = waiting.pop()
                above = term("rdfs:subClassOf")
                for quad in self._store.quads_for_pattern(below, above, None, DefaultGraph()):
                    if isinstance(quad.object, NamedNode) and quad.object not in found:
                        found.add(quad.object)
                        waiting.append(quad.object)
            self._wider[one] = frozenset(found)
        return self._wider[one]


def claims_in(quads: Iterable[Quad]) -> Iterator[str]:
    """The claims among whose assertions the quads are."""
    for quad in quads:
        if iri := _claim(quad):
            yield iri


def _claim(quad: Quad) -> str | None:
    graph = quad.graph_name
    if isinstance(graph, NamedNode) and graph.value.startswith(PREFIXES["claim"]):
        return graph.value
    return None


def _is_read(quad: Quad) -> bool:
    graph = quad.graph_name
    return (
        isinstance(graph, DefaultGraph)
        or _claim(quad) is not None
        or graph in _ORIGINS
        or graph == ENTAILED_GRAPH
    )


def _origin(quads: Iterable[Quad]) -> str:
    graphs = {quad.graph_name for quad in quads}
    return next(
        (text for graph, text in _ORIGINS.items() if graph in graphs),
        _FOLLOWS if ENTAILED_GRAPH in graphs else "",
    )
