"""SERVICE and LOAD in updates, as the writer evaluates them: through ``Federation``."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph.errors import Forbidden, RemoteFailed
from sanctiongraph_server.addresses import allow_list
from sanctiongraph_server.guard import check_update
from sanctiongraph_server.outbound import Federation

from . import servers
from .servers import Server, replying

NT = "application/n-triples"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with servers.serving() as opened:
        yield opened


def updated(server: Server, update: str, base: str | None = None) -> Store:
    store = Store()
    store.add(Quad(NamedNode("http://old"), NamedNode("http://p"), Literal("old")))
    allow = allow_list([server.address])
    check_update(update, allow, base)
    with Federation(allow, time.monotonic() + 4) as federation:
        try:
            store.update(federation.rewrite(update, base, update=True), base_iri=base)
        finally:
            kept.append(store)
    return store


kept: list[Store] = []


def unchanged() -> bool:
    """Whether the store of the last update holds what it held before."""
    return [quad.subject for quad in kept[-1]] == [NamedNode("http://old")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<http://s> <http://p> 1 .", "text/turtle; charset=utf-8"),
        (b'<http://s> <http://p> "1" .', NT),
        (b'[{"@id": "http://s", "http://p": 1}]', "application/ld+json"),
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://">'
            b'<rdf:Description rdf:about="http://s"><p:p>1</p:p></rdf:Description></rdf:RDF>',
            "application/rdf+xml",
        ),
        (b"<http://s> <http://p> 1 .", "text/plain"),
    ],
)
def test_load(server: Server, body: bytes, content_type: str) -> None:
    address = server.tell("/doc.ttl", replying(body, content_type))
    for update, graph in (
        (f"LOAD <{address}>", DefaultGraph()),
        (f"LOAD SILENT <{address}> INTO GRAPH <http://g>", NamedNode("http://g")),
        (f"CLEAR ALL; LOAD<{address}>INTO GRAPH<http://g>", NamedNode("http://g")),
        (f"PREFIX doc: <{address}> LOAD doc: ", DefaultGraph()),
    ):
        store = updated(server, update)
        assert len(list(store.quads_for_pattern(NamedNode("http://s"), None, None, graph))) == 1


def test_a_document_is_read_from_where_it_is(server: Server) -> None:
    server.tell("/moved/doc", replying(b"<> <p> <../q> .", "text/turtle"))
    address = server.tell("/doc", replying(b"", status=302, Location="/moved/doc"))
    store = updated(server, "LOAD <doc> INTO GRAPH <http://g>", base=address)
    (quad,) = store.quads_for_pattern(None, None, None, NamedNode("http://g"))
    assert quad.subject == NamedNode(f"{server.address}/moved/doc")
    assert quad.object == NamedNode(f"{server.address}/q")


def without_length(handler: object, _: bytes) -> None:
    handler.send_response(200)  # type: ignore[attr-defined]
    handler.send_header("Content-Type", NT)  # type: ignore[attr-defined]
    handler.end_headers()  # type: ignore[attr-defined]
    handler.wfile.write(b"<http://s> <http://p> 1 .\n")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "answer",
    [
        replying(b"oops", "text/turtle"),
        replying(b"<http://s> <http://p> <http://o>", NT),
        replying(b"<http://s> <http://p> <http://o> <http://g> .", "application/n-quads"),
        replying(b"<html>", "text/html"),
        replying(b"", status=404),
        replying(b"", status=302, Location="http://127.0.0.1:1/"),
        servers.cut_off,
        servers.dropping,
        without_length,
    ],
)
def test_a_load_that_fails(server: Server, answer: servers.Answer) -> None:
    address = server.tell("/bad", answer)
    with pytest.raises(RemoteFailed, match="LOAD"):
        updated(server, f"INSERT DATA {{ <http://n> <http://p> 1 }} ; LOAD <{address}>")
    assert unchanged()
    store = updated(server, f"LOAD SILENT <{address}> ; INSERT DATA {{ <http://n> <http://p> 1 }}")
    assert len(store) == 2


@pytest.mark.parametrize("end", ["", ";", " ; # end", "\n#;"])
def test_service_in_an_update(server: Server, end: str) -> None:
    address = server.tell("/up", replying())
    insert = f"INSERT {{ <http://n> <http://p> ?x }} WHERE {{ SERVICE <{address}> {{ ?s ?p ?x }} }}"
    assert Literal("far") in [quad.object for quad in updated(server, insert + end)]


@pytest.mark.parametrize(
    "where",
    [
        "SERVICE <{0}> {{ ?s ?p ?x }}",
        # In these the engine swallows the failure and would commit.
        "FILTER NOT EXISTS {{ SERVICE <{0}> {{ ?s ?p ?x }} }}",
        "?s ?p ?o FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?x }} }}",
        "?s ?p ?o MINUS {{ SERVICE <{0}> {{ ?s ?p ?x }} }}",
    ],
)
def test_an_update_whose_service_fails_changes_nothing(server: Server, where: str) -> None:
    address = server.tell("/down", replying(b"", status=500))
    insert = f"INSERT {{ <http://n> <http://p> 1 }} WHERE {{ {where.format(address)} }}"
    for update in (
        insert,
        f"INSERT DATA {{ <http://m> <http://p> 1 }}; {insert};",
        f"{insert}; DROP DEFAULT # end",
    ):
        with pytest.raises(RemoteFailed, match="SERVICE"):
            updated(server, update)
        assert unchanged()


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://n> <http://ex/load> <http://load/> }",
        "PREFIX ex: <http://ex/> INSERT DATA { ex:load ex:load ex:load . ex:a a ex:loader ; ex:load ex:b }",
        "PREFIX loader: <http://ex/> INSERT DATA { <http://n> loader:x 1 ; loader:y 2 }",
        "INSERT DATA { <http://n> <http://p> '; LOAD <http://x/>', 'SERVICE <http://x/> {' }",
        "# LOAD <http://x/>\nINSERT DATA { <http://n> <http://p> 1 }",
        "WITH <http://g/load> DELETE { ?load ?p ?o } WHERE { ?load ?p ?o }",
        "COPY <http://load/> TO <http://service/>",
        "COPY SILENT DEFAULT TO GRAPH <http://load>",
        "INSERT DATA { GRAPH <http://service/> { <http://service> <http://p> 1 } }",
    ],
)
def test_what_is_no_call(update: str) -> None:
    check_update(update)
    Store().update(update)


def test_data_may_have_any_number_of_graphs() -> None:
    graphs = " ".join(f"GRAPH <http://g/{n}> {{ <http://s> <http://p> {n} }}" for n in range(1000))
    check_update(f"INSERT DATA {{ {graphs} }} ; DELETE DATA {{ {graphs} }}")
    with pytest.raises(Exception, match="groups"):
        check_update(f"DELETE WHERE {{ {graphs} }}")


def test_an_update_is_refused_where_nothing_is_allowed() -> None:
    with pytest.raises(Forbidden, match="LOAD is not evaluated"):
        check_update("LOAD <http://example.org/>")
