"""OFAC's advanced XML: entries joined with parties, places and relationships, and what is not taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sanctiongraph import Graph
from sanctiongraph.errors import BadData
from sanctiongraph.registers import reading
from sanctiongraph.registers.importing import Outcome, Request, import_register

from .conftest import MAPPINGS, SAMPLES, Import, Imported

NAME = "ofac-xml"
SAMPLE = SAMPLES / "advanced.xml"


@pytest.fixture(scope="session")
def advanced(shared: Import) -> Imported:
    return shared(NAME, SAMPLE)


def _changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = SAMPLE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "changed.xml"
    path.write_text(text, "utf-8")
    return path


def test_every_record_is_accounted_for(advanced: Imported) -> None:
    assert advanced.report.unit == "records"
    assert advanced.report.lines == {
        "date of issue": 3,
        "set of reference values": 16,
        "location": 3,
        "identity document": 1,
        "party": 5,
        "relationship": 4,
        "taken": 4,
        "rejected": 7,
        "left out: SanctionsEntryLinks": 1,
    }
    assert advanced.notes == {
        97: "rejected: IDRegDocType 9999 is in no set of reference values",
        165: "left out: party 90003 has no entry on a list",
        167: "rejected: PartySubType 77 is in no set of reference values",
        173: "left out: relationship 4 belongs to no entry",
        174: "rejected: the relationship lacks From-ProfileID or To-ProfileID",
        190: "rejected: name is missing",
        191: "rejected: party 90005 of entry 90005 is missing or was rejected",
        192: "rejected: List 99999 is in no set of reference values",
        193: "rejected: entry 90007 has no ProfileID",
    }


def test_what_is_not_taken_is_counted_by_what_it_is_called(advanced: Imported) -> None:
    assert advanced.report.not_taken == {
        "Birthdate": 1,
        "Gender": 1,
        "address": 1,
        "address (other script)": 2,
        "comment": 1,
        "document: Passport": 1,
        "formerly_related": 1,
        "legal_basis": 1,
        "listed again": 1,
        "measure": 1,
    }


def test_an_entry_is_the_designation_that_the_graph_has(advanced: Imported) -> None:
    said = {str(one.triple) for one in advanced.said_by("27018/1")}
    base = "https://w3id.org/sanctiongraph/"
    for wanted in (
        f"<{base}id/IsmailDemirOnSDNList> <{base}ontology#list> <{base}id/SDNList>",
        f"<{base}id/MeasureOnIsmailDemir235a7> <{base}ontology#under> <{base}law/us/pl/115/44/s235/a/7>",
        f"<{base}id/MeasureOnIsmailDemir235a9> <{base}ontology#measureType> <{base}id/Measure235a9>",
        f"<{base}id/IsmailDemir> <{base}ontology#nationalOf> <{base}id/Turkey>",
    ):
        assert wanted in said


def test_nothing_that_identifies_a_person_is_kept(advanced: Imported) -> None:
    kept = (advanced.folder / "ledger.sqlite").read_bytes() + advanced.text.encode()
    kept += (advanced.folder / "rejected.tsv").read_bytes()
    for identifying in (b"A1234567", b"A7654321", b"1900-01-01", b"Ankara"):
        assert identifying not in kept


def test_programmes_lists_and_the_day_of_entry(advanced: Imported) -> None:
    entries = """SELECT ?n ?list ?tag ?from WHERE { GRAPH ?c { ?d sg:entryNumber ?n ; sg:list ?list .
      OPTIONAL { ?d sg:programmeTag ?tag } OPTIONAL { ?d sg:holdsFrom/sg:edtf ?from } } }"""
    assert advanced.rows(entries) == [
        ("27018", "SDNList", "CAATSA - RUSSIA", "2020-12-14"),
        ("90001", "SDNList", "EXAMPLE", "2020-03-04"),
        ("90001", "SDNList", "SAMPLE", "2020-03-04"),
        ("90002", "OFACConsolidatedList", "", "2020-05"),
        ("90101", "NSMBSList", "CAATSA - RUSSIA", ""),
    ]


def test_names_kinds_and_addresses_of_a_party(advanced: Imported) -> None:
    own = "id:ofac-xml-entry-90001"
    names = f"SELECT ?name WHERE {{ GRAPH ?g {{ {own} skos:altLabel|rdfs:label ?name }} }}"
    expected = ["EXAMPLE COMMERCE", "EXAMPLE TRADING, LTD.", "EXTRA", "ПРИМЕР"]
    assert advanced.rows(names) == [(one,) for one in expected]
    addresses = f"SELECT DISTINCT ?a WHERE {{ GRAPH ?c {{ {own} sg:address ?a }} }}"
    assert advanced.rows(addresses) == [("2 Sample Road, Sylvaville, 10000, Sylvania",)]
    kinds = "SELECT ?one ?kind WHERE { GRAPH graph:register\\/ofac-xml { ?one a ?kind } FILTER(CONTAINS(STR(?one), '-entry-')) }"
    assert advanced.rows(kinds) == [
        ("ofac-xml-entry-90001", "Body"),
        ("ofac-xml-entry-90002", "Equipment"),
    ]


def test_who_acts_for_whom_and_what_is_linked(advanced: Imported) -> None:
    acts = "SELECT ?one ?other WHERE { GRAPH ?c { ?one sg:operatesFor ?other } }"
    # A vessel is no agent, so the list's word that somebody acts for one is a link and no more.
    assert advanced.rows(acts) == [("IsmailDemir", "ofac-xml-entry-90001")]
    linked = "SELECT ?one ?other WHERE { GRAPH ?c { ?one sg:linkedTo ?other } }"
    assert advanced.rows(linked) == [
        ("IsmailDemirOnSDNList", "ofac-xml-entry-90001"),
        ("ofac-xml-designation-90001", "ofac-xml-entry-90002"),
    ]


def test_lines_and_the_namespace_mean_nothing(imported: Import, tmp_path: Path) -> None:
    first = imported(NAME, SAMPLE)
    text = re.sub(r">\s+<", "><", SAMPLE.read_text("utf-8"))
    space = re.search(r'xmlns="([^"]+)"', text)
    assert space is not None
    path = tmp_path / "flat.xml"
    path.write_text(text.replace(space[1], "http://www.un.org/sanctions/1.0"), "utf-8")
    flat = imported(NAME, path)
    assert flat.report.outcome == Outcome(new=0, changed=0, unchanged=4, absent=0, withdrawn=0)
    assert flat.report.lines == first.report.lines


def test_a_changed_party_supersedes_and_a_missing_entry_is_withdrawn(
    imported: Import, tmp_path: Path
) -> None:
    first = imported(NAME, SAMPLE)
    again = imported(NAME, SAMPLE, again=True)
    assert again.report.outcome == Outcome(new=0, changed=0, unchanged=4, absent=0, withdrawn=0)
    assert again.text == first.text
    entry = re.search(r' *<SanctionsEntry ID="90002".*\n', SAMPLE.read_text("utf-8"))
    assert entry is not None
    changes = (("<Value>Sylvaville<", "<Value>New Sylvaville<"), (entry[0], ""))
    later = imported(NAME, _changed(tmp_path, *changes), whole=True)
    # The party whose address changed stands on two lists.
    assert later.report.outcome == Outcome(new=0, changed=2, unchanged=1, absent=0, withdrawn=1)
    modalities = later.modalities()
    assert modalities["90001/1"] == modalities["90101/1"] == modalities["90002/1"] == "Withdrawn"
    assert modalities["90001/2"] == modalities["27018/1"] == "Entry"


def test_an_import_that_was_broken_off_goes_on(
    advanced: Imported, tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 3)
    request = Request(SAMPLE, MAPPINGS / f"{NAME}.yaml", retrieved="2024-01-01")

    def stop(number: int) -> None:
        if number >= 36:  # one entry is committed
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_register(tmp_path, request, graph.store, stop)
    assert not (tmp_path / "ofac-xml" / "register.nq").exists()
    numbers: list[int] = []
    report = import_register(tmp_path, request, graph.store, numbers.append)
    assert numbers[0] > 36
    assert report.lines == advanced.report.lines
    assert report.written.sha256 == advanced.report.written.sha256
    assert Imported(report, tmp_path / "ofac-xml").notes == advanced.notes


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("</SanctionsEntry>", "</SanctionsEntri>"), "line 181: it is no XML from here on"),
        (("<Sanctions xmlns=", "<sdnList xmlns="), "line 3: its root is the element sdnList"),
        (
            ("<!-- A sample", '<!DOCTYPE x [<!ENTITY a "b">]><!-- A sample'),
            "line 2: it has a document type definition",
        ),
    ],
)
def test_what_is_no_such_file_is_refused_whole(
    imported: Import, tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    before = imported(NAME, SAMPLE).text
    with pytest.raises(BadData, match=re.escape(reason)):
        imported(NAME, _changed(tmp_path, change), whole=True)
    after = imported(NAME, SAMPLE, again=True)
    assert after.report.outcome == Outcome(new=0, changed=0, unchanged=4, absent=0, withdrawn=0)
    assert after.text == before
