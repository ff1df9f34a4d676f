"""Which outcomes rest on a claim: those whose proofs name it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from sanctiongraph.claims import claim
from sanctiongraph.errors import NotFound
from sanctiongraph.proof import Proof
from sanctiongraph.reasoner import Question
from sanctiongraph.vocabulary import PREFIXES, local_name, shorten
from sanctiongraph_server.linked.outcomes import Outcome, current, outcomes_about, outcomes_for
from sanctiongraph_server.linked.said import Said, said
from sanctiongraph_server.linked.values import Value, Values
from sanctiongraph_server.tasks import Opened, Seen, seen_of


@dataclass(frozen=True, slots=True)
class Rests:
    """An outcome with the claim in its proof."""

    rule: Value
    party: Value
    transaction: Value | None
    outcome: str
    level: str
    address: str


@dataclass(frozen=True, slots=True)
class Resting(Seen):
    """What rests on a claim as of a day; ``asked`` is how many questions were asked to find out."""

    said: Said
    as_of: str
    rests: tuple[Rests, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class ShowResting:
    """The outcomes that rest on a claim, on the word of the sources alone.

    Asked is every rule that was applied to what the claim speaks of.
    """

    iri: str
    as_of: dt.date
    language: str

    def perform(self, opened: Opened) -> Resting:
        """Raises ``NotFound`` for what is no claim."""
        values = Values(opened.store, self.language)
        found = claim(opened.store, self.iri)
        if found is None:
            raise NotFound(f"{shorten(self.iri)} is no claim")
        asked = sorted({(one.rule.iri, one.party.iri) for one in self._applied(opened, values)})
        questions = [Question(rule, party, self.as_of) for rule, party in asked]
        proofs = opened.reasoner().explain_all(questions)
        rests = [one for proof in proofs for one in self._resting(values, proof)]
        return Resting(
            *seen_of(opened),
            said(found, values),
            self.as_of.isoformat(),
            tuple(rests),
            len(asked),
        )

    def _applied(self, opened: Opened, values: Values) -> list[Outcome]:
        """The outcomes of now for the parties and transactions that the claim speaks of."""
        quads = opened.store.quads_for_pattern(None, None, None, NamedNode(self.iri))
        things = {
            one
            for quad in quads
            for one in (quad.subject, quad.object)
            if isinstance(one, NamedNode) and one.value.startswith(PREFIXES["id"])
        }
        return [
            one
            for thing in things
            for of in (outcomes_about, outcomes_for)
            for one in current(of(opened.store, values, thing))
        ]

    def _resting(self, values: Values, proof: Proof) -> list[Rests]:
        rule, party = proof.answer.rule.iri, proof.answer.party
        found = []
        for case in proof.cases:
            if self.iri in case.claim_iris:
                transaction = case.assessment.case.get("transaction")
                asked = {"rule": local_name(rule), "party": local_name(party)}
                if transaction:
                    asked["transaction"] = local_name(transaction)
                asked["as_of"] = self.as_of.isoformat()
                found.append(
                    Rests(
                        rule=values.named(rule),
                        party=values.named(party),
                        transaction=values.named(transaction) if transaction else None,
                        outcome=case.assessment.outcome.value,
                        level=case.assessment.level.value,
                        address=f"/assess?{urlencode(asked)}",
                    )
                )
        return found
