"""Which queries have the same answer each time; the engine itself is the judge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from sanctiongraph_server.repeatable import is_repeatable

STORE = Store()
STORE.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), NamedNode("http://e/o")))


def answer(query: str) -> bytes | None:
    results = STORE.query(query)
    if isinstance(results, QueryTriples):
        return serialize(results, format=RdfFormat.N_TRIPLES)
    return results.serialize(format=QueryResultsFormat.JSON)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT * { ?s foaf:knows ?known }",
        "SELECT ?now ?rand { ?now ?rand ?uuid }",
        'SELECT * { ?s ?p "NOW()", \'RAND()\', """UUID()""" } # STRUUID()',
        "SELECT * { ?s <http://e/NOW()> ?o }",
        "PREFIX ex: <http://e/service/> SELECT * { ?s ex:p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * { [] ?p ?o . _:a ?q ?x }",
        'SELECT ?construct { ?construct ?p "[" }',
        "SELECT ?brand { ?brand ?p ?o FILTER(STRSTARTS(STR(?o), 'http')) }",
    ],
)
def test_these_are(query: str) -> None:
    assert is_repeatable(query)
    assert answer(query) == answer(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?x) {}",
        "SELECT (now()AS?x){}",
        "SELECT (nOw \n # comment ) \n ( ) AS ?x) {}",
        "SELECT (RAND() AS ?x) {}",
        "SELECT (UUID() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT (STR(BNODE()) AS ?x) {}",
        'SELECT (BNODE("a") AS ?x) {}',
        "SELECT (1+RAND()AS ?x) {}",
        "SELECT (1<RAND() AS ?y) (2>RAND() AS ?z) (RAND() AS ?x) {}",
        "SELECT * { FILTER(RAND()<2) BIND(RAND()AS?x) }",
        "SELECT * { ?s ?p ?o } ORDER BY RAND()",
        "SELECT (IF(true,RAND(),1) AS ?x) { ?s ?p ?o FILTER(?s<?o||true)#>\n}",
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }",
        "CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { _:b ?p ?o } WHERE { ?s ?p ?o }",
        "construct where { ?s ?p [] }",
        "CONSTRUCT { ?s ?p [ ?p ?o ] } WHERE { ?s ?p ?o }",
    ],
)
def test_these_are_not(query: str) -> None:
    assert not is_repeatable(query)


PIECES = [
    "RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", "rand", "(", ")", "#\n", "# RAND()\n", " ",
    "'", '"', "'RAND()'", "<", ">", "<http://e/>", "?x", "1", "+", "AS", "?y", "{", "}", "SELECT",
    "FILTER", "BIND", "CONSTRUCT", "[]", "_:b", "?s ?p ?o", ".", "STR(", "\\", "\n", "ex:",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=10))
def test_whatever_the_engine_takes_is_the_same_twice(pieces: list[str]) -> None:
    """Pieces put into a query at three places, glued as they come."""
    text = "".join(pieces)
    for query in (
        f"SELECT ({text} AS ?v) {{}}",
        f"SELECT * {{ {text} }}",
        f"CONSTRUCT {{ {text} }} WHERE {{ ?s ?p ?o {text} }}",
    ):
        if is_repeatable(query):
            try:
                first = answer(query)
            except (SyntaxError, ValueError, RuntimeError, OSError):
                continue
            assert first == answer(query), query
