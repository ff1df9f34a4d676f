"""What follows from writes is what a full build over the same assertions would give."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from sanctiongraph.build import build
from sanctiongraph.canonical import write_canonical
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import asserted, dataset
from sanctiongraph.digests import Digests
from sanctiongraph.errors import BadData
from sanctiongraph.following import difference
from sanctiongraph.live import Live
from sanctiongraph.record import DERIVED
from sanctiongraph.transaction import change
from sanctiongraph.vocabulary import PREFIXES, REFERENCE_GRAPH, term

from .conftest import claim, write_claims

DEAL = term("id:TheDeal")
#: A fact with an ownership and a blocked owner: sums, entailments, bounds, mentions.
OWNED = claim(
    "1",
    "id:Owning a sg:Ownership ; sg:owner id:Owner ; sg:owned id:Body ; sg:share 0.6 ;"
    ' sg:holdsFrom [ sg:edtf "2020-05" ] .'
    ' id:Blocked a sg:Blocking ; sg:target id:Owner ; sg:holdsFrom [ sg:edtf "2021" ] .',
)
SAID = claim("2", "id:TheDeal sg:dealStatus sg:Cancelled .", "id:TheMinister", "ReportedSpeech")


@pytest.fixture
def live(lawful: DataFolders, home: Path) -> Live:
    build(lawful, home)
    return Live(home)


def follow(live: Live) -> None:
    snapshot = live.publish("before")
    live.follow(difference(snapshot.open(), Digests.read(snapshot.folder / DERIVED)))


def sha256(store: Store, folder: Path) -> str:
    return write_canonical(store, folder / "canonical.nq")


def test_from_an_unchanged_build_nothing_more_follows(live: Live) -> None:
    snapshot = live.publish("before")
    found = difference(snapshot.open(), Digests.read(snapshot.folder / DERIVED))
    assert (found.added, found.removed, found.emptied) == ([], [], [])
    assert (found.newly, found.no_longer) == (set(), set())


@pytest.mark.parametrize("claims", [(OWNED,), (SAID,), (OWNED, SAID)])
def test_writing_claims_and_deriving_is_as_building_with_them(
    live: Live, lawful: DataFolders, tmp_path: Path, claims: tuple[str, ...]
) -> None:
    before = {str(quad) for quad in asserted(lawful).quads}
    write_claims(lawful, *claims)
    new = [quad for quad in asserted(lawful).quads if str(quad) not in before]
    change(live.store, added=[quad for quad in new if "_:" not in str(quad)])
    follow(live)
    assert sha256(live.store, tmp_path) == sha256(dataset(lawful), tmp_path)
    # And back again, by withdrawing them.
    change(live.store, removed=[quad for quad in new if "_:" not in str(quad)])
    follow(live)
    write_claims(lawful)
    for path in (lawful.sources / "two").iterdir():
        path.unlink()
    assert sha256(live.store, tmp_path) == sha256(dataset(lawful), tmp_path)


def test_a_number_in_another_form_is_asserted_as_well(
    lawful: DataFolders, home: Path, tmp_path: Path
) -> None:
    write_claims(lawful, claim("1", "id:TheDeal sg:value 5.0 ; sg:numberOrdered 04 ."))
    build(lawful, home)
    live = Live(home)
    before = sha256(live.store, tmp_path)
    follow(live)
    assert sha256(live.store, tmp_path) == before


def test_a_fact_withdrawn_is_no_longer_accepted_nor_background(live: Live) -> None:
    measure = term("id:TheMeasure")
    quad = Quad(measure, term("sg:target"), term("id:TheAgency"))
    background = Quad(measure, term("sg:target"), term("id:TheAgency"), REFERENCE_GRAPH)
    assert quad in live.store
    assert background in live.store
    live.store.update("DROP GRAPH <https://w3id.org/sanctiongraph/claim/notice/001>")
    follow(live)
    assert quad not in live.store
    assert background not in live.store


def test_what_a_client_asserts_in_the_default_graph_stays_and_entails(live: Live) -> None:
    live.store.update("INSERT DATA { id:X a sg:ArmsDeal }", prefixes=PREFIXES)
    for _ in range(3):
        follow(live)
    assert Quad(term("id:X"), term("rdf:type"), term("sg:ArmsDeal")) in live.store
    live.store.update("DELETE DATA { id:X a sg:ArmsDeal }", prefixes=PREFIXES)
    follow(live)
    assert not list(live.store.quads_for_pattern(term("id:X"), None, None, None))


def test_what_is_derived_and_deleted_comes_back(live: Live, tmp_path: Path) -> None:
    before = sha256(live.store, tmp_path)
    live.store.update(
        "DELETE WHERE { ?s sg:earliest ?o } ; CLEAR DEFAULT ;"
        " DROP GRAPH graph:entailed ; DROP GRAPH viewpoint:minister",
        prefixes=PREFIXES,
    )
    follow(live)
    assert sha256(live.store, tmp_path) == before


def test_a_graph_of_which_nothing_follows_any_more_is_no_longer_listed(live: Live) -> None:
    minister = term("viewpoint:minister")
    assert live.store.contains_named_graph(minister)
    live.store.update("INSERT DATA { GRAPH <http://own> { <http://a> <http://b> 1 } }")
    live.store.update("DELETE DATA { GRAPH <http://own> { <http://a> <http://b> 1 } }")
    live.store.update(
        "DELETE { GRAPH graph:viewpoints { ?v ?p ?o } } WHERE { GRAPH graph:viewpoints { ?v ?p ?o } }",
        prefixes=PREFIXES,
    )
    follow(live)
    assert not live.store.contains_named_graph(minister)
    assert live.store.contains_named_graph(NamedNode("http://own"))  # a client's, if empty


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('INSERT DATA { GRAPH <http://g> { id:D sg:edtf "soon" } }', "Date/Time"),
        (
            "INSERT DATA { GRAPH graph:ontology { sg:supplier a owl:FunctionalProperty } }",
            "no rule",
        ),
    ],
)
def test_what_nothing_can_be_derived_from_is_told(live: Live, text: str, why: str) -> None:
    live.store.update(text, prefixes=PREFIXES)
    with pytest.raises(BadData, match=why):
        follow(live)


def test_killed_while_applying_no_derived_quad_becomes_an_asserted_one(
    live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = sha256(live.store, tmp_path)
    live.store.update("INSERT DATA { id:X a sg:ArmsDeal }", prefixes=PREFIXES)
    snapshot = live.publish("before")
    found = difference(snapshot.open(), Digests.read(snapshot.folder / DERIVED))

    def killed(derived: str | None) -> None:
        raise KeyboardInterrupt(derived)

    monkeypatch.setattr(live, "publish", killed)
    with pytest.raises(KeyboardInterrupt):
        live.follow(found)
    monkeypatch.undo()
    live.store.update("DELETE DATA { id:X a sg:ArmsDeal }", prefixes=PREFIXES)
    follow(live)
    assert sha256(live.store, tmp_path) == before
    assert not list(live.store.quads_for_pattern(term("id:X"), None, None, DefaultGraph()))
