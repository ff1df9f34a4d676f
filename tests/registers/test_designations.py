"""OFAC's lists and FollowTheMoney's entities: designations, measures, owners, and what is not taken."""

from __future__ import annotations

from pathlib import Path

from .conftest import SAMPLES, Import, Imported


def test_every_line_of_a_list_is_accounted_for(sdn: Imported) -> None:
    assert sdn.report.lines == {"taken": 5, "rejected": 2, "end mark": 1}
    assert sdn.notes == {
        0: "left out: 1 of 3 rows of the file alt belong to no entry",
        5: "rejected: name is missing",
        6: "rejected: it is not CSV: ',' expected after '\"'",
    }


def test_an_entry_is_the_designation_that_the_graph_has(sdn: Imported) -> None:
    said = {str(one.triple) for one in sdn.said_by("27018/1")}
    base = "https://w3id.org/sanctiongraph/"
    for wanted in (
        f"<{base}id/IsmailDemirOnSDNList> <{base}ontology#target> <{base}id/IsmailDemir>",
        f"<{base}id/IsmailDemirOnSDNList> <{base}ontology#linkedTo> <{base}id/SSB>",
        f"<{base}id/MeasureOnIsmailDemir235a7> <{base}ontology#under> <{base}law/us/pl/115/44/s235/a/7>",
        f"<{base}id/MeasureOnIsmailDemir235a9> <{base}ontology#measureType> <{base}id/Measure235a9>",
    ):
        assert wanted in said


def test_nothing_that_identifies_a_person_is_kept(sdn: Imported) -> None:
    ledger = (sdn.folder / "ledger.sqlite").read_bytes() + sdn.text.encode()
    assert b"A1234567" not in ledger
    assert b"01 Jan 1900" not in ledger


def test_a_namesake_is_in_doubt(sdn: Imported) -> None:
    queue = (sdn.folder / "open.tsv").read_text("utf-8")
    assert "entry\t90003\tPUTIN, Vladimir\t1\tid:VladimirPutin\t" in queue
    target = "SELECT ?target WHERE { GRAPH ?c { ?d sg:entryNumber '90003' ; sg:target ?target } }"
    assert sdn.rows(target) == [("ofac-sdn-entry-90003",)]


def test_kinds_programmes_and_other_names(sdn: Imported) -> None:
    kinds = "SELECT ?kind WHERE { GRAPH ?g { id:ofac-sdn-entry-90002 a ?kind } }"
    assert sdn.rows(kinds) == [("Equipment",)]
    tags = "SELECT ?tag WHERE { GRAPH ?c { ?d sg:entryNumber '90001' ; sg:programmeTag ?tag } }"
    assert sdn.rows(tags) == [("EXAMPLE",), ("SAMPLE",)]
    names = "SELECT ?name WHERE { GRAPH ?g { id:ofac-sdn-entry-90001 skos:altLabel ?name } }"
    assert sdn.rows(names) == [("EXAMPLE COMMERCE",), ("EXTRA",)]


def test_addresses_are_taken_but_for_those_of_persons(imported: Import) -> None:
    beside = {name: SAMPLES / f"{name}.csv" for name in ("alt", "add")}
    found = imported("ofac-sdn", SAMPLES / "sdn.csv", beside=beside)
    addresses = "SELECT ?who ?address WHERE { GRAPH ?c { ?who sg:address ?address } }"
    assert found.rows(addresses) == [
        ("ofac-sdn-entry-90001", "2 Sample Road, Unit 3, Freeport 10000, Freedonia"),
        ("ofac-sdn-entry-90001", "Sylvaville, Sylvania"),
    ]
    assert b"Ankara" not in (found.folder / "ledger.sqlite").read_bytes()
    assert found.report.not_taken["place"] == 1
    left = (found.folder / "rejected.tsv").read_text("utf-8")
    assert "1 of 5 rows of the file add belong to no entry" in left


def test_an_entry_that_is_linked_by_name_is_that_entry(sdn: Imported) -> None:
    linked = "SELECT ?to WHERE { GRAPH ?c { ?d sg:entryNumber '90002' ; sg:linkedTo ?to } }"
    assert ("ofac-sdn-entry-90001",) in sdn.rows(linked)
    assert len(sdn.rows(linked)) == 2


def test_every_entity_is_accounted_for(entities: Imported) -> None:
    assert entities.report.lines == {
        "taken": 5,
        "left out: Family": 1,
        "rejected": 4,
        "empty line": 1,
    }
    assert entities.report.not_taken == {"address": 1, "birthDate": 1}
    notes = entities.notes
    assert notes.pop(8).startswith("rejected: it is not JSON: ")
    assert notes == {
        2: "left out: state 'nowhere' is left out: it does not fit [A-Za-z]{2}",
        7: "rejected: percentage is 'most of it', which is no part of a hundred",
        9: "rejected: it has no id",
        11: "rejected: its property name is neither text nor a list of texts",
    }


def test_ownership_and_designation_are_the_graphs_own_terms(entities: Imported) -> None:
    owned = """SELECT ?owner ?owned ?share ?from WHERE { GRAPH ?c { ?o a sg:Ownership ;
      sg:owner ?owner ; sg:owned ?owned ; sg:share ?share ; sg:holdsFrom/sg:edtf ?from } }"""
    own = "opensanctions-entity-ex"
    assert entities.rows(owned) == [(f"{own}-1", f"{own}-2", "0.5", "2020-03")]
    listed = "SELECT ?target ?list WHERE { GRAPH ?c { ?d sg:target ?target ; sg:list ?list } }"
    assert entities.rows(listed) == [(f"{own}-1", "SDNList")]


def test_identifiers_and_codes_of_the_graph_are_certain(entities: Imported) -> None:
    states = "SELECT ?who ?state WHERE { GRAPH ?c { ?who sg:nationalOf ?state } }"
    assert entities.rows(states) == [
        ("RecepTayyipErdogan", "Turkey"),
        ("opensanctions-entity-ex-1", "Turkey"),
    ]


def test_times_of_looking_are_no_change(imported: Import, tmp_path: Path) -> None:
    imported("opensanctions", SAMPLES / "entities.ftm.json")
    later = tmp_path / "later.json"
    text = (SAMPLES / "entities.ftm.json").read_text("utf-8")
    later.write_text(text.replace("2024-01-02T00:00:00", "2024-06-01T00:00:00"), "utf-8")
    outcome = imported("opensanctions", later).report.outcome
    assert outcome is not None
    assert (outcome.changed, outcome.unchanged) == (0, 5)
