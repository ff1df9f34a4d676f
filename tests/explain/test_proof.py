"""Proofs over the real graph: what each leaf leads to."""

from __future__ import annotations

import datetime as dt

import pytest
from pyoxigraph import NamedNode

from sanctiongraph.assessment import Level, Outcome
from sanctiongraph.binding import parts_of
from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.evidence import Bears, Ground, Origin
from sanctiongraph.law.algebra import Status
from sanctiongraph.perspective import Perspective
from sanctiongraph.proof import CaseProof, ConditionProof, Proof
from sanctiongraph.reasoner import Question, Reasoner
from sanctiongraph.tracing import Tracer
from sanctiongraph.vocabulary import shorten, term

from .conftest import Explain


def named(case: CaseProof, name: str) -> ConditionProof:
    return next(one for one in case.all_conditions if one.condition.name == name)


def strongest(proof: Proof) -> CaseProof:
    assert proof.strongest is not None
    return proof.strongest


def grounds(reasoner: Reasoner, pattern: str) -> list[Ground]:
    tracer = Tracer(Perspective(reasoner.store), reasoner.axioms, dt.date(2025, 12, 6))
    (match,) = tracer.matches([pattern], Bears.CASE, {})
    return list(match.grounds)


def test_ssb_is_sanctioned_and_every_condition_established(ssb: Proof) -> None:
    case = strongest(ssb)
    assert case.assessment.outcome is Outcome.APPLIES
    assert case.assessment.level is Level.SANCTIONED
    assert {one.status for one in case.conditions} == {Status.ESTABLISHED}
    assert case.measures


@pytest.mark.parametrize("party", ["SSB", "India", "EquipmentDevelopmentDepartment", "Turkey"])
def test_every_established_condition_leads_to_claims_or_law(explain: Explain, party: str) -> None:
    for case in explain(party).cases:
        for one in case.all_conditions:
            if one.status is not Status.ESTABLISHED:
                continue
            assert one.matches, one.condition.name
            leaves = [leaf for match in one.matches for g in match.grounds for leaf in g.leaves]
            told = any(leaf.claims for leaf in leaves)
            assert told or one.condition.provision, one.condition.name
            assert all(leaf.origin is not Origin.ENTAILED for leaf in leaves), one.condition.name


def test_proofs_of_several_questions_are_those_of_each(reasoner: Reasoner) -> None:
    questions = [
        Question.of(rule, party, as_of=as_of, viewpoint=viewpoint)
        for as_of in ("2025-12-06", "2020-12-01")
        for viewpoint in ("turkey", "sources")
        for party in ("SSB", "India", "Russia")
        for rule in ("caatsa-231-a", "ndaa-2021-1241-e")
    ]
    together = list(reasoner.explain_all(questions))
    assert together == [reasoner.explain(one) for one in questions]
    assert len({one.answer.outcome for one in together}) > 1


def test_every_claim_has_a_speaker_and_a_place(ssb: Proof, india: Proof) -> None:
    for claim in (one for proof in (ssb, india) for case in proof.cases for one in case.claims):
        assert claim.speakers, claim.iri
        assert claim.source, claim.iri
        span = claim.paragraph is not None and claim.start is not None
        assert span or claim.entry or claim.seen, claim.iri


def test_ssb_rests_on_the_determination_and_its_date(ssb: Proof) -> None:
    (match,) = named(strongest(ssb), "determined-under-231").matches
    claims = {shorten(claim.iri) for ground in match.grounds for claim in ground.claims}
    assert "claim:defenceturkey-caatsa-statement/006" in claims
    assert "2020-12-14" in {ground.date.edtf for ground in match.grounds if ground.date}


def test_india_waits_for_an_authority(india: Proof) -> None:
    case = strongest(india)
    assert (case.assessment.outcome, case.assessment.level) == (
        Outcome.DOES_NOT_APPLY,
        Level.ELIGIBLE,
    )
    for name, status in (
        ("significant", Status.UNKNOWN),
        ("determined-under-231", Status.REFUTED),
    ):
        one = named(case, name)
        assert (one.status, one.matches) == (status, ())
        assert one.condition.reserved_to
        assert one.looked_for is not None
        assert "determination" in one.looked_for.what
        assert one.looked_for.as_of == dt.date(2025, 12, 6)
        assert one.looked_for.patterns == one.condition.established_by
    assert named(case, "determined-under-231").refuted_by_absence


def test_who_has_no_case_is_told_what_was_looked_for(explain: Explain) -> None:
    proof = explain("Russia")
    assert not proof.cases
    assert proof.looked_for is not None
    assert "transaction" in proof.looked_for.what
    assert proof.answer.outcome is Outcome.DOES_NOT_APPLY


def test_names_that_are_not_there(reasoner: Reasoner) -> None:
    for wrong in ({"party": "SBB"}, {"rule": "caatsa"}, {"viewpoint": "mars"}, {"scenario": "x"}):
        asked = {"rule": "caatsa-231-a", "party": "SSB", "as_of": "2025-12-06", **wrong}
        with pytest.raises(NotFound):
            reasoner.ask(Question.of(**asked))


def test_an_agency_is_part_of_its_state_by_an_axiom(reasoner: Reasoner) -> None:
    (ground,) = grounds(reasoner, "id:SSB sg:partOf id:Turkey")
    assert ground.origin is Origin.ENTAILED
    assert ground.axiom == "agencyOf subPropertyOf partOf"
    (premise,) = ground.premises
    assert premise.triple.predicate == term("sg:agencyOf")
    assert [shorten(claim.iri) for claim in premise.claims] == ["claim:turkey-us-caatsa-talks/028"]


def test_chains_unfold_down_to_what_is_asserted(reasoner: Reasoner) -> None:
    (ground,) = grounds(reasoner, "id:HakanFidan sg:speaksFor id:Turkey")
    assert ground.axiom == "speaksFor from the chain speaksFor, agencyOf"
    leaves = {leaf.triple.predicate: leaf for leaf in ground.leaves}
    assert {term("sg:holder"), term("sg:office"), term("sg:agencyOf")} <= leaves.keys()
    assert all(leaf.origin is not Origin.ENTAILED for leaf in leaves.values())


def test_every_entailed_triple_unfolds(reasoner: Reasoner) -> None:
    """Each to asserted triples, and none needs itself."""
    tracer = Tracer(Perspective(reasoner.store), reasoner.axioms, dt.date(2025, 12, 6))
    entailed = reasoner.store.quads_for_pattern(
        None, None, None, NamedNode("https://w3id.org/sanctiongraph/graph/entailed")
    )
    for quad in list(entailed)[::7]:
        pattern = f"{quad.subject} {quad.predicate} {quad.object}"
        for match in tracer.matches([pattern], Bears.CASE, {}):
            _check_unfolded(match.grounds[0], frozenset())


def _check_unfolded(ground: Ground, above: frozenset[object]) -> None:
    assert ground.triple not in above, ground.triple
    assert ground.origin is not Origin.SUPPOSED, ground.triple
    if ground.origin is Origin.ENTAILED:
        assert ground.premises, ground.triple
    for premise in ground.premises:
        _check_unfolded(premise, above | {ground.triple})


def test_a_viewpoint_adds_its_claims_and_no_others(explain: Explain) -> None:
    def speakers(viewpoint: str) -> set[str]:
        proof = explain("SSB", "ndaa-2021-1241-e", viewpoint=viewpoint)
        return {shorten(iri) for one in strongest(proof).claims for iri in one.speakers}

    assert "id:TomBarrack" in speakers("united-states")
    assert "id:TomBarrack" not in speakers("sources")
    assert "id:TomBarrack" not in speakers("turkey")


def test_what_a_scenario_supposes_is_marked(explain: Explain) -> None:
    proof = explain("SSB", "ndaa-2021-1241-e", scenario="destroy", as_of="2027-01-01")
    one = named(strongest(proof), "turkey-no-longer-possesses-s-400")
    origins = {leaf.origin for m in one.matches for g in m.grounds for leaf in g.leaves}
    assert one.status is Status.ESTABLISHED
    assert Origin.SUPPOSED in origins


def test_every_pattern_of_the_law_can_be_traced(reasoner: Reasoner) -> None:
    patterns = [
        pattern
        for condition in reasoner.law.conditions.values()
        for pattern in (*condition.established_by, *condition.refuted_by)
    ]
    for rule in reasoner.law.rules.values():
        patterns += [rule.case_pattern, *rule.sanctioned_by]
    tracer = Tracer(Perspective(reasoner.store), reasoner.axioms, dt.date(2025, 12, 6))
    nobody = {"party": term("id:Nobody").value, "transaction": term("id:Nothing").value}
    for pattern in patterns:
        tracer.matches([pattern], Bears.CASE, nobody)


@pytest.mark.parametrize(
    ("pattern", "triples", "absent"),
    [
        ("?x a sg:A . FILTER(?y = \")\") ?x sg:p 'a.b'@en", "?x a sg:A . ?x sg:p 'a.b'@en", ()),
        ("FILTER($asOf > '2018-01-01'^^xsd:date)", "", ()),
        (
            "?x sg:p ?y FILTER NOT EXISTS { ?x sg:q ?z . FILTER(?z < 3) } . ?y sg:r 1.5 .",
            "?x sg:p ?y . ?y sg:r 1.5 .",
            ("?x sg:q ?z . FILTER(?z < 3)",),
        ),
        (
            "?x sg:p 'a'^^xsd:b # FILTER(\n; <http://x/FILTER> ?z",
            "?x sg:p 'a'^^xsd:b ; <http://x/FILTER> ?z",
            (),
        ),
    ],
)
def test_a_pattern_taken_apart(pattern: str, triples: str, absent: tuple[str, ...]) -> None:
    found = parts_of(pattern)
    assert (found.triples, found.absent) == (triples, absent)


@pytest.mark.parametrize("pattern", ["?x sg:p [ sg:q ?y ]", "{ ?x sg:p ?y }", "FILTER(?x < (3)"])
def test_patterns_that_cannot_be_told(pattern: str) -> None:
    with pytest.raises(BadData):
        parts_of(pattern)
