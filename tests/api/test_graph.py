"""The Python API on the real graph: queries, the library, things, claims, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import sanctiongraph
from sanctiongraph import Claim, Entity, Graph, SanctiongraphError, Table
from sanctiongraph.errors import BadParameter, BadQuery, EvaluationFailed, NotBuilt, NotFound
from sanctiongraph.vocabulary import PREFIXES, term

ARTICLE = PREFIXES["source"] + "turkey-us-caatsa-talks"


def test_what_is_exported() -> None:
    assert sanctiongraph.__all__ == ["Claim", "Entity", "Graph", "SanctiongraphError", "Table"]
    public = {name for name, value in vars(sanctiongraph).items() if isinstance(value, type)}
    assert public == set(sanctiongraph.__all__)


def test_opening_what_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"no graph is published in .*: run sanctiongraph build"):
        Graph.open(tmp_path)
    assert issubclass(NotBuilt, SanctiongraphError)


def test_a_query_knows_the_prefixes(graph: Graph) -> None:
    table = graph.query(f"SELECT (COUNT(?c) AS ?n) {{ ?c a sg:Claim ; sg:source <{ARTICLE}> }}")
    assert table.columns == ("n",)
    assert table.values() == [(80,)]


def test_parameters_are_bound_as_terms(graph: Graph) -> None:
    query = (
        "SELECT ?c { ?c a sg:Claim ; sg:speaker $who ; sg:wording ?w FILTER(CONTAINS(?w, $text)) }"
    )
    given = {"who": term("id:HakanFidan"), "text": Literal("near future")}
    assert graph.query(query, given).values() == [("claim:turkey-us-caatsa-talks/014",)]


def test_ask_as_a_table_and_as_an_answer(graph: Graph) -> None:
    assert graph.ask("ASK { id:Turkey a sg:State }") is True
    assert graph.ask("ASK { id:Turkey a sg:Person }") is False
    assert list(graph.query("ASK { id:Turkey a sg:State }")) == [{"answer": True}]


def test_construct_and_describe_give_triples(graph: Graph) -> None:
    (triple,) = graph.construct("CONSTRUCT WHERE { id:Turkey schema:isoCode ?c }")
    assert triple.object == Literal("TR")
    assert triple in graph.construct("DESCRIBE id:Turkey")


@pytest.mark.parametrize("method", ["query", "ask", "construct"])
@pytest.mark.parametrize("sparql", ["", "SELECT", "INSERT DATA { id:x a id:y }", "DROP ALL"])
def test_what_is_no_query(graph: Graph, method: str, sparql: str) -> None:
    with pytest.raises(BadQuery, match="the query does not parse"):
        getattr(graph, method)(sparql)


@pytest.mark.parametrize(
    ("method", "sparql", "cure"),
    [
        ("query", "CONSTRUCT WHERE { ?s ?p ?o }", r"use construct\(\)"),
        ("ask", "SELECT * { ?s ?p ?o }", r"use query\(\) or construct\(\)"),
        ("construct", "ASK { ?s ?p ?o }", r"use query\(\)"),
    ],
)
def test_another_kind_of_query(graph: Graph, method: str, sparql: str, cure: str) -> None:
    with pytest.raises(BadQuery, match=cure):
        getattr(graph, method)(sparql)


def test_an_engine_that_fails_midway(graph: Graph) -> None:
    service = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    with pytest.raises(EvaluationFailed, match="the query could not be answered"):
        graph.query(service)
    with pytest.raises(EvaluationFailed):
        graph.construct("CONSTRUCT { ?s ?p ?o }" + service.removeprefix("SELECT *"))


def test_the_store_is_read_only(graph: Graph) -> None:
    with pytest.raises(RuntimeError, match="read-write"):
        graph.store.update("INSERT DATA { <http://a> <http://a> <http://a> }")


def test_the_library(graph: Graph) -> None:
    early, late = (graph.run("measures-in-force", date=day) for day in ("2019-01-01", "2021-06-01"))
    assert len(early) < len(late)
    assert {query.name for query in graph.library} >= {"find", "measures-in-force", "sources"}
    with pytest.raises(NotFound, match="no query is named 'measures'; there are: "):
        graph.run("measures")
    with pytest.raises(BadParameter, match="date is 'soon': write a calendar day"):
        graph.run("measures-in-force", date="soon")
    with pytest.raises(BadParameter, match="has no parameter 'name'; it has: date"):
        graph.run("measures-in-force", name="x")


@pytest.mark.parametrize("name", ["Turkey", "id:Turkey", PREFIXES["id"] + "Turkey"])
def test_a_thing_by_each_of_its_names(graph: Graph, name: str) -> None:
    entity = graph.entity(name)
    assert entity == Entity(graph, PREFIXES["id"] + "Turkey")
    assert entity.label == "Turkey"
    assert term("sg:State").value in entity.types()
    assert PREFIXES["claim"] + "turkey-us-caatsa-talks/001" in [c.iri for c in entity.claims()]


def test_every_claim_about_a_thing_mentions_it(graph: Graph) -> None:
    entity = graph.entity("TurkeyS400Deal")
    claims = entity.claims()
    assert [claim.iri for claim in claims] == sorted({claim.iri for claim in claims})
    for claim in claims:
        nodes = {node for triple in graph.assertion(claim) for node in triple}
        assert NamedNode(entity.iri) in nodes


@pytest.mark.parametrize(
    "name", ["", " ", "Turkiye", "id:", "nobody:Turkey", "id:a b", "a>b", "http://", "http://a b"]
)
def test_nothing_of_that_name(graph: Graph, name: str) -> None:
    with pytest.raises(NotFound):
        graph.entity(name)


@pytest.mark.parametrize("prefix", ["", "claim:", PREFIXES["claim"]])
def test_a_claim_by_each_of_its_names(graph: Graph, prefix: str) -> None:
    claim = graph.claim(prefix + "turkey-us-caatsa-talks/004")
    assert isinstance(claim, Claim)
    assert claim.speakers == (PREFIXES["id"] + "TurkishOfficials", PREFIXES["id"] + "USOfficials")
    assert claim.modality == term("sg:ReportedSpeech").value
    assert (claim.paragraph, claim.start, claim.end) == (1, 147, 262)
    assert len(graph.assertion(claim)) == 3


@pytest.mark.parametrize(
    "name", ["", "turkey-us-caatsa-talks/999", "a b", "x> . <y", "http://", "https://example.org/"]
)
def test_no_claim_of_that_name(graph: Graph, name: str) -> None:
    with pytest.raises(NotFound, match="there is no claim"):
        graph.claim(name)


def test_labels(graph: Graph) -> None:
    turkey = PREFIXES["id"] + "Turkey"
    assert graph.label(turkey) == "Turkey"
    assert graph.label(turkey, "tr") == "Türkiye"
    assert graph.label(turkey, "xx") == "Turkey"
    assert graph.label("http://example.org/a/b#c") == "c"


def test_settings_name_the_folder(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANCTIONGRAPH_HOME", str(tmp_path))
    with pytest.raises(NotBuilt, match=str(tmp_path)):
        Graph.open()
    assert isinstance(graph.query("SELECT * { ?s ?p ?o } LIMIT 1"), Table)
