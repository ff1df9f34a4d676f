"""A scenario supposed: what is believed, changed in a copy, with what then follows.

The store that is asked stays as it is. In the copy, what a viewpoint believes is merged with the
accepted graph; claims and triples are withdrawn, together with whatever rested on nothing else;
what is supposed is added, together with what follows from it and what its ownerships add up to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from sanctiongraph.beliefs import beyond_facts, facts
from sanctiongraph.derivation import Axioms
from sanctiongraph.errors import NotFound
from sanctiongraph.increments import Increments
from sanctiongraph.law.truthtable import ACCEPTED, GraphNames
from sanctiongraph.ownership import add_ownership
from sanctiongraph.reversible import ChangingStore, Copies
from sanctiongraph.scenario import Scenario
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.vocabulary import (
    BASE,
    CLAIMS_GRAPH,
    ENTAILED_GRAPH,
    LAW_GRAPH,
    LINKS_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    term,
)

_DEFAULT: Final = DefaultGraph()
#: What no scenario changes. To copy it would take a third of the time that a scenario takes.
BACKGROUND: Final = (LAW_GRAPH, ONTOLOGY_GRAPH, REFERENCE_GRAPH, LINKS_GRAPH)
_TYPE: Final = term("rdf:type")
_ASSESSMENTS: Final = PREFIXES["graph"] + "assessments/"
_NAMES: Final = {_TYPE, term("rdfs:label")}


@dataclass(frozen=True, slots=True)
class Supposed:
    """A copy of a store in whose default graph is what is believed where a scenario holds.

    Whatever else is believed than without it is among the triples ``touched``.
    """

    store: GraphStore
    touched: frozenset[Triple]


def supposed(
    store: GraphStore,
    viewpoint: str,
    graphs: GraphNames,
    scenario: Scenario,
    background: GraphStore,
) -> Supposed:
    """What is believed of a store where the scenario holds, in a copy.

    The graphs of ``BACKGROUND`` are not in it: they are as they are in the store ``background``.
    ``graphs`` are those that the viewpoint of that name merges into what is believed; in the copy,
    those beside the default graph are empty. Raises ``NotFound`` for a withdrawn claim that there
    is not.
    """
    _check_withdrawn(store, scenario)
    base = _base(store, background)
    changed = _copies(base, viewpoint, graphs).lend()
    return Supposed(changed, _change(changed, viewpoint, scenario, base))


def supposed_in_turn(
    store: GraphStore,
    viewpoint: str,
    graphs: GraphNames,
    scenarios: Iterable[Scenario],
    background: GraphStore,
) -> Iterator[Supposed]:
    """The same for one scenario after the other, all in one copy: each is undone before the next.

    To copy takes longer than to suppose. Raises as ``supposed`` does.
    """
    base = _base(store, background)
    lent = _copies(base, viewpoint, graphs).lend()
    for scenario in scenarios:
        _check_withdrawn(store, scenario)
        changed = lent.afresh()  # who keeps what it was told by a store is to see another one
        try:
            yield Supposed(changed, _change(changed, viewpoint, scenario, base))
        finally:
            changed.undo()


def _check_withdrawn(store: GraphStore, scenario: Scenario) -> None:
    missing = [iri for iri in scenario.withdraws if not _is_claim(store, iri)]
    if missing:
        raise NotFound(f"{scenario.name} withdraws what is no claim: {', '.join(missing)}")


@lru_cache(maxsize=4)
def _copies(base: _Base, viewpoint: str, graphs: GraphNames) -> Copies:
    return Copies(lambda: _copied(base, viewpoint, graphs))


def _copied(base: _Base, viewpoint: str, graphs: GraphNames) -> Store:
    copy = Store()
    copy.bulk_extend(base.quads)
    for graph in graphs:
        if isinstance(graph, NamedNode):
            _merge(copy, viewpoint, graph)
    return copy


def _change(
    copy: ChangingStore, viewpoint: str, scenario: Scenario, base: _Base
) -> frozenset[Triple]:
    """Lets the scenario hold in a copy; returned is what may be otherwise for that."""
    touched: set[Triple] = set()
    if scenario.withdraws or scenario.withdrawn:
        touched |= _withdraw(copy, viewpoint, scenario, base)
    touched |= _add(copy, scenario, base.increments.over(copy))
    touched |= add_ownership(copy)
    return frozenset(touched)


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """What every copy of a store begins with, in memory, and the axioms forward and backward.

    Outcomes that were worked out without the scenario are not in it.
    """

    store: Store
    #: What is copied, as values: a store takes those a quarter sooner than another store's.
    quads: tuple[Quad, ...]
    increments: Increments
    axioms: Axioms


@lru_cache(maxsize=2)
def _base(store: GraphStore, background: GraphStore) -> _Base:
    """Made once a store, which is not going to change, as published ones are not."""
    graphs: dict[object, list[Quad]] = defaultdict(list)
    # All at once, since a store across the network answers each question after a while only.
    for quad in store.quads_for_pattern(None, None, None, None):
        graphs[quad.graph_name].append(quad)
    outcomes = {
        quad.triple
        for quad in graphs[NamedNode(f"{_ASSESSMENTS}{SOURCES}")]
        if str(quad.subject).startswith(f"<{BASE}assessment/")
    }
    graphs[_DEFAULT] = [quad for quad in graphs[_DEFAULT] if quad.triple not in outcomes]
    left_out = {name for name in graphs if str(name).startswith(f"<{_ASSESSMENTS}")}
    copied = [
        quad
        for name, quads in graphs.items()
        if name not in left_out and name not in BACKGROUND
        for quad in quads
    ]
    base = Store()
    base.bulk_extend(copied)
    for graph in BACKGROUND:
        if background is store:
            base.bulk_extend(graphs[graph])
        else:
            base.bulk_extend(background.quads_for_pattern(None, None, None, graph))
    return _Base(base, tuple(copied), Increments(base), Axioms.of(base))


def _is_claim(store: GraphStore, iri: str) -> bool:
    return Quad(NamedNode(iri), _TYPE, term("sg:Claim"), CLAIMS_GRAPH) in store


def _merge(store: Store, name: str, graph: NamedNode) -> None:
    """Moves what the viewpoint believes into the default graph, what it entails marked as such."""
    beyond = _graph(store, graph)
    said: set[Triple] = set()
    for claim in beyond_facts(store, name):
        said.update(_graph(store, NamedNode(claim)))
    store.clear_graph(graph)
    store.extend(_quads(beyond, _DEFAULT))
    store.extend(_quads((triple for triple in beyond if triple not in said), ENTAILED_GRAPH))


def _add(store: ChangingStore, scenario: Scenario, increments: Increments) -> set[Triple]:
    """Adds what is supposed and what follows; returned is all of that."""
    store.extend(_quads(scenario.added, scenario.added_graph))
    supposed = set(scenario.added)
    beyond = increments.beyond(scenario.added)
    store.extend(_quads(beyond, _DEFAULT))
    store.extend(_quads((one for one in beyond if one not in supposed), ENTAILED_GRAPH))
    return supposed | beyond


def _withdraw(store: ChangingStore, name: str, scenario: Scenario, base: _Base) -> set[Triple]:
    """Removes what is withdrawn and what rested on it; returned is what was looked at for that."""
    touched: set[Triple] = set()
    lost = set(scenario.withdrawn)
    accepted = facts(store) | set(beyond_facts(store, name))
    gone = set(scenario.withdraws)
    for claim in scenario.withdraws:
        said = _graph(store, NamedNode(claim))
        # The background repeats what reference claims say; names and types stand on their own.
        background = all(_in(base.store, triple, REFERENCE_GRAPH) for triple in said)
        if claim in accepted:
            left = accepted - gone
            lost.update(
                triple
                for triple in said
                if not _stands((store, base.store), triple, left, background=background)
            )
        for graph in (CLAIMS_GRAPH, _DEFAULT):
            about = list(store.quads_for_pattern(NamedNode(claim), None, None, graph))
            touched.update(quad.triple for quad in about)
            _remove(store, about)
        store.remove_graph(NamedNode(claim))
    lost = {triple for triple in lost if _in(store, triple, _DEFAULT)}
    return touched | _lose(store, lost, base.increments.over(store), base.axioms)


def _stands(
    stores: tuple[GraphStore, GraphStore],
    triple: Triple,
    claims: Collection[str],
    *,
    background: bool,
) -> bool:
    """Whether anything else that is accepted states the triple, in the copy or in the background."""
    copy, base = stores
    own = copy.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    graphs = [quad.graph_name for quad in own]
    for graph in (*graphs, *(one for one in BACKGROUND if _in(base, triple, one))):
        if graph in (ONTOLOGY_GRAPH, LAW_GRAPH, CLAIMS_GRAPH):
            return True
        if graph == REFERENCE_GRAPH and (not background or triple.predicate in _NAMES):
            return True
        if isinstance(graph, NamedNode) and graph.value in claims:
            return True
    return False


def _lose(
    store: ChangingStore, lost: Collection[Triple], increments: Increments, axioms: Axioms
) -> set[Triple]:
    """Removes the triples with all that may have rested on them, and lets follow again what does.

    Returned is all of that, also what is there again.
    """
    doubtful = set(lost)
    waiting = list(lost)
    while waiting:
        for triple in increments.from_one(waiting.pop()):
            if triple not in doubtful and _in(store, triple, ENTAILED_GRAPH):
                doubtful.add(triple)
                waiting.append(triple)
    for graph in (_DEFAULT, ENTAILED_GRAPH):
        _remove(store, _quads(doubtful, graph))
    again = looked_at = set(doubtful)
    while again:
        again = {one for one in doubtful if any(axioms.steps(store, ACCEPTED, one))}
        doubtful -= again
        for graph in (_DEFAULT, ENTAILED_GRAPH):
            store.extend(_quads(again, graph))
    return looked_at


def _graph(store: GraphStore, name: NamedNode) -> list[Triple]:
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, name)]


def _in(store: GraphStore, triple: Triple, graph: NamedNode | DefaultGraph) -> bool:
    return Quad(triple.subject, triple.predicate, triple.object, graph) in store


def _quads(triples: Iterable[Triple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    return (Quad(one.subject, one.predicate, one.object, graph) for one in triples)


def _remove(store: ChangingStore, quads: Iterable[Quad]) -> None:
    for quad in quads:
        store.remove(quad)
