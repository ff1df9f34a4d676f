"""A proof in English: + established, - refuted, ? unknown, ! disputed.

Each statement stands beside who says it and where. No sentence of a source is quoted unless the
caller has the texts and gives a way to quote them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sanctiongraph.assessment import Assessment, Outcome
from sanctiongraph.claims import Claim
from sanctiongraph.evidence import Bears, Ground, Match
from sanctiongraph.explain import wording
from sanctiongraph.explain.layout import Row, laid_out
from sanctiongraph.explain.telling import dated, fewest, telling
from sanctiongraph.labels import Labels
from sanctiongraph.law.algebra import Status
from sanctiongraph.law.rules import Formula, Rule, Test, evaluate
from sanctiongraph.proof import CaseProof, ConditionProof, ExceptionProof, Proof
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.vocabulary import local_name, term

#: The words of a claim in its source, where they are at hand.
Quote = Callable[[Claim], str | None]

#: Claims shown for one match; the other forms have all.
_MOST_CLAIMS: Final = 6
_BLANK: Final = Row("")
_PRIMARY: Final = term("sg:PrimaryText").value


def to_text(proof: Proof, reasoner: Reasoner, quote: Quote = lambda _: None) -> str:
    """The proofs one after the other, then the party's other cases by their outcome."""
    writer = _Writer(reasoner.labels, quote)
    rows = list(writer.head(proof))
    if not proof.cases:
        rows += writer.no_case(proof)
    for case in proof.cases:
        rows += writer.case(case)
    shown = {case.assessment.transaction for case in proof.cases}
    others = [one for one in proof.answer.cases if one.transaction not in shown]
    if others:
        rows += [_BLANK, Row("Other transactions of the party")]
        rows += [writer.in_short(one) for one in others]
    return laid_out(rows)


class _Writer:
    """Turns the parts of a proof into rows."""

    def __init__(self, labels: Labels, quote: Quote) -> None:
        self._labels = labels
        self._quote = quote

    def head(self, proof: Proof) -> Iterator[Row]:
        answer = proof.answer
        viewpoint = f"viewpoint {answer.perspective.viewpoint}"
        scenario = answer.perspective.scenario
        yield Row(answer.rule.label)
        yield Row(wording.cited(self._labels.citation(answer.rule.provision)))
        yield from self._bearers(answer.rule)
        if answer.rule.note:
            yield Row(f"Note: {answer.rule.note}", hang=2)
        yield Row(
            f"{self._labels(answer.party)}, as of {answer.as_of.isoformat()}, {viewpoint}"
            + (f", supposing {scenario}" if scenario else "")
        )

    def _bearers(self, rule: Rule) -> Iterator[Row]:
        """Whom the rule obliges or lets act, and by what the power passed on."""
        if not rule.bearers:
            return
        whom = wording.listed([f"the {self._labels(iri)}" for iri in rule.bearers])
        passed = [self._labels(iri) for iri in rule.delegated_by]
        through = f", by {' and '.join(passed)}" if passed else ""
        yield Row(f"{self._labels(rule.deontic).capitalize()} of {whom}{through}", hang=2)

    def no_case(self, proof: Proof) -> Iterator[Row]:
        yield _BLANK
        yield Row(f"{wording.OUTCOME[proof.answer.outcome.value]} There is no case.")
        if looked := proof.looked_for:
            yield Row(
                f"looked for: {looked.what}", wording.searched(looked, self._labels), indent=6
            )

    def case(self, proof: CaseProof) -> Iterator[Row]:
        one = proof.assessment
        yield _BLANK
        if one.transaction:
            yield Row(f"{self._labels(one.transaction)} ({local_name(one.transaction)})")
        yield Row(f"{wording.OUTCOME[one.outcome.value]} Level: {one.level.value}.")
        if not one.in_force:
            yield Row("The rule is not in force on that day.", indent=6)
        if one.without_unverified is not one.outcome:
            other = one.without_unverified.value
            yield Row(f"Without the law that nobody has checked: {other}.", indent=6)
        if one.outcome is Outcome.APPLIES:
            for effect in one.rule.effects:
                yield Row(f"So {self._labels(effect)}.")
        in_case = {ground.triple for match in proof.case for ground in match.grounds}
        yield _BLANK
        yield Row("The case")
        for match in proof.case:
            yield from self._match(match, 6, frozenset())
        yield _BLANK
        yield Row(wording.heading(one.rule.formula))
        shown = {condition.condition.iri: condition for condition in proof.conditions}
        yield from self._formula(one.rule.formula, one, shown, 2, frozenset(in_case))
        if proof.exceptions:
            yield _BLANK
            yield Row("Exceptions, none of which may hold")
        for exception in proof.exceptions:
            yield from self._exception(exception, one, frozenset(in_case))
        if proof.measures:
            yield _BLANK
            yield Row("Measures in force")
        for match in proof.measures:
            yield from self._match(match, 6, frozenset(in_case))
        yield from self._end(proof)

    def in_short(self, one: Assessment) -> Row:
        name = self._labels(one.transaction or one.party)
        return Row(name, f"{one.outcome.value}; level {one.level.value}", 2, 2)

    def _end(self, proof: CaseProof) -> Iterator[Row]:
        yield _BLANK
        if proof.assessment.missing:
            missing = {one.condition.iri: one.condition.label for one in proof.conditions}
            named = [missing[iri] for iri in proof.assessment.missing]
            yield Row(f"Missing: {'; '.join(named)}", hang=2)
        marks: dict[str, list[str]] = {}
        for one in proof.all_conditions:
            marks.setdefault(one.condition.verification, []).append(one.condition.name)
        less = [
            f"{self._labels(mark)} for {', '.join(names)}"
            for mark, names in sorted(marks.items())
            if mark != _PRIMARY
        ]
        rule = self._labels(proof.assessment.rule.verification)
        yield Row("; ".join([f"Law checked against: {rule} for the rule", *less]), hang=2)

    def _formula(
        self,
        formula: Formula,
        one: Assessment,
        proofs: dict[str, ConditionProof],
        indent: int,
        in_case: frozenset[object],
    ) -> Iterator[Row]:
        if isinstance(formula, Test):
            yield from self._condition(proofs[formula.condition], indent, in_case)
            return
        for part in formula.parts:
            deeper = indent
            if not isinstance(part, Test):
                status = evaluate(part, one.statuses)
                yield Row(f"{wording.SIGN[status]} {wording.group(part)}", status.value, indent, 2)
                deeper = indent + 2
            yield from self._formula(part, one, proofs, deeper, in_case)

    def _condition(
        self, proof: ConditionProof, indent: int, in_case: frozenset[object]
    ) -> Iterator[Row]:
        condition = proof.condition
        status = "refuted by absence" if proof.refuted_by_absence else proof.status.value
        yield Row(f"{wording.SIGN[proof.status]} {condition.label}", status, indent, 2)
        inner = indent + 4
        law = (
            wording.cited(self._labels.citation(condition.provision)) if condition.provision else ""
        )
        if condition.reserved_to:
            whom = wording.listed([f"the {self._labels(iri)}" for iri in condition.reserved_to])
            law = "; ".join(filter(None, (law, f"reserved to {whom}")))
        if condition.unverified:
            law = f"{law}; UNVERIFIED law"
        yield Row(law, indent=inner, hang=2)
        if condition.note and not proof.refuted_by_absence:
            yield Row(f"note: {condition.note}", indent=inner, hang=2)
        told = set(in_case)
        for match in proof.matches:
            if proof.status is Status.DISPUTED:
                side = "for it" if match.bears is Bears.ESTABLISHES else "against it"
                yield Row(f"{side}:", indent=inner)
            yield from self._match(match, inner, frozenset(told))
            told |= {ground.triple for ground in match.grounds}
        if looked := proof.looked_for:
            searched = wording.searched(looked, self._labels)
            yield Row(f"looked for: {looked.what}", searched, inner, 2)

    def _exception(
        self, proof: ExceptionProof, one: Assessment, in_case: frozenset[object]
    ) -> Iterator[Row]:
        shown = {condition.condition.iri: condition for condition in proof.conditions}
        if proof.rule is None:
            yield from self._formula(proof.formula, one, shown, 2, in_case)
            return
        said = {
            Status.ESTABLISHED: "holds",
            Status.REFUTED: "does not hold" if proof.in_force else "not in force",
        }.get(proof.status, proof.status.value)
        yield Row(f"{wording.SIGN[proof.status]} {proof.rule.label}", said, 2, 2)
        law = wording.cited(self._labels.citation(proof.rule.provision))
        yield Row(f"{law}: {wording.group(proof.formula)}", indent=6, hang=2)
        yield from self._formula(proof.formula, one, shown, 6, in_case)

    def _match(self, match: Match, indent: int, told: frozenset[object]) -> Iterator[Row]:
        """What a match rests on, without what the reader has been told and what is plumbing."""
        if not match.grounds:
            yield Row("decided by the day asked about", indent=indent)
            return
        shown = telling(match, told)
        yield from self._claims([one for one in shown if one.claims], indent)
        for ground in shown:
            if not ground.claims:
                yield from self._ground(ground, indent)
        if match.bears is not Bears.CASE:
            said = (wording.ruled_out(absent, self._labels) for absent in match.absent)
            for named in dict.fromkeys(filter(None, said)):
                yield Row(f"and {named}", "none found", indent, 2)

    def _ground(self, ground: Ground, indent: int) -> Iterator[Row]:
        yield Row(wording.sentence(ground, self._labels), wording.rests_on(ground), indent, 2)
        for premise in ground.premises:
            if premise.claims:
                yield from self._claims([premise], indent + 2)
            else:
                yield from self._ground(premise, indent + 2)

    def _claims(self, grounds: list[Ground], indent: int) -> Iterator[Row]:
        """The fewest claims that say all of it, and how many more there are."""
        chosen = fewest(grounds)
        for claim in chosen[:_MOST_CLAIMS]:
            yield Row(
                claim.wording + dated(claim, grounds),
                wording.said_by(claim, self._labels),
                indent,
                2,
            )
            if words := self._quote(claim):
                yield Row(f"“{words}”", indent=indent + 2)
        every = {iri for ground in grounds for iri in ground.claim_iris}
        if more := len(every) - min(len(chosen), _MOST_CLAIMS):
            yield Row(f"and {more} more claim{'s' if more > 1 else ''}", indent=indent)
