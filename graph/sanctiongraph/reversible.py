"""Stores in memory that can be put back to how they were."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from sanctiongraph.stores.graphstore import GraphStore, Results


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


class _Changes:
    """What has become otherwise in a store."""

    def __init__(self) -> None:
        #: Quads that have come or gone, in that order.
        self.quads: list[tuple[bool, Quad]] = []
        #: Graphs that were not there.
        self.graphs: list[NamedNode] = []

    def undo(self, store: Store) -> None:
        """Takes back all of it, the last first."""
        while self.quads:
            came, quad = self.quads.pop()
            if came:
                store.remove(quad)
            else:
                store.add(quad)
        while self.graphs:
            store.remove_graph(self.graphs.pop())


class Reversible:
    """A store while it is changed: it is read and written through this, until ``undo``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changes = _Changes()

    # Methods, and not those of the store itself: whoever keeps one keeps this, and so its changes.

    def query(self, query: str, /, **options: Any) -> Results:
        """See ``GraphStore``."""
        return self._store.query(query, **options)

    def quads_for_pattern(self, *terms: Any) -> Iterator[Quad]:
        """See ``GraphStore``."""
        return self._store.quads_for_pattern(*terms)

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """See ``GraphStore``."""
        return self._store.named_graphs()

    def contains_named_graph(self, graph_name: NamedNode | BlankNode | DefaultGraph, /) -> bool:
        """See ``GraphStore``."""
        return self._store.contains_named_graph(graph_name)

    def __contains__(self, key: Any, /) -> bool:
        return key in self._store

    def extend(self, quads: Iterable[Quad], /) -> None:
        """See ``ChangingStore``."""
        for quad in quads:
            if quad not in self._store:
                graph = quad.graph_name
                if isinstance(graph, NamedNode) and not self._store.contains_named_graph(graph):
                    self.changes.graphs.append(graph)
                self._store.add(quad)
                self.changes.quads.append((True, quad))

    def remove(self, quad: Quad, /) -> None:
        """See ``ChangingStore``."""
        if quad in self._store:
            self._store.remove(quad)
            self.changes.quads.append((False, quad))

    def clear_graph(self, graph_name: NamedNode | DefaultGraph, /) -> None:
        """See ``ChangingStore``."""
        gone = self._store.quads_for_pattern(None, None, None, graph_name)
        self.changes.quads += [(False, quad) for quad in gone]
        self._store.clear_graph(graph_name)

    def remove_graph(self, graph_name: NamedNode | DefaultGraph, /) -> None:
        """See ``ChangingStore``."""
        self.clear_graph(graph_name)
        self._store.remove_graph(graph_name)

    def undo(self) -> None:
        """Takes back all changes, the last one first."""
        self.changes.undo(self._store)

    def afresh(self) -> Reversible:
        """The same store as it is now, for changes of its own."""
        return Reversible(self._store)


class Copies:
    """Copies of a store that are lent to be changed, and come back as they were.

    To copy takes longer than what is mostly done with a copy. Any thread may use it.
    """

    def __init__(self, make: Callable[[], Store]) -> None:
        self._make = make
        self._free: list[Store] = []

    def lend(self) -> Reversible:
        """A copy for whoever holds it: when nobody does any more, it is put back and lent anew."""
        try:
            copy = self._free.pop()
        except IndexError:
            copy = self._make()
        lent = Reversible(copy)
        weakref.finalize(lent, self._take_back, copy, lent.changes).atexit = False
        return lent

    def _take_back(self, copy: Store, changes: _Changes) -> None:
        changes.undo(copy)
        if not self._free:
            self._free.append(copy)
