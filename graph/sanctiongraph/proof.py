"""Proofs: from an outcome through rule, exceptions and conditions to ground triples and claims.

Value objects and how they are made; what they look like is for ``sanctiongraph.explain``. Nothing
here adds to what the rule's patterns matched: what does not bear on a condition is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sanctiongraph.answer import Answer
from sanctiongraph.assessment import Assessment, in_force_on
from sanctiongraph.claims import Claim
from sanctiongraph.evidence import Bears, Ground, Match
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import Condition, Formula, Law, Rule, tests
from sanctiongraph.perspective import Perspective
from sanctiongraph.tracing import Tracer


@dataclass(frozen=True, slots=True)
class LookedFor:
    """A search in vain: what for, in words and as patterns, in which graphs, as of when.

    Without graphs it was the accepted graph alone; otherwise these came on top.
    """

    what: str
    patterns: tuple[str, ...]
    graphs: tuple[str, ...]
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class ConditionProof:
    """What came of a condition, and why. ``looked_for`` where nothing was found either way."""

    condition: Condition
    status: Status
    matches: tuple[Match, ...]
    looked_for: LookedFor | None

    @property
    def refuted_by_absence(self) -> bool:
        """Whether nothing refutes it but that it would be seen if it were so."""
        return self.status is Status.REFUTED and not self.matches


@dataclass(frozen=True, slots=True)
class ExceptionProof:
    """What came of an exception: a rule of its own, or a condition (then ``rule`` is ``None``)."""

    iri: str
    rule: Rule | None
    status: Status
    in_force: bool
    formula: Formula
    conditions: tuple[ConditionProof, ...]


@dataclass(frozen=True, slots=True)
class CaseProof:
    """One assessment with all that it rests on.

    ``case`` is what makes it a case of the rule, ``measures`` what is in force against the party
    under it.
    """

    assessment: Assessment
    case: tuple[Match, ...]
    conditions: tuple[ConditionProof, ...]
    exceptions: tuple[ExceptionProof, ...]
    measures: tuple[Match, ...]

    @property
    def all_conditions(self) -> Iterator[ConditionProof]:
        """The rule's conditions and its exceptions'."""
        yield from self.conditions
        for exception in self.exceptions:
            yield from exception.conditions

    @property
    def unverified(self) -> list[Condition]:
        """The conditions that nobody checked against any text."""
        return [one.condition for one in self.all_conditions if one.condition.unverified]

    @property
    def matches(self) -> Iterator[Match]:
        """Every match of the proof."""
        yield from self.case
        for condition in self.all_conditions:
            yield from condition.matches
        yield from self.measures

    @property
    def claims(self) -> list[Claim]:
        """The claims that the proof rests on, as far as they are read, in the order of their IRIs."""
        found = {claim.iri: claim for leaf in self._leaves for claim in leaf.claims}
        return [found[iri] for iri in sorted(found)]

    @property
    def claim_iris(self) -> frozenset[str]:
        """Every claim that the proof rests on."""
        return frozenset(iri for leaf in self._leaves for iri in leaf.claim_iris)

    @property
    def _leaves(self) -> Iterator[Ground]:
        for match in self.matches:
            for ground in match.grounds:
                yield from ground.leaves


@dataclass(frozen=True, slots=True)
class Proof:
    """An answer with the proofs of its cases, the strongest first.

    Without a case, ``looked_for`` says what would have been one.
    """

    answer: Answer
    transaction: str | None
    cases: tuple[CaseProof, ...]
    looked_for: LookedFor | None

    @property
    def strongest(self) -> CaseProof | None:
        """The proof of the case that matters most to the party."""
        return self.cases[0] if self.cases else None


def prove_case(
    tracer: Tracer, law: Law, perspective: Perspective, assessment: Assessment
) -> CaseProof:
    """The proof of one assessment, made from the perspective that the assessment was."""
    rule, case = assessment.rule, assessment.case

    def matches_of(condition: Condition, status: Status) -> tuple[Match, ...]:
        # The status says which patterns matched; the others need not be tried again.
        found: tuple[Match, ...] = ()
        if status in {Status.ESTABLISHED, Status.DISPUTED}:
            found += tracer.matches(condition.established_by, Bears.ESTABLISHES, case)
        if status in {Status.REFUTED, Status.DISPUTED}:
            found += tracer.matches(condition.refuted_by, Bears.REFUTES, case)
        return found

    def proof_of(iri: str) -> ConditionProof:
        condition = law.conditions[iri]
        status = assessment.statuses[iri]
        found = matches_of(condition, status)
        in_vain = not found and status is not Status.ESTABLISHED
        looked_for = _looked_for(perspective, condition, assessment.as_of) if in_vain else None
        return ConditionProof(condition, status, found, looked_for)

    exceptions = []
    for tried in assessment.exceptions:
        formula = law.exception(tried.iri)
        other = law.rules.get(tried.iri)
        exceptions.append(
            ExceptionProof(
                iri=tried.iri,
                rule=other,
                status=tried.status,
                in_force=other is None or in_force_on(other, assessment.as_of),
                formula=formula,
                conditions=tuple(proof_of(iri) for iri in dict.fromkeys(tests(formula))),
            )
        )
    return CaseProof(
        assessment=assessment,
        case=tracer.matches((rule.case_pattern,), Bears.CASE, case),
        conditions=tuple(proof_of(iri) for iri in dict.fromkeys(tests(rule.formula))),
        exceptions=tuple(exceptions),
        measures=tracer.matches(rule.sanctioned_by, Bears.MEASURE, case),
    )


def no_case(answer: Answer, transaction: str | None) -> LookedFor:
    """What would have been a case of the party, or of it and the transaction."""
    if transaction is not None:
        what = "that the transaction is the party's and one that the rule covers"
    elif len(answer.rule.asks) > 1:
        what = "a transaction of the party that the rule covers"
    else:
        what = "that the party is one that the rule covers"
    graphs = beyond_accepted(answer.perspective)
    return LookedFor(what, (answer.rule.case_pattern,), graphs, answer.as_of)


def beyond_accepted(perspective: Perspective) -> tuple[str, ...]:
    """The graphs that a perspective believes on top of the accepted graph, by IRI."""
    names = (getattr(graph, "value", None) for graph in perspective.graphs)
    return tuple(name for name in names if name)


def _looked_for(perspective: Perspective, condition: Condition, as_of: dt.date) -> LookedFor:
    return LookedFor(
        condition.looks_for, condition.established_by, beyond_accepted(perspective), as_of
    )
