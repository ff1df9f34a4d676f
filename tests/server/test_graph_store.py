"""SPARQL 1.1 Graph Store HTTP Protocol, through a real server."""

from __future__ import annotations

import gzip
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import Quad, RdfFormat, parse

from .conftest import EX, LONGEST_UPLOAD
from .test_protocol import problem
from .test_update import UPDATE, _empty  # noqa: F401

#: They share a gateway, which it takes seconds to start.
pytestmark = pytest.mark.xdist_group("live")

TURTLE = {"Content-Type": "text/turtle"}
PLAIN = {"Accept": "application/n-triples"}
ONE = f"<{EX}s> <{EX}p> 'one' .\n"
TWO = f"<{EX}s> <{EX}p> 'two' .\n"
G = f"/graphs?graph={quote(EX, safe='')}g"


def lines(response: httpx.Response) -> set[str]:
    assert response.status_code == 200, response.text
    return {line for line in response.text.splitlines() if line}


def triples(*written: str) -> set[str]:
    return {line.replace("'", '"').strip() for line in written}


@pytest.mark.parametrize(
    "address", [G, "/graphs/person/1.ttl", "/graphs/t%C3%BCrk%20(1)", G + "%25C3"]
)
def test_life_of_a_graph(live: httpx.Client, address: str) -> None:
    assert live.get(address).status_code == 404
    assert live.head(address).status_code == 404
    assert live.delete(address).status_code == 404
    created = live.put(address, content=ONE, headers=TURTLE)
    assert created.status_code == 201
    assert created.headers["Location"]
    assert lines(live.get(created.headers["Location"], headers=PLAIN)) == triples(ONE)
    replaced = live.put(address, content=TWO, headers=TURTLE)
    assert replaced.status_code == 204
    assert "Location" not in replaced.headers
    got = live.get(address, headers=PLAIN)
    assert lines(got) == triples(TWO)
    assert got.headers["Sanctiongraph-Version"] == replaced.headers["Sanctiongraph-Version"]
    assert live.post(address, content=ONE, headers=TURTLE).status_code == 204
    head = live.head(address, headers=PLAIN)
    assert (head.status_code, head.content) == (200, b"")
    assert lines(live.get(address, headers=PLAIN)) == triples(ONE, TWO)
    assert live.delete(address).status_code == 204
    assert live.get(address).status_code == 404


def test_one_graph_by_its_address_and_by_its_name(live: httpx.Client) -> None:
    live.put("/graphs/a/b", content=ONE, headers=TURTLE)
    for name in (f"{live.base_url}/graphs/a/b", "/graphs/a/b", "graphs/a/b"):
        assert lines(live.get("/graphs", params={"graph": name}, headers=PLAIN)) == triples(ONE)


def test_the_default_graph(live: httpx.Client) -> None:
    assert live.put("/graphs?default", content=ONE, headers=TURTLE).status_code == 204
    assert lines(live.get("/graphs?default", headers=PLAIN)) == triples(ONE)
    assert live.get(G).status_code == 404
    assert live.delete("/graphs?default").status_code == 204
    assert lines(live.get("/graphs?default", headers=PLAIN)) == set()


def test_a_new_graph(live: httpx.Client) -> None:
    places = set()
    for _ in range(2):
        response = live.post("/graphs", content="<> <p> <#x> .", headers=TURTLE)
        assert response.status_code == 201
        place = response.headers["Location"]
        assert place.startswith(f"{live.base_url}/graphs/")
        # Relative IRIs are resolved against the name that the graph is given.
        assert lines(live.get(place, headers=PLAIN)) == {
            f"<{place}> <{live.base_url}/graphs/p> <{place}#x> ."
        }
        places.add(place)
    assert len(places) == 2


def test_relative_iris_are_resolved_against_the_graph(live: httpx.Client) -> None:
    live.put("/graphs?graph=http://other.example/a/b", content="<c> <> <#d> .", headers=TURTLE)
    got = live.get("/graphs?graph=http://other.example/a/b", headers=PLAIN)
    assert lines(got) == {
        "<http://other.example/a/c> <http://other.example/a/b> <http://other.example/a/b#d> ."
    }


def test_empty_graphs(live: httpx.Client) -> None:
    assert live.put(G, content=b"", headers=TURTLE).status_code == 201
    assert lines(live.get(G, headers=PLAIN)) == set()
    assert live.put(G, content=b"", headers=TURTLE).status_code == 204
    live.post("/update", content=f"CLEAR GRAPH <{EX}g>", headers=UPDATE)
    assert live.get(G).status_code == 200
    assert live.delete(G).status_code == 204


FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}


@pytest.mark.parametrize("media", FORMATS)
def test_formats(live: httpx.Client, media: str) -> None:
    """What is given out is taken back as the same graph."""
    live.put(G, content=ONE + "<a> <b> 'ü'@tr , 5 .", headers=TURTLE)
    got = live.get(G, headers={"Accept": f"{media}, */*;q=0.1"})
    assert got.headers["Content-Type"].partition(";")[0] == media
    assert "Accept" in got.headers["Vary"]
    found = list(parse(got.content, FORMATS[media]))
    assert len(found) == 3
    other = f"/graphs?graph={EX}other"
    sent = live.put(other, content=got.content, headers={"Content-Type": media.upper()})
    assert sent.status_code == 201
    assert lines(live.get(other, headers=PLAIN)) == lines(live.get(G, headers=PLAIN))


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/turtle"),
        ("text/html, */*;q=0.1", "text/turtle"),
        ("text/turtle;q=0.2, application/rdf+xml;q=0.8", "application/rdf+xml"),
        ("text/turtle;q=0, */*", "application/n-triples"),
        ("application/xml", "application/rdf+xml"),
        ("text/turtle; charset=utf-8", "text/turtle"),
    ],
)
def test_negotiation(live: httpx.Client, accept: str, media: str) -> None:
    got = live.get("/graphs?default", headers={"Accept": accept})
    assert got.headers["Content-Type"].partition(";")[0] == media


def test_nothing_fits(live: httpx.Client) -> None:
    for accept in ("image/png", "text/csv", "*/*;q=0"):
        problem(live.get("/graphs?default", headers={"Accept": accept}), 406)
    assert live.get("/graphs?default&format=nt").headers["Content-Type"] == "application/n-triples"
    problem(live.get("/graphs?default&format=yaml"), 400)


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        ("<a> <b>", "text/turtle", 400),
        (b"<a:a> <a:b> '\xff' .", "text/turtle", 400),
        (b"\xff\xfe<\x00", "text/turtle", 400),
        (ONE, "text/turtle; charset=utf-16", 415),
        ("{", "application/ld+json", 400),
        ("<rdf:RDF", "application/rdf+xml", 400),
        (ONE, "text/plain", 415),
        (ONE, "text/html", 415),
        (ONE, "application/sparql-update", 415),
        (ONE, "", 415),
        (f"<{EX}x> {{ {ONE} }}", "application/trig", 400),
        (f"<{EX}a> <{EX}b> <{EX}c> <{EX}x> .", "application/n-quads", 400),
        ('{"@id":"a:b","@graph":[{"@id":"a:b","a:c":1}]}', "application/ld+json", 400),
        ('{"@context":"http://127.0.0.1:1/c","@id":"a:b"}', "application/ld+json", 400),
        (ONE, "multipart/form-data", 400),
        ("--x--\r\n", "multipart/form-data; boundary=x", 400),
        ("nothing", "multipart/form-data; boundary=x", 400),
        ("#" * (LONGEST_UPLOAD + 1), "text/turtle", 413),
    ],
)
def test_what_is_refused_changes_nothing(
    live: httpx.Client, method: str, body: str | bytes, media: str, status: int
) -> None:
    live.put(G, content=TWO, headers=TURTLE)
    headers = {"Content-Type": media} if media else {}
    content = body.encode() if isinstance(body, str) else body
    response = live.request(method, G, content=content, headers=headers)
    problem(response, status)
    if status == 415:
        assert "text/turtle" in response.headers["Accept-Post"]
    assert lines(live.get(G, headers=PLAIN)) == triples(TWO)
    for other in ("x", "a:b"):
        assert live.get(f"/graphs?graph={EX}{other}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/graphs?default&graph=a:b",
        "/graphs?graph=a:b&graph=a:b",
        "/graphs?graph=a:b&graph=a:c",
        "/graphs?default&default",
        "/graphs?default=yes",
        "/graphs?graph=",
        "/graphs?graph=a:%20b",
        "/graphs?graph=a:%3E",
        "/graphs?graph=%FF",
        "/graphs/a?default",
        "/graphs/a?graph=a:b",
        "/graphs?default&timeout=x",
    ],
)
def test_which_graph_has_to_be_clear(live: httpx.Client, address: str) -> None:
    for method in ("PUT", "POST", "DELETE"):
        content = ONE if method != "DELETE" else None
        problem(live.request(method, address, content=content, headers=TURTLE), 400)
    if "timeout" not in address:
        problem(live.get(address), 400)


def test_the_graph_store_itself_is_no_graph(live: httpx.Client) -> None:
    for method in ("GET", "PUT", "DELETE"):
        problem(live.request(method, "/graphs", content=ONE, headers=TURTLE), 400)
    response = live.patch("/graphs?default", content="CLEAR ALL", headers=UPDATE)
    problem(response, 405)
    allowed = set(response.headers["Allow"].split(", "))
    assert allowed == {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}


def test_blank_nodes_of_two_payloads_are_different(live: httpx.Client) -> None:
    for _ in range(2):
        live.post(G, content=f"_:b <{EX}p> 1 .", headers=TURTLE)
    found = list(parse(live.get(G, headers=PLAIN).content, RdfFormat.N_TRIPLES))
    assert len({quad.subject for quad in found}) == 2


def form(*files: tuple[str, str, str | None]) -> dict[str, object]:
    return {"files": [("file", (name, body, kind)) for name, body, kind in files]}


def test_multipart(live: httpx.Client) -> None:
    blank = f"_:b <{EX}p> <{EX}o> .\n"
    files = form(
        ("a.ttl", ONE + blank, "text/turtle"),
        ("b.nt", TWO.replace("'", '"') + blank, "application/octet-stream"),
        ("c.rdf", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", None),
    )
    assert live.post(G, **files).status_code == 201  # type: ignore[arg-type]
    found: list[Quad] = list(parse(live.get(G, headers=PLAIN).content, RdfFormat.N_TRIPLES))
    assert len(found) == 4
    assert len({quad.subject for quad in found}) == 3
    one = form(("a.ttl", "<> <p> 'line\r\nbreak\n' .".replace("'", "'''"), "text/turtle"))
    assert live.put(G, **one).status_code == 204  # type: ignore[arg-type]
    assert lines(live.get(G, headers=PLAIN)) == {f'<{EX}g> <{EX}p> "line\\r\\nbreak\\n" .'}


def test_a_bad_part_of_a_form_changes_nothing(live: httpx.Client) -> None:
    live.put(G, content=TWO, headers=TURTLE)
    for files, status in (
        (form(("a.ttl", ONE, "text/turtle"), ("b.ttl", "<a>", "text/turtle")), 400),
        (
            form(
                ("a.ttl", ONE, "text/turtle"), ("b.trig", f"<a:b> {{ {ONE} }}", "application/trig")
            ),
            400,
        ),
        (form(("a.ttl", ONE, "text/turtle"), ("b.png", "", "image/png")), 415),
        (form(("a.ttl", ONE, "text/turtle"), ("b.txt", ONE, "text/plain")), 415),
    ):
        problem(live.post(G, **files), status)  # type: ignore[arg-type]
    assert lines(live.get(G, headers=PLAIN)) == triples(TWO)


def test_gzip(live: httpx.Client) -> None:
    headers = {**TURTLE, "Content-Encoding": "gzip"}
    packed = gzip.compress(ONE.encode()) + gzip.compress(TWO.encode())
    assert live.put(G, content=packed, headers=headers).status_code == 201
    assert lines(live.get(G, headers=PLAIN)) == triples(ONE, TWO)
    bomb = gzip.compress(b"#" * 50 * LONGEST_UPLOAD)
    problem(live.put(G, content=bomb, headers=headers), 413)
    problem(live.put(G, content=ONE, headers=headers), 400)
    problem(live.put(G, content=packed[:20], headers=headers), 400)
    problem(live.put(G, content=ONE, headers={**TURTLE, "Content-Encoding": "zstd"}), 415)
    assert lines(live.get(G, headers=PLAIN)) == triples(ONE, TWO)
