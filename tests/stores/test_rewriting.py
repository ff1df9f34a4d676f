"""Queries in other words mean the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph.errors import BadQuery
from sanctiongraph.stores.merging import merged
from sanctiongraph.stores.rewriting import (
    comparisons_in_two,
    durations_as_numbers,
    filters_as_tests,
    form,
    graphs_by_group,
    names_dataset,
    with_prefixes,
    without_graphs,
)
from sanctiongraph.stores.truths import booleans_as_numbers, truth_columns

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


def test_truth_values_are_told_by_how_they_are_made() -> None:
    text = """SELECT ?a (?b > 1 AS ?c) (IF(?b IN (1, 2), true, BOUND(?d)) AS ?e) (?b + 1 AS ?f) ?h
        (IF(?b > 1, 1, 0) AS ?g) (COALESCE(?b != 2 && ?d, false) AS ?i) (<http://x/a=b> AS ?m) WHERE {
        ?a ?b ?d BIND(EXISTS { ?a ?b "true AS ?z" } || ?b AS ?h) BIND(STRLEN("a = b") AS ?j)
        { BIND(true AS ?k) } UNION { BIND(1 AS ?k) } # (true AS ?l)
    }"""
    assert truth_columns(text) == set("cehi")


def test_filters_alone_are_a_test() -> None:
    store = Store()
    store.add(Quad(VIEW, NamedNode(EX + "p"), Literal(1)))
    for group, value in (
        ("{ FILTER(?x > 1) }", False),
        ("{ FILTER(?x = 1) FILTER EXISTS { ?s ?p ?o . FILTER(?x = 1) } }", True),
        ("{ FILTER NOT EXISTS { FILTER(?x > 1) FILTER(?x = 1) } }", True),
        ("{ FILTER NOT EXISTS { FILTER EXISTS { ?s ?p 1 } } # nothing else\n }", False),
        ("{ FILTER NOT EXISTS { FILTER(?nowhere = 1) } . FILTER isNumeric(?x) }", True),
        ("{ FILTER EXISTS { FILTER(?nowhere = 1) } }", False),
        ("{}", True),
    ):
        for text in (f"ASK {{ BIND(1 AS ?x) FILTER EXISTS {group} }}",
                     f"ASK {{ BIND(1 AS ?x) BIND(EXISTS {group} || ?x > 7 AS ?y) FILTER(?y) }}"):  # fmt: skip
            changed = filters_as_tests(text)
            assert changed.count("EXISTS") == text.count("{ ?s ?p")
            assert bool(store.query(text)) == bool(store.query(changed)) == value, changed
    pattern = "ASK { FILTER EXISTS { ?s ?p ?o FILTER(?o > 1) } }"
    assert filters_as_tests(pattern) == pattern


def test_comparisons_in_two_are_the_same() -> None:
    store = Store()
    store.extend(Quad(VIEW, VIEW, Literal(n)) for n in range(5))
    for test in (
        "?a<=?b",
        "?a + 1 >= ?b * (2 - 1) && ?a<= 3",
        "!(?a <= 2) || ABS(?a) >= 4",
        "IF(?a >= 2, ?b <= 1, true)",
        "?a IN (1, 2) && EXISTS { ?s ?p ?c FILTER(?c <= ?a && ?c>=2) } # ?a <= 3\n",
    ):
        text = f"SELECT ?a ?b WHERE {{ ?s ?p ?a . ?t ?q ?b . FILTER({test}) }}"
        changed = comparisons_in_two(text)
        assert "<=" not in changed.partition("#")[0]
        assert ">=" not in changed
        assert answer(store, changed) == answer(store, text), changed
    (row,) = store.query(comparisons_in_two("SELECT (1 <= 2 AS ?x) ('a <= b' AS ?y) {}"))  # type: ignore[misc]
    assert [cell.value for cell in row] == ["true", "a <= b"]


def test_graphs_are_listed_by_group() -> None:
    store = Store()
    store.extend(Quad(VIEW, VIEW, Literal(n), NamedNode(f"{EX}{n % 2}")) for n in range(4))
    text = "PREFIX e: <http://e/>\nselect distinct ?g where { graph ?g { ?s ?p ?o } } # all"
    changed = graphs_by_group(text)
    assert changed.endswith("} GROUP BY ?g")
    assert len(list(store.query(changed))) == 2
    assert answer(store, changed) == answer(store, text)
    for other in (
        "SELECT DISTINCT ?s { GRAPH ?g { ?s ?p ?o } }",
        "SELECT DISTINCT ?g { GRAPH ?G { ?s ?p ?o } }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } ?s ?p ?g }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o } }",
        "ASK { GRAPH ?g { ?s ?p ?o } }",
    ):
        assert graphs_by_group(other) == other


def test_durations_become_numbers() -> None:
    moved = 'FILTER(?day <= "2020-01-01"^^xsd:date - "P30D"^^xsd:dayTimeDuration)'
    assert (
        durations_as_numbers(moved)
        == 'FILTER(?day <= bif:dateadd("day", -30, "2020-01-01"^^xsd:date))'
    )
    later = '?day + "P1Y"^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration>'
    assert durations_as_numbers(later) == 'bif:dateadd("month", 12, ?day)'
    back = "?day - 'P1Y6M'^^xsd:yearMonthDuration"
    assert durations_as_numbers(back) == 'bif:dateadd("month", -18, ?day)'
    hours = '?day - "PT36H"^^xsd:dayTimeDuration'
    assert durations_as_numbers(hours) == hours


def test_forms_and_datasets_are_read_from_tokens() -> None:
    assert form("PREFIX select: <http://ask/> # SELECT\nASK {}") == "ASK"
    assert names_dataset("SELECT * FROM <http://x> { ?s ?p ?o }")
    assert not names_dataset('SELECT * { ?s ?p "FROM" }')
    assert with_prefixes(
        "SELECT * { ex:a ?p b:c }", {"ex": "http://e/", "no": "http://n/"}
    ).startswith("PREFIX ex: <http://e/>\nSELECT")
