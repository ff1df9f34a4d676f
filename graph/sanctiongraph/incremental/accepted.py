"""Date bounds, mentions, background and the accepted graph, kept up with what is asserted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from sanctiongraph.dataset import COPIED
from sanctiongraph.digests import Digests
from sanctiongraph.incremental.change import FACT, MODALITY, TYPE, Change
from sanctiongraph.incremental.closure import Kept, Rules, keep_up
from sanctiongraph.incremental.overlay import DEFAULT, GraphName, Node, Overlay, View
from sanctiongraph.reading import date_bounds
from sanctiongraph.record import digest
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    ENTAILED_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    REGISTER_GRAPHS,
    term,
)

_EDTF: Final = term("sg:edtf")
_BOUNDS: Final = (term("sg:earliest"), term("sg:latest"))
_CLAIM: Final = term("sg:Claim")
_MENTIONS: Final = term("sg:mentions")
_MENTIONED: Final = (PREFIXES["id"], PREFIXES["law"])


@dataclass(frozen=True, slots=True)
class Assertions:
    """What is asserted now, in an overlay over a store of whose quads ``record`` says what was derived."""

    quads: Overlay
    record: Digests
    change: Change

    def has(self, quad: Quad) -> bool:
        """Whether somebody asserts the quad."""
        if quad in self.change.added:
            return True
        return (
            quad not in self.change.removed
            and quad in self.quads.base
            and digest(quad) not in self.record
        )

    def had(self, quad: Quad) -> bool:
        """Whether somebody asserted the quad before the change."""
        return quad in self.quads.base and digest(quad) not in self.record


class Accepted:
    """Brings what is said, and what of it is accepted, to what it is after a change."""

    def __init__(self, asserted: Assertions) -> None:
        self._asserted = asserted
        self._quads = asserted.quads
        self._facts: dict[GraphName, bool] = {}

    def update(self) -> tuple[set[Triple], set[Triple]]:
        """Raises ``BadData`` for a date that is none.

        Returns the triples that stand on their own in the accepted graph no longer, and only now.
        What follows from them is left as it was.
        """
        change = self._asserted.change
        # The accepted graph is changed by whoever keeps up what follows.
        for quad in change.removed:
            if quad.graph_name != DEFAULT:
                self._quads.remove(quad)
        for quad in change.added:
            if quad.graph_name != DEFAULT:
                self._quads.add(quad)
        self._background()
        self._bounds()
        self._mentions()
        gone, come = set(), set()
        for triple in self._perhaps_changed():
            before = self._stood(triple)
            after = self.stands(triple)
            if before and not after:
                gone.add(triple)
            elif after and not before:
                come.add(triple)
        return gone, come

    def stands(self, triple: Triple) -> bool:
        """Whether the accepted graph has a triple that need not follow from others."""
        terms = triple.subject, triple.predicate, triple.object
        own = Quad(*terms, DEFAULT)
        if self._asserted.has(own):
            return True
        if triple.predicate in _BOUNDS and own in set(date_bounds(self._own_dates(triple.subject))):
            return True
        graphs = (quad.graph_name for quad in self._quads.quads(*terms, None))
        return any(one in COPIED or _is_register(one) or self.is_fact(one) for one in graphs)

    def is_fact(self, claim: GraphName) -> bool:
        """Whether a graph is a claim's that is accepted."""
        if not isinstance(claim, NamedNode):
            return False
        if claim not in self._facts:
            self._facts[claim] = Quad(claim, MODALITY, FACT, CLAIMS_GRAPH) in self._quads
        return self._facts[claim]

    def _stood(self, triple: Triple) -> bool:
        terms = triple.subject, triple.predicate, triple.object
        base = self._quads.base
        return Quad(*terms, DEFAULT) in base and Quad(*terms, ENTAILED_GRAPH) not in base

    def _turned(self) -> set[NamedNode]:
        """The claims that have become facts, or are none any more."""
        change = self._asserted.change
        return {
            quad.subject
            for quad in (*change.added, *change.removed)
            if quad.predicate == MODALITY
            and quad.object == FACT
            and quad.graph_name == CLAIMS_GRAPH
            and isinstance(quad.subject, NamedNode)
        }

    def _background(self) -> None:
        """Keeps what reference files state as long as a claim of fact asserts it."""
        change = self._asserted.change
        said = {quad.triple for quad in (*change.added, *change.removed)}
        for claim in self._turned():
            said |= {
                quad.triple for quad in self._quads.base.quads_for_pattern(None, None, None, claim)
            }
            said |= {quad.triple for quad in self._quads.quads(None, None, None, claim)}
        background = {quad.triple for quad in change.background}
        gone = {quad.triple for quad in change.background_gone}
        for triple in said | background | gone:
            quad = Quad(triple.subject, triple.predicate, triple.object, REFERENCE_GRAPH)
            if self._asserted.has(quad):
                continue
            was = quad in self._quads.base and not self._asserted.had(quad)
            pooled = triple in background or (was and triple not in gone)
            if pooled and self._still_said(triple):
                self._quads.add(quad)
            else:
                self._quads.remove(quad)

    def _still_said(self, triple: Triple) -> bool:
        found = self._quads.quads(triple.subject, triple.predicate, triple.object, None)
        return any(self.is_fact(one.graph_name) and self._asserted.has(one) for one in found)

    def _bounds(self) -> None:
        dates = {
            (quad.subject, quad.graph_name)
            for quad in self._quads.touched()
            if quad.predicate == _EDTF or quad.predicate in _BOUNDS
        }
        for subject, graph in dates:
            wanted = set(date_bounds(self._quads.quads(subject, _EDTF, None, graph)))
            for predicate in _BOUNDS:
                for quad in list(self._quads.quads(subject, predicate, None, graph)):
                    stays = quad in wanted or self._asserted.has(quad)
                    if not stays and not (
                        graph == REFERENCE_GRAPH and self._still_said(quad.triple)
                    ):
                        self._quads.remove(quad)
            for quad in wanted:
                self._quads.add(quad)

    def _own_dates(self, subject: Node) -> Iterator[Quad]:
        """The dates of a node that are asserted in the accepted graph itself."""
        for quad in self._quads.base.quads_for_pattern(subject, _EDTF, None, DEFAULT):
            if self._asserted.has(quad):
                yield quad
        for quad in self._asserted.change.added:
            if (quad.subject, quad.predicate, quad.graph_name) == (subject, _EDTF, DEFAULT):
                yield quad

    def _mentions(self) -> None:
        claims = {
            one.graph_name if one.graph_name != CLAIMS_GRAPH else one.subject
            for one in self._quads.touched()
        }
        for claim in claims:
            if not isinstance(claim, NamedNode):
                continue
            wanted: set[Quad] = set()
            if Quad(claim, TYPE, _CLAIM, CLAIMS_GRAPH) in self._quads:
                for quad in self._quads.quads(None, None, None, claim):
                    for thing in (quad.subject, quad.object):
                        if isinstance(thing, NamedNode | Literal) and thing.value.startswith(
                            _MENTIONED
                        ):
                            wanted.add(Quad(claim, _MENTIONS, thing, CLAIMS_GRAPH))
            for quad in list(self._quads.quads(claim, _MENTIONS, None, CLAIMS_GRAPH)):
                if quad not in wanted and not self._asserted.has(quad):
                    self._quads.remove(quad)
            for quad in wanted:
                self._quads.add(quad)

    def _perhaps_changed(self) -> set[Triple]:
        """The triples of which it may have changed whether they stand on their own."""
        found = {quad.triple for quad in self._quads.touched()}
        # What is derived in the accepted graph, and was or is asserted, is no difference there.
        change = self._asserted.change
        found |= {quad.triple for quad in (*change.added, *change.removed)}
        for quad in (*change.added, *change.removed):
            if isinstance(quad.graph_name, DefaultGraph) and quad.predicate == _EDTF:
                found |= {bound.triple for bound in date_bounds([quad])}
        for claim in self._turned():
            found |= {
                quad.triple for quad in self._quads.base.quads_for_pattern(None, None, None, claim)
            }
            found |= {quad.triple for quad in self._quads.quads(None, None, None, claim)}
        return found


def keep_accepted(
    accepted: Accepted,
    rules: Rules,
    quads: Overlay,
    gone: set[Triple],
    come: set[Triple],
    hidden: tuple[tuple[str, ...], str],
) -> None:
    """Brings the accepted graph, and ``graph/entailed``, to what follows from what stands in it."""
    old = View(quads.base, (DEFAULT,), *hidden)
    new = View(quads, (DEFAULT,), *hidden)

    def put(triple: Triple) -> None:
        quads.add(_in(triple, DEFAULT))
        if accepted.stands(triple):
            quads.remove(_in(triple, ENTAILED_GRAPH))
        else:
            quads.add(_in(triple, ENTAILED_GRAPH))

    def drop(triple: Triple) -> None:
        for graph in (DEFAULT, ENTAILED_GRAPH):
            quads.remove(_in(triple, graph))

    keep_up(Kept(rules, old, new, old, new, None, accepted.stands, put, drop), gone=gone, come=come)
    for triple in come:  # it may have followed before
        put(triple)


def _in(triple: Triple, graph: GraphName) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _is_register(graph: GraphName) -> bool:
    return isinstance(graph, NamedNode) and graph.value.startswith(REGISTER_GRAPHS)
