"""What is believed of a store where a scenario holds, as a difference to the store.

What is supposed is believed, and what follows from it. What is withdrawn is believed no more, unless
somebody else states it, and neither is what followed from it alone. Ownerships are added up anew.
That looks only at what it touches, so it takes as long in a large graph as in a small one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from sanctiongraph.errors import NotFound
from sanctiongraph.incremental.believing import Believer
from sanctiongraph.incremental.change import ASSESSED, SUMMED, NotBoundedError
from sanctiongraph.incremental.closure import Kept, Rules, keep_up
from sanctiongraph.incremental.overlay import DEFAULT, GraphName, Overlay, View
from sanctiongraph.incremental.sums import accepted_sums, body_of, put_sums, reached
from sanctiongraph.incremental.surroundings import Surroundings
from sanctiongraph.incremental.touching import Touched
from sanctiongraph.law.truthtable import GraphNames
from sanctiongraph.ownership import derive
from sanctiongraph.scenario import Scenario
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.viewpoints import viewpoint as viewpoint_named
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    ENTAILED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    term,
)
from sanctiongraph.working import WithDifference, WorkingCopies

_TYPE: Final = term("rdf:type")
_MODALITY: Final = term("sg:modality")
_FACT: Final = term("sg:Fact")
_NAMES: Final = {_TYPE, term("rdfs:label")}
#: How the names begin of graphs that are no claim's and of which what they hold is stated.
_STATED: Final = PREFIXES["graph"]
#: But not of these.
_DERIVED: Final = (ENTAILED_GRAPH.value, PREFIXES["graph"] + "assessments/")


#: Scenarios of which it is kept what they make different: some hundred kilobytes each.
_MOST_KNOWN: Final = 128


@dataclass(frozen=True, slots=True)
class Supposed:
    """A store in which what is believed is what a scenario makes of it.

    ``touched`` is what is believed otherwise than without it.
    """

    store: GraphStore
    touched: Touched


def supposed(store: GraphStore, viewpoint: str, graphs: GraphNames, scenario: Scenario) -> Supposed:
    """What is believed of a store where the scenario holds; the store stays as it is.

    ``graphs`` are those that the viewpoint of that name merges into what is believed. Raises
    ``NotFound`` for a withdrawn claim that there is not.
    """
    missing = [iri for iri in scenario.withdraws if not _is_claim(store, iri)]
    if missing:
        raise NotFound(f"{scenario.name} withdraws what is no claim: {', '.join(missing)}")
    return _base(store).supposed(viewpoint, tuple(graphs), scenario)


def let_go() -> None:
    """Lets go of the stores on which something was supposed, and of their working copies."""
    _base.cache_clear()


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """A store on which scenarios are supposed: on this machine, and with the axioms in it."""

    store: Store
    rules: Rules
    copies: WorkingCopies
    _around: dict[tuple[GraphName, ...], Surroundings] = field(default_factory=dict)
    #: Those supposed last, the last of them at the end.
    _known: dict[tuple[str, Scenario], Supposed] = field(default_factory=dict)

    def supposed(
        self, viewpoint: str, graphs: tuple[GraphName, ...], scenario: Scenario
    ) -> Supposed:
        """What is believed where a scenario holds, on a viewpoint."""
        key = viewpoint, scenario
        found = self._known.pop(key, None) or _Supposing(self, viewpoint, graphs, scenario).done()
        self._known[key] = found
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return found

    def around(self, graphs: tuple[GraphName, ...]) -> Surroundings:
        """What some of its graphs say around things."""
        return self._around.setdefault(graphs, Surroundings(self.store, graphs))


@lru_cache(maxsize=2)
def _base(store: GraphStore) -> _Base:
    """Made once a store, which is not going to change, as published ones are not."""
    if not isinstance(store, Store):
        # All at once, since a store across the network answers each question after a while only.
        quads = store.quads_for_pattern(None, None, None, None)
        store = Store()
        store.bulk_extend(quads)
    rules = Rules(store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    return _Base(store, rules, WorkingCopies(store))


class _Supposing:
    """Makes the difference that a scenario makes."""

    def __init__(
        self, base: _Base, viewpoint: str, graphs: tuple[GraphName, ...], scenario: Scenario
    ) -> None:
        self._base, self._graphs, self._scenario = base, graphs, scenario
        self._quads = Overlay(base.store)
        self._old = View(base.store, graphs, ASSESSED)
        self._new = View(self._quads, graphs, ASSESSED)
        self._believer = (
            None
            if viewpoint == SOURCES
            else Believer.of(base.store, viewpoint_named(base.store, viewpoint))
        )
        self._added = frozenset(scenario.added)
        self._withdrawn = frozenset(scenario.withdrawn)
        #: What withdrawn claims that are believed say, and what is said of withdrawn claims.
        self._said: set[Triple] = set()
        #: The same of claims that repeat what the reference record states.
        self._repeated: set[Triple] = set()

    def done(self) -> Supposed:
        """What is believed then."""
        for claim in self._scenario.withdraws:
            self._withdraw(NamedNode(claim))
        for triple in self._scenario.added:
            self._quads.add(_in(triple, self._scenario.added_graph))
        keep_up(
            Kept(
                self._base.rules, self._old, self._new, self._old, self._new, None,
                self._stands, self._put, self._drop,
            ),
            gone=self._said | self._withdrawn,
            come=self._scenario.added,
        )  # fmt: skip
        self._add_up()
        changed = self._difference()
        touched = Touched(
            changed,
            (one for one in changed if one in self._new),
            self._base.around(self._graphs),
        )
        return Supposed(WithDifference(self._quads, self._base.copies), touched)

    def _withdraw(self, claim: NamedNode) -> None:
        said = [quad.triple for quad in self._quads.quads(None, None, None, claim)]
        if self._believes(claim):
            self._said.update(said)
            if all(_in(triple, REFERENCE_GRAPH) in self._base.store for triple in said):
                self._repeated.update(said)
        for triple in said:
            self._quads.remove(_in(triple, claim))
        for graph in (CLAIMS_GRAPH, *self._graphs):
            for quad in list(self._quads.quads(claim, None, None, graph)):
                self._said.add(quad.triple)
                if graph == CLAIMS_GRAPH:
                    self._quads.remove(quad)

    def _believes(self, claim: NamedNode) -> bool:
        if Quad(claim, _MODALITY, _FACT, CLAIMS_GRAPH) in self._quads:
            return True
        return self._believer is not None and self._believer.believes(
            claim, View(self._quads, (DEFAULT,), ASSESSED)
        )

    def _stands(self, triple: Triple) -> bool:
        """Whether a triple is believed whatever follows from others."""
        if triple in self._added:
            return True
        if triple in self._withdrawn:
            return False
        if body_of(triple.subject) is not None:  # until all is added up anew
            return True
        if triple not in self._said and _in(triple, DEFAULT) in self._base.store:
            return _in(triple, ENTAILED_GRAPH) not in self._base.store
        found = self._quads.quads(triple.subject, triple.predicate, triple.object, None)
        return any(self._states(quad) for quad in found)

    def _states(self, quad: Quad) -> bool:
        """Whether what a graph holds is believed because the graph holds it."""
        graph = quad.graph_name
        if not isinstance(graph, NamedNode):
            return False
        if graph == REFERENCE_GRAPH:
            return quad.triple not in self._repeated or quad.predicate in _NAMES
        if graph.value.startswith(_STATED):
            return not graph.value.startswith(_DERIVED)
        return self._believes(graph)

    def _put(self, triple: Triple) -> None:
        """Has a triple believed that is not; then it is not among those that follow either."""
        self._quads.add_new(_in(triple, DEFAULT))
        if triple not in self._added:
            self._quads.add_new(_in(triple, ENTAILED_GRAPH))

    def _drop(self, triple: Triple) -> None:
        for graph in (*self._graphs, ENTAILED_GRAPH):
            self._quads.remove(_in(triple, graph))

    def _add_up(self) -> None:
        """Brings the sums of ownership to what they are now."""
        views = [
            View(some, self._graphs, ASSESSED, SUMMED) for some in (self._base.store, self._quads)
        ]
        try:
            bodies = reached(views, self._difference())
            accepted_sums(self._quads, bodies, ASSESSED, self._graphs)
        except NotBoundedError:  # too many of them: all are added up
            sums = derive(WithDifference(self._quads, self._base.copies), self._graphs)
            there = self._quads.quads(None, term("sg:ofBody"), None, None)
            bodies = {one.object for one in there if isinstance(one.object, NamedNode)}
            bodies |= {body for one in sums if (body := body_of(one.subject)) is not None}
            put_sums(self._quads, bodies, sums, self._graphs)

    def _difference(self) -> frozenset[Triple]:
        """The triples that are believed and were not, or were and are not."""
        quads = (quad for quad in self._quads.touched() if quad.graph_name in self._graphs)
        triples = frozenset(quad.triple for quad in quads)
        if len(self._graphs) == 1:
            return triples
        # One of the graphs may have what another has no longer.
        return frozenset(one for one in triples if (one in self._old) != (one in self._new))


def _is_claim(store: GraphStore, iri: str) -> bool:
    return Quad(NamedNode(iri), _TYPE, term("sg:Claim"), CLAIMS_GRAPH) in store


def _in(triple: Triple, graph: NamedNode | BlankNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
