"""Finding things by name: the real graph's things first, and the index's own properties."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from sanctiongraph import Graph
from sanctiongraph.names.comparison import alikeness, matches
from sanctiongraph.names.folding import compact, folded
from sanctiongraph.names.index import NameIndex
from sanctiongraph.vocabulary import PREFIXES, called, term

EX = "http://example.org/"


@pytest.fixture(scope="module")
def index(graph: Graph) -> Iterator[NameIndex]:
    built = NameIndex.build(graph.store)
    yield built
    built.close()


def made(**names: str) -> NameIndex:
    store = Store()
    for local, name in names.items():
        thing = NamedNode(EX + local)
        store.add(Quad(thing, term("rdf:type"), term("sg:Body")))
        store.add(Quad(thing, term("rdfs:label"), Literal(name)))
    return NameIndex.build(store)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Türkiye", "Turkey"),
        ("TURKIYE", "Turkey"),
        ("SSB", "SSB"),
        ("Savunma Sanayii Başkanlığı", "SSB"),
        ("savunma sanayii baskanligi", "SSB"),
        ("F-35 Lightning II", "F35"),
        ("F35", "F35"),
        ("S-400 Triumf", "S400"),
        ("S 400", "S400"),
        ("Donald J. Trump", "DonaldTrump"),
        ("Barrack", "TomBarrack"),
        ("Rosoboroneksport", "Rosoboronexport"),
        ("Yigit", "FarukYigit"),
        ("Bloomberg", "BloombergNews"),
        ("caatsa", "law:us/pl/115/44"),
        ("Recep Tayip Erdogan", "RecepTayyipErdogan"),
    ],
)
def test_the_right_thing_comes_first(asked: str, first: str, index: NameIndex) -> None:
    assert called(matches(index, asked)[0].thing.iri) == first


def test_a_type_puts_others_behind_and_strictly_leaves_them_out(index: NameIndex) -> None:
    offices = [PREFIXES["sg"] + "Office"]
    found = matches(index, "President of Turkey", classes=offices)
    assert called(found[0].thing.iri) == "PresidentOfTurkey"
    strictly = matches(index, "Turkey", classes=offices, strict=True)
    assert strictly
    assert all(PREFIXES["sg"] + "Office" in one.thing.classes for one in strictly)
    assert (
        called(matches(index, "Turkey", classes=[PREFIXES["sg"] + "State"])[0].thing.iri)
        == "Turkey"
    )


def test_a_score_is_the_sum_of_its_features(index: NameIndex) -> None:
    found = matches(index, "Turkey", most=20)
    assert found
    for one in found:
        assert one.score == pytest.approx(sum(feature.points for feature in one.features), abs=0.02)


def test_only_what_stands_out_is_certain(index: NameIndex) -> None:
    assert matches(index, "Lockheed Martin")[0].certain
    found = matches(index, "deal")
    assert found
    assert not any(one.certain for one in found)


def test_nothing_like_it_gives_nothing(index: NameIndex) -> None:
    assert matches(index, "qqqzzzxxx") == []
    assert matches(index, "") == []
    assert matches(index, '"*:^(') == []


def test_what_is_typed_completes_names_and_words(index: NameIndex) -> None:
    found = [called(thing.iri) for thing in index.beginning("turk")]
    assert found[0] == "Turkey"
    assert "SSB" in [called(thing.iri) for thing in index.beginning("savunma s")]
    assert "TomBarrack" in [called(thing.iri) for thing in index.beginning("barr")]
    # An alias in full is what is meant, before labels that begin with it.
    assert called(index.beginning("ssb")[0].iri) == "SSB"
    states = index.beginning("turk", [PREFIXES["sg"] + "State"])
    assert [called(thing.iri) for thing in states] == ["Turkey"]
    assert index.beginning(" ") == []


def test_an_index_in_a_file_answers_alike(graph: Graph, index: NameIndex, tmp_path: Path) -> None:
    path = tmp_path / "names.sqlite"
    NameIndex.build(graph.store, path).close()
    opened = NameIndex.open(path)
    assert len(opened) == len(index) > 500
    assert opened.candidates("S-400") == index.candidates("S-400")
    opened.close()


def test_every_label_of_the_graph_finds_its_thing_or_one_of_the_same_name(
    graph: Graph, index: NameIndex
) -> None:
    rows = graph.query(
        "SELECT ?thing ?label WHERE { ?thing a sg:Agent ; rdfs:label ?label . FILTER(LANG(?label) = 'tr') }"
    )
    assert rows.rows
    for thing, label in rows.rows:
        best = matches(index, label.value)[0]
        names = {folded(name.text) for name in best.thing.names}
        assert best.thing.iri == thing.value or folded(label.value) in names


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert compact(text) == folded(text).replace(" ", "")


@given(st.text(max_size=30), st.text(max_size=30))
def test_alikeness_is_symmetric_and_full_for_the_same(left: str, right: str) -> None:
    assert 0 <= alikeness(left, right) <= 1
    assert alikeness(left, right) == pytest.approx(alikeness(right, left))
    assert alikeness(left, left) == 1


@given(st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=20))
def test_what_is_there_is_found(name: str) -> None:
    index = made(one=name, other="something else entirely")
    if compact(name):
        assert next(thing.iri for thing in index.candidates(name)) == EX + "one"
    index.close()
