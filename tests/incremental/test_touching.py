"""What a few changed triples matter to: nothing that finds something else is left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Triple

from sanctiongraph import Graph
from sanctiongraph.incremental.surroundings import Surroundings
from sanctiongraph.incremental.touching import Touched
from sanctiongraph.options import supposed_options
from sanctiongraph.perspective import open_perspective
from sanctiongraph.scenario import scenarios
from sanctiongraph.vocabulary import PREFIXES, term

THINGS = [NamedNode(f"{PREFIXES['id']}{name}") for name in "abcdef"]
PROPERTIES = [term(f"sg:{name}") for name in "pqr"] + [term("rdf:type")]
CLASSES = [term(f"sg:{name}") for name in "CD"]
TRIPLES = st.one_of(
    st.builds(
        Triple,
        st.sampled_from(THINGS),
        st.sampled_from(PROPERTIES[:-1]),
        st.sampled_from([*THINGS, *CLASSES]),
    ),
    st.builds(
        Triple, st.sampled_from(THINGS), st.just(PROPERTIES[-1]), st.sampled_from([*CLASSES])
    ),
)
PATTERNS = [
    "?x sg:p ?y",
    "?x sg:p id:a . ?x sg:q ?y",
    "?x a sg:C ; sg:p ?y . ?y sg:q ?z",
    "?x sg:p ?y . FILTER NOT EXISTS { ?y sg:q ?z }",
    "?x sg:p ?y . FILTER NOT EXISTS { ?z sg:q ?y ; a sg:D }",
    "?x a sg:C . FILTER EXISTS { ?x ?part ?y . FILTER(?part IN (sg:q, sg:r)) }",
    "?x ?part ?y . FILTER(?part IN (sg:p, sg:q)) ?y a sg:D",
    "?x ?any id:b",
    "?x sg:p ?x",
    "?x sg:p ?y . ?y sg:p ?z . ?z sg:p ?x",
    "?y sg:r ?x . ?z sg:r ?x . FILTER(?y != ?z)",
    "?x sg:p ?y . OPTIONAL { ?y sg:q ?z }",
]


def answers(store: Store, pattern: str) -> set[tuple[object, ...]]:
    found = store.query(f"SELECT * WHERE {{ {pattern} }}", prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    return {tuple(row) for row in found}


@settings(max_examples=300, deadline=None)
@given(
    before=st.sets(TRIPLES, max_size=14),
    more=st.sets(TRIPLES, max_size=4),
    less=st.sets(TRIPLES, max_size=4),
    pattern=st.sampled_from(PATTERNS),
)
def test_what_is_not_touched_finds_the_same(
    before: set[Triple], more: set[Triple], less: set[Triple], pattern: str
) -> None:
    after = (before - less) | more
    stores = []
    for triples in (before, after):
        store = Store()
        store.extend(Quad(one.subject, one.predicate, one.object) for one in triples)
        stores.append(store)
    around = Surroundings(stores[0], (DefaultGraph(),))
    touched = Touched(frozenset(before ^ after), after - before, around)
    if not touched.matters_to(pattern):
        assert answers(stores[0], pattern) == answers(stores[1], pattern)


def test_where_nothing_is_changed_nothing_is_touched() -> None:
    assert not any(map(Touched().matters_to, PATTERNS))


@pytest.mark.parametrize(
    ("triple", "touched"),
    [
        ("a p b", True),  # joins what is there
        ("b p b", False),  # b is no C
        ("a p f", False),  # of f nothing is said
    ],
)
def test_a_triple_that_joins_nothing_touches_nothing(triple: str, touched: bool) -> None:
    store = Store()
    for one in ("a type C", "b q c", "e q c"):
        store.add(Quad(*_parts(one)))
    new = Triple(*_parts(triple))
    found = Touched(frozenset([new]), [new], Surroundings(store, (DefaultGraph(),)))
    assert found.matters_to("?x a sg:C ; sg:p ?y . ?y sg:q ?z") is touched


def _parts(text: str) -> tuple[NamedNode, NamedNode, NamedNode]:
    subject, predicate, obj = text.split()
    return (
        NamedNode(PREFIXES["id"] + subject),
        term("rdf:type" if predicate == "type" else f"sg:{predicate}"),
        term(f"sg:{obj}") if obj.isupper() else NamedNode(PREFIXES["id"] + obj),
    )


def test_an_option_touches_few_of_the_patterns(graph: Graph) -> None:
    """They are what takes time: by the properties they name alone, 150 to 200 of 257 would be."""
    law = graph.reasoner.law
    patterns = {one for rule in law.rules.values() for one in law.patterns_of(rule)}
    for one, there in supposed_options(open_perspective(graph.store), scenarios(graph.store)):
        touched = sum(map(there.touched.matters_to, patterns))
        assert 0 < touched < len(patterns) / 5, (one.name, touched)
