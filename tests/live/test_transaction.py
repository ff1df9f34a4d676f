"""Quads removed and added together: as sets say, blank nodes by their names."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from sanctiongraph.transaction import change

_NODES = st.sampled_from([NamedNode("urn:a"), NamedNode("urn:b"), BlankNode("x"), BlankNode("y")])
_OBJECTS = st.one_of(
    _NODES, st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=4))
)
_GRAPHS = st.sampled_from([DefaultGraph(), NamedNode("urn:g"), BlankNode("g")])
QUADS = st.frozensets(
    st.builds(Quad, _NODES, st.just(NamedNode("urn:p")), _OBJECTS, _GRAPHS), max_size=12
)


@given(QUADS, QUADS, QUADS)
def test_removing_comes_before_adding(
    before: Iterable[Quad], removed: Iterable[Quad], added: Iterable[Quad]
) -> None:
    store = Store()
    store.extend(before)
    change(store, removed=removed, added=added)
    assert set(store) == (set(before) - set(removed)) | set(added)


def test_many_rows_are_all_changed() -> None:
    quads = [
        Quad(NamedNode(f"urn:{number}"), NamedNode("urn:p"), Literal(number), NamedNode("urn:g"))
        for number in range(2_345)
    ]
    store = Store()
    change(store, added=quads)
    assert set(store) == set(quads)
    change(store, removed=quads[:2_001])
    assert set(store) == set(quads[2_001:])


def test_where_a_part_fails_nothing_is_changed() -> None:
    store = Store()
    quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal(1))
    with pytest.raises(RuntimeError):
        change(store, added=[quad], last="DROP GRAPH <urn:none>")
    assert len(store) == 0
