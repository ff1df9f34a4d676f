"""A proof in RDF: each assessment a PROV-O entity, derived from the claims and the law it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from sanctiongraph.assessment import Level, Outcome
from sanctiongraph.evidence import Ground, Match, Origin
from sanctiongraph.law.relaxing import as_of_literal
from sanctiongraph.proof import CaseProof, ConditionProof, Proof
from sanctiongraph.reasoner import Reasoner
from sanctiongraph.vocabulary import BASE, PREFIXES, called, term

_NO_LEVEL: Final = "no-level"
_SOFTWARE: Final = NamedNode(BASE + "software")
_USED: Final = ("prov", "rdf", "rdfs", "xsd", "sg", "dcterms", "id", "law")


def to_turtle(proof: Proof, reasoner: Reasoner) -> str:
    """The proof as Turtle; names of assessments say viewpoint, rule, case and day, so they last."""
    return _written(proof, reasoner, RdfFormat.TURTLE)


def to_jsonld(proof: Proof, reasoner: Reasoner) -> str:
    """The same as JSON-LD."""
    return _written(proof, reasoner, RdfFormat.JSON_LD)


def to_ntriples(proof: Proof, reasoner: Reasoner) -> str:
    """The same as N-Triples."""
    return _written(proof, reasoner, RdfFormat.N_TRIPLES)


def _written(proof: Proof, reasoner: Reasoner, form: RdfFormat) -> str:
    triples = list(dict.fromkeys(_proof(proof, reasoner)))
    prefixes = {name: PREFIXES[name] for name in _USED}
    return (serialize(triples, format=form, prefixes=prefixes) or b"").decode()


def _proof(proof: Proof, reasoner: Reasoner) -> Iterator[Triple]:
    answer = proof.answer
    version = NamedNode(f"{BASE}version/{reasoner.version}")
    yield _typed(version, "prov:Entity")
    yield Triple(version, term("rdfs:label"), Literal(f"graph version {reasoner.version}"))
    yield _typed(_SOFTWARE, "prov:SoftwareAgent")
    yield Triple(_SOFTWARE, term("rdfs:label"), Literal("sanctiongraph"))
    parts = [answer.perspective.viewpoint, answer.rule.name, called(answer.party)]
    tail = [f"as-of-{answer.as_of.isoformat()}"]
    if answer.perspective.scenario:
        tail.append(answer.perspective.scenario)
    for case in proof.cases:
        transaction = case.assessment.transaction
        names = [*parts, *([called(transaction)] if transaction else []), *tail]
        yield from _case(_named(names), case, version, proof)
    if not proof.cases:
        chosen = [called(proof.transaction)] if proof.transaction else []
        node = _named([*parts, *chosen, *tail])
        yield from _head(node, proof, version, proof.transaction, answer.outcome, answer.level)
        yield Triple(node, term("prov:wasDerivedFrom"), version)
        if proof.looked_for:
            yield Triple(node, term("rdfs:comment"), _none_found(proof.looked_for.what))


def _head(
    node: NamedNode,
    proof: Proof,
    version: NamedNode,
    transaction: str | None,
    outcome: Outcome,
    level: Level,
) -> Iterator[Triple]:
    answer = proof.answer
    rule, activity = NamedNode(answer.rule.iri), NamedNode(f"{node.value}#assessing")
    yield _typed(node, "sg:Assessment")
    yield _typed(node, "prov:Entity")
    yield Triple(node, term("sg:assessedRule"), rule)
    yield Triple(node, term("sg:assessedParty"), NamedNode(answer.party))
    if transaction:
        yield Triple(node, term("sg:assessedTransaction"), NamedNode(transaction))
    viewpoint = NamedNode(PREFIXES["viewpoint"] + quote(answer.perspective.viewpoint))
    yield Triple(node, term("sg:onViewpoint"), viewpoint)
    yield Triple(node, term("sg:outcome"), _concept(outcome.value))
    yield Triple(
        node, term("sg:level"), _concept(_NO_LEVEL if level is Level.NONE else level.value)
    )
    yield Triple(node, term("dcterms:valid"), as_of_literal(answer.as_of))
    yield Triple(node, term("prov:wasDerivedFrom"), rule)
    yield Triple(node, term("prov:wasGeneratedBy"), activity)
    yield _typed(activity, "prov:Activity")
    yield Triple(activity, term("prov:used"), rule)
    yield Triple(activity, term("prov:used"), version)
    yield Triple(activity, term("prov:wasAssociatedWith"), _SOFTWARE)


def _case(node: NamedNode, case: CaseProof, version: NamedNode, proof: Proof) -> Iterator[Triple]:
    one = case.assessment
    yield from _head(node, proof, version, one.transaction, one.outcome, one.level)
    for match in (*case.case, *case.measures):
        yield from _derived(node, match)
    for condition in case.all_conditions:
        part = NamedNode(f"{node.value}#{condition.condition.name}")
        yield Triple(node, term("dcterms:hasPart"), part)
        yield Triple(node, term("prov:wasDerivedFrom"), part)
        yield from _condition(part, condition)


def _condition(node: NamedNode, proof: ConditionProof) -> Iterator[Triple]:
    condition = proof.condition
    yield _typed(node, "prov:Entity")
    yield Triple(node, term("rdfs:label"), Literal(condition.label, language="en"))
    yield Triple(node, term("prov:value"), Literal(proof.status.value))
    yield Triple(node, term("prov:wasDerivedFrom"), NamedNode(condition.iri))
    if condition.provision:
        yield Triple(node, term("prov:wasDerivedFrom"), NamedNode(condition.provision))
    yield Triple(node, term("sg:verification"), NamedNode(condition.verification))
    for match in proof.matches:
        yield from _derived(node, match)
    if proof.looked_for:
        yield Triple(node, term("rdfs:comment"), _none_found(proof.looked_for.what))


def _derived(node: NamedNode, match: Match) -> Iterator[Triple]:
    """The claims that a match rests on; of what no claim says, the thing whose record says it."""
    for leaf in (leaf for ground in match.grounds for leaf in ground.leaves):
        for source in _sources(leaf):
            yield Triple(node, term("prov:wasDerivedFrom"), source)


def _sources(leaf: Ground) -> list[NamedNode]:
    if leaf.origin is Origin.CLAIM:
        return [NamedNode(iri) for iri in leaf.claim_iris]
    subject = leaf.triple.subject
    return [subject] if isinstance(subject, NamedNode) else []


def _none_found(what: str) -> Literal:
    return Literal(f"looked for, and not found: {what}", language="en")


def _concept(name: str) -> NamedNode:
    """The vocabulary's name of an outcome or level: ``does-not-apply`` is ``sg:DoesNotApply``."""
    return term("sg:" + "".join(word.capitalize() for word in name.split("-")))


def _typed(node: NamedNode, kind: str) -> Triple:
    return Triple(node, term("rdf:type"), term(kind))


def _named(parts: list[str]) -> NamedNode:
    return NamedNode(BASE + "assessment/" + "/".join(quote(part, safe="") for part in parts))
