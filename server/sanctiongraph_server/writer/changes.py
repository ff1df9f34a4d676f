"""Makes a change in a store: each in one transaction of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, parse

from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.transaction import change as transact
from sanctiongraph.vocabulary import PREFIXES
from sanctiongraph_server.addresses import AllowList
from sanctiongraph_server.engine_errors import told
from sanctiongraph_server.outbound import Federation
from sanctiongraph_server.writer.named import quads_named
from sanctiongraph_server.writes import AddToGraph, Change, DeleteGraph, PutGraph, Update

#: Told the quads that a change is about to make or remove, or ``None`` where they may be any.
Note = Callable[[Iterable[Quad] | None], None]


def apply(
    store: Store, change: Change, allow: AllowList, until: float, note: Note = lambda _: None
) -> bool:
    """Makes the change; returns whether the graph was there before, of an update always true.

    ``note`` is told beforehand which quads it may change, or ``None`` where that cannot be told.
    ``until`` is the moment of ``time.monotonic`` by which other servers have to have answered.
    Raises ``BadQuery``, ``BadData``, ``NotFound``, ``Forbidden`` (a call to an address that is not
    in ``allow``), ``RemoteFailed`` and ``EvaluationFailed``; then nothing is changed.
    """
    if isinstance(change, Update):
        with Federation(allow, until) as federation:
            text = federation.rewrite(change.text, change.base_iri, update=True)
            note(quads_named(text, change.base_iri))
            with told(change.text, "update"), federation.places():
                store.update(text, base_iri=change.base_iri, prefixes=PREFIXES)
        return True
    existed = change.graph is None or store.contains_named_graph(NamedNode(change.graph))
    if isinstance(change, DeleteGraph):
        if not existed:
            raise NotFound(f"there is no graph <{change.graph}>")
        note(_held(store, change.graph))
        with told(_empty(change.graph), "update"):
            store.update(_empty(change.graph))
        return existed
    quads = _parsed(change)
    replaced = isinstance(change, PutGraph) and existed
    note([*quads, *(_held(store, change.graph) if replaced else ())])
    create = f"CREATE SILENT GRAPH <{change.graph}>" if change.graph else ""
    with told("", "payload"):
        if replaced:
            transact(store, first=_empty(change.graph), added=quads, last=create)
        elif quads:
            store.extend(quads)
        elif change.graph:
            store.add_graph(NamedNode(change.graph))
    return existed


def _held(store: Store, graph: str | None) -> Iterator[Quad]:
    """What a graph holds."""
    name = DefaultGraph() if graph is None else NamedNode(graph)
    return store.quads_for_pattern(None, None, None, name)


def _empty(graph: str | None) -> str:
    """The update that leaves nothing of a graph; ``CLEAR`` would leave a named one listed."""
    return "CLEAR DEFAULT" if graph is None else f"DROP GRAPH {NamedNode(graph)}"


def _parsed(change: PutGraph | AddToGraph) -> list[Quad]:
    """The payload as quads of the graph; its blank nodes are new ones."""
    graph = DefaultGraph() if change.graph is None else NamedNode(change.graph)
    try:
        found = parse(
            change.payload,
            format=change.format,
            base_iri=change.base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in found]
    except SyntaxError as error:
        where = f" at line {error.lineno}, column {error.offset}" if error.lineno else ""
        what = str(error.msg)
        if "amed graphs" in what:
            what = "it puts triples into named graphs of its own, and here it is for one graph"
        raise BadData(f"the payload is not taken{where}: {what}") from error
    except ValueError as error:
        raise BadData(f"the payload is not taken: {error}") from error
