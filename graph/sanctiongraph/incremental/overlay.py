"""A store with quads added and removed in thought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

Node = NamedNode | BlankNode | Triple
Object = NamedNode | BlankNode | Literal | Triple
GraphName = NamedNode | BlankNode | DefaultGraph

DEFAULT = DefaultGraph()


class Overlay:
    """A store that stays as it is, and the net difference to it: what is added is not in it, what is
    removed is.
    """

    def __init__(self, base: Store) -> None:
        self.base = base
        #: A store as well, since quads are looked up in it in every way.
        self._added = Store()
        self._more = False
        self._removed: set[Quad] = set()

    def __contains__(self, quad: Quad) -> bool:
        if self._more and quad in self._added:
            return True
        return quad not in self._removed and quad in self.base

    def quads(
        self,
        subject: Node | None,
        predicate: NamedNode | None,
        obj: Object | None,
        graph: GraphName | None,
    ) -> Iterator[Quad]:
        """The quads that fit, as ``quads_for_pattern`` of a store."""
        for quad in self.base.quads_for_pattern(subject, predicate, obj, graph):
            if quad not in self._removed:
                yield quad
        yield from self.added_like(subject, predicate, obj, graph)

    def added_like(
        self,
        subject: Node | None,
        predicate: NamedNode | None,
        obj: Object | None,
        graph: GraphName | None,
    ) -> Iterable[Quad]:
        """Those of the added quads that fit."""
        if not self._more:
            return ()
        # A list: whoever reads may add meanwhile.
        return list(self._added.quads_for_pattern(subject, predicate, obj, graph))

    def add(self, quad: Quad) -> None:
        """Adds a quad, if it is not there."""
        if quad in self._removed or quad not in self.base:
            self.add_new(quad)

    def add_new(self, quad: Quad) -> None:
        """Adds a quad that is known not to be there, which saves a look into the store."""
        if quad in self._removed:
            self._removed.remove(quad)
        else:
            self._added.add(quad)
            self._more = True

    def remove(self, quad: Quad) -> None:
        """Removes a quad, if it is there."""
        if self._more and quad in self._added:
            self._added.remove(quad)
        elif quad in self.base:
            self._removed.add(quad)

    def added(self, graph: GraphName | None = None) -> list[Quad]:
        """What is there and not in the store below, in any graph or in one."""
        return list(self._added.quads_for_pattern(None, None, None, graph))

    def removed(self, graph: GraphName | None = None) -> list[Quad]:
        """What is in the store below and no longer there, in any graph or in one."""
        return [one for one in self._removed if graph is None or one.graph_name == graph]

    def touched(self) -> Iterable[Quad]:
        """All quads that are added or removed."""
        return [*self.added(), *self._removed]


class Both:
    """What is in the store below an overlay, and what is added: nothing is removed."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def __contains__(self, quad: Quad) -> bool:
        return quad in self._overlay or quad in self._overlay.base

    def quads(
        self,
        subject: Node | None,
        predicate: NamedNode | None,
        obj: Object | None,
        graph: GraphName | None,
    ) -> Iterator[Quad]:
        """The quads that fit, as ``quads_for_pattern`` of a store."""
        yield from self._overlay.base.quads_for_pattern(subject, predicate, obj, graph)
        yield from self._overlay.added_like(subject, predicate, obj, graph)


class View:
    """Some graphs of a store or overlay as one graph.

    Subjects whose IRI begins with one of ``hidden``, or has ``hidden_part`` in it, are left out:
    what is derived in a later step is not there yet for an earlier one.
    """

    def __init__(
        self,
        quads: Overlay | Both | Store,
        graphs: Iterable[GraphName],
        hidden: tuple[str, ...] = (),
        hidden_part: str = "",
    ) -> None:
        self.graphs = tuple(graphs)
        self._find = quads.quads_for_pattern if isinstance(quads, Store) else quads.quads
        self._quads = quads
        self._hidden = hidden
        self._hidden_part = hidden_part

    def hides(self, subject: object) -> bool:
        """Whether a subject is left out."""
        if not self._hidden or not isinstance(subject, NamedNode):
            return False
        iri = subject.value
        return iri.startswith(self._hidden) or bool(self._hidden_part and self._hidden_part in iri)

    def __contains__(self, triple: Triple) -> bool:
        if self.hides(triple.subject):
            return False
        for graph in self.graphs:
            if Quad(triple.subject, triple.predicate, triple.object, graph) in self._quads:
                return True
        return False

    def triples(
        self, subject: Node | None, predicate: NamedNode | None, obj: Object | None
    ) -> Iterator[Triple]:
        """The triples that fit; one that several of the graphs have comes as often."""
        if subject is not None and self.hides(subject):
            return
        for graph in self.graphs:
            for quad in self._find(subject, predicate, obj, graph):
                if subject is not None or not self.hides(quad.subject):
                    yield quad.triple


class Wide:
    """Some graphs of an overlay looked at together, each quad with its graph.

    With ``before``, what was there before as well. Subjects are hidden as in a ``View``.
    """

    def __init__(
        self,
        overlay: Overlay,
        graphs: Iterable[GraphName],
        hidden: tuple[str, ...],
        *,
        before: bool,
    ) -> None:
        self._find = (Both(overlay) if before else overlay).quads
        self._graphs = frozenset(graphs)
        self._hidden = hidden

    def quads(
        self, subject: Node | None, predicate: NamedNode | None, obj: Object | None
    ) -> Iterator[Quad]:
        """The quads that fit. One look in all graphs is cheaper than one in each."""
        for quad in self._find(subject, predicate, obj, None):
            if quad.graph_name in self._graphs:
                of = quad.subject
                if not (isinstance(of, NamedNode) and of.value.startswith(self._hidden)):
                    yield quad
