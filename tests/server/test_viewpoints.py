"""Viewpoints at the endpoint: whose word is taken beyond the accepted graph."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from sanctiongraph.vocabulary import PREFIXES

from .test_protocol import problem, values
from .test_update import UPDATE

#: They share a gateway, which it takes seconds to start.
pytestmark = pytest.mark.xdist_group("live")

SD = "http://www.w3.org/ns/sparql-service-description#"
V = PREFIXES["viewpoint"]
ALL = "SELECT ?o { ?s <a:p> ?o } ORDER BY ?o"
DATA = f"""
PREFIX sg: <{PREFIXES["sg"]}> PREFIX graph: <{PREFIXES["graph"]}>
PREFIX viewpoint: <{V}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
DROP ALL ;
INSERT DATA {{
  <a:s> <a:p> 1 .
  GRAPH viewpoint:turkey {{ <a:s> <a:p> 2 }}
  GRAPH <a:other> {{ <a:s> <a:p> 3 }}
  GRAPH graph:viewpoints {{
    viewpoint:turkey a sg:Viewpoint ; rdfs:label "Turkey"@en , "Türkiye"@tr .
    viewpoint:sources a sg:Viewpoint .
  }}
}}"""


@pytest.fixture(autouse=True)
def _viewpoints(live: httpx.Client) -> Iterator[None]:
    assert live.post("/update", content=DATA.encode(), headers=UPDATE).is_success
    yield
    live.post("/update", content="DROP ALL", headers=UPDATE)


@pytest.mark.parametrize(
    ("path", "viewpoint", "found"),
    [
        ("/sparql", None, ["1"]),
        ("/sparql", "", ["1"]),
        ("/sparql", "turkey", ["1", "2"]),
        ("/sparql", V + "turkey", ["1", "2"]),
        ("/sparql", "sources", ["1"]),
        ("/viewpoints/turkey/sparql", None, ["1", "2"]),
        ("/viewpoints/turkey/sparql", "turkey", ["1", "2"]),
        ("/viewpoints/sources/sparql", None, ["1"]),
    ],
)
def test_the_default_graph(
    live: httpx.Client, path: str, viewpoint: str | None, found: list[str]
) -> None:
    given = {} if viewpoint is None else {"viewpoint": viewpoint}
    assert values(live.get(path, params={"query": ALL, **given})) == found
    assert values(live.post(path, data={"query": ALL, **given})) == found
    query = {"Content-Type": "application/sparql-query"}
    assert values(live.post(path, params=given, content=ALL, headers=query)) == found


def test_named_graphs_are_seen_on_a_viewpoint(live: httpx.Client) -> None:
    query = "SELECT ?o { GRAPH <a:other> { ?s <a:p> ?o } }"
    assert values(live.get("/viewpoints/turkey/sparql", params={"query": query})) == ["3"]


@pytest.mark.parametrize("path", ["/sparql?viewpoint=turkey", "/viewpoints/turkey/sparql?x="])
def test_a_dataset_that_is_named_takes_the_place(live: httpx.Client, path: str) -> None:
    given = {"query": ALL, "default-graph-uri": "a:other"}
    assert values(live.post(path, data=given)) == ["3"]
    for clause in ("FROM <a:other>", "FROM <a:other> FROM NAMED <a:x>"):
        query = ALL.replace("{", f"{clause} {{", 1)
        assert values(live.post(path, data={"query": query})) == ["3"]
    query = ALL.replace("{", "FROM NAMED <a:other> {", 1)
    assert values(live.post(path, data={"query": query})) == []


def test_unknown_viewpoints(live: httpx.Client) -> None:
    for path in ("/viewpoints/atlantis/sparql", "/sparql?viewpoint=atlantis"):
        for given in ({"query": ALL}, {"query": ALL, "default-graph-uri": "a:other"}):
            found = problem(live.post(path, data=given), 404)
            assert "sources, turkey" in found["detail"]
        problem(live.get(path), 404)
    both = {"query": ALL, "viewpoint": "sources"}
    problem(live.get("/viewpoints/turkey/sparql", params=both), 400)
    problem(live.get("/sparql", params={"query": ALL, "viewpoint": ["turkey", "turkey"]}), 400)


def description(response: httpx.Response) -> set[tuple[str, str, str]]:
    assert response.status_code == 200, response.text
    found = parse(response.content, RdfFormat.N_TRIPLES)
    return {(q.subject.value, q.predicate.value, q.object.value) for q in found}  # type: ignore[union-attr]


def test_the_description_names_viewpoints(live: httpx.Client) -> None:
    said = description(live.get("/sparql", headers={"Accept": "application/n-triples"}))
    root = str(live.base_url).rstrip("/")
    services = {o for _, p, o in said if p == SD + "endpoint"}
    assert services == {
        f"{root}/sparql",
        f"{root}/update",
        f"{root}/viewpoints/turkey/sparql",
        f"{root}/viewpoints/sources/sparql",
    }
    labelled = {s for s, p, o in said if p == PREFIXES["rdfs"] + "label" and o == "Turkey"}
    assert labelled == {f"{root}/viewpoints/turkey/sparql#service"}
    named = {o for _, p, o in said if p == SD + "name"}
    assert named == {"a:other", V + "turkey", PREFIXES["graph"] + "viewpoints"}
    sizes = {o for _, p, o in said if p == PREFIXES["void"] + "triples"}
    assert sizes == {"1", "7"}
    languages = {o.removeprefix(SD) for _, p, o in said if p == SD + "supportedLanguage"}
    assert languages == {"SPARQL11Query", "SPARQL11Update"}
    formats = {o.rpartition("/")[2] for _, p, o in said if p == SD + "inputFormat"}
    assert formats == {"Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"}


def test_the_description_at_a_viewpoint(live: httpx.Client) -> None:
    address = "/viewpoints/turkey/sparql"
    said = description(live.get(address, headers={"Accept": "application/n-triples"}))
    endpoint = str(live.base_url).rstrip("/") + address
    assert (endpoint + "#service", SD + "endpoint", endpoint) in said
    parts = {o for s, p, o in said if p == PREFIXES["dcterms"] + "hasPart"}
    assert parts == {V + "turkey"}


def test_the_description_follows_a_change(live: httpx.Client) -> None:
    accept = {"Accept": "application/n-triples"}
    before = description(live.get("/sparql", headers=accept))
    assert before == description(live.get("/sparql", headers=accept))
    live.post("/update", content="CREATE GRAPH <a:new>", headers=UPDATE)
    after = description(live.get("/sparql", headers=accept))
    assert "a:new" in {o for _, _, o in after}
    assert "a:new" not in {o for _, _, o in before}


def test_the_description_names_a_bounded_number_of_graphs(live: httpx.Client) -> None:
    graphs = " ".join(f"GRAPH <a:claim/{number}> {{ <a:s> <a:p> 1 }}" for number in range(150))
    live.post("/update", content=f"INSERT DATA {{ {graphs} }}", headers=UPDATE)
    said = description(live.get("/sparql", headers={"Accept": "application/n-triples"}))
    assert len({o for _, p, o in said if p == SD + "name"}) == 100
    assert "153" in {o for _, p, o in said if p == PREFIXES["schema"] + "numberOfItems"}
