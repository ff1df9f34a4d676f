"""The real graph in a store across the network gives the answers that it gives embedded."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, NamedNode

from sanctiongraph import Graph
from sanctiongraph.cli import main
from sanctiongraph.explain import to_json
from sanctiongraph.perspective import open_perspective
from sanctiongraph.reasoner import Question
from sanctiongraph.timeline import timelines
from sanctiongraph.timeline import to_json as to_json_timeline
from sanctiongraph.vocabulary import CLAIMS_GRAPH, ONTOLOGY_GRAPH, PREFIXES, term
from tests.queries.cases import Case, all_cases, differences
from tests.real import real_home

from .conftest import KIND, LONG_THERE, Server

#: They share stores, which it takes seconds to start and to fill.
pytestmark = pytest.mark.xdist_group("stores")

PARTIES = (
    "SSB",
    *(
        pytest.param(one, marks=LONG_THERE)
        for one in ("India", "EquipmentDevelopmentDepartment", "Greece", "Turkey")
    ),
)
#: A viewpoint, a rule and a party.
VIEWED = (
    ("sources", "aeca-36-b", "Turkey"),
    ("turkey", "ndaa-2020-1245-transfer-permitted", "Turkey"),
    *(
        pytest.param(one, *case, marks=LONG_THERE)
        for one in ("turkey", "united-states", "russia", "everyone")
        for case in (("caatsa-231-a", "SSB"), ("ndaa-2020-1245-transfer-permitted", "Turkey"))
        if (one, case[1]) != ("turkey", "Turkey")
    ),
)
AS_OF = "2025-12-06"
#: Virtuoso takes a second to compile the query of a long rule, so there some stand for all: with
#: exceptions, days moved by durations, an authority's judgement, and sums of ownership.
SOME = (
    "caatsa-231-a",
    "caatsa-231-d",
    "aeca-36-b",
    "ndaa-2020-1245-transfer-permitted",
    "ofac-50-percent",
)

#: Questions of which Virtuoso leaves out rows in one of eight stores or so that were loaded alike.
LEFT_OUT = ("disputed-positions",)


def proof(graph: Graph, rule: str, party: str, viewpoint: str, scenario: str | None = None) -> str:
    question = Question.of(rule, party, None, AS_OF, viewpoint, scenario)
    return to_json(graph.reasoner.explain(question), graph.reasoner)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_competency_question(case: Case, graph: Graph, remote: Graph) -> None:
    answer = remote.run(case.query, **case.parameters)
    expected = graph.run(case.query, **case.parameters)
    if KIND == "virtuoso" and case.query in LEFT_OUT and answer != expected:
        assert set(answer.rows) < set(expected.rows)
        pytest.xfail("Virtuoso left out rows, as it does in some stores: docs/scaling.md")
    assert answer == expected
    assert not differences(answer, case.expected)


@pytest.mark.parametrize("party", PARTIES)
def test_every_rule_and_its_proof(party: str, graph: Graph, remote: Graph) -> None:
    names = [rule.name for rule in graph.reasoner.rules()]
    assert set(SOME) <= set(names)
    for name in SOME if KIND == "virtuoso" else names:
        expected = proof(graph, name, party, "sources")
        assert proof(remote, name, party, "sources") == expected, name


@pytest.mark.parametrize(("viewpoint", "rule", "party"), VIEWED)
def test_rules_on_a_viewpoint(
    viewpoint: str, rule: str, party: str, graph: Graph, remote: Graph
) -> None:
    assert proof(remote, rule, party, viewpoint) == proof(graph, rule, party, viewpoint)


@pytest.mark.parametrize(
    ("rule", "party", "viewpoint"),
    [
        ("ndaa-2020-1245-transfer-permitted", "Turkey", "sources"),
        pytest.param("caatsa-231-a", "SSB", "sources", marks=LONG_THERE),
        pytest.param("caatsa-231-a", "SSB", "turkey", marks=LONG_THERE),
        pytest.param("aeca-36-b", "Turkey", "sources", marks=LONG_THERE),
    ],
)
def test_timelines(rule: str, party: str, viewpoint: str, graph: Graph, remote: Graph) -> None:
    there, here = (timeline(one, rule, party, viewpoint) for one in (remote, graph))
    assert there == here
    assert here["timelines"]


def timeline(graph: Graph, rule: str, party: str, viewpoint: str) -> dict[str, Any]:
    law = graph.reasoner.law
    iri = Question.of(rule, party).party
    perspective = open_perspective(graph.store, viewpoint)
    found = timelines(perspective, law, law.rule(rule), party=iri)
    return to_json_timeline(found, rule=law.rule(rule), party=iri, perspective=perspective)


def test_the_command_for_timelines(
    server: Server, remote: Graph, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert remote.version.triples
    given = ["timeline", "--rule", "ndaa-2020-1245-transfer-permitted", "--party", "Turkey"]
    runner = CliRunner(env={**server.environment, "SANCTIONGRAPH_STORE": ""})
    there = runner.invoke(main, [*given, "--store", server.url])
    here = runner.invoke(main, [*given, "--home", str(real_home(tmp_path_factory))])
    assert there.exit_code == here.exit_code == 0, there.output + here.output
    assert there.output == here.output
    assert here.output.startswith("ndaa-2020-1245-transfer-permitted, Turkey")


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("caatsa-231-a", marks=LONG_THERE),
        "ndaa-2020-1245-transfer-permitted",
    ],
)
def test_rules_under_a_scenario(rule: str, graph: Graph, remote: Graph) -> None:
    given = (rule, "Turkey", "sources", "return-to-russia")
    assert proof(remote, *given) == proof(graph, *given)


def test_things_and_claims(graph: Graph, remote: Graph) -> None:
    assert remote.version.name == graph.version.name
    assert remote.entity("S400").claims() == graph.entity("S400").claims()
    claim = graph.claim("turkey-us-caatsa-talks/039")
    assert remote.claim("turkey-us-caatsa-talks/039") == claim
    assert remote.assertion(claim) == graph.assertion(claim)


@pytest.mark.parametrize(
    "pattern",
    [
        (term("id:SSB"), None, None, None),
        (None, term("rdf:type"), term("sg:State"), DefaultGraph()),
        (None, term("sg:modality"), None, CLAIMS_GRAPH),
        (term("id:SSB"), term("rdf:type"), term("sg:Agency"), None),
        (term("id:SSB"), term("rdf:type"), term("sg:Agency"), DefaultGraph()),
        (None, None, None, NamedNode("https://w3id.org/sanctiongraph/graph/nowhere")),
    ],
)
def test_quads(pattern: tuple, graph: Graph, remote: Graph) -> None:
    found = list(remote.store.quads_for_pattern(*pattern))
    assert len(set(found)) == len(found)
    assert set(found) == set(graph.store.quads_for_pattern(*pattern))
    assert all(quad in remote.store for quad in found[:3])


def test_named_graphs_are_those_of_the_build(graph: Graph, remote: Graph) -> None:
    assert set(remote.store.named_graphs()) == set(graph.store.named_graphs())
    assert remote.store.contains_named_graph(ONTOLOGY_GRAPH)


def test_blank_nodes_are_found_again(remote: Graph) -> None:
    first = term("rdf:first")
    one = next(iter(remote.store.quads_for_pattern(None, first, None, ONTOLOGY_GRAPH)))
    assert list(remote.store.quads_for_pattern(one.subject, first, None, ONTOLOGY_GRAPH)) == [one]


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?x ?d { ?x sg:earliest ?d FILTER(?d <= "2018-01-01"^^xsd:date) }',
        'SELECT ?x ?d { ?x sg:latest ?d FILTER("2018-01-01"^^xsd:date >= ?d) }',
        'SELECT ?x ?d { ?x sg:paragraph ?d FILTER(?d <= "2018-01-01"^^xsd:date) }',
        "SELECT ?x { ?x a sg:State FILTER EXISTS { FILTER(?x IN (id:Turkey, id:Russia)) } }",
        "SELECT ?x { ?x a sg:State FILTER NOT EXISTS { FILTER(?x = id:Turkey) FILTER EXISTS { ?y sg:recipient ?x } } }",
        "SELECT ?x (?x = id:Turkey AS ?is) ?deals { ?x a sg:State BIND(EXISTS { ?y sg:recipient ?x } || ?x = id:Russia AS ?deals) }",
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s sg:modality ?o } }",
    ],
)
def test_what_stores_read_differently(query: str, graph: Graph, remote: Graph) -> None:
    def rows(of: Graph) -> list[list[str]]:
        found = of.store.query(query, prefixes=PREFIXES)
        return sorted([str(cell) for cell in row] for row in found)  # type: ignore[union-attr]

    assert rows(remote) == rows(graph)


def test_forms_of_query(remote: Graph, graph: Graph) -> None:
    assert remote.ask("ASK { id:SSB a sg:Agency }")
    assert not remote.ask("ASK { id:SSB a sg:State }")
    text = "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a sg:Agency ; rdfs:label ?l }"
    assert set(remote.construct(text)) == set(graph.construct(text))
