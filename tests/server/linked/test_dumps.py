"""Dumps are the whole of what they are named after, with the sums that are told."""

from __future__ import annotations

import base64
import gzip
import hashlib

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from sanctiongraph import Graph
from sanctiongraph.vocabulary import BASE


def test_the_whole_dataset(linked: httpx.Client, real_graph: Graph) -> None:
    answer = linked.get("/dump.nq.gz")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    nquads = gzip.decompress(answer.content)
    assert hashlib.sha256(nquads).hexdigest() == real_graph.version.sha256
    digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["digest"] == f"SHA-256={digest}"
    assert "licenses/by/4.0" in answer.headers["link"]
    assert linked.head("/dump.nq.gz").headers["etag"] == answer.headers["etag"]
    again = linked.get("/dump.nq.gz", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "graph"),
    [
        ("accepted", DefaultGraph()),
        ("graph/law", NamedNode(f"{BASE}graph/law")),
        ("claim/turkey-us-caatsa-talks/039", NamedNode(f"{BASE}claim/turkey-us-caatsa-talks/039")),
    ],
)
def test_a_graph(
    linked: httpx.Client, real_graph: Graph, path: str, graph: NamedNode | DefaultGraph
) -> None:
    answer = linked.get(f"/dumps/{path}.nt.gz")
    assert answer.status_code == 200
    triples = {quad.triple for quad in parse(gzip.decompress(answer.content), RdfFormat.N_TRIPLES)}
    held = real_graph.store.quads_for_pattern(None, None, None, graph)
    assert triples == {quad.triple for quad in held}


def test_the_list_tells_the_sums(linked: httpx.Client) -> None:
    listed = linked.get("/dumps").json()
    assert len(listed) > 10
    for one in listed:
        answer = linked.get(one["address"])
        assert len(answer.content) == one["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == one["sha256"]
        assert one["license"] == "CC-BY-4.0"


@pytest.mark.parametrize("path", ["graph/none.nt.gz", "graph/law", "a%20b.nt.gz", "%0d%0a.nt.gz"])
def test_what_is_not_there(linked: httpx.Client, path: str) -> None:
    answer = linked.get(f"/dumps/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
