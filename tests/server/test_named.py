"""Which quads an update names, where it only inserts and deletes some."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from sanctiongraph.vocabulary import term
from sanctiongraph_server.writer.named import quads_named

_A, _B = (
    Quad(term(f"id:{name}"), term("rdf:type"), term("sg:ArmsDeal"), graph)
    for name, graph in (("A", DefaultGraph()), ("B", NamedNode("http://own/g")))
)


@pytest.mark.parametrize(
    ("text", "quads"),
    [
        ("INSERT DATA { id:A a sg:ArmsDeal }", {_A}),
        ("delete data { id:A a sg:ArmsDeal } ; Insert Data { GRAPH <g> { id:B a sg:ArmsDeal } }", {_A, _B}),
        ("PREFIX x: <https://w3id.org/sanctiongraph/id/> INSERT DATA { x:A a sg:ArmsDeal };", {_A}),
        ("# DELETE WHERE { ?s ?p ?o }\nINSERT DATA { id:A a sg:ArmsDeal }", {_A}),
        ("", set()),
    ],
)  # fmt: skip
def test_named(text: str, quads: set[Quad]) -> None:
    found = quads_named(text, "http://own/")
    assert found is not None
    assert set(found) == quads


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "INSERT DATA { id:A a sg:ArmsDeal } ; CLEAR DEFAULT",
        "PREFIX ex: <a> CLEAR ALL",
        "INSERT DATA { _:b a sg:ArmsDeal }",
        "INSERT DATA { id:A a sg:ArmsDeal",
        "DROP GRAPH <g>",
    ],
)
def test_any(text: str) -> None:
    assert quads_named(text, "http://own/") is None
