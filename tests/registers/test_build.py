"""A build takes imported registers in beside the shipped graph, and well-formed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sanctiongraph import Graph
from sanctiongraph.build import build
from sanctiongraph.check import check
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.registers.importing import Request, import_register

from .conftest import MAPPINGS, SAMPLES

SMALL = Path(__file__).parents[1] / "build" / "data"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> DataFolders:
    """The small data folder, and samples imported beside what was built of it."""
    root = tmp_path_factory.mktemp("data")
    shutil.copytree(SMALL, root, dirs_exist_ok=True)
    shutil.copytree(data_folders().ontology, root / "ontology", ignore=lambda *_: ["law"])
    registers = root / "registers"
    built = build(data_folders(root), root / "home").open()
    for name, file in (
        ("sipri-trade-register", "sipri.csv"),
        ("opensanctions", "entities.ftm.json"),
    ):
        import_register(registers, Request(SAMPLES / file, MAPPINGS / f"{name}.yaml"), built)
    return data_folders(root, registers)


@pytest.fixture(scope="module")
def together(folders: DataFolders) -> Graph:
    build(folders, folders.root / "home")
    return Graph.open(folders.root / "home")


def test_claims_of_registers_are_found_and_not_accepted(together: Graph) -> None:
    named = "SELECT ?deal WHERE { GRAPH ?c { ?deal sg:goodsCondition 'New' } }"
    assert len(together.query(named)) == 10
    assert not together.ask("ASK { ?deal sg:goodsCondition ?condition }")
    assert together.ask("ASK { ?claim sg:speaker id:SIPRI ; sg:modality sg:Entry }")


def test_a_claim_shows_its_place(together: Graph) -> None:
    row = "SELECT ?c WHERE { ?c sg:modality sg:Entry ; sg:wording ?w FILTER(CONTAINS(?w, 'G\u00f6teborg')) }"
    (found,) = together.query(row)
    assert together.claim(found["c"]).entry == "line 19"


def test_things_of_a_register_are_found_by_name(together: Graph) -> None:
    label = together.label("https://w3id.org/sanctiongraph/id/sipri-trade-register-party-Freedonia")
    assert label == "Freedonia"


def test_what_is_imported_keeps_to_the_shapes(folders: DataFolders) -> None:
    own = str(folders.root / "registers")
    report = check(folders, None, reasoner=False)
    known = check(data_folders(folders.root), None, reasoner=False)
    assert report.claims > known.claims
    new = {(one.about, one.message) for one in report.findings} - {
        (one.about, one.message) for one in known.findings
    }
    assert not new, own


def test_a_build_is_done_again_only_for_another_import(
    folders: DataFolders, together: Graph
) -> None:
    home = folders.root / "home"
    before = build(folders, home).version.name
    assert build(folders, home).version.name == before == together.name
    without = build(data_folders(folders.root), home)
    assert without.version.name != before
    assert without.version.triples < 20_000
    build(folders, home)
