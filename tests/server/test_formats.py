"""Negotiation and serialisation through a real server."""

from __future__ import annotations

import json

import httpx
import pytest
from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from .conftest import EX

SELECT = "SELECT ?o { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"

SOLUTIONS = {
    "application/sparql-results+json": ("json", QueryResultsFormat.JSON),
    "application/sparql-results+xml": ("xml", QueryResultsFormat.XML),
    "text/tab-separated-values": ("tsv", QueryResultsFormat.TSV),
}
GRAPHS = {
    "text/turtle": ("turtle", RdfFormat.TURTLE),
    "application/n-triples": ("nt", RdfFormat.N_TRIPLES),
    "application/rdf+xml": ("rdfxml", RdfFormat.RDF_XML),
    "application/ld+json": ("jsonld", RdfFormat.JSON_LD),
    "application/trig": ("trig", RdfFormat.TRIG),
    "application/n-quads": ("nquads", RdfFormat.N_QUADS),
}


def media_type(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    assert "Accept" in response.headers["Vary"]
    return response.headers["Content-Type"].partition(";")[0]


@pytest.mark.parametrize("media", SOLUTIONS)
@pytest.mark.parametrize("by", ["accept", "format", "output"])
def test_solutions(client: httpx.Client, media: str, by: str) -> None:
    name, engine = SOLUTIONS[media]
    response = ask(client, SELECT, by, media, name)
    assert media_type(response) == media
    results = parse_query_results(response.content, format=engine)
    assert isinstance(results, QuerySolutions)
    assert len(list(results)) == 2


def test_csv(client: httpx.Client) -> None:
    response = ask(client, SELECT, "accept", "text/csv", "csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Türkiye" in response.content.decode("utf-8").split("\r\n")


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("by", ["accept", "format"])
@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{EX}a>"])
def test_graphs(client: httpx.Client, media: str, by: str, query: str) -> None:
    name, engine = GRAPHS[media]
    response = ask(client, query, by, media, name)
    assert media_type(response) == media
    assert len(list(parse(response.content, format=engine))) == 2


def ask(client: httpx.Client, query: str, by: str, media: str, name: str) -> httpx.Response:
    if by == "accept":
        return client.get("/sparql", params={"query": query}, headers={"Accept": media})
    return client.get("/sparql", params={"query": query, by: name}, headers={"Accept": "x/y"})


def test_turtle_is_written_with_prefixes(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT})
    assert media_type(response) == "text/turtle"
    assert "sg:speaker id:Turkey" in response.text


def test_ask_in_each_format(client: httpx.Client) -> None:
    for name in ("json", "xml", "csv", "tsv"):
        response = client.get("/sparql", params={"query": "ASK {}", "format": name})
        assert response.status_code == 200
        assert "true" in response.text


def test_short_names_mean_what_fits_the_result(client: httpx.Client) -> None:
    for name, media in (("json", "application/ld+json"), ("xml", "application/rdf+xml")):
        response = client.get("/sparql", params={"query": CONSTRUCT, "format": name})
        assert media_type(response) == media


@pytest.mark.parametrize(
    ("accept", "query", "media"),
    [
        ("*/*", SELECT, "application/sparql-results+json"),
        ("*/*", CONSTRUCT, "text/turtle"),
        ("application/json", SELECT, "application/sparql-results+json"),
        ("application/xml", SELECT, "application/sparql-results+xml"),
        ("text/xml;q=0.5, image/png", SELECT, "application/sparql-results+xml"),
        ("application/xml", CONSTRUCT, "application/rdf+xml"),
        ("TEXT/CSV;header=present;q=1", SELECT, "text/csv"),
        ("text/turtle, */*;q=0.1", SELECT, "application/sparql-results+json"),
        ("text/turtle, text/csv", CONSTRUCT, "text/turtle"),
    ],
)
def test_accept(client: httpx.Client, accept: str, query: str, media: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert media_type(response) == media


@pytest.mark.parametrize(
    ("accept", "query"),
    [("image/png", SELECT), ("text/turtle", SELECT), ("text/csv", CONSTRUCT), ("*/*;q=0", SELECT)],
)
def test_nothing_fits(client: httpx.Client, accept: str, query: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    assert "Accept" in response.headers["Vary"]
    assert response.headers["Content-Type"] == "application/problem+json"


def test_short_names_that_do_not_fit(client: httpx.Client) -> None:
    unknown = client.get("/sparql", params={"query": SELECT, "format": "yaml"})
    assert unknown.status_code == 400
    assert "turtle" in unknown.json()["detail"]
    assert client.get("/sparql", params={"query": SELECT, "format": "trig"}).status_code == 406
    twice = {"query": SELECT, "format": "json", "output": "xml"}
    assert client.get("/sparql", params=twice).status_code == 400


def test_error_in_the_middle_is_an_error(client: httpx.Client) -> None:
    query = f"SELECT (<{EX}f>(?o) AS ?x) {{ ?s ?p ?o }}"
    response = client.get("/sparql", params={"query": query})
    assert response.status_code == 400
    assert json.loads(response.content)["title"]


# Service description


@pytest.mark.parametrize("media", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_service_description(client: httpx.Client, address: str, media: str) -> None:
    response = client.get("/sparql", headers={"Accept": media})
    assert media_type(response) == media
    sd = "http://www.w3.org/ns/sparql-service-description#"
    triples = list(parse(response.content, format=GRAPHS[media][1]))
    said = {(triple.predicate.value, triple.object.value) for triple in triples}  # type: ignore[union-attr]
    assert (sd + "endpoint", f"{address}/sparql") in said
    assert (sd + "supportedLanguage", sd + "SPARQL11Query") in said
    assert ("http://rdfs.org/ns/void#triples", "6") in said
    assert ("http://rdfs.org/ns/void#triples", "2") in said
    assert ("https://schema.org/numberOfItems", "3") in said


def test_service_description_by_default(client: httpx.Client) -> None:
    for accept in ("*/*", "text/html;q=0.8, text/turtle"):
        assert media_type(client.get("/sparql", headers={"Accept": accept})) == "text/turtle"
    page = client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert media_type(page) == "text/html"
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
    assert media_type(client.get("/sparql?format=jsonld")) == "application/ld+json"
    assert client.head("/sparql").status_code == 200
