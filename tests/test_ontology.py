"""The vocabulary keeps to OWL 2 RL, and to the few constructs of it that ``docs/ontology.md`` names."""

from __future__ import annotations

from collections import defaultdict

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from sanctiongraph.data import data_folders
from sanctiongraph.vocabulary import local_name, shorten, sparql_prologue, term

DECLARATIONS = {"owl:Ontology", "owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty"}  # fmt: skip
CHARACTERISTICS = {"owl:TransitiveProperty", "owl:SymmetricProperty"}
EXPRESSIONS = {"owl:AllDisjointClasses"}
#: Axioms between named classes or named properties.
BETWEEN_CLASSES = {"rdfs:subClassOf"}
BETWEEN_PROPERTIES = {"rdfs:subPropertyOf", "owl:inverseOf"}
LISTS = {"owl:members", "owl:propertyChainAxiom", "rdf:first", "rdf:rest"}
ANNOTATIONS = {"rdfs:label", "skos:altLabel", "skos:definition", "skos:scopeNote", "dcterms:description", "dcterms:license", "owl:versionInfo", "owl:deprecated", "sg:singleValued"}  # fmt: skip
#: Datatypes of OWL 2 RL that the vocabulary needs.
DATATYPES = {"xsd:string", "xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:anyURI"}


def axioms_outside_the_profile(quads: list[Quad]) -> list[str]:
    """The triples that are none of the listed constructs, in short."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == term("rdf:type"):
            kinds[str(quad.subject)].add(name(quad.object))
    return [
        " ".join(map(name, (quad.subject, quad.predicate, quad.object)))
        for quad in quads
        if not allowed(quad, kinds)
    ]


def allowed(quad: Quad, kinds: dict[str, set[str]]) -> bool:
    predicate, obj = name(quad.predicate), name(quad.object)
    subject_kinds, object_kinds = kinds[str(quad.subject)], kinds[str(quad.object)]
    properties = {"owl:ObjectProperty", "owl:DatatypeProperty"}
    if len(subject_kinds & (properties | {"owl:AnnotationProperty", "owl:Class"})) > 1:
        return False  # one name for two kinds of term
    if predicate == "rdf:type":
        if isinstance(quad.subject, BlankNode):
            return obj in EXPRESSIONS
        return obj in DECLARATIONS | CHARACTERISTICS or "owl:Class" in object_kinds
    if predicate in LISTS:
        return predicate == "rdf:rest" or bool(object_kinds) or isinstance(quad.object, BlankNode)
    if predicate in ANNOTATIONS:
        return isinstance(quad.object, Literal) or predicate == "dcterms:license"
    named = isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    if predicate in BETWEEN_CLASSES or predicate == "rdfs:domain":
        return named and "owl:Class" in object_kinds
    if predicate in BETWEEN_PROPERTIES:
        return named and bool(subject_kinds & object_kinds & properties)
    if predicate == "rdfs:range":
        return (
            obj in DATATYPES
            if "owl:DatatypeProperty" in subject_kinds
            else "owl:Class" in object_kinds
        )
    return False


def name(node: object) -> str:
    return shorten(node.value) if isinstance(node, NamedNode) else str(node)


@pytest.fixture(scope="module")
def ontology() -> list[Quad]:
    return list(parse(path=data_folders().ontology / "sanctiongraph.ttl", format=RdfFormat.TURTLE))


def test_the_ontology_keeps_to_the_profile(ontology: list[Quad]) -> None:
    assert axioms_outside_the_profile(ontology) == []


@pytest.mark.parametrize(
    "axiom",
    [
        "sg:A a owl:Class ; owl:equivalentClass sg:A .",
        "sg:A a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sg:p ; owl:someValuesFrom sg:A ] .",
        "sg:A a owl:Class ; rdfs:subClassOf [ owl:unionOf ( sg:A ) ] .",
        "sg:p a owl:ObjectProperty , owl:DatatypeProperty .",
        "sg:p a owl:ObjectProperty , owl:ReflexiveProperty .",
        "sg:p a owl:ObjectProperty ; rdfs:range sg:Undeclared .",
        "sg:p a owl:DatatypeProperty ; rdfs:range xsd:date .",
        "sg:p a owl:DatatypeProperty . sg:q a owl:ObjectProperty ; rdfs:subPropertyOf sg:p .",
        "sg:p a owl:ObjectProperty ; owl:inverseOf [ owl:inverseOf sg:p ] .",
        "sg:x a sg:Undeclared .",
    ],
)
def test_an_axiom_outside_the_profile_is_found(axiom: str) -> None:
    text = f"{sparql_prologue()}\n{axiom}"
    assert axioms_outside_the_profile(list(parse(text, format=RdfFormat.TURTLE)))


def test_every_term_has_one_label_in_each_language_and_a_definition(ontology: list[Quad]) -> None:
    ours = {q.subject for q in ontology if name(q.subject).startswith("sg:")}
    texts: dict[tuple[object, str, str | None], list[str]] = defaultdict(list)
    for quad in ontology:
        if isinstance(quad.object, Literal):
            texts[quad.subject, name(quad.predicate), quad.object.language].append(
                quad.object.value
            )
    assert len(ours) > 200
    for subject in ours:
        for key in (("rdfs:label", "en"), ("rdfs:label", "tr"), ("skos:definition", "en")):
            assert len(texts[subject, *key]) == 1, (subject, key)
        [definition] = texts[subject, "skos:definition", "en"]
        assert definition.endswith("."), subject


def test_names_of_classes_and_properties_are_told_apart_by_their_first_letter(
    ontology: list[Quad],
) -> None:
    for quad in ontology:
        if quad.predicate == term("rdf:type") and name(quad.subject).startswith("sg:"):
            is_property = name(quad.object).endswith("Property")
            assert local_name(quad.subject.value)[0].islower() == is_property, quad.subject
