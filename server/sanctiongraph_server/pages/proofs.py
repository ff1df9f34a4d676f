"""A proof as a page shows it: plain values with links, in the words of ``sanctiongraph.explain``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sanctiongraph.assessment import Assessment
from sanctiongraph.evidence import Bears, Ground, Match
from sanctiongraph.explain import wording
from sanctiongraph.explain.telling import dated, fewest, telling
from sanctiongraph.labels import Labels
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import Formula, Test, evaluate
from sanctiongraph.proof import CaseProof, ConditionProof, ExceptionProof, LookedFor
from sanctiongraph.vocabulary import local_name
from sanctiongraph_server.linked.iris import href

#: Claims shown for one match; the page of the condition's data has all.
_MOST_CLAIMS: Final = 6
_Told = frozenset[object]


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and where it leads; nowhere if the gateway has no page of it."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim: what it says, and on whose word, as ``wording.said_by`` puts it."""

    claim: Link
    said_by: str


@dataclass(frozen=True, slots=True)
class Inference:
    """A statement that no claim makes: what it follows from, with what that rests on."""

    sentence: str
    because: str
    claims: tuple[ClaimTold, ...]
    premises: tuple[Inference, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one pattern matched. ``side`` says of a dispute which side of it."""

    side: str
    claims: tuple[ClaimTold, ...]
    more: int
    inferred: tuple[Inference, ...]
    ruled_out: tuple[str, ...]
    by_the_day: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A search in vain, with the patterns that were looked for."""

    what: str
    where: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """A condition with its status, its law and its evidence."""

    name: str
    label: str
    status: str
    by_absence: bool
    provision: Link | None
    reserved_to: str
    verification: str
    unverified: bool
    note: str
    evidence: tuple[Evidence, ...]
    looked: Looked | None


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula: a condition by its name, or a group with its parts."""

    text: str
    status: str
    condition: str | None = None
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionShown:
    """An exception: what came of it, and of its conditions."""

    name: str
    label: str
    status: str
    said: str
    #: The provision's own name, without its places in a code.
    citation: str
    provision: Link | None
    verification: str
    tree: Node
    conditions: tuple[ConditionShown, ...]


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case with all that it rests on."""

    outcome: str
    level: str
    sentence: str
    transaction: Link | None
    in_force: bool
    without_unverified: str | None
    effects: tuple[str, ...]
    missing: tuple[str, ...]
    case: tuple[Evidence, ...]
    tree: Node
    conditions: tuple[ConditionShown, ...]
    exceptions: tuple[ExceptionShown, ...]
    measures: tuple[Evidence, ...]


def link(iri: str, labels: Labels) -> Link:
    """A thing by its label."""
    return Link(labels(iri), href(iri))


def cited(provision: str | None, labels: Labels) -> Link | None:
    """A provision as it is cited."""
    return Link(wording.cited(labels.citation(provision)), href(provision)) if provision else None


def case_shown(proof: CaseProof, labels: Labels) -> CaseShown:
    """A proof of one case."""
    one = proof.assessment
    in_case = frozenset(ground.triple for match in proof.case for ground in match.grounds)
    told = _Teller(labels, in_case)
    differs = one.without_unverified is not one.outcome
    return CaseShown(
        outcome=one.outcome.value,
        level=one.level.value,
        sentence=wording.OUTCOME[one.outcome.value],
        transaction=link(one.transaction, labels) if one.transaction else None,
        in_force=one.in_force,
        without_unverified=one.without_unverified.value if differs else None,
        effects=tuple(labels(effect) for effect in one.rule.effects),
        missing=tuple(map(labels, one.missing)),
        case=tuple(_Teller(labels, frozenset()).evidence(proof.case)),
        tree=_tree(one.rule.formula, one, wording.heading(one.rule.formula)),
        conditions=tuple(map(told.condition, proof.conditions)),
        exceptions=tuple(told.exception(exception, one) for exception in proof.exceptions),
        measures=tuple(told.evidence(proof.measures)),
    )


def looked(found: LookedFor, labels: Labels) -> Looked:
    """A search in vain."""
    patterns = tuple(" ".join(one.split()) for one in found.patterns)
    return Looked(found.what, wording.searched(found, labels), patterns)


def _tree(formula: Formula, one: Assessment, text: str) -> Node:
    status = evaluate(formula, one.statuses).value
    if isinstance(formula, Test):
        return Node(text, status, local_name(formula.condition))
    parts = tuple(_tree(part, one, wording.group(part)) for part in formula.parts)
    return Node(text, status, None, parts)


class _Teller:
    """Tells the parts of a proof; ``in_case`` is what the reader has read already."""

    def __init__(self, labels: Labels, in_case: _Told) -> None:
        self._labels = labels
        self._in_case = in_case

    def condition(self, proof: ConditionProof) -> ConditionShown:
        condition = proof.condition
        whom = wording.listed([f"the {self._labels(iri)}" for iri in condition.reserved_to])
        disputed = proof.status is Status.DISPUTED
        return ConditionShown(
            name=condition.name,
            label=self._labels(condition.iri),
            status=proof.status.value,
            by_absence=proof.refuted_by_absence,
            provision=cited(condition.provision, self._labels),
            reserved_to=whom,
            verification=self._labels(condition.verification),
            unverified=condition.unverified,
            note=condition.note or "",
            evidence=tuple(self.evidence(proof.matches, sides=disputed)),
            looked=looked(proof.looked_for, self._labels) if proof.looked_for else None,
        )

    def exception(self, proof: ExceptionProof, one: Assessment) -> ExceptionShown:
        rule, conditions = proof.rule, tuple(map(self.condition, proof.conditions))
        label = self._labels(rule.iri) if rule else conditions[0].label
        provision = rule.provision if rule else proof.conditions[0].condition.provision
        said = {
            Status.ESTABLISHED: "holds",
            Status.REFUTED: "does not hold" if proof.in_force else "not in force",
        }.get(proof.status, proof.status.value)
        return ExceptionShown(
            name=local_name(proof.iri),
            label=label,
            status=proof.status.value,
            said=said,
            citation=self._labels(provision) if provision else "",
            provision=cited(provision, self._labels),
            verification=self._labels(rule.verification) if rule else conditions[0].verification,
            tree=_tree(proof.formula, one, wording.group(proof.formula)),
            conditions=conditions,
        )

    def evidence(self, matches: Iterable[Match], *, sides: bool = False) -> Iterator[Evidence]:
        """What each pattern matched, none of it told twice."""
        told = set(self._in_case)
        for match in matches:
            shown = telling(match, frozenset(told))
            told |= {ground.triple for ground in match.grounds}
            asserted = [ground for ground in shown if ground.claims]
            claims, more = self._claims(asserted)
            side = "for it" if match.bears is Bears.ESTABLISHES else "against it"
            absent = (wording.ruled_out(one, self._labels) for one in match.absent)
            is_case = match.bears is Bears.CASE
            yield Evidence(
                side=side if sides else "",
                claims=claims,
                more=more,
                inferred=tuple(self._inference(one) for one in shown if not one.claims),
                ruled_out=() if is_case else tuple(dict.fromkeys(filter(None, absent))),
                by_the_day=not match.grounds,
            )

    def _inference(self, ground: Ground) -> Inference:
        said = [one for one in ground.premises if one.claims]
        return Inference(
            sentence=wording.sentence(ground, self._labels),
            because=wording.rests_on(ground),
            claims=self._claims(said)[0],
            premises=tuple(self._inference(one) for one in ground.premises if not one.claims),
        )

    def _claims(self, grounds: list[Ground]) -> tuple[tuple[ClaimTold, ...], int]:
        """The fewest claims that say all of it, and how many more there are."""
        chosen = fewest(grounds)[:_MOST_CLAIMS]
        every = {iri for ground in grounds for iri in ground.claim_iris}
        told = tuple(
            ClaimTold(
                Link(claim.wording + dated(claim, grounds), href(claim.iri)),
                wording.said_by(claim, self._labels),
            )
            for claim in chosen
        )
        return told, len(every) - len(chosen)
