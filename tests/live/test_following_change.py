"""From what was written since everything had followed, the same follows as from everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from sanctiongraph.archive import backup, restore
from sanctiongraph.build import build
from sanctiongraph.canonical import write_canonical
from sanctiongraph.data import DataFolders
from sanctiongraph.dataset import asserted, dataset
from sanctiongraph.difference import Difference
from sanctiongraph.digests import Digests
from sanctiongraph.following import difference
from sanctiongraph.journal import JOURNAL, noted
from sanctiongraph.live import Live
from sanctiongraph.record import DERIVED
from sanctiongraph.transaction import change
from sanctiongraph.vocabulary import PREFIXES, term

from .conftest import claim, write_claims
from .test_following import OWNED, SAID, sha256


@pytest.fixture
def live(lawful: DataFolders, home: Path) -> Live:
    build(lawful, home)
    return Live(home)


def write(live: Live, added: list[Quad], removed: list[Quad]) -> None:
    live.note([*added, *removed])
    change(live.store, added=added, removed=removed)


def follow(live: Live) -> Difference:
    snapshot = live.publish("before")
    found = difference(snapshot.open(), Digests.read(snapshot.folder / DERIVED), live.folder)
    anew = difference(snapshot.open(), Digests.read(snapshot.folder / DERIVED))
    for one, other in (
        (found.added, anew.added), (found.removed, anew.removed), (found.emptied, anew.emptied)
    ):  # fmt: skip
        assert sorted(map(str, one)) == sorted(map(str, other))
    record = Digests.read(snapshot.folder / DERIVED)
    assert record.changed(found.newly, found.no_longer) == record.changed(
        anew.newly, anew.no_longer
    )
    live.follow(found)
    return found


def test_claims_written_and_withdrawn(live: Live, lawful: DataFolders, tmp_path: Path) -> None:
    before = {str(quad) for quad in asserted(lawful).quads}
    write_claims(lawful, OWNED, SAID)
    new = [q for q in asserted(lawful).quads if str(q) not in before and "_:" not in str(q)]
    write(live, new, [])
    assert "quads written" in follow(live).how
    assert sha256(live.store, tmp_path) == sha256(dataset(lawful), tmp_path)
    write(live, [], new)
    assert "quads written" in follow(live).how
    for path in (lawful.sources / "two").iterdir():
        path.unlink()
    assert sha256(live.store, tmp_path) == sha256(dataset(lawful), tmp_path)
    assert noted(live.folder) == set()


def test_what_is_derived_and_removed_comes_back(live: Live, tmp_path: Path) -> None:
    before = sha256(live.store, tmp_path)
    derived = list(live.store.quads_for_pattern(None, term("sg:earliest"), None, None))
    assert derived
    write(live, [], derived)
    assert "quads written" in follow(live).how
    assert sha256(live.store, tmp_path) == before


def test_several_writes_before_it_follows_and_one_that_changes_nothing(live: Live) -> None:
    deal = Quad(term("id:X"), term("rdf:type"), term("sg:ArmsDeal"), DefaultGraph())
    named = Quad(term("id:X"), term("sg:item"), term("id:S400"), NamedNode("http://own"))
    write(live, [deal, named], [])
    write(live, [], [named])
    assert "quads written" in follow(live).how
    assert deal in live.store
    write(live, [], [named])
    assert follow(live).how.startswith("0 quads")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { GRAPH graph:ontology { sg:X rdfs:subClassOf sg:Deal } }",
        "INSERT DATA { GRAPH viewpoint:minister { id:X a sg:Deal } }",
    ],
)
def test_what_reaches_far_is_derived_anew_and_so_is_what_comes_after(live: Live, text: str) -> None:
    quads = list(live.store)
    live.store.update(text, prefixes=PREFIXES)
    live.note([quad for quad in live.store if quad not in quads])
    assert follow(live).how.startswith("derived anew: ")
    write(live, [Quad(term("id:X"), term("rdf:type"), term("sg:ArmsDeal"), DefaultGraph())], [])
    anew = "viewpoint:minister" in text
    assert follow(live).how.startswith("derived anew: ") is anew


def test_a_write_that_nobody_can_tell_is_derived_anew(live: Live) -> None:
    live.note(None)
    live.store.update("DELETE WHERE { ?s sg:dealStatus ?o }", prefixes=PREFIXES)
    assert "anything" in follow(live).how
    (live.folder / JOURNAL).unlink()
    assert "anything" in follow(live).how
    assert follow(live).how.startswith("0 quads")


def test_another_build_and_a_backup(
    live: Live, lawful: DataFolders, home: Path, tmp_path: Path
) -> None:
    write(live, [Quad(term("id:X"), term("rdf:type"), term("sg:ArmsDeal"), DefaultGraph())], [])
    follow(live)
    write_claims(lawful, claim("1", "id:TheDeal sg:dealStatus sg:Cancelled ."))
    build(lawful, home)
    assert live.carry_over()
    assert "quads written" in follow(live).how
    path, _ = backup(home, tmp_path / "backup.tar.gz")
    restore(tmp_path / "other", path)
    restored = Live(tmp_path / "other")
    assert "anything" in follow(restored).how
    assert write_canonical(restored.store, tmp_path / "a") == sha256(live.store, tmp_path)
