"""A build is put into a store: what has changed, whole where the store can, and never over others' work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Triple, serialize

from sanctiongraph.errors import BadInput, BuildBusy, NotBuilt, RemoteFailed
from sanctiongraph.stores.loading import Put, put_build
from sanctiongraph.stores.record import (
    RECORD_GRAPH,
    Record,
    StoredVersion,
    count_change,
    read_record,
    read_version,
)
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.stores.writing import add_to_graph, put_graph, send
from sanctiongraph.vocabulary import term

from .conftest import KIND, Server

#: They share stores, which it takes seconds to start and to fill.
pytestmark = pytest.mark.xdist_group("stores")

EX = "http://example.org/"
VERSION = StoredVersion("a" * 64, "f" * 64, 0, 0, 0, 0, 0.0, 0.0)


def line(text: str) -> bytes:
    return f"<{EX}s> <{EX}p> {text} .\n".encode()


GRAPHS = {
    "": [line('"in the accepted graph"@en'), f"_:a <{EX}first> _:b .\n".encode()],
    EX + "one": [line('"1"^^<http://www.w3.org/2001/XMLSchema#integer>'), line("<http://x/İ>")],
    EX + "two": [
        line(r'"a \"quoted\" line\nand another"'),
        line('"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ],
}


@pytest.fixture
def store(empty_server: Server) -> RemoteStore:
    """The store with ``GRAPHS`` in it."""
    store = empty_server.open()
    put_build(store, GRAPHS, VERSION, force=True)
    return store


def held(store: RemoteStore, name: str) -> set[str]:
    graph = NamedNode(name) if name else DefaultGraph()
    return {str(quad.triple) for quad in store.again().quads_for_pattern(None, None, None, graph)}


def test_graphs_are_put_as_they_are(store: RemoteStore) -> None:
    assert held(store, EX + "one") == {
        one.decode().removesuffix(" .\n") for one in GRAPHS[EX + "one"]
    }
    assert held(store, EX + "two") == {
        one.decode().removesuffix(" .\n") for one in GRAPHS[EX + "two"]
    }
    assert len(held(store, "")) == 2
    assert set(store.again().named_graphs()) == {NamedNode(EX + "one"), NamedNode(EX + "two")}
    assert read_version(store).name == "a" * 16


def test_only_what_has_changed_is_put(store: RemoteStore) -> None:
    graphs = {**GRAPHS, EX + "one": [line('"other"')], EX + "new": [line('"new"')]}
    del graphs[EX + "two"]
    put = put_build(store, graphs, replace(VERSION, sha256="b" * 64))
    assert put == Put(graphs=2, dropped=1, at_once=KIND == "oxigraph")
    assert held(store, EX + "one") == {f'<{EX}s> <{EX}p> "other"'}
    assert held(store, EX + "new") == {f'<{EX}s> <{EX}p> "new"'}
    assert held(store, EX + "two") == set()
    assert read_version(store).name == "b" * 16


def test_graphs_of_a_register_come_and_go_in_few_requests(
    store: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"{EX}row/{number}": [line(f'"{number}"')] for number in range(300)}
    asked: list[str] = []
    for name in ("change", "read"):
        way = getattr(store.connection, name)

        def counted(*arguments: Any, _way: Any = way, **more: Any) -> Any:
            asked.append(arguments[1])
            return _way(*arguments, **more)

        monkeypatch.setattr(store.connection, name, counted)
    for sha256, graphs in (("b", {**GRAPHS, **many}), ("c", GRAPHS)):
        asked.clear()
        put_build(store, graphs, replace(VERSION, sha256=sha256 * 64))
        assert len(asked) < 30
        assert len([*store.again().named_graphs()]) == len(graphs) - 1
    store.dialect = replace(store.dialect, atomic_updates=False)
    put_build(store, {**GRAPHS, **many}, replace(VERSION, sha256="d" * 64))
    asked.clear()
    assert put_build(store, GRAPHS, VERSION).dropped == 300
    assert len(asked) < 30


def test_a_graph_with_blank_nodes_is_replaced_whole(store: RemoteStore) -> None:
    graphs = {
        **GRAPHS,
        "": [
            line('"other"'),
            f"_:a <{EX}first> _:c .\n".encode(),
            f"_:c <{EX}rest> _:d .\n".encode(),
        ],
    }
    put_build(store, graphs, replace(VERSION, sha256="c" * 64))
    quads = list(store.again().quads_for_pattern(None, None, None, DefaultGraph()))
    assert len(quads) == 3
    (first,) = (quad for quad in quads if quad.predicate == NamedNode(EX + "first"))
    (rest,) = (quad for quad in quads if quad.predicate == NamedNode(EX + "rest"))
    assert first.object == rest.subject


def test_an_unfinished_build_is_not_read_and_is_put_again(store: RemoteStore) -> None:
    record = read_record(store.again())
    assert record is not None
    unfinished = Record(record.version, False, {**record.manifest, EX + "left": ""})
    send(store, "PUT", EX + "left", line('"left"'))
    send(store, "PUT", RECORD_GRAPH.value, unfinished.n_triples())
    with pytest.raises(BuildBusy):
        read_version(store)
    assert put_build(store, GRAPHS, VERSION) == Put(graphs=3, dropped=1, at_once=False)
    assert read_version(store).name == "a" * 16
    assert held(store, EX + "left") == set()


def test_what_clients_have_changed_is_not_built_over(store: RemoteStore) -> None:
    count_change(store)
    assert read_version(store).name == "a" * 16 + "-1"
    with pytest.raises(BadInput, match="--force"):
        put_build(store, GRAPHS, replace(VERSION, sha256="d" * 64))
    put_build(store, GRAPHS, replace(VERSION, sha256="d" * 64), force=True)
    assert read_version(store).name == "d" * 16


def test_long_graphs_go_in_pieces(empty_server: Server) -> None:
    store = empty_server.open()
    store.dialect = replace(store.dialect, longest_piece=1_000, longest_update=2_000)
    graphs = {
        "": [line(f'"{number}"') for number in range(200)],
        **{f"{EX}{number}": [line(f'"{number}"')] for number in range(60)},
    }
    put_build(store, graphs, VERSION, force=True)
    assert len(held(store, "")) == 200
    assert all(
        held(store, f"{EX}{number}") == {f'<{EX}s> <{EX}p> "{number}"'} for number in (0, 59)
    )


def test_a_store_with_nothing_in_it_is_not_built(empty_server: Server) -> None:
    store = empty_server.open()
    send(store, "DELETE", RECORD_GRAPH.value)
    with pytest.raises(NotBuilt, match="sanctiongraph build --store"):
        read_version(store)


@pytest.mark.parametrize("text", ["no JSON", '{"finished": true, "unheard": 1}', "[]"])
def test_a_record_of_another_program_is_told(text: str, empty_server: Server) -> None:
    store = empty_server.open()
    record = Triple(RECORD_GRAPH, term("rdf:value"), Literal(text))
    send(store, "PUT", RECORD_GRAPH.value, serialize([record], format=RdfFormat.N_TRIPLES) or b"")
    for read in (read_version, read_record):
        with pytest.raises(RemoteFailed, match="--force"):
            read(store.again())
    send(store, "DELETE", RECORD_GRAPH.value)


@pytest.mark.parametrize("write", [put_graph, add_to_graph])
def test_a_blank_node_is_one_however_long_the_graph(
    write: Callable[[RemoteStore, str, list[bytes]], None], empty_server: Server
) -> None:
    store = empty_server.open()
    store.dialect = replace(store.dialect, longest_piece=1_000)
    send(store, "DELETE", EX + "long")
    between = [line(f'"{number}"') for number in range(100)]
    ends = [f"_:a <{EX}{name}> _:b .\n".encode() for name in ("first", "last")]
    write(store, EX + "long", [ends[0], *between, ends[1]])
    quads = list(store.again().quads_for_pattern(None, None, None, NamedNode(EX + "long")))
    assert len(quads) == 102
    linked = {(q.subject, q.object) for q in quads if q.subject != NamedNode(EX + "s")}
    assert len(linked) == 1
