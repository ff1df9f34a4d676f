"""Any table by a mapping of one's own, and what a mapping that cannot be meant is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadData, BadInput
from sanctiongraph.registers.mapping import mappings, read_mapping

from .conftest import MAPPINGS, SAMPLES, Import

OWN = SAMPLES / "exports.yaml"


def test_a_table_by_a_mapping_of_ones_own(imported: Import) -> None:
    found = imported("sample-exports", SAMPLES / "exports.csv", OWN)
    assert found.report.lines == {"header": 1, "taken": 2, "rejected": 1}
    (reason,) = found.notes.values()
    assert reason == "rejected: Signed is '31.02.2020', which is no date"
    said = """SELECT ?recipient ?day ?n WHERE { GRAPH ?claim { ?deal sg:recipient ?recipient .
      ?contract sg:ofDeal ?deal ; sg:date/sg:edtf ?day . OPTIONAL { ?deal sg:numberOrdered ?n } } }"""
    assert found.rows(said) == [("China", "2021-06-05", ""), ("Turkey", "2020-02-03", "4")]
    entry = "SELECT ?entry WHERE { GRAPH ?g { ?claim sg:place/oa:hasSelector/rdf:value ?entry } }"
    assert found.rows(entry) == [("no. 1",), ("no. 3",)]


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_mappings_are_whole(path: Path) -> None:
    assert read_mapping(path).register == path.stem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("entry:", "entyr:", "entry is missing"),
        ("licence: CC0", "licence: CC0\nlicense: CC0", "license is not known here: did you mean licence"),
        ("sg:Contract", "sx:Contract", "'sx:Contract' is no IRI and no name with a known prefix"),
        ("as: integer", "as: number", "as is 'number': give one of text, english, integer"),
        ("node: deal", "node: sale", "there is no node sale"),
        ("thing: buyer", "thing: buyer, field: Buyer", "give one of thing, node, iri and field"),
        ("register: sample-exports", "register: ../up", "use small letters, digits and hyphens"),
        ("key: [No]", "key: []", "give a key and at least one record"),
    ],
)  # fmt: skip
def test_a_slip_in_a_mapping_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = OWN.read_text("utf-8")
    assert old in text
    path = tmp_path / "mapping.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadData) as error:
        read_mapping(path)
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_a_file_of_another_layout_is_refused(imported: Import) -> None:
    with pytest.raises(BadData, match="no line has the columns No, Buyer"):
        imported("sample-exports", SAMPLES / "sipri.csv", OWN)


def test_a_file_beside_that_nobody_joins_is_refused(imported: Import) -> None:
    with pytest.raises(BadInput, match="has no file 'alt' beside it"):
        imported("sample-exports", SAMPLES / "exports.csv", OWN, beside={"alt": OWN})


def test_mappings_are_found_by_name() -> None:
    assert "sipri-trade-register" in mappings(data_folders())
