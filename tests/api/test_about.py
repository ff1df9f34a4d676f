"""What comes back for a name that is looked up."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph import Graph
from sanctiongraph import about as looking_up
from sanctiongraph.about import about
from sanctiongraph.errors import NotFound
from sanctiongraph.vocabulary import BASE, PREFIXES, term

CLAIM = PREFIXES["claim"] + "turkey-us-caatsa-talks/044"


def test_a_claim_has_its_assertion_place_and_speaker(graph: Graph) -> None:
    found = about(graph.store, CLAIM)
    asserted = [quad for quad in found.quads if quad.graph_name == NamedNode(CLAIM)]
    assert asserted == sorted(
        graph.store.quads_for_pattern(None, None, None, NamedNode(CLAIM)), key=str
    )
    properties = {quad.predicate.value for quad in found.quads}
    for name in (
        "sg:speaker",
        "sg:modality",
        "sg:place",
        "oa:hasSelector",
        "oa:start",
        "sg:spanSha256",
    ):
        assert term(name).value in properties, name


def test_a_thing_has_what_is_said_with_the_claims(graph: Graph) -> None:
    found = about(graph.store, PREFIXES["id"] + "TurkeyS400Deal")
    default = {quad for quad in found.quads if quad.graph_name == DefaultGraph()}
    deal = term("id:TurkeyS400Deal")
    assert Quad(deal, term("sg:supplier"), term("id:Rosoboronexport")) in default
    assert any(quad.predicate == term("sg:ofDeal") and quad.object == deal for quad in default)
    claims = {quad.subject for quad in default if quad.predicate == term("sg:wording")}
    mentioning = {
        quad.subject
        for quad in graph.store.quads_for_pattern(None, term("sg:mentions"), deal, DefaultGraph())
    }
    assert claims == mentioning
    assert found.whole


def test_dates_come_with_what_they_hang_on(graph: Graph) -> None:
    found = about(graph.store, PREFIXES["id"] + "TurkeyS400Order2017")
    assert any(quad.predicate == term("sg:latest") for quad in found.quads)


@pytest.mark.parametrize("iri", [BASE + "ontology", PREFIXES["sg"] + "Claim"])
def test_the_ontology_comes_whole(iri: str, graph: Graph) -> None:
    found = about(graph.store, iri)
    assert Quad(term("sg:Claim"), term("rdf:type"), term("owl:Class")) in found.quads
    assert all(quad.graph_name == DefaultGraph() for quad in found.quads)


def test_a_provision_and_a_source(graph: Graph) -> None:
    law = about(graph.store, PREFIXES["law"] + "us/pl/115/44/s231/a")
    assert any(quad.predicate == term("sg:provision") for quad in law.quads)
    source = about(graph.store, PREFIXES["source"] + "turkey-us-caatsa-talks")
    assert sum(quad.predicate == term("sg:source") for quad in source.quads) == 80


def test_nothing_is_said_of_a_name_that_is_none(graph: Graph) -> None:
    with pytest.raises(NotFound, match="id:Nobody"):
        about(graph.store, PREFIXES["id"] + "Nobody")


def test_what_is_too_much_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    thing = term("id:Busy")
    store.add(Quad(thing, term("rdfs:label"), Literal("busy")))
    for number in range(12):
        store.add(Quad(term(f"id:Other{number}"), term("sg:partOf"), thing))
    monkeypatch.setattr(looking_up, "MOST", 10)
    found = about(store, thing.value)
    assert len(found.quads) == 11
    assert not found.whole
