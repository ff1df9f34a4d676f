"""A build from the files that have changed is the build of all files, and says what it did."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sanctiongraph.build import build
from sanctiongraph.cli import main
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.digests import Digests
from sanctiongraph.links.merging import proposed_merge, record_merge
from sanctiongraph.published import Published, current
from sanctiongraph.record import DERIVED

from ..live.conftest import claim, write_claims
from ..live.conftest import lawful as lawful
from ..real import real_home
from .conftest import rewrite
from .test_same_hash import copy_of

FACT = claim(
    "1", 'id:TheDeal sg:dealStatus sg:Cancelled ; sg:value 5.0 ; sg:date [ sg:edtf "2020-05" ] .'
)
SAID = claim("2", "id:TheDeal sg:dealStatus sg:Cancelled .", "id:TheMinister", "ReportedSpeech")


def built(lawful: DataFolders, home: Path) -> Published:
    """Builds, and looks whether everything is as a build from nothing makes it."""
    published = build(lawful, home)
    anew = build(lawful, home.with_name("anew"), force=True)
    first, second = (
        replace(one.version, assemble_seconds=0.0, load_seconds=0.0, how="")
        for one in (published, anew)
    )
    assert first == second
    assert published.dump.read_bytes() == anew.dump.read_bytes()
    assert len(Digests.read(published.folder / DERIVED)) == len(Digests.read(anew.folder / DERIVED))
    assert (published.folder / "inputs.json").read_text() == (
        anew.folder / "inputs.json"
    ).read_text()
    store = published.open()
    assert len(store) == published.version.triples
    assert sum(1 for _ in store.named_graphs()) == published.version.graphs
    return published


@pytest.fixture
def steps(lawful: DataFolders, home: Path) -> Published:
    return build(lawful, home)


def test_a_source_comes_changes_and_goes(steps: Published, lawful: DataFolders, home: Path) -> None:
    first = steps.dump.read_bytes()
    write_claims(lawful, FACT, SAID)
    assert built(lawful, home).version.how.startswith("source two changed: ")
    write_claims(lawful, SAID)
    assert built(lawful, home).version.how.startswith("source two changed: ")
    assert steps.folder.exists() is False  # two builds ago
    shutil.rmtree(lawful.sources / "two")
    again = built(lawful, home)
    assert again.dump.read_bytes() == first
    assert again.version.sha256 == steps.version.sha256


def test_what_was_published_stays_as_it_was(
    steps: Published, lawful: DataFolders, home: Path
) -> None:
    before = sorted(map(str, steps.open()))
    write_claims(lawful, FACT)
    build(lawful, home)
    assert sorted(map(str, steps.open())) == before


def test_reference_and_entities(steps: Published, lawful: DataFolders, home: Path) -> None:
    rewrite(lawful.reference / "entities" / "all.ttl", '"Turkey"@en', '"Türkiye"@en')
    assert built(lawful, home).version.how.startswith("1 other file changed: ")
    # The same, twice: it stays when one of the two goes.
    shutil.copy(
        lawful.reference / "entities" / "all.ttl", lawful.reference / "entities" / "more.ttl"
    )
    assert "0 quads changed" in built(lawful, home).version.how
    (lawful.reference / "entities" / "all.ttl").unlink()
    assert "0 quads changed" in built(lawful, home).version.how
    (lawful.reference / "measures.trig").unlink()
    assert built(lawful, home).version.how.startswith("1 other file changed: ")
    assert steps.version.claims > current(home).version.claims


def test_things_that_are_one(lawful: DataFolders, home: Path) -> None:
    other = lawful.reference / "entities" / "other.ttl"
    other.write_text(
        "@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .\n"
        "@prefix id: <https://w3id.org/sanctiongraph/id/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'id:OtherAgency a sg:Agency ; rdfs:label "the other"@en .\n',
        "utf-8",
    )
    build(lawful, home)
    one = proposed_merge(
        lawful,
        "OtherAgency",
        "TheAgency",
        "the same agency",
        "orcid:0",
        0.9,
        dt.date(2026, 1, 1),
    )
    record_merge(lawful, one)
    assert build(lawful, home).version.how.startswith("all anew: ")
    said = claim("2", "id:OtherAgency sg:agencyOf id:Russia .", "id:OtherAgency", "ReportedSpeech")
    write_claims(lawful, FACT, said)
    assert built(lawful, home).version.how.startswith("source two changed: ")
    write_claims(lawful, FACT)
    assert built(lawful, home).version.how.startswith("source two changed: ")


@pytest.mark.parametrize("what", ["law", "viewpoint", "forced", "odd"])
def test_everything_anew(steps: Published, lawful: DataFolders, home: Path, what: str) -> None:
    assert steps.version.how == "all anew: nothing is published"
    if what == "law":
        rewrite(lawful.law / "fifty.ttl", "0.5", "0.4")
    elif what == "viewpoint":
        rewrite(lawful.viewpoints / "viewpoints.ttl", "ReportedSpeech", "Position")
    elif what == "odd":
        write_claims(lawful, claim("1", "id:X a sg:BlockedOwnership ."))
    else:
        write_claims(lawful, FACT)
    assert build(lawful, home, force=what == "forced").version.how.startswith("all anew: ")
    write_claims(lawful, FACT, SAID)
    how = build(lawful, home).version.how
    assert how.startswith("all anew: " if what == "odd" else "source two changed: ")


def test_the_command_says_what_it_did(
    steps: Published, lawful: DataFolders, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_claims(lawful, FACT)
    with pytest.raises(SystemExit):
        main(["build", "--home", str(home), "--data", str(lawful.root)])
    assert "source two changed: " in capsys.readouterr().out
    assert steps.version.sha256 != current(home).version.sha256


def test_a_real_source_goes_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    real = current(real_home(tmp_path_factory))
    copy, home = copy_of(data_folders(), tmp_path / "data"), tmp_path / "home"
    shutil.copytree(real.folder.parents[1], home, symlinks=True)
    source = copy.sources / "india-s400-delivery"
    source.rename(tmp_path / "aside")
    without = build(copy, home)
    assert without.version.how.startswith("source india-s400-delivery changed: ")
    assert without.version.sha256 != real.version.sha256
    (tmp_path / "aside").rename(source)
    assert build(copy, home).version.sha256 == real.version.sha256
    assert current(home).dump.read_bytes() == real.dump.read_bytes()
