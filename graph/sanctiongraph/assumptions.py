"""Which single assumptions a conclusion rests on: it is drawn again with each of them left out.

An assumption is a thing that a scenario supposes something of, a claim or a triple that it leaves
out of account, or a claim that only this side of a comparison believes. Leaving one out is supposing
the scenario without it, or that the claim was not made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode, Triple

from sanctiongraph.assessment import Assessment
from sanctiongraph.causes import Rested, aspects
from sanctiongraph.incremental.touching import Touched
from sanctiongraph.law.rules import Law, Rule
from sanctiongraph.law.subject import subject_of
from sanctiongraph.perspective import Perspective, suppose
from sanctiongraph.remembering import assessments
from sanctiongraph.resting import Aspects, minimal_sets
from sanctiongraph.scenario import Scenario
from sanctiongraph.viewpoints import assertions
from sanctiongraph.vocabulary import PREFIXES, term

_EDTF: Final = term("sg:edtf")
#: Pairs are tried of so many assumptions at most, and of so many claims where nothing is supposed:
#: each pair is a scenario of its own.
_MOST_PAIRED: Final = 6
_MOST_CLAIMS_PAIRED: Final = 12
#: What a side supposes that supposes nothing.
NOTHING: Final = Scenario(f"{PREFIXES['scenario']}nothing", "nothing")


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that a side takes to be so and the other does not; only one of these is given."""

    thing: str | None = None
    withdrawn_claim: str | None = None
    withdrawn_triple: Triple | None = None
    believed: str | None = None


class Assumed:
    """One side of a comparison, with some of its assumptions left out."""

    def __init__(
        self, law: Law, base: Perspective, scenario: Scenario, as_of: dt.date, own: Collection[str]
    ) -> None:
        """``base`` is the perspective before the scenario, which may be ``NOTHING``; ``own`` are the
        claims that only this side believes.
        """
        self._law = law
        self._base = base
        self._scenario = scenario
        self._as_of = as_of
        self._all = tuple(_assumptions(scenario, own))
        self._perspectives: dict[tuple[Assumption, ...], Perspective] = {}
        self._changed: dict[Assumption, set[Triple]] = {}
        self._touched: dict[Assumption, Touched] = {}

    def rests_on(self, rule: Rule, case: Mapping[str, str], names: Collection[str]) -> list[Rested]:
        """The minimal sets of one or two assumptions without which any of these is otherwise."""

        def drawn(left_out: tuple[Assumption, ...]) -> Aspects:
            return aspects(self._drawn(left_out, rule, case))

        if not self._all:
            return []
        before, most = drawn(()), _MOST_PAIRED
        if self._scenario is NOTHING:
            most = _MOST_CLAIMS_PAIRED
            # What would be no different without any of the claims rests on none of them.
            without_any = drawn(self._all)
            names = [name for name in names if without_any.get(name) != before.get(name)]
        relevant = [one for one in self._all if names and self._matters(one, rule)]
        found = minimal_sets(relevant, names, before, drawn, most)
        return [_rested(left_out, without) for left_out, without in found]

    def _matters(self, one: Assumption, rule: Rule) -> bool:
        """Whether the rule can look at what is otherwise without the assumption."""
        if self._scenario is NOTHING:
            return any(map(self._said(one).matters_to, self._law.patterns_of(rule)))
        return subject_of(self._law, rule).touches(self._counts(one))

    def _said(self, one: Assumption) -> Touched:
        """What a claim says, whether others say so as well, and what follows from that alone."""
        if one not in self._touched:
            claims = [one.believed] if one.believed else []
            said = tuple(assertions(self._base.store, claims))
            self._touched[one] = suppose(self._base, replace(NOTHING, withdrawn=said)).touched
        return self._touched[one]

    def _drawn(
        self, left_out: tuple[Assumption, ...], rule: Rule, case: Mapping[str, str]
    ) -> Assessment | None:
        perspective = self._without(left_out)
        found = assessments(perspective, self._law, rule, self._as_of, case)
        return found[0] if found else None

    def _without(self, left_out: tuple[Assumption, ...]) -> Perspective:
        if self._scenario is NOTHING and not left_out:
            return self._base
        if left_out not in self._perspectives:
            self._perspectives[left_out] = suppose(self._base, _less(self._scenario, left_out))
        return self._perspectives[left_out]

    def _counts(self, one: Assumption) -> set[Triple]:
        """What is believed otherwise without the assumption."""
        if one not in self._changed:
            whole, less = self._without(()), self._without((one,))
            self._changed[one] = {
                triple
                for triple in whole.touched.triples | less.touched.triples
                if whole.believes(triple) != less.believes(triple)
            }
        return self._changed[one]


def _assumptions(scenario: Scenario, own: Collection[str]) -> Iterator[Assumption]:
    things = dict.fromkeys(_things(scenario).values())
    yield from (Assumption(thing=iri) for iri in things)
    yield from (Assumption(withdrawn_claim=iri) for iri in scenario.withdraws)
    yield from (Assumption(withdrawn_triple=triple) for triple in scenario.withdrawn)
    yield from (Assumption(believed=iri) for iri in own if iri not in scenario.withdraws)


def _things(scenario: Scenario) -> dict[Triple, str]:
    """The thing that each supposed triple is of; a date belongs to what it dates."""
    dates = {one.subject for one in scenario.added if one.predicate == _EDTF}
    dated = {one.object: one.subject for one in scenario.added if one.object in dates}
    return {one: _iri(dated.get(one.subject, one.subject)) for one in scenario.added}


def _iri(subject: object) -> str:
    return subject.value if isinstance(subject, NamedNode) else str(subject)


def _less(scenario: Scenario, left_out: Collection[Assumption]) -> Scenario:
    things = {one.thing for one in left_out if one.thing}
    claims = {one.withdrawn_claim for one in left_out if one.withdrawn_claim}
    triples = {one.withdrawn_triple for one in left_out if one.withdrawn_triple}
    doubted = tuple(one.believed for one in left_out if one.believed)
    of = _things(scenario)
    return replace(
        scenario,
        added=tuple(one for one in scenario.added if of[one] not in things),
        withdraws=tuple(one for one in scenario.withdraws if one not in claims) + doubted,
        withdrawn=tuple(one for one in scenario.withdrawn if one not in triples),
    )


def _rested(left_out: tuple[Assumption, ...], without: Mapping[str, str]) -> Rested:
    return Rested(
        claims=tuple(one.believed for one in left_out if one.believed),
        without=without,
        supposed=tuple(one.thing for one in left_out if one.thing),
        withdrawn=tuple(one.withdrawn_claim for one in left_out if one.withdrawn_claim),
        withdrawn_triples=tuple(one.withdrawn_triple for one in left_out if one.withdrawn_triple),
    )
