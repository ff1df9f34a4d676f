"""What the graph says about one thing, for whoever looks its name up on the web.

A thing comes with its own statements, those of the dates and places that hang on it, what points
to it, and the claims that mention it with who makes them, how and where. A claim comes with what it
asserts, in its own graph, and all that is known about it. The ontology comes whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from pyoxigraph import DefaultGraph, NamedNode, Quad

from sanctiongraph import scenario
from sanctiongraph.errors import NotFound
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import (
    BASE,
    ONTOLOGY_GRAPH,
    PREFIXES,
    SCENARIOS_GRAPH,
    shorten,
    term,
)

#: Statements that point to a thing, and claims about it, that are given at the most.
MOST: Final = 1_000
_ONTOLOGY: Final = PREFIXES["sg"].removesuffix("#")
_MENTIONS: Final = term("sg:mentions")
#: A place has a selector; nothing hangs deeper than that by more than one step.
_DEPTH: Final = 4
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Description:
    """Quads about a thing; ``whole`` is false where there was more than ``MOST`` of something."""

    quads: tuple[Quad, ...]
    whole: bool


def about(store: GraphStore, iri: str) -> Description:
    """What is said about a thing, claim, source, provision, scenario, or the ontology.

    What a scenario supposes and withdraws is in its graphs, as what a claim says is. Raises ``NotFound`` where nothing is said of it.
    """
    if iri.partition("#")[0] == _ONTOLOGY:
        quads = store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
        return Description(_distinct(_in_default(quad) for quad in quads), True)
    node = NamedNode(iri)
    own = list(_with_what_hangs_on_it(store, node, _DEPTH))
    graphs = [node]
    if iri.startswith(PREFIXES["scenario"]):
        own += map(_in_default, store.quads_for_pattern(node, None, None, SCENARIOS_GRAPH))
        graphs += [NamedNode(iri + part) for part in scenario.PARTS]
    asserted = [
        quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)
    ]
    incoming, more = _at_most(_pointing_to(store, node))
    claims, more_claims = _at_most(_claims(store, node))
    metadata = [quad for claim in claims for quad in _with_what_hangs_on_it(store, claim, _DEPTH)]
    if not (own or asserted or incoming or metadata):
        raise NotFound(f"nothing is said of {shorten(iri)}: see sanctiongraph query find")
    kept = (quad for quad in metadata if quad.predicate != _MENTIONS or quad.object == node)
    return Description(_distinct((*own, *asserted, *incoming, *kept)), not (more or more_claims))


def _with_what_hangs_on_it(store: GraphStore, node: NamedNode, depth: int) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(node, None, None, DefaultGraph()):
        yield quad
        obj = quad.object
        if depth and isinstance(obj, NamedNode) and _hangs(obj) and obj != node:
            yield from _with_what_hangs_on_it(store, obj, depth - 1)


def _hangs(node: NamedNode) -> bool:
    """Whether a node has its name from what it hangs on, as dates and places have."""
    return node.value.startswith(BASE) and "#" in node.value.removeprefix(PREFIXES["sg"])


def _pointing_to(store: GraphStore, node: NamedNode) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(None, None, node, DefaultGraph()):
        if quad.predicate != _MENTIONS:
            yield quad


def _claims(store: GraphStore, node: NamedNode) -> Iterator[NamedNode]:
    for quad in store.quads_for_pattern(None, _MENTIONS, node, DefaultGraph()):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject


def _at_most(found: Iterator[_T]) -> tuple[list[_T], bool]:
    taken = list(islice(found, MOST + 1))
    return taken[:MOST], len(taken) > MOST


def _in_default(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _distinct(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(set(quads), key=str))
