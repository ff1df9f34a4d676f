"""The rules over one store: asked, answered and proved. Law, axioms and labels are read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from sanctiongraph.answer import Answer, answer
from sanctiongraph.assessment import weightier
from sanctiongraph.claims import Claim
from sanctiongraph.derivation import Axioms
from sanctiongraph.errors import NotFound
from sanctiongraph.given import day, iri
from sanctiongraph.labels import Labels
from sanctiongraph.law.rules import Law, Rule, read_law
from sanctiongraph.perspective import open_perspective
from sanctiongraph.proof import Proof, no_case, prove_case
from sanctiongraph.scenario import Scenario
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.tracing import Tracer
from sanctiongraph.viewpoints import SOURCES
from sanctiongraph.vocabulary import shorten


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: IRIs in full, but for the rule's, viewpoint's and scenario's names.

    A scenario may be given as a value as well.
    """

    rule: str
    party: str
    as_of: dt.date
    transaction: str | None = None
    viewpoint: str = SOURCES
    scenario: str | Scenario | None = None

    @classmethod
    def of(
        cls,
        rule: str,
        party: str,
        transaction: str | None = None,
        as_of: str | None = None,
        viewpoint: str | None = None,
        scenario: str | Scenario | None = None,
    ) -> Question:
        """The question in a user's words: things by name, short form or IRI; without a day, today.

        Raises ``BadParameter`` for a name or a day that is none.
        """
        return cls(
            rule=rule,
            party=iri("party", party),
            as_of=day("the day asked about", as_of),
            transaction=iri("transaction", transaction) if transaction else None,
            viewpoint=viewpoint or SOURCES,
            scenario=scenario or None,
        )


@dataclass(frozen=True, slots=True)
class Reasoner:
    """A store with the law and the axioms in it. ``version`` names the graph that the store holds."""

    store: GraphStore = field(repr=False)
    version: str
    law: Law = field(repr=False)
    axioms: Axioms = field(repr=False)
    labels: Labels = field(repr=False)
    _claims: dict[str, Claim] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, store: GraphStore, version: str) -> Reasoner:
        """Reads the law and the axioms of a store, which is not going to change.

        Raises ``BadData`` where either is not of the form that it should have.
        """
        return cls(store, version, read_law(store), Axioms.of(store), Labels(store))

    def rules(self) -> list[Rule]:
        """The rules, in the order of their names."""
        return sorted(self.law.rules.values(), key=lambda rule: rule.name)

    def ask(self, question: Question) -> Answer:
        """What the rule makes of the party.

        Raises ``NotFound`` for a rule, party, transaction, viewpoint or scenario that there is not.
        """
        rule = self.law.rule(question.rule)
        perspective = open_perspective(self.store, question.viewpoint, question.scenario)
        for named in (question.party, question.transaction):
            if named is not None:
                _check_there(perspective.store, named)
        return answer(
            perspective,
            self.law,
            rule,
            question.party,
            question.as_of,
            transaction=question.transaction,
        )

    def explain(self, question: Question) -> Proof:
        """What the rule makes of the party, with the proof of each case. Raises as ``ask`` does."""
        return self.prove(self.ask(question), question.transaction)

    def explain_all(self, questions: Iterable[Question]) -> Iterator[Proof]:
        """The same for several questions. What is traced once is not traced for another of them."""
        tracers: dict[tuple[object, ...], Tracer] = {}
        for question in questions:
            answer = self.ask(question)
            side = question.viewpoint, question.scenario, question.as_of
            if side not in tracers:
                tracers[side] = self._tracer(answer)
            yield self._proved(answer, question.transaction, tracers[side])

    def prove(
        self, answer: Answer, transaction: str | None = None, *, strongest_only: bool = False
    ) -> Proof:
        """An answer with the proofs of its cases, or of the strongest.

        ``transaction`` is the one that was asked about, if one was.
        """
        tracer = self._tracer(answer)
        return self._proved(answer, transaction, tracer, strongest_only=strongest_only)

    def _tracer(self, answer: Answer) -> Tracer:
        known = self._claims if answer.perspective.store is self.store else None
        return Tracer(answer.perspective, self.axioms, answer.as_of, known)

    def _proved(
        self,
        answer: Answer,
        transaction: str | None,
        tracer: Tracer,
        *,
        strongest_only: bool = False,
    ) -> Proof:
        cases = sorted(answer.cases, key=lambda one: weightier(one.level, one.outcome))
        if strongest_only:
            cases = cases[:1]
        return Proof(
            answer,
            transaction,
            tuple(prove_case(tracer, self.law, answer.perspective, case) for case in cases),
            None if cases else no_case(answer, transaction),
        )


def _check_there(store: GraphStore, iri: str) -> None:
    """Raises ``NotFound`` for a thing of which nothing is said: most likely a slip of the pen."""
    node = NamedNode(iri)
    said = store.quads_for_pattern(node, None, None, None)
    named = store.quads_for_pattern(None, None, node, None)
    if next(said, None) is not None or next(named, None) is not None:
        return
    raise NotFound(f"nothing is said of {shorten(iri)}: see sanctiongraph query find")
