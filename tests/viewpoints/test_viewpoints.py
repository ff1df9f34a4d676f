"""Viewpoints of the real data: whom they believe, what their graphs hold, and what they leave alone."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Triple

from sanctiongraph import Graph
from sanctiongraph.claims import claim
from sanctiongraph.entailment import entail
from sanctiongraph.errors import NotFound
from sanctiongraph.perspective import open_perspective
from sanctiongraph.viewpoints import believed, viewpoint, viewpoints
from sanctiongraph.vocabulary import BASE, PREFIXES, local_name, term

NAMES = ["everyone", "russia", "sources", "turkey", "united-states"]


def triples(store: Store, name: str) -> set[Triple]:
    graph = viewpoint(store, name).graph
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}


def speakers(store: Store, name: str) -> set[str]:
    found = (claim(store, iri) for iri in believed(store, viewpoint(store, name)))
    return {local_name(one) for each in found if each for one in each.speakers}


def test_the_viewpoints_are_found_by_each_of_their_names(graph: Graph) -> None:
    assert [one.name for one in viewpoints(graph.store)] == NAMES
    for name in ("turkey", "viewpoint:turkey", BASE + "viewpoint/turkey"):
        assert viewpoint(graph.store, name).label == "Turkey"
    with pytest.raises(NotFound, match="everyone, russia, sources, turkey, united-states"):
        open_perspective(graph.store, "atlantis")


def test_turkey_is_believed_through_persons_ministries_and_officials(graph: Graph) -> None:
    found = speakers(graph.store, "turkey")
    assert {
        "RecepTayyipErdogan", "HakanFidan", "TurkishMinistryOfNationalDefence", "TurkishOfficials", "Turkey",
    } <= found  # fmt: skip
    # A joint statement is believed for the one speaker, and brings in the other's name.
    assert found & {"TomBarrack", "DonaldTrump", "Rosoboronexport"} == set()
    assert "TomBarrack" in speakers(graph.store, "united-states")
    assert speakers(graph.store, "sources") == set()


def test_forecasts_options_and_requirements_are_never_believed(graph: Graph) -> None:
    for name in NAMES:
        found = [
            claim(graph.store, iri) for iri in believed(graph.store, viewpoint(graph.store, name))
        ]
        modalities = {local_name(one.modality) for one in found if one}
        assert modalities <= {"ReportedSpeech", "QuotedSpeech", "Position"}


def test_not_in_use_is_so_for_the_united_states_alone(graph: Graph) -> None:
    said = Triple(term("id:S400UseByTurkey"), term("sg:status"), term("sg:NotInUse"))
    assert said in triples(graph.store, "united-states")
    assert said in triples(graph.store, "everyone")
    assert said not in triples(graph.store, "turkey")


def test_what_follows_from_a_believed_claim_is_in_the_graph(graph: Graph) -> None:
    for name in NAMES:
        own = Store()
        own.bulk_extend(graph.store)
        beyond = triples(graph.store, name)
        own.extend(Quad(one.subject, one.predicate, one.object, DefaultGraph()) for one in beyond)
        assert entail(own) == 0, name


def test_no_triple_of_a_viewpoint_is_accepted_already(graph: Graph) -> None:
    for name in NAMES:
        for one in triples(graph.store, name):
            assert Quad(one.subject, one.predicate, one.object, DefaultGraph()) not in graph.store
    assert triples(graph.store, "sources") == set()


@pytest.mark.parametrize("name", ["turkey", "united-states", "russia", "everyone"])
def test_a_viewpoint_looked_at_with_the_accepted_graph_gives_no_row_twice(
    graph: Graph, name: str
) -> None:
    perspective = open_perspective(graph.store, name)
    rows = graph.store.query(
        "SELECT ?s ?p ?o WHERE { ?s ?p ?o }", default_graph=list(perspective.graphs)
    )
    assert isinstance(rows, QuerySolutions)
    found = [tuple(map(str, row)) for row in rows]
    assert len(found) == len(set(found))


def test_the_accepted_graph_says_nothing_more_for_there_being_viewpoints(graph: Graph) -> None:
    # Only the description of the viewpoints and the assessments on sources are more than accepted.
    about = {NamedNode(PREFIXES["graph"] + "viewpoints")}
    stated = set()
    for name in about:
        stated |= {q.triple for q in graph.store.quads_for_pattern(None, None, None, name)}
    believed_only = triples(graph.store, "everyone")
    accepted = {q.triple for q in graph.store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert stated <= accepted
    assert not believed_only & accepted
