"""Which claims a conclusion rests on: it is drawn again without them.

A viewpoint is looked at in a copy, each time with what it would believe if those claims had not
been made. Only claims that the other side of a comparison does not believe are left out. For a side
that supposes a scenario see ``assumptions``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from sanctiongraph.assessment import Assessment, Level, Outcome, assess
from sanctiongraph.increments import Increments
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.subject import subject_of
from sanctiongraph.perspective import Perspective
from sanctiongraph.resting import Aspects, minimal_sets
from sanctiongraph.viewpoints import assertions, fill
from sanctiongraph.vocabulary import BASE


def aspects(assessment: Assessment | None) -> dict[str, str]:
    """What an assessment says; without a case the rule does not apply."""
    if assessment is None:
        return {"case": "no", "outcome": Outcome.DOES_NOT_APPLY.value, "level": Level.NONE.value}
    return {
        "case": "yes",
        "outcome": assessment.outcome.value,
        "level": assessment.level.value,
        **{iri: status.value for iri, status in assessment.statuses.items()},
    }


@dataclass(frozen=True, slots=True)
class Rested:
    """What a conclusion rests on together, and what of it would be otherwise without that.

    ``claims`` are believed. Of a scenario's own, ``supposed`` are the things of which it supposes
    something, ``withdrawn`` the claims and ``withdrawn_triples`` the triples that it leaves out.
    """

    claims: tuple[str, ...]
    without: Aspects
    supposed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    withdrawn_triples: tuple[Triple, ...] = ()


class Doubts:
    """One side of a comparison, with some of the claims left out that only it believes."""

    def __init__(self, law: Law, perspective: Perspective, as_of: dt.date, own: Collection[str]):
        self._law = law
        self._perspective = perspective
        self._as_of = as_of
        self._believed = perspective.beyond_facts()
        self._own = tuple(own)
        self._increments = Increments(perspective.store)
        self._beyond: dict[tuple[str, ...], set[Triple]] = {}
        self._counted: dict[str, set[Triple]] = {}
        self._graphs: dict[tuple[str, ...], NamedNode] = {}
        self._copy: Store | None = None

    def rests_on(self, rule: Rule, case: Mapping[str, str], names: Collection[str]) -> list[Rested]:
        """The minimal sets of one or two claims without which any of these aspects is otherwise."""
        if not self._own:
            return []

        def drawn(left_out: tuple[str, ...]) -> Aspects:
            return aspects(self._drawn(left_out, rule, case))

        before, without_all = drawn(()), drawn(self._own)
        # What would be no different without any of them rests on none of them.
        open_to = [name for name in names if without_all.get(name) != before.get(name)]
        subject = subject_of(self._law, rule)
        relevant = [one for one in self._own if subject.touches(self._counts(one))]
        found = minimal_sets(relevant, open_to, before, drawn)
        return [Rested(claims, without) for claims, without in found]

    def _drawn(
        self, claims: tuple[str, ...], rule: Rule, case: Mapping[str, str]
    ) -> Assessment | None:
        graphs = (DefaultGraph(), self._graph(claims))
        found = assess(self._store, self._law, rule, self._as_of, case=case, graphs=graphs)
        return found[0] if found else None

    @property
    def _store(self) -> Store:
        """A copy of the accepted graph, where graphs can be added."""
        if self._copy is None:
            self._copy = Store()
            accepted = self._perspective.store.quads_for_pattern(None, None, None, DefaultGraph())
            self._copy.bulk_extend(accepted)
        return self._copy

    def _graph(self, claims: tuple[str, ...]) -> NamedNode:
        """A graph of the copy that holds what is believed without the claims."""
        if claims not in self._graphs:
            graph = NamedNode(f"{BASE}doubt/{len(self._graphs)}")
            said = self._said_without(claims)
            fill(self._store, self._increments, graph, self._perspective.viewpoint, said)
            self._graphs[claims] = graph
        return self._graphs[claims]

    def _believing(self, claims: tuple[str, ...]) -> set[Triple]:
        if claims not in self._beyond:
            self._beyond[claims] = self._increments.beyond(self._said_without(claims))
        return self._beyond[claims]

    def _said_without(self, claims: tuple[str, ...]) -> Iterator[Triple]:
        left = [one for one in self._believed if one not in claims]
        return assertions(self._perspective.store, left)

    def _counts(self, claim: str) -> set[Triple]:
        """What the claim adds by itself, and what is lost of the whole without it."""
        if claim not in self._counted:
            alone = self._increments.beyond(assertions(self._perspective.store, [claim]))
            lost = self._believing(()) - self._believing((claim,))
            self._counted[claim] = alone | lost
        return self._counted[claim]
