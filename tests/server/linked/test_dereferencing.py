"""Every IRI of the graph leads somewhere: the table of IRI, ``Accept`` and answer."""

from __future__ import annotations

import re

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from sanctiongraph import Graph
from sanctiongraph.about import about
from sanctiongraph.vocabulary import BASE, term

THINGS = [
    "id/SSB",
    "law/us/pl/115/44",
    "claim/turkey-us-caatsa-talks/039",
    "source/turkey-us-caatsa-talks",
    "viewpoint/turkey",
    "ontology",
]
#: What a client says that it takes, the ending that it is led to, and the type that it finds there.
ACCEPTS = [
    ("*/*", "ttl", "text/turtle"),
    ("text/turtle", "ttl", "text/turtle"),
    ("application/ld+json", "jsonld", "application/ld+json"),
    ("application/json", "jsonld", "application/ld+json"),
    ("application/n-triples", "nt", "application/n-triples"),
    ("application/rdf+xml", "rdf", "application/rdf+xml"),
    ("application/trig", "trig", "application/trig"),
    ("application/n-quads", "nq", "application/n-quads"),
    ("text/html", "html", "text/html"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html", "text/html"),
    ("text/html;q=0.5,text/turtle", "ttl", "text/turtle"),
    ("application/rdf+xml;q=0.9,text/html;q=0.9,*/*;q=0.1", "html", "text/html"),
]
CLAIM = "claim/turkey-us-caatsa-talks/039"


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize(("accept", "ending", "media_type"), ACCEPTS)
def test_the_table(
    linked: httpx.Client, thing: str, accept: str, ending: str, media_type: str
) -> None:
    led = linked.get(f"/{thing}", headers={"Accept": accept})
    assert led.status_code == 303
    assert led.headers["location"] == f"/{thing}.{ending}"
    assert "accept" in led.headers["vary"].lower()
    found = linked.get(led.headers["location"])
    assert found.status_code == 200
    assert found.headers["content-type"].partition(";")[0] == media_type
    assert f'<{BASE}{thing}>; rel="describes"' in found.headers["link"]
    assert "licenses/by/4.0" in found.headers["link"]
    if media_type != "text/html":
        format = RdfFormat.from_media_type(media_type)
        assert format is not None
        said = {str(quad.subject) for quad in parse(found.content, format)}
        assert f"<{BASE}{thing}>" in said


@pytest.mark.parametrize("thing", [*THINGS, f"{THINGS[0]}.ttl", f"{THINGS[0]}.html"])
def test_head_is_get_without_a_body(linked: httpx.Client, thing: str) -> None:
    got, head = linked.get(f"/{thing}"), linked.head(f"/{thing}")
    assert head.content == b""
    assert (head.status_code, head.headers.get("etag"), head.headers.get("location")) == (
        got.status_code,
        got.headers.get("etag"),
        got.headers.get("location"),
    )


@pytest.mark.parametrize("ending", ["", ".ttl", ".html", ".nq"])
@pytest.mark.parametrize(
    "thing", ["id/Nobody", "law/us/pl/1", "claim/none/1", "id/a%20b", "id/%3Cscript%3E"]
)
def test_what_is_not_there(linked: httpx.Client, thing: str, ending: str) -> None:
    answer = linked.get(f"/{thing}{ending}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_no_format_fits(linked: httpx.Client) -> None:
    assert linked.get("/id/SSB", headers={"Accept": "image/png"}).status_code == 406
    assert linked.get("/id/SSB.ttl", params={"page": "2"}).status_code == 400
    assert linked.get("/id/SSB.html", params={"page": "0"}).status_code == 400
    assert linked.get("/id/SSB", params={"wrong": "1"}).status_code == 400


def test_rdf_is_what_is_said(linked: httpx.Client, real_graph: Graph) -> None:
    for thing in ("id/SSB", CLAIM):
        quads = set(about(real_graph.store, BASE + thing).quads)
        got = linked.get(f"/{thing}.nq").content
        assert set(parse(got, RdfFormat.N_QUADS)) == quads


def test_a_claim_is_never_stated_as_fact(linked: httpx.Client) -> None:
    node = NamedNode(BASE + CLAIM)
    with_graphs = list(parse(linked.get(f"/{CLAIM}.trig").content, RdfFormat.TRIG))
    asserted = {quad.triple for quad in with_graphs if quad.graph_name == node}
    assert asserted
    plain = {
        quad.triple
        for quad in parse(linked.get(f"/{CLAIM}.ttl").content, RdfFormat.TURTLE)
        if quad.graph_name == DefaultGraph()
    }
    assert not asserted & plain
    predicates = {triple.predicate for triple in plain}
    for name in ("sg:speaker", "sg:modality", "sg:wording", "sg:place", "sg:via", "oa:start"):
        assert term(name) in predicates
    assert NamedNode(f"{BASE}{CLAIM}.trig") in {triple.object for triple in plain}


def test_the_page_of_a_claim(linked: httpx.Client) -> None:
    page = linked.get(f"/{CLAIM}.html").text
    for part in (
        "Turkey is getting nearer to taking away a main obstacle.",
        '<a href="/id/TomBarrack">Tom Barrack</a>',
        "Bloomberg News",
        "reported speech",
        "2025-12-05 (inferred)",
        "paragraph",
        "characters 2005 to 2055",
        '<a href="/id/S400ObstacleResolution">',
    ):
        assert part in page


def test_the_page_of_a_thing_has_its_claims_in_pages(linked: httpx.Client) -> None:
    claims: list[str] = []
    number = 1
    while True:
        page = linked.get("/id/Turkey.html", params={"page": str(number)}).text
        listed = page.partition('id="claims"')[2]
        claims += re.findall(r'<article.*?<a href="(/claim/[^"]*)">claim:', listed, re.DOTALL)
        if 'rel="next"' not in page:
            break
        number += 1
    query = "SELECT DISTINCT ?c { ?c sg:mentions id:Turkey }"
    answer = linked.get("/sparql", params={"query": query, "format": "csv"}).text.split()[1:]
    assert number > 1
    assert sorted(claims) == sorted(iri.replace(BASE, "/") for iri in answer)
    assert "wikidata.org/entity/Q43" in page
    assert re.findall(r"<script(?! src=)|javascript:|onclick|style=", page) == []


def test_pages_say_who_says_so(linked: httpx.Client) -> None:
    page = linked.get("/id/SSB.html").text
    assert "Savunma Sanayii Başkanlığı" in page
    assert "/ontology#" in page
    assert "Names" in page


def test_answers_are_kept_by_version(linked: httpx.Client) -> None:
    for path in ("/id/SSB.ttl", "/id/SSB.html"):
        tag = linked.get(path).headers["etag"]
        again = linked.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 304
