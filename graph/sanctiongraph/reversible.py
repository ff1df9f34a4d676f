"""A store in memory that can be put back to how it was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from sanctiongraph.stores.graphstore import GraphStore


class ChangingStore(GraphStore, Protocol):
    """What the library needs of a store that it changes; pyoxigraph's ``Store`` is one."""

    def extend(self, quads: Iterable[Quad], /) -> None:
        """Adds quads."""
        ...

    def remove(self, quad: Quad, /) -> None:
        """Removes a quad, if it is there."""
        ...

    def clear_graph(self, graph_name: NamedNode | DefaultGraph, /) -> None:
        """Removes what is in a graph."""
        ...

    def remove_graph(self, graph_name: NamedNode | DefaultGraph, /) -> None:
        """Removes a graph, and its name as well."""
        ...


class Reversible:
    """A store while it is changed: it is read and written through this, until ``undo``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        #: Quads that have come or gone, in that order.
        self._changes: list[tuple[bool, Quad]] = []
        self._graphs: list[NamedNode] = []
        self.query = store.query
        self.quads_for_pattern = store.quads_for_pattern
        self.named_graphs = store.named_graphs
        self.contains_named_graph = store.contains_named_graph

    def __contains__(self, key: Any, /) -> bool:
        return key in self._store

    def extend(self, quads: Iterable[Quad], /) -> None:
        """See ``ChangingStore``."""
        for quad in quads:
            if quad not in self._store:
                graph = quad.graph_name
                if isinstance(graph, NamedNode) and not self._store.contains_named_graph(graph):
                    self._graphs.append(graph)
                self._store.add(quad)
                self._changes.append((True, quad))

    def remove(self, quad: Quad, /) -> None:
        """See ``ChangingStore``."""
        if quad in self._store:
            self._store.remove(quad)
            self._changes.append((False, quad))

    def clear_graph(self, graph_name: NamedNode | DefaultGraph, /) -> None:
        """See ``ChangingStore``."""
        gone = self._store.quads_for_pattern(None, None, None, graph_name)
        self._changes += [(False, quad) for quad in gone]
        self._store.clear_graph(graph_name)

    def remove_graph(self, graph_name: NamedNode | DefaultGraph, /) -> None:
        """See ``ChangingStore``."""
        self.clear_graph(graph_name)
        self._store.remove_graph(graph_name)

    def undo(self) -> None:
        """Takes back all changes, the last one first."""
        while self._changes:
            came, quad = self._changes.pop()
            if came:
                self._store.remove(quad)
            else:
                self._store.add(quad)
        while self._graphs:
            self._store.remove_graph(self._graphs.pop())
