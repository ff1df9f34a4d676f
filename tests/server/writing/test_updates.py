"""A write that is acknowledged is whole, seen by the next query, and there after a restart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import RdfFormat, Store

from sanctiongraph import Graph
from sanctiongraph.errors import BadData, NotFound
from sanctiongraph_server.writes import AddToGraph, DeleteGraph, PutGraph, Update
from tests.opened import opened_newest

from ..conftest import end
from .conftest import EX, Running, Start

#: What they share takes seconds to make.
pytestmark = pytest.mark.xdist_group("updates")

G = EX + "new"


def put(text: str, graph: str | None = G) -> PutGraph:
    return PutGraph(graph, text.encode(), RdfFormat.TURTLE, graph or EX)


def test_the_next_query_sees_a_write_and_its_version(start: Start) -> None:
    gateway = start()
    assert not (gateway.home / "live").exists()
    for number in range(4):
        written = gateway.update(f"INSERT DATA {{ <{EX}w> <{EX}n> {number} }}")
        assert written.status_code == 204
        answer = gateway.client.get(
            "/sparql", params={"query": f"ASK {{ <{EX}w> <{EX}n> {number} }}"}
        )
        assert answer.json()["boolean"]
        version = written.headers["Sanctiongraph-Version"]
        assert version == f"{'a' * 16}-{number + 1}" == answer.headers["Sanctiongraph-Version"]


def test_a_write_is_there_after_a_restart_and_for_python(start: Start) -> None:
    gateway = start()
    assert gateway.update(f"INSERT DATA {{ GRAPH <{G}> {{ <{EX}w> <{EX}n> 7 }} }}").is_success
    assert Graph.open(gateway.home).ask(f"ASK {{ GRAPH <{G}> {{ <{EX}w> <{EX}n> 7 }} }}")
    assert end(gateway.process)[0] == 0
    again = start(gateway.home)
    assert again.ask(f"GRAPH <{G}> {{ <{EX}w> <{EX}n> 7 }}")


def test_an_update_is_made_whole_or_not_at_all(gateway: Running) -> None:
    failing = f"INSERT DATA {{ <{EX}half> <{EX}n> 1 }} ; CLEAR GRAPH <{EX}absent>"
    answer = gateway.update(failing)
    assert answer.status_code == 400
    assert "does not exist" in answer.json()["detail"]
    assert not gateway.ask(f"<{EX}half> ?p ?o")


def test_prefixes_are_declared_and_relative_names_are_the_endpoints(gateway: Running) -> None:
    assert gateway.update("INSERT DATA { id:Nowhere rdfs:label <here> }").is_success
    rows = gateway.select("SELECT ?o { id:Nowhere rdfs:label ?o }")
    assert rows == [[str(gateway.client.base_url.join("/here"))]]


def test_a_form_is_as_good_as_a_body(gateway: Running) -> None:
    answer = gateway.client.post(
        "/update",
        data={"update": f"INSERT DATA {{ <{EX}f> <{EX}n> 'é%41' }}"},
        headers={"Authorization": f"Bearer {gateway.token}"},
    )
    assert answer.status_code == 204
    assert gateway.ask(f"<{EX}f> <{EX}n> 'é%41'")


def test_a_syntax_error_is_told_with_its_place(gateway: Running) -> None:
    answer = gateway.update("INSERT DATA {\n  <http://x> <http://y> oops }")
    problem = answer.json()
    assert (answer.status_code, problem["line"]) == (400, 2)
    assert "the update does not parse" in problem["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:1/>",
        "load silent <http://127.0.0.1:1/> into graph <http://g>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "CREATE GRAPH <http://g>;LOAD<http://127.0.0.1:1/>",
    ],
)
def test_an_update_reaches_no_other_address(gateway: Running, text: str) -> None:
    answer = gateway.update(text)
    assert answer.status_code == 403, answer.text


def test_graphs_are_put_added_to_and_deleted(gateway: Running) -> None:
    writes = gateway.writes
    first = writes.apply(put(f"<a> <{EX}p> [ <{EX}q> 1 ] ."))
    assert not first.existed
    assert gateway.ask(f"GRAPH <{G}> {{ <{EX}a> <{EX}p> ?b . ?b <{EX}q> 1 }}")
    second = writes.apply(put(f"<a> <{EX}p> 2 ."))
    assert second.existed
    assert gateway.select(f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}") == [["2"]]
    added = writes.apply(AddToGraph(G, b"<a> <http://example.org/p> 3 .", RdfFormat.TURTLE, G))
    assert added.existed
    assert gateway.select(f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }} ORDER BY ?o") == [
        ["2"],
        ["3"],
    ]
    writes.apply(DeleteGraph(G))
    with opened_newest(gateway.home) as (_, store):
        assert G not in [graph.value for graph in store.named_graphs()]
    with pytest.raises(NotFound):
        writes.apply(DeleteGraph(G))


def test_an_empty_graph_is_a_graph(gateway: Running) -> None:
    empty = PutGraph(EX + "empty", b"", RdfFormat.TURTLE, EX)
    assert not gateway.writes.apply(empty).existed
    assert gateway.writes.apply(empty).existed
    assert [EX + "empty"] in gateway.select("SELECT ?g { GRAPH ?g {} }")


def test_the_default_graph_is_replaced_and_emptied(start: Start) -> None:
    gateway = start()
    assert gateway.writes.apply(put(f"<a> <{EX}p> 2 .", None)).existed
    assert gateway.select("SELECT ?s ?o { ?s ?p ?o }") == [[f"{EX}a", "2"]]
    gateway.writes.apply(DeleteGraph(None))
    assert gateway.select("SELECT ?s { ?s ?p ?o }") == []
    assert gateway.ask(f"GRAPH <{EX}g1> {{ ?s ?p ?o }}")


@pytest.mark.parametrize(
    ("payload", "format", "why"),
    [
        (b"<a> <b> .", RdfFormat.TURTLE, "line 1"),
        (b"<http://a> <http://b> 1 .\n<http://a> zz .", RdfFormat.TURTLE, "line 2"),
        (b"<http://g> { <http://a> <http://b> 1 }", RdfFormat.TRIG, "named graphs"),
        (b"<http://a> <http://b> <http://c> <http://g> .", RdfFormat.N_QUADS, "named graphs"),
        (b"\xff\xfe", RdfFormat.N_TRIPLES, "not taken"),
        (b"<rdf", RdfFormat.RDF_XML, "not taken"),
        (b"{", RdfFormat.JSON_LD, "not taken"),
    ],
)
def test_a_bad_payload_changes_nothing(
    gateway: Running, payload: bytes, format: RdfFormat, why: str
) -> None:
    before = gateway.select("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?o")
    with pytest.raises(BadData, match=why):
        gateway.writes.apply(PutGraph(EX + "g1", payload, format, EX))
    assert gateway.select("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?o") == before


def test_changes_that_wait_together_share_a_snapshot_and_are_whole_in_each(
    gateway: Running,
) -> None:
    gateway.update(f"INSERT DATA {{ <{EX}first> <{EX}n> 0 }}")

    def write(number: int) -> str:
        text = (
            f"INSERT DATA {{ <{EX}c{number}> <{EX}n> {number} ."
            f" GRAPH <{EX}pair> {{ <{EX}c{number}> <{EX}n> {number} }} }}"
        )
        version = gateway.writes.apply(Update(text, EX)).version
        with opened_newest(gateway.home) as (_, store):
            assert store.query(f"ASK {{ <{EX}c{number}> <{EX}n> {number} }}")
            assert _torn(store) == 0
        return version

    with ThreadPoolExecutor(24) as pool:
        versions = list(pool.map(write, range(96)))
    assert len(set(versions)) < 60


def _torn(store: Store) -> int:
    rows = store.query(
        f"SELECT ?s {{ {{ ?s <{EX}n> ?n FILTER NOT EXISTS {{ GRAPH <{EX}pair> {{ ?s <{EX}n> ?n }} }} }}"
        f" UNION {{ GRAPH <{EX}pair> {{ ?s <{EX}n> ?n }} FILTER NOT EXISTS {{ ?s <{EX}n> ?n }} }}"
        f" FILTER(STRSTARTS(STR(?s), '{EX}c')) }}"
    )
    return sum(1 for _ in rows)  # type: ignore[arg-type]
