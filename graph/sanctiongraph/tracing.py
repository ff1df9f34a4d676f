"""Traces what a pattern matched for a case down to what somebody asserted.

Shallow ways are tried first. ``evidence`` has what is found.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QueryBoolean, QueryTriples, Triple

from sanctiongraph.beliefs import accepted
from sanctiongraph.binding import bind, parts_of
from sanctiongraph.claims import Claim, claims_named
from sanctiongraph.datenotes import BOUNDS, DateNote, date_note
from sanctiongraph.derivation import Axioms
from sanctiongraph.evidence import ADDED_UP, Bears, Ground, Match, Origin
from sanctiongraph.law.nesting import with_filters_nested
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph.perspective import Perspective
from sanctiongraph.vocabulary import (
    CLAIMS_GRAPH,
    LAW_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    term,
)

#: Applications of axioms on end that are followed; closures double at each, so this is far.
_DEEPEST: Final = 12
#: Claims that are read of those that assert one triple: nobody reads more, and of the things that
#: most is said of there are thousands.
_MOST_READ: Final = 50

_SUMS: Final = (term("sg:blockedShare"), term("sg:clearShare"))
_ADDS_UP: Final = term("sg:addsUp")
#: What is told of a situation that was added up.
_TOLD: Final = (*_SUMS, term("sg:share"), term("sg:owner"), term("sg:target"))

_ORIGIN_OF_GRAPH: Final = {
    LAW_GRAPH: Origin.LAW,
    ONTOLOGY_GRAPH: Origin.VOCABULARY,
    REFERENCE_GRAPH: Origin.NAMING,
    CLAIMS_GRAPH: Origin.RECORD,
}


class Tracer:
    """Traces patterns from one perspective as of one day."""

    def __init__(
        self,
        perspective: Perspective,
        axioms: Axioms,
        as_of: dt.date,
        claims: dict[str, Claim] | None = None,
    ) -> None:
        """``claims`` are those of the perspective's store that are known; what is read is added."""
        self._store = perspective.store
        self._graphs = list(perspective.graphs)
        self._axioms = axioms
        self._as_of = {"asOf": as_of_literal(as_of)}
        self._believed = frozenset(perspective.beyond_facts())
        # The graph of what a scenario adds has the scenario's name before its last part.
        self._supposed = f"/{perspective.scenario}/added" if perspective.scenario else ""
        self._claims = {} if claims is None else claims
        self._asserted: dict[Triple, tuple[Origin, tuple[str, ...]] | None] = {}
        self._unfolded: dict[tuple[Triple, int], _Tree | None] = {}
        self._matched: dict[tuple[str, tuple[tuple[str, str], ...]], list[Triple] | None] = {}
        self._dates: dict[NamedNode, DateNote | None] = {}

    def matches(
        self, patterns: Iterable[str], bears: Bears, case: Mapping[str, str]
    ) -> tuple[Match, ...]:
        """Those of the patterns that match for the case, each with its ground triples.

        Raises ``BadData`` for a pattern that holds more than triples, ``FILTER`` and ``FILTER NOT
        EXISTS``.
        """
        found = ((one, self._triples_once(one, case)) for one in patterns)
        traced = [
            (one, [self._tree(t) for t in triples]) for one, triples in found if triples is not None
        ]
        chosen = [_chosen(trees) for _, trees in traced]
        self._read_claims(iri for one in chosen for iris in one.values() for iri in iris)
        return tuple(
            Match(bears, one, tuple(self._ground(t, read) for t in trees), parts_of(one).absent)
            for (one, trees), read in zip(traced, chosen, strict=True)
        )

    def _triples_once(self, pattern: str, case: Mapping[str, str]) -> list[Triple] | None:
        key = pattern, tuple(case.items())
        if key not in self._matched:
            self._matched[key] = self._triples(pattern, case)
        return self._matched[key]

    def _triples(self, pattern: str, case: Mapping[str, str]) -> list[Triple] | None:
        """The triples that the pattern matched, sorted; ``None`` where it did not match."""
        template = parts_of(pattern).triples
        values = " ".join(f"VALUES ?{name} {{ {NamedNode(iri)} }}" for name, iri in case.items())
        form = f"CONSTRUCT {{ {template} }} WHERE" if template else "ASK"
        where = with_filters_nested(pattern, (*case, "asOf"))
        text = bind(f"{form} {{ {values} {where} }}", self._as_of)
        found = self._store.query(text, prefixes=PREFIXES, default_graph=self._graphs)
        if isinstance(found, QueryBoolean):
            return [] if found else None
        assert isinstance(found, QueryTriples)
        return sorted(set(found), key=str) or None

    def _tree(self, triple: Triple) -> _Tree:
        for depth in range(_DEEPEST + 1):
            if (tree := self._unfold(triple, depth)) is not None:
                return tree
        return _Tree(triple, Origin.SUPPOSED)

    def _unfold(self, triple: Triple, depth: int) -> _Tree | None:
        """The triple as asserted, or by at most ``depth`` applications of axioms on end.

        Shallow ways are tried first for every premise, so the way found never leads in a circle.
        """
        key = (triple, depth)
        if key not in self._unfolded:
            self._unfolded[key] = None
            self._unfolded[key] = self._shallowest(triple, depth)
        return self._unfolded[key]

    def _shallowest(self, triple: Triple, depth: int) -> _Tree | None:
        asserted = self._asserted_in(triple)
        if asserted is not None:
            return _Tree(triple, *asserted)
        if depth == 0:
            return None
        if (tree := self._unfold(triple, depth - 1)) is not None:
            return tree
        for step in self._axioms.steps(self._store, self._graphs, triple):
            premises: list[_Tree] = []
            for premise in step.premises:
                tree = self._unfold(premise, depth - 1)
                if tree is None:
                    break
                premises.append(tree)
            else:
                return _Tree(triple, Origin.ENTAILED, (), step.axiom, tuple(premises))
        return self._added_up(triple, depth)

    def _added_up(self, triple: Triple, depth: int) -> _Tree | None:
        """A triple of a sum of ownership, from the situations that it adds up."""
        situations = sorted(
            (
                quad.object
                for graph in self._graphs
                for quad in self._store.quads_for_pattern(triple.subject, _ADDS_UP, None, graph)
                if isinstance(quad.object, NamedNode)
            ),
            key=str,
        )
        if not situations:
            return None
        premises: list[_Tree] = []
        for one in (told for situation in situations for told in self._told(situation)):
            tree = self._unfold(one, depth - 1)
            if tree is None:
                return None
            premises.append(tree)
        return _Tree(triple, Origin.ENTAILED, (), ADDED_UP, tuple(premises))

    def _told(self, situation: NamedNode) -> Iterator[Triple]:
        for predicate in _TOLD:
            for graph in self._graphs:
                for quad in self._store.quads_for_pattern(situation, predicate, None, graph):
                    if (
                        predicate != _SUMS[1]
                    ):  # of an owner's own owners, only the blocked ones count
                        yield quad.triple

    def _asserted_in(self, triple: Triple) -> tuple[Origin, tuple[str, ...]] | None:
        if triple not in self._asserted:
            self._asserted[triple] = self._look_up(triple)
        return self._asserted[triple]

    def _look_up(self, triple: Triple) -> tuple[Origin, tuple[str, ...]] | None:
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        graphs = {quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode)}
        claims = sorted(one.value for one in graphs if accepted(self._store, one, self._believed))
        if claims:
            return Origin.CLAIM, tuple(claims)
        if self._supposed and any(one.value.endswith(self._supposed) for one in graphs):
            return Origin.SUPPOSED, ()
        for graph, origin in _ORIGIN_OF_GRAPH.items():
            if graph in graphs:
                return origin, ()
        return None

    def _read_claims(self, iris: Iterable[str]) -> None:
        """Reads those of the claims that are not read yet, all at once."""
        wanted = set(iris) - self._claims.keys()
        if wanted:
            self._claims.update(claims_named(self._store, sorted(wanted)))

    def _ground(self, tree: _Tree, read: Mapping[Triple, tuple[str, ...]]) -> Ground:
        chosen = read.get(tree.triple, ())
        return Ground(
            triple=tree.triple,
            origin=tree.origin,
            claims=tuple(self._claims[iri] for iri in chosen if iri in self._claims),
            unread=tuple(sorted(set(tree.claims).difference(chosen))),
            axiom=tree.axiom,
            premises=tuple(self._ground(premise, read) for premise in tree.premises),
            date=self._date(tree.triple),
        )

    def _date(self, triple: Triple) -> DateNote | None:
        node = triple.subject if triple.predicate in BOUNDS else triple.object
        if not isinstance(node, NamedNode):
            return None
        if node not in self._dates:
            self._dates[node] = date_note(self._store, node)
        return self._dates[node]


@dataclass(frozen=True, slots=True)
class _Tree:
    """A ``Ground`` whose claims are not read yet."""

    triple: Triple
    origin: Origin
    claims: tuple[str, ...] = ()
    axiom: str | None = None
    premises: tuple[_Tree, ...] = ()

    def leaves(self) -> Iterator[_Tree]:
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


def _chosen(trees: Iterable[_Tree]) -> dict[Triple, tuple[str, ...]]:
    """Which claims are read of each triple of a match: those first that assert most of it."""
    leaves = [leaf for tree in trees for leaf in tree.leaves()]
    counts = Counter(iri for leaf in leaves for iri in leaf.claims)
    chosen = {}
    for leaf in leaves:
        iris = leaf.claims
        if len(iris) > _MOST_READ:
            iris = tuple(sorted(sorted(iris, key=lambda iri: (-counts[iri], iri))[:_MOST_READ]))
        chosen[leaf.triple] = iris
    return chosen
