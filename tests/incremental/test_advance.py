"""Brought up to date from changes, a dataset is what deriving everything anew would give."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from sanctiongraph.asserted import Asserted
from sanctiongraph.dataset import derived
from sanctiongraph.digests import Digests
from sanctiongraph.incremental.advance import advanced
from sanctiongraph.incremental.change import Change, NotBoundedError
from sanctiongraph.record import digest
from sanctiongraph.vocabulary import CLAIMS_GRAPH, ENTAILED_GRAPH, ONTOLOGY_GRAPH, term

from .conftest import SOURCES, asserted


def record(store: Store, said: Asserted) -> Digests:
    quads = set(said.quads)
    return Digests.of(digest(quad) for quad in store if quad not in quads)


def advance(store: Store, before: Asserted, after: Asserted, whole: Store) -> set[Quad]:
    known = record(store, before)
    advance = advanced(store, known, Change.between(before, after))
    assert known.changed(*advance.record()) == record(whole, after)
    found = advance.quads
    assert not set(found.added()) & set(store)
    assert set(found.removed()) <= set(store)
    return (set(store) - set(found.removed())) | set(found.added())


@settings(max_examples=6, deadline=None)
@given(
    st.lists(
        st.sets(st.sampled_from(sorted(SOURCES)), min_size=1, max_size=6), min_size=2, max_size=3
    )
)
def test_sources_come_and_go(steps: list[set[str]]) -> None:
    there: set[str] = set()
    before = asserted([])
    store = derived(before)
    for step in steps:
        there = there ^ step
        after = asserted(SOURCES[name] for name in sorted(there))
        whole = derived(after)
        found = advance(store, before, after, whole)
        assert found == set(whole)
        store, before = whole, after


def test_all_of_them_one_after_the_other() -> None:
    """Nothing that the sources bring about is left to chance; then they go in the same order."""
    names = list(SOURCES)
    before = asserted([])
    store = derived(before)
    outcomes = set()
    for number in range(4, 2 * len(names), 4):
        there = names[max(0, number - len(names)) : number]
        after = asserted(SOURCES[name] for name in there)
        whole = derived(after)
        found = advance(store, before, after, whole)
        assert found == set(whole), there
        store, before = whole, after
        outcomes |= {quad.object for quad in found if quad.predicate == term("sg:outcome")}
        outcomes |= {quad.predicate for quad in found}
    looked_for = (
        "sg:Applies",
        "sg:DoesNotApply",
        "sg:blockedShare",
        "sg:supersedes",
        "sg:mentions",
    )
    assert {term(name) for name in looked_for} <= outcomes


@pytest.mark.parametrize(
    "quad",
    [
        Quad(term("sg:Deal"), term("rdf:type"), term("owl:Class"), ONTOLOGY_GRAPH),
        Quad(term("id:X"), term("sg:believes"), term("id:Y"), NamedNode("http://own")),
        Quad(term("id:X"), term("rdf:type"), term("sg:Event"), ENTAILED_GRAPH),
        Quad(term("graph:law"), term("sg:modality"), term("sg:Fact"), CLAIMS_GRAPH),
        Quad(term("id:X"), term("sg:about"), NamedNode("https://w3id.org/sanctiongraph/day/2020-01-01"), CLAIMS_GRAPH),
    ],
)  # fmt: skip
def test_what_decides_how_everything_is_derived_is_refused(quad: Quad) -> None:
    before = asserted([])
    store = derived(before)
    with pytest.raises(NotBoundedError):
        advanced(store, record(store, before), Change(frozenset({quad}), frozenset()))
