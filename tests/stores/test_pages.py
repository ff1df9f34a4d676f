"""Pages of things over a store across the network: as over the own store, in few journeys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, NamedNode

from sanctiongraph import Graph
from sanctiongraph.settings import from_environment
from sanctiongraph.snapshots import Snapshot
from sanctiongraph.stores.building import Stored
from sanctiongraph.stores.connection import Reply
from sanctiongraph.stores.graphstore import GraphStore
from sanctiongraph.stores.remote import RemoteStore
from sanctiongraph.vocabulary import BASE, term
from sanctiongraph_server.linked.pages import ShowThing
from sanctiongraph_server.opened import OpenStore

from .conftest import KIND, Server

#: They share stores, which it takes seconds to start and to fill.
pytestmark = pytest.mark.xdist_group("stores")


def opened(store: GraphStore, home: Path = Path()) -> OpenStore:
    return OpenStore(from_environment({}), Snapshot(home, "v", "v"), store, None)


@pytest.fixture
def journeys(server: Server, stored: Stored) -> tuple[RemoteStore, list[Any]]:
    """The store, and what it was asked."""
    assert stored.version.triples > 0
    store = server.open()
    asked: list[Any] = []
    read = store.connection.read

    def counted(*given: Any, **more: Any) -> Reply:
        asked.append(more.get("form"))
        return read(*given, **more)

    store.connection.read = counted  # type: ignore[method-assign]
    return store, asked


@pytest.mark.parametrize(
    "name",
    ["id/Turkey", "id/TurkeyS400Deal", "law/us/pl/115/44", "claim/turkey-us-caatsa-talks/039"],
)
def test_a_page_takes_few_journeys(
    journeys: tuple[RemoteStore, list[Any]], graph: Graph, name: str
) -> None:
    store, asked = journeys
    over_there = opened(store)
    here = ShowThing(BASE + name, 1).perform(opened(graph.store))
    there = ShowThing(BASE + name, 1).perform(over_there)
    assert there.version == here.version
    # Which of two notes of the same day is named, and the order of neighbours, are the store's.
    if KIND == "oxigraph":
        assert there == here
    assert len(asked) < 150, len(asked)


def test_what_was_looked_at_ahead_is_what_is_told_else(
    journeys: tuple[RemoteStore, list[Any]], server: Server
) -> None:
    store, asked = journeys
    ahead, plain = store.again(), server.open()
    things = [NamedNode(f"{BASE}id/{name}") for name in ("SSB", "S400", "Nobody")]
    ahead.look_ahead(things)
    told = len(asked)
    patterns = (
        (None, None, None),
        (term("rdf:type"), None, DefaultGraph()),
        (term("rdf:type"), term("sg:Agency"), None),
        (None, None, NamedNode(f"{BASE}graph/reference")),
    )
    for thing in things:
        for pattern in patterns:
            found = set(ahead.quads_for_pattern(thing, *pattern))
            assert found == set(plain.quads_for_pattern(thing, *pattern))
    ahead.look_ahead(things)
    assert len(asked) == told
