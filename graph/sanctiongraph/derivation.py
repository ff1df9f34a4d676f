"""Backward from an entailed triple: which axiom it came from, and which triples that needed.

The axioms are those that ``entailment`` runs forward, so whatever it added can be led back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from pyoxigraph import Literal, Quad, Triple

from sanctiongraph.entailment import rules_of
from sanctiongraph.law.truthtable import GraphNames
from sanctiongraph.matching import Terms, filled, key_of, pattern, unify
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import ONTOLOGY_GRAPH

#: Ways that one axiom may lead to one triple, of which more are of no use to a reader.
_MOST_WAYS: Final = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One application of an axiom: its name in words, and what it needed."""

    axiom: str
    premises: tuple[Triple, ...]


class Axioms:
    """The axioms of a vocabulary, by what they conclude."""

    def __init__(self, ontology: Iterable[Quad]) -> None:
        self._by_conclusion: dict[Terms | Any, list[tuple[Terms, list[Terms], str]]]
        self._by_conclusion = defaultdict(list)
        for rule in rules_of(ontology):
            premises = [pattern(text) for text in rule.premises.split(" . ")]
            conclusion = pattern(rule.conclusion)
            self._by_conclusion[key_of(conclusion)].append((conclusion, premises, rule.axiom))

    @classmethod
    def of(cls, store: GraphStore) -> Axioms:
        """The axioms in ``graph/ontology`` of a store."""
        return cls(store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))

    def steps(self, store: GraphStore, graphs: GraphNames, triple: Triple) -> Iterator[Step]:
        """The ways in which one axiom gives the triple from what the merged ``graphs`` hold."""
        terms = (triple.subject, triple.predicate, triple.object)
        for conclusion, premises, axiom in self._by_conclusion.get(key_of(terms), ()):
            bound = unify(conclusion, terms, {})
            if bound is None:
                continue
            for values in islice(_joined(store, graphs, premises, bound), _MOST_WAYS):
                yield Step(axiom, tuple(Triple(*filled(one, values)) for one in premises))


def _joined(
    store: GraphStore, graphs: GraphNames, patterns: list[Terms], values: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    if not patterns:
        yield values
        return
    # The pattern with the fewest open variables first: a chain is walked from where it is held.
    chosen = min(patterns, key=lambda one: sum(isinstance(t, str) for t in filled(one, values)))
    rest = [one for one in patterns if one is not chosen]
    subject, predicate, obj = (
        None if isinstance(term, str) else term for term in filled(chosen, values)
    )
    if isinstance(subject, Literal):
        return
    for graph in graphs:
        for quad in store.quads_for_pattern(subject, predicate, obj, graph):
            bound = unify(chosen, (quad.subject, quad.predicate, quad.object), values)
            if bound is not None:
                yield from _joined(store, graphs, rest, bound)
