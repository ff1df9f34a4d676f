"""Entailment from additions comes to the same as entailing everything anew."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from sanctiongraph.entailment import entail
from sanctiongraph.increments import Increments
from sanctiongraph.vocabulary import ONTOLOGY_GRAPH, PREFIXES, sparql_prologue, term

ONTOLOGY = f"""{sparql_prologue()}
sg:A rdfs:subClassOf sg:B .
sg:p a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:domain sg:A .
sg:q a owl:ObjectProperty ; rdfs:subPropertyOf sg:p ; rdfs:range sg:C .
sg:r a owl:ObjectProperty , owl:SymmetricProperty ; owl:propertyChainAxiom ( sg:p sg:s ) .
sg:s a owl:ObjectProperty ; owl:inverseOf sg:t .
sg:u a owl:ObjectProperty ; owl:propertyChainAxiom ( sg:q sg:r sg:q ) .
"""
_things = st.sampled_from("abcd").map(lambda name: term(f"id:{name}"))
_properties = st.sampled_from("pqrst").map(lambda name: term(f"sg:{name}"))
_types = st.tuples(_things, st.just(term("rdf:type")), st.just(term("sg:A")))
_triples = st.lists(st.one_of(st.tuples(_things, _properties, _things), _types), max_size=8)

Terms = tuple[NamedNode, NamedNode, NamedNode]


def closed(facts: list[Terms]) -> Store:
    store = Store()
    for quad in parse(ONTOLOGY, format=RdfFormat.TURTLE):
        store.add(Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY_GRAPH))
    store.extend(Quad(*terms, DefaultGraph()) for terms in facts)
    entail(store)
    return store


def accepted(store: Store) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}


@settings(max_examples=80, deadline=None)
@given(_triples, _triples)
def test_the_additions_with_the_rest_are_what_all_together_entail(
    facts: list[Terms], added: list[Terms]
) -> None:
    before = closed(facts)
    beyond = Increments(before).beyond(Triple(*terms) for terms in added)
    assert not beyond & accepted(before)
    assert accepted(before) | beyond == accepted(closed(facts + added))


def test_the_prefixes_are_those_of_the_project() -> None:
    assert PREFIXES["viewpoint"] == "https://w3id.org/sanctiongraph/viewpoint/"
