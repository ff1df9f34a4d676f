"""Stores as they would be with some quads more and others less, without copying them.

What is looked up by a pattern is looked up in the store and in the difference. A query needs a store
of the engine's that has the difference in it: a working copy, which shares the files of the store
that it is a copy of, so that it takes as long to make whatever the size. One is enough for many
differences, since it shows one after the other.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from sanctiongraph import scratch
from sanctiongraph.incremental.overlay import Overlay
from sanctiongraph.stores.graphstore import Results

#: How many working copies there are of a store, so that two differences can be asked by turns.
_MOST: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Difference:
    """Quads that are there beside those of a store, and that are not; graphs likewise."""

    added: list[Quad]
    removed: list[Quad]
    new: list[NamedNode]
    emptied: list[NamedNode]

    @classmethod
    def of(cls, quads: Overlay) -> _Difference:
        """As it is now."""
        added, removed = quads.added(), quads.removed()
        new = [one for one in _named(added) if not quads.base.contains_named_graph(one)]
        emptied = [
            one for one in _named(removed) if next(quads.quads(None, None, None, one), None) is None
        ]
        return cls(added, removed, new, emptied)

    def put_into(self, copy: Store) -> None:
        """Makes a copy of the store have the difference."""
        _change(copy, self.added, self.removed, self.emptied)

    def take_from(self, copy: Store) -> None:
        """Makes such a copy be as the store again."""
        _change(copy, self.removed, self.added, self.new)


class WithDifference:
    """A ``GraphStore``: a store with a difference, which is not changed any more."""

    def __init__(self, quads: Overlay, copies: WorkingCopies) -> None:
        self._quads = quads
        self._copies = copies
        self._difference = _Difference.of(quads)

    def query(self, query: str, /, **options: Any) -> Results:
        """See ``GraphStore``."""
        return self._copies.query(self._difference, query, options)

    def quads_for_pattern(self, *terms: Any) -> Iterator[Quad]:
        """See ``GraphStore``."""
        return self._quads.quads(*terms, *[None] * (4 - len(terms)))

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """See ``GraphStore``."""
        there, gone = self._quads.base.named_graphs(), self._difference.emptied
        return iter([*(one for one in there if one not in gone), *self._difference.new])

    def contains_named_graph(self, graph_name: NamedNode | BlankNode | DefaultGraph, /) -> bool:
        """See ``GraphStore``."""
        if graph_name in self._difference.emptied:
            return False
        if graph_name in self._difference.new:
            return True
        return self._quads.base.contains_named_graph(graph_name)

    def __contains__(self, key: Any, /) -> bool:
        return key in self._quads


class WorkingCopies:
    """Copies of a store that show one difference at a time. Any thread may ask."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        #: With what each shows; the one that was asked last is the last.
        self._copies: list[tuple[Store, _Difference]] = []

    def query(self, shown: _Difference, query: str, options: dict[str, Any]) -> Results:
        """The answer of the store with a difference; it stays what it is when others ask."""
        with self._lock:
            return self._showing(shown).query(query, **options)

    def _showing(self, shown: _Difference) -> Store:
        for at, (copy, there) in enumerate(self._copies):
            if there is shown:
                self._copies.append(self._copies.pop(at))
                return copy
        if len(self._copies) < _MOST:
            copy = self._copied()
        else:
            # Not among them while it changes: were that to fail, it would show neither.
            copy, before = self._copies.pop(0)
            before.take_from(copy)
        shown.put_into(copy)
        self._copies.append((copy, shown))
        return copy

    def _copied(self) -> Store:
        """Another store with the same quads: with the same files where the store is on disk."""
        try:
            folder = scratch.new_folder()
            weakref.finalize(self, _remove, folder.parent, self._copies).atexit = False
            self._store.backup(str(folder))
            return Store(str(folder))
        except (OSError, RuntimeError):  # it is in memory, or there is no place
            copy = Store()
            copy.bulk_extend(self._store)
            return copy


def _remove(folder: Path, copies: list[tuple[Store, _Difference]]) -> None:
    copies.clear()  # closed first, since a store that is open writes
    shutil.rmtree(folder, ignore_errors=True)


def _change(
    store: Store, more: Iterable[Quad], less: Iterable[Quad], no_graphs: Iterable[NamedNode]
) -> None:
    store.extend(more)
    for quad in less:
        store.remove(quad)
    for graph in no_graphs:
        store.remove_graph(graph)


def _named(quads: Iterable[Quad]) -> list[NamedNode]:
    """The named graphs of quads."""
    names = dict.fromkeys(quad.graph_name for quad in quads)
    return [name for name in names if isinstance(name, NamedNode)]
