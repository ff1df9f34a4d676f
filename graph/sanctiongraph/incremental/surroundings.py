"""What a store says around things, looked up once: to follow triples through patterns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from pyoxigraph import Quad

from sanctiongraph.incremental.overlay import GraphName
from sanctiongraph.stores.graphstore import GraphStore

#: Triples that are looked at to tell one thing; to ask the pattern anew takes about as long.
MOST: Final = 200
#: Things of which is kept what a store says.
_MOST_KEPT: Final = 20_000

#: A property, and where it is asked for the object as well.
Key = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """What a graph says of a thing: its properties with their objects, and the same as keys."""

    said: Mapping[Any, tuple[Any, ...]]
    keys: frozenset[Key]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Any, Any]]) -> Node:
        """From properties, each with an object."""
        said: dict[Any, tuple[Any, ...]] = {}
        for predicate, obj in pairs:
            said[predicate] = (*said.get(predicate, ()), obj)
        keys = {(one, obj) for one, objects in said.items() for obj in (*objects, None)}
        return cls(said, frozenset(keys))


class Surroundings:
    """What a store, which does not change, says around things, in some graphs taken as one."""

    def __init__(self, store: GraphStore, graphs: Iterable[GraphName]) -> None:
        self._store, self._graphs = store, tuple(graphs)
        self._nodes: dict[Any, Node] = {}
        self._subjects: dict[Key, list[Any]] = {}

    def node(self, thing: Any) -> Node:
        """What is said of a thing."""
        if thing not in self._nodes:
            if len(self._nodes) >= _MOST_KEPT:
                self._nodes.clear()
            quads = self._quads(thing, None, None)
            self._nodes[thing] = Node.of((quad.predicate, quad.object) for quad in quads)
        return self._nodes[thing]

    def subjects(self, predicate: Any, obj: Any) -> list[Any]:
        """What has the property with that object; so many of them that it is known where there are
        too many.
        """
        key = predicate, obj
        if key not in self._subjects:
            if len(self._subjects) >= _MOST_KEPT:
                self._subjects.clear()
            quads = self._quads(None, predicate, obj)
            self._subjects[key] = [quad.subject for quad in islice(quads, MOST)]
        return self._subjects[key]

    def is_unknown(self, thing: Any) -> bool:
        """Whether nothing is said of a thing, and nothing that names it."""
        ends = (thing, None), (None, thing)
        return all(next(self._quads(one, None, other), None) is None for one, other in ends)

    def _quads(self, subject: Any, predicate: Any, obj: Any) -> Iterator[Quad]:
        for graph in self._graphs:
            yield from self._store.quads_for_pattern(subject, predicate, obj, graph)
