"""A proof as plain values, for JSON and for pages.

Rules, conditions, parties and transactions go by the last part of their IRI, other things by their
short form (``claim:turkey-us-caatsa-talks/039``); each comes with its label.
"""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from sanctiongraph.claims import Claim
from sanctiongraph.evidence import Ground, Match
from sanctiongraph.labels import Citation, Labels
from sanctiongraph.law.rules import AllOf, AnyOf, Formula, Test
from sanctiongraph.proof import CaseProof, ConditionProof, ExceptionProof, LookedFor, Proof
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.vocabulary import called, local_name, shorten

Plain = dict[str, Any]


def to_json(proof: Proof, reasoner: Reasoner) -> str:
    """The plain values as JSON text."""
    return json.dumps(plain(proof, reasoner), ensure_ascii=False, indent=1) + "\n"


def plain(proof: Proof, reasoner: Reasoner) -> Plain:
    """The answer with the proof of the strongest case, and in ``cases`` that of every case.

    Where one transaction was asked about, ``cases`` has that one. Statements name their claims;
    ``claims`` has each claim once, with its speaker and its place. Of a statement that very many
    claims make, some are named, and ``more_claims`` says how many more there are.
    """
    form = _Form(reasoner.labels)
    answer = proof.answer
    head: Plain = {
        "rule": answer.rule.name,
        "rule_label": answer.rule.label,
        "citation": form.citation(answer.rule.provision),
        "party": called(answer.party),
        "party_label": reasoner.labels(answer.party),
        "as_of": answer.as_of.isoformat(),
        "viewpoint": answer.perspective.viewpoint,
        "scenario": answer.perspective.scenario,
        "version": reasoner.version,
    }
    cases = [head | form.case(case) for case in proof.cases]
    if cases:
        claims = {one.iri: one for case in proof.cases for one in case.claims}
        told = {shorten(iri): form.claim(claims[iri]) for iri in sorted(claims)}
        return cases[0] | {"looked_for": None, "cases": cases, "claims": told}
    found = {"outcome": answer.outcome.value, "level": answer.level.value}
    looked_for = form.looked_for(proof.looked_for)
    nothing = form.no_case(proof.transaction, answer.rule.verification)
    return head | found | nothing | {"looked_for": looked_for, "cases": [], "claims": {}}


class _Form:
    """Puts the parts of a proof into plain values."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def case(self, proof: CaseProof) -> Plain:
        """The keys that tell one case from another."""
        one = proof.assessment
        return {
            "transaction": called(one.transaction) if one.transaction else None,
            "transaction_label": self._labels(one.transaction) if one.transaction else None,
            "outcome": one.outcome.value,
            "level": one.level.value,
            "in_force": one.in_force,
            "case": [self.match(match) for match in proof.case],
            "formula": formula_of(one.rule.formula),
            "conditions": [self.condition(condition) for condition in proof.conditions],
            "exceptions": [self.exception(exception) for exception in proof.exceptions],
            "measures": [self.match(match) for match in proof.measures],
            "effects": [self.thing(effect) for effect in one.rule.effects],
            "missing": [local_name(iri) for iri in one.missing],
            "verification": local_name(one.rule.verification),
            "unverified": [condition.name for condition in proof.unverified],
            "outcome_without_unverified": one.without_unverified.value,
        }

    def no_case(self, transaction: str | None, verification: str) -> Plain:
        """The keys of a case where there is none."""
        empty = ("case", "conditions", "exceptions", "measures", "effects", "missing", "unverified")
        return {
            "transaction": called(transaction) if transaction else None,
            "transaction_label": self._labels(transaction) if transaction else None,
            "verification": local_name(verification),
            **{key: [] for key in empty},
        }

    def condition(self, proof: ConditionProof) -> Plain:
        """A condition with its evidence."""
        condition = proof.condition
        return {
            "id": condition.name,
            "label": condition.label,
            "status": proof.status.value,
            "evidence": [self.match(match) for match in proof.matches],
            "citation": self.citation(condition.provision) if condition.provision else None,
            "verification": local_name(condition.verification),
            "note": condition.note,
            "reserved_to": [self.thing(iri) for iri in condition.reserved_to],
            "refuted_by_absence": proof.refuted_by_absence,
            "looked_for": self.looked_for(proof.looked_for),
        }

    def exception(self, proof: ExceptionProof) -> Plain:
        """An exception with its conditions."""
        rule, conditions = proof.rule, [self.condition(one) for one in proof.conditions]
        if rule is None:
            shown = conditions[0]
            label, citation, mark = shown["label"], shown["citation"], shown["verification"]
        else:
            label, citation = rule.label, self.citation(rule.provision)
            mark = local_name(rule.verification)
        return {
            "id": local_name(proof.iri),
            "label": label,
            "status": proof.status.value,
            "in_force": proof.in_force,
            "citation": citation,
            "verification": mark,
            "formula": formula_of(proof.formula),
            "conditions": conditions,
        }

    def match(self, match: Match) -> Plain:
        """What a pattern matched, and what it rules out that was not found."""
        return {
            "bears": match.bears.value,
            "decided_by": "statements" if match.grounds else "the day asked about",
            "statements": [self.ground(ground) for ground in match.grounds],
            "not_found": [" ".join(one.split()) for one in match.absent],
            "pattern": " ".join(match.pattern.split()),
        }

    def ground(self, ground: Ground) -> Plain:
        """A statement with what it rests on; an entailed one with its premises."""
        return {
            **self.triple(ground.triple),
            "origin": ground.origin.value,
            "date": {"edtf": ground.date.edtf, "inferred": ground.date.inferred}
            if ground.date
            else None,
            "claims": [shorten(claim.iri) for claim in ground.claims],
            "more_claims": len(ground.unread),
            "axiom": ground.axiom,
            "premises": [self.ground(premise) for premise in ground.premises],
        }

    def triple(self, triple: Triple) -> Plain:
        """Subject, predicate and object, each named or with its value."""
        parts = (triple.subject, triple.predicate, triple.object)
        return {
            key: self.thing(part.value)
            if isinstance(part, NamedNode)
            else {"value": part.value if isinstance(part, Literal) else str(part)}
            for key, part in zip(("subject", "predicate", "object"), parts, strict=True)
        }

    def claim(self, claim: Claim) -> Plain:
        """A claim with its speakers and its place in the source."""
        return {
            "id": shorten(claim.iri),
            "iri": claim.iri,
            "wording": claim.wording,
            "modality": local_name(claim.modality),
            "speakers": [self.thing(iri) for iri in claim.speakers],
            "via": [self.thing(iri) for iri in claim.via],
            "said_on": claim.said_on,
            "said_on_inferred": claim.said_on_inferred,
            "place": {
                "source": self.thing(claim.source),
                "paragraph": claim.paragraph,
                "start": claim.start,
                "end": claim.end,
                "entry": claim.entry,
                "seen": claim.seen,
            },
            "reading": claim.reading,
            "verification": local_name(claim.verification) if claim.verification else None,
        }

    def citation(self, provision: str) -> Plain:
        """A provision as it is cited."""
        found: Citation = self._labels.citation(provision)
        mark = found.verification
        return {
            "iri": found.iri,
            "label": found.label,
            "aliases": list(found.aliases),
            "verification": local_name(mark) if mark else None,
        }

    def looked_for(self, looked: LookedFor | None) -> Plain | None:
        """A search in vain."""
        if looked is None:
            return None
        return {
            "what": looked.what,
            "graphs": ["the accepted graph", *(shorten(iri) for iri in looked.graphs)],
            "as_of": looked.as_of.isoformat(),
            "patterns": [" ".join(one.split()) for one in looked.patterns],
        }

    def thing(self, iri: str) -> Plain:
        """A thing with its name, IRI and label."""
        return {"id": called(iri), "iri": iri, "label": self._labels(iri)}


def formula_of(formula: Formula) -> Any:
    """A formula as nested values: a condition's name, ``all_of``, ``any_of``, ``at_least``."""
    if isinstance(formula, Test):
        return local_name(formula.condition)
    parts = [formula_of(part) for part in formula.parts]
    if isinstance(formula, AllOf):
        return {"all_of": parts}
    if isinstance(formula, AnyOf):
        return {"any_of": parts}
    return {"at_least": formula.number, "among": parts}
