"""Queries in other words mean the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph.errors import BadQuery
from sanctiongraph.stores.rewriting import (
    booleans_as_numbers,
    durations_as_numbers,
    form,
    merged,
    names_dataset,
    with_prefixes,
    without_graphs,
)

EX = "http://example.org/"
VIEW = NamedNode(EX + "view")
QUERIES = (
    "SELECT ?a ?b WHERE { ?a <http://example.org/p0> ?b ; <http://example.org/p1> ?c }",
    "SELECT ?a WHERE { ?a <http://example.org/p0> ?b FILTER NOT EXISTS { ?b <http://example.org/p1> ?c FILTER(?c != 3) } }",
    "SELECT ?a ?x WHERE { { SELECT DISTINCT ?a WHERE { ?a ?p ?b } ORDER BY ?a LIMIT 5 } "
    "BIND(EXISTS { ?a <http://example.org/p1> ?c } || EXISTS { ?c <http://example.org/p0> ?a } AS ?x) }",
    "SELECT ?a WHERE { ?a <http://example.org/p0> ?b MINUS { ?a <http://example.org/p1> ?b } }",
    "SELECT ?a ?c WHERE { VALUES ?a { <http://example.org/n0> <http://example.org/n1> } "
    "?a <http://example.org/p0> ?b OPTIONAL { ?b <http://example.org/p1> ?c } }",
    "SELECT ?a WHERE { { ?a <http://example.org/p0> 1 } UNION { ?a <http://example.org/p1> 2.5 } }",
    "ASK { <http://example.org/n0> <http://example.org/p0> ?b , ?c FILTER(?b > 1 && ?c <= 3) }",
    "CONSTRUCT { ?a <http://example.org/q> ?b } WHERE { ?a <http://example.org/p1> ?b }",
)
_nodes = st.sampled_from([NamedNode(f"{EX}n{number}") for number in range(4)])
_objects = st.one_of(_nodes, st.sampled_from([Literal(1), Literal(2), Literal(3)]))
_triples = st.tuples(
    _nodes, st.sampled_from([NamedNode(EX + "p0"), NamedNode(EX + "p1")]), _objects
)


def answer(store: Store, text: str, **more: object) -> object:
    found = store.query(text, **more)  # type: ignore[arg-type]
    return bool(found) if text.startswith("ASK") else sorted(map(str, found))


@given(st.lists(_triples, unique=True, max_size=14), st.integers(0, 14))
def test_merged_is_the_same_as_two_default_graphs(
    triples: list[tuple[NamedNode, NamedNode, NamedNode | Literal]], first: int
) -> None:
    store = Store()
    store.extend(Quad(*one, DefaultGraph()) for one in triples[:first])
    store.extend(Quad(*one, VIEW) for one in triples[first:])
    for text in QUERIES:
        expected = answer(store, text, default_graph=[DefaultGraph(), VIEW])
        assert answer(store, merged(text, [VIEW])) == expected, text


@pytest.mark.parametrize(
    "pattern", ["?a <http://x/p>/<http://x/q> ?b", "?a ?p [ ?q ?b ]", "(1 2) ?p ?b"]
)
def test_merging_says_what_it_cannot(pattern: str) -> None:
    with pytest.raises(BadQuery, match="plain triples"):
        merged(f"SELECT * WHERE {{ {pattern} }}", [VIEW])


def test_graphs_are_hidden_from_variables_only() -> None:
    store = Store()
    store.extend(Quad(VIEW, VIEW, VIEW, NamedNode(EX + name)) for name in ("seen", "hidden"))
    text = f"SELECT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} GRAPH <{EX}hidden> {{ ?s ?p ?o }} }}"
    assert [row["g"] for row in store.query(without_graphs(text, [EX + "hidden"]))] == [
        NamedNode(EX + "seen")
    ]  # type: ignore[union-attr,index]
    assert (
        without_graphs('SELECT * { ?s ?p "GRAPH ?g {" }', [EX]) == 'SELECT * { ?s ?p "GRAPH ?g {" }'
    )


@pytest.mark.parametrize("a", [True, False])
@pytest.mark.parametrize("b", [True, False])
def test_booleans_keep_their_value(a: bool, b: bool) -> None:
    store = Store()
    for name, there in (("a", a), ("b", b)):
        if there:
            store.add(Quad(VIEW, NamedNode(EX + name), VIEW))
    tests = {name: f"EXISTS {{ ?s <{EX}{name}> ?o }}" for name in "ab"}
    for text, value in (
        (f"{tests['a']} || {tests['b']}", a or b),
        (f"({tests['a']} && NOT {tests['b']})", a and not b),
        (f"NOT {tests['a']} || ({tests['a']} && {tests['b']})", not a or b),
        (tests["a"], a),
    ):
        query = f"SELECT ?x WHERE {{ BIND({text} AS ?x) }}"
        changed = booleans_as_numbers(query)
        assert changed != query
        (row,) = store.query(changed)  # type: ignore[misc]
        assert row["x"].value == str(int(value))  # type: ignore[index,union-attr]


def test_booleans_used_again_stay_as_they_are() -> None:
    text = "SELECT ?x WHERE { BIND(EXISTS { ?a ?b ?c } AS ?x) FILTER(?x) }"
    assert booleans_as_numbers(text) == text


def test_durations_become_numbers() -> None:
    moved = 'FILTER(?day <= "2020-01-01"^^xsd:date - "P30D"^^xsd:dayTimeDuration)'
    assert (
        durations_as_numbers(moved)
        == 'FILTER(?day <= bif:dateadd("day", -30, "2020-01-01"^^xsd:date))'
    )
    later = '?day + "P1Y"^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration>'
    assert durations_as_numbers(later) == 'bif:dateadd("month", 12, ?day)'


def test_forms_and_datasets_are_read_from_tokens() -> None:
    assert form("PREFIX select: <http://ask/> # SELECT\nASK {}") == "ASK"
    assert names_dataset("SELECT * FROM <http://x> { ?s ?p ?o }")
    assert not names_dataset('SELECT * { ?s ?p "FROM" }')
    assert with_prefixes(
        "SELECT * { ex:a ?p b:c }", {"ex": "http://e/", "no": "http://n/"}
    ).startswith("PREFIX ex: <http://e/>\nSELECT")
