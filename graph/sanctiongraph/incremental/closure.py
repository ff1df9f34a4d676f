"""What follows by the axioms, kept up while its premises change.

What followed from something that is gone is taken out with all that followed from that in turn,
whether it has other reasons or not; then what has one is put back, and what follows from the new is
added (delete and rederive). Each step looks only at triples that fit a rule with one at hand.

What follows is kept apart from a ``context``, which has none of it: for the accepted graph the
context is empty, for a viewpoint it is the accepted graph. A rule concludes here when at least one of
its premises is outside the context.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sanctiongraph.entailment import rules_of
from sanctiongraph.incremental.overlay import View
from sanctiongraph.matching import Terms, filled, key_of, pattern, unify
from sanctiongraph.vocabulary import term

_TYPE = term("rdf:type")
_Rule = tuple[list[Terms], Terms]


class Rules:
    """The rules of ``entailment``, by what they need and by what they conclude."""

    def __init__(self, ontology: Iterable[Quad]) -> None:
        self._by_premise: dict[tuple[Any, Any], list[tuple[Terms, list[Terms], Terms]]]
        self._by_premise = defaultdict(list)
        self._by_conclusion: dict[tuple[Any, Any], list[_Rule]] = defaultdict(list)
        for rule in rules_of(ontology):
            premises = [pattern(text) for text in rule.premises.split(" . ")]
            conclusion = pattern(rule.conclusion)
            self._by_conclusion[key_of(conclusion)].append((premises, conclusion))
            for at, premise in enumerate(premises):
                others = premises[:at] + premises[at + 1 :]
                self._by_premise[key_of(premise)].append((premise, others, conclusion))

    def joined_properties(self) -> set[Any]:
        """The properties, and classes, of rules with more than one premise."""
        return {
            obj if predicate == _TYPE else predicate
            for found in self._by_premise.values()
            for premise, others, _ in found
            if others
            for _, predicate, obj in (premise, *others)
        }

    def from_one(
        self, triple: Triple, view: View, *, outside: View | None = None
    ) -> Iterator[Triple]:
        """What one rule concludes from the triple and others of a view.

        With ``outside`` at least one of the others is from there.
        """
        terms = (triple.subject, triple.predicate, triple.object)
        for premise, others, conclusion in self._needing(terms):
            bound = unify(premise, terms, {})
            if bound is None:
                continue
            for views in _choices(len(others), view, outside):
                for values in _joined(others, views, bound):
                    subject, predicate, obj = filled(conclusion, values)
                    if not isinstance(subject, Literal | Triple):
                        yield Triple(subject, predicate, obj)

    def concluded(self, triple: Triple, view: View, outside: View) -> bool:
        """Whether a rule concludes the triple from a view, with a premise from ``outside``."""
        terms = (triple.subject, triple.predicate, triple.object)
        for premises, conclusion in self._by_conclusion.get(key_of(terms), ()):
            bound = unify(conclusion, terms, {})
            if bound is None:
                continue
            for views in _choices(len(premises), view, outside):
                if next(_joined(premises, views, bound), None) is not None:
                    return True
        return False

    def _needing(self, terms: Terms) -> Iterator[tuple[Terms, list[Terms], Terms]]:
        yield from self._by_premise.get((terms[1], None), ())
        if terms[1] == _TYPE:
            yield from self._by_premise.get((_TYPE, terms[2]), ())


@dataclass(frozen=True, slots=True)
class Kept:
    """Where what follows is kept. ``old`` and ``new`` are the context and what follows, together;
    ``outside_old`` and ``outside`` what follows alone, ``context`` the context alone as it is now.

    ``seeded`` tells whether a triple stands on its own now; ``put`` and ``drop`` change what follows.
    """

    rules: Rules
    old: View
    new: View
    outside_old: View
    outside: View
    context: View | None
    seeded: Callable[[Triple], bool]
    put: Callable[[Triple], None]
    drop: Callable[[Triple], None]

    def in_context(self, triple: Triple) -> bool:
        """Whether the context has the triple now."""
        return self.context is not None and triple in self.context


def keep_up(
    kept: Kept,
    *,
    gone: Iterable[Triple],
    come: Iterable[Triple],
    context_gone: Sequence[Triple] = (),
    context_come: Sequence[Triple] = (),
) -> None:
    """Brings what follows to what it is now.

    ``gone`` and ``come`` are the triples that no longer, or only now, stand on their own; the others
    are those by which the context has changed.
    """
    doubtful = _doubtful(kept, gone, context_gone, context_come)
    for triple in doubtful:
        kept.drop(triple)
    waiting: list[Triple] = []

    def put(triple: Triple) -> None:
        if triple not in kept.outside and not kept.in_context(triple):
            kept.put(triple)
            waiting.append(triple)

    for triple in (*doubtful, *context_gone):
        if kept.seeded(triple) or kept.rules.concluded(triple, kept.new, kept.outside):
            put(triple)
    for triple in come:
        put(triple)
    for triple in context_come:
        for conclusion in list(kept.rules.from_one(triple, kept.new, outside=kept.outside)):
            put(conclusion)
    while waiting:
        for conclusion in list(kept.rules.from_one(waiting.pop(), kept.new)):
            put(conclusion)


def _doubtful(
    kept: Kept,
    gone: Iterable[Triple],
    context_gone: Iterable[Triple],
    context_come: Iterable[Triple],
) -> set[Triple]:
    """What followed and may no longer do so."""
    doubtful: set[Triple] = set()
    waiting: list[Triple] = []

    def doubt(triple: Triple) -> None:
        if triple in doubtful or triple not in kept.outside_old:
            return
        if kept.seeded(triple) and not kept.in_context(triple):
            return
        doubtful.add(triple)
        waiting.append(triple)

    for triple in (*gone, *context_come):
        doubt(triple)
    for triple in context_gone:
        for conclusion in kept.rules.from_one(triple, kept.old):
            doubt(conclusion)
    while waiting:
        for conclusion in kept.rules.from_one(waiting.pop(), kept.old):
            doubt(conclusion)
    return doubtful


def _choices(number: int, view: View, outside: View | None) -> Iterator[list[View]]:
    """The views to look for each of so many premises in; each one in its turn outside."""
    if outside is None or outside is view:
        yield [view] * number
        return
    for at in range(number):
        yield [outside if one == at else view for one in range(number)]


def _joined(
    patterns: Sequence[Terms], views: Sequence[View], values: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    if not patterns:
        yield values
        return
    # The pattern with the fewest open variables first: a chain is walked from where it is held.
    chosen = min(
        range(len(patterns)),
        key=lambda at: sum(isinstance(end, str) for end in filled(patterns[at], values)),
    )
    subject, predicate, obj = (
        None if isinstance(end, str) else end for end in filled(patterns[chosen], values)
    )
    if isinstance(subject, Literal | Triple) or not isinstance(predicate, NamedNode | None):
        return
    rest = [one for at, one in enumerate(patterns) if at != chosen]
    others = [one for at, one in enumerate(views) if at != chosen]
    for triple in views[chosen].triples(subject, predicate, obj):
        bound = unify(patterns[chosen], (triple.subject, triple.predicate, triple.object), values)
        if bound is not None:
            yield from _joined(rest, others, bound)
