"""The dataset of a query: SPARQL 1.1 Protocol, section 2.1.4, and SPARQL 1.1 Query, section 13.2.

A default graph that is put together from several graphs is their merge: a triple that two of them
hold is one triple. The engine instead looks into each graph in turn and answers such a triple
twice. So where a request or a query names several default graphs, their triples are copied into
a store in memory, where a triple is held once, and the query is evaluated there.

Copying is the way that is right for every query; it costs about three seconds and 600 MB for a
million triples, so there is a limit. The graphs that people put together here are claims, of ten
triples each. One default graph, however large, is asked in place, and so is any number of named
graphs on their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.viewpoints import viewpoint
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server import prologue
from sanctiongraph_server.problems import DatasetTooLarge
from sanctiongraph_server.protocol import QueryRequest


@dataclass(frozen=True, slots=True)
class Dataset:
    """A store, and which of its graphs count; ``None`` leaves that to the query."""

    store: GraphStore
    default: list[NamedNode | DefaultGraph] | None = None
    named: list[NamedNode] | None = None


def dataset_of(request: QueryRequest, store: GraphStore, most_copied: int) -> Dataset:
    """The dataset that the request or else the query names, or else that of the viewpoint.

    Raises ``DatasetTooLarge`` where more than ``most_copied`` triples would have to be copied, and
    ``NotFound`` for a viewpoint that is not there.
    """
    if request.viewpoint:
        viewpoint(store, request.viewpoint)
    if request.names_dataset:
        default = [NamedNode(iri) for iri in request.default_graphs]
        named = [NamedNode(iri) for iri in request.named_graphs]
    else:
        clauses = prologue.dataset_clauses(request.query)
        if request.viewpoint and not (clauses.default or clauses.named):
            return _believed(store, request.viewpoint)
        if len(clauses.default) < 2:
            return Dataset(store)
        try:
            default = _resolve(clauses.prologue, clauses.default, request)
            named = _resolve(clauses.prologue, clauses.named, request)
        except SyntaxError:
            # An unknown prefix, say: the engine finds it in the whole query, at its place.
            return Dataset(store)
    present = [graph for graph in default if store.contains_named_graph(graph)]
    if len(present) < 2:
        return Dataset(store, [*present], named)
    return Dataset(_copy(store, present, named, most_copied), [DefaultGraph()], named)


def _believed(store: GraphStore, name: str) -> Dataset:
    """The accepted graph with what the viewpoint accepts beyond it: no triple is in both."""
    return Dataset(store, [DefaultGraph(), viewpoint(store, name).graph])


def _resolve(declarations: str, terms: tuple[str, ...], request: QueryRequest) -> list[NamedNode]:
    """The IRIs of FROM clauses, which may be relative or prefixed: the engine's parser knows."""
    if not terms:
        return []
    columns = " ".join(f"({term} AS ?g{place})" for place, term in enumerate(terms))
    rows = Store().query(
        f"{declarations}\nSELECT {columns} {{}}", base_iri=request.endpoint, prefixes=PREFIXES
    )
    assert isinstance(rows, QuerySolutions)
    row = next(rows)
    iris = [row[f"g{place}"] for place in range(len(terms))]
    return list(dict.fromkeys(iri for iri in iris if isinstance(iri, NamedNode)))


def _copy(
    store: GraphStore, default: list[NamedNode], named: list[NamedNode], most_copied: int
) -> Store:
    def quads() -> Iterator[Quad]:
        for graph in default:
            for quad in store.quads_for_pattern(None, None, None, graph):
                yield Quad(quad.subject, quad.predicate, quad.object)
        for graph in named:
            yield from store.quads_for_pattern(None, None, None, graph)

    merged = Store()
    merged.bulk_extend(_at_most(quads(), most_copied))
    for graph in named:
        if store.contains_named_graph(graph):
            merged.add_graph(graph)  # an empty graph is found by GRAPH ?g {} as well
    return merged


def _at_most(quads: Iterable[Quad], most: int) -> Iterator[Quad]:
    for count, quad in enumerate(quads):
        if count == most:
            raise DatasetTooLarge(
                f"the graphs named as one default graph hold more than {most} triples, which is"
                " more than this endpoint merges for one query: name fewer, or leave the default"
                " graph as it is and use GRAPH"
            )
        yield quad
