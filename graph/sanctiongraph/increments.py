"""What follows from a few triples added to a closed graph: the rules of ``entailment``, run from
the additions, so that the cost goes with what is added and not with what is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import DefaultGraph, Literal, Quad, Triple

from sanctiongraph.entailment import rules_of
from sanctiongraph.matching import Terms, filled, key_of, pattern, unify
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.vocabulary import ONTOLOGY_GRAPH, term

_TYPE = term("rdf:type")
#: A premise of a rule, the other premises, and the conclusion.
_Step = tuple[Terms, list[Terms], Terms]


class Increments:
    """Adds triples to the accepted graph of a store, in thought: the store is not changed."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        #: Rules by the predicate of each premise, and for types by the class as well.
        self._rules: dict[tuple[Any, Any], list[_Step]]
        self._rules = defaultdict(list)
        for rule in rules_of(store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)):
            premises = [pattern(text) for text in rule.premises.split(" . ")]
            conclusion = pattern(rule.conclusion)
            for index, premise in enumerate(premises):
                others = premises[:index] + premises[index + 1 :]
                self._rules[key_of(premise)].append((premise, others, conclusion))

    def over(self, store: GraphStore) -> Increments:
        """The same over another store with the same ontology, whose rules are not made again."""
        other = Increments.__new__(Increments)
        other._store, other._rules = store, self._rules
        return other

    def beyond(self, added: Iterable[Triple]) -> set[Triple]:
        """The added triples and what follows from them, without what the accepted graph has."""
        new = _Added()
        waiting: list[Terms] = []

        def add(terms: Terms) -> None:
            if terms not in new and not self._accepted(terms):
                new.add(terms)
                waiting.append(terms)

        for triple in added:
            add((triple.subject, triple.predicate, triple.object))
        while waiting:
            terms = waiting.pop()
            for rule in self._rules_for(terms):
                for conclusion in self._conclusions(rule, terms, new):
                    add(conclusion)
        return {Triple(*terms) for terms in new}

    def _accepted(self, terms: Terms) -> bool:
        return Quad(*terms, DefaultGraph()) in self._store

    def _rules_for(self, terms: Terms) -> Iterator[_Step]:
        yield from self._rules.get((terms[1], None), ())
        if terms[1] == _TYPE:
            yield from self._rules.get((_TYPE, terms[2]), ())

    def _conclusions(self, rule: _Step, terms: Terms, new: _Added) -> Iterator[Terms]:
        premise, others, conclusion = rule
        bound = unify(premise, terms, {})
        if bound is None:
            return
        for values in list(self._joined(others, bound, new)):
            subject, predicate, obj = filled(conclusion, values)
            if not isinstance(subject, Literal):
                yield subject, predicate, obj

    def _joined(
        self, patterns: list[Terms], values: Mapping[str, Any], new: _Added
    ) -> Iterator[Mapping[str, Any]]:
        if not patterns:
            yield values
            return
        # The pattern with the fewest open variables first: a chain is walked from where it is held.
        chosen = min(
            patterns, key=lambda one: sum(isinstance(end, str) for end in filled(one, values))
        )
        rest = [other for other in patterns if other is not chosen]
        subject, predicate, obj = (
            None if isinstance(term, str) else term for term in filled(chosen, values)
        )
        if isinstance(subject, Literal):
            return
        stored = self._store.quads_for_pattern(subject, predicate, obj, DefaultGraph())
        found = [(quad.subject, quad.predicate, quad.object) for quad in stored]
        for terms in found + new.matching(subject, predicate, obj):
            bound = unify(chosen, terms, values)
            if bound is not None:
                yield from self._joined(rest, bound, new)


class _Added:
    """The triples added so far, found by predicate and either end."""

    def __init__(self) -> None:
        self._all: dict[Terms, None] = {}
        self._by: dict[tuple[Any, Any, Any], list[Terms]] = defaultdict(list)

    def __contains__(self, terms: Terms) -> bool:
        return terms in self._all

    def __iter__(self) -> Iterator[Terms]:
        return iter(self._all)

    def add(self, terms: Terms) -> None:
        self._all[terms] = None
        subject, predicate, obj = terms
        for key in ((subject, predicate, None), (None, predicate, obj), (None, predicate, None)):
            self._by[key].append(terms)

    def matching(self, subject: Any, predicate: Any, obj: Any) -> list[Terms]:
        if subject is not None and obj is not None:
            terms = (subject, predicate, obj)
            return [terms] if terms in self._all else []
        return list(self._by.get((subject, predicate, obj), ()))
