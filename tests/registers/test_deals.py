"""Arms-transfer registers in the layout of SIPRI's: what becomes of each line, and of each mark."""

from __future__ import annotations

from pathlib import Path

from .conftest import SAMPLES, Import, Imported

DEALS = """SELECT ?recipient ?supplier ?item ?deal WHERE {
  GRAPH ?claim { ?deal a sg:ArmsDeal ; sg:recipient ?recipient ; sg:supplier ?supplier ; sg:item ?item } }"""


def test_every_line_is_accounted_for(sipri: Imported) -> None:
    lines = sipri.report.lines
    assert sum(lines.values()) == len((SAMPLES / "sipri.csv").read_bytes().splitlines())
    assert lines == {"preamble": 4, "header": 1, "taken": 12, "rejected": 4}
    assert sipri.report.outcome is not None
    assert sipri.report.outcome.new == 11


def test_bad_rows_are_told_with_line_and_reason(sipri: Imported) -> None:
    assert sipri.notes == {
        13: "rejected: number_ordered is 'many', which is no whole number",
        14: "joined: one row in 2 lines",
        16: "rejected: it has 5 cells, not 16",
        17: "rejected: supplier is missing",
        18: "rejected: ordered is '198X-', which is no date: '198X-' is not a date in Extended "
        "Date/Time Format: write 2019, 2019-07, 2019-07-12, 2025-12-06~ (about), 2017/2019 or "
        "../2025-12",
    }
    assert "13\trejected\tnumber_ordered" in (sipri.folder / "rejected.tsv").read_text("utf-8")


def test_a_quote_that_is_not_closed_spoils_no_other_row(tmp_path: Path, imported: Import) -> None:
    lines = (SAMPLES / "sipri.csv").read_bytes().splitlines(keepends=True)
    broken = b'Freedonia,Sylvania,1970,,1,,"M-2 Example,mortar,1,,1970,New,Open,1,1,1\n'
    path = tmp_path / "open.csv"
    path.write_bytes(b"".join([*lines[:5], broken, *lines[5:]]))
    found = imported("sipri-trade-register", path)
    assert found.notes[6] == "rejected: it is not CSV: a quote is opened and not closed"
    assert found.report.outcome is not None
    assert found.report.outcome.new == 11


def test_what_is_marked_uncertain_is_a_claim_of_its_own(sipri: Imported) -> None:
    numbers = """SELECT ?n ?uncertain WHERE {
      GRAPH ?claim { ?deal sg:numberOrdered ?n }
      GRAPH graph:claims { ?claim a sg:Claim . OPTIONAL { ?claim sg:uncertain ?uncertain } } }"""
    assert ("12", "true") in sipri.rows(numbers)
    assert ("7", "") in sipri.rows(numbers)
    dates = "SELECT ?edtf WHERE { GRAPH ?c { ?order a sg:Order } GRAPH ?d { ?order sg:date/sg:edtf ?edtf } }"
    assert ("2018?",) in sipri.rows(dates)
    assert ("1975",) in sipri.rows(dates)


def test_years_of_delivery_are_one_date(sipri: Imported) -> None:
    dates = "SELECT ?edtf WHERE { GRAPH ?c { ?d a sg:Delivery ; sg:date/sg:edtf ?edtf } }"
    assert ("{1976,1978}",) in sipri.rows(dates)


def test_rows_that_are_alike_stay_two(sipri: Imported) -> None:
    alike = [one for one in sipri.rows(DEALS) if one[0].endswith("party-Freedonia")]
    assert len(alike) == 6  # of the sample's rows for it, three differ in no key at all
    assert len({deal for *_, deal in alike}) == 6


def test_deals_of_the_graph_are_found_equal(sipri: Imported) -> None:
    assert ("Turkey", "Russia", "S400", "TurkeyS400Deal") in sipri.rows(DEALS)
    assert ("India", "Russia", "S400", "IndiaS400Deal") in sipri.rows(DEALS)


def test_a_deal_of_another_time_is_in_doubt(sipri: Imported) -> None:
    queue = (sipri.folder / "open.tsv").read_text("utf-8")
    assert "TurkeyS400Deal\tS-400 for Turkey" in queue or "id:TurkeyS400Deal" in queue
    assert "the year is another" in queue
    own = [deal for recipient, *_, deal in sipri.rows(DEALS) if recipient == "Turkey"]
    assert sorted(one == "TurkeyS400Deal" for one in own) == [False, True]


def test_a_name_like_one_of_the_graph_is_never_merged(sipri: Imported) -> None:
    queue = (sipri.folder / "open.tsv").read_text("utf-8")
    assert "weapon\tMIM-104X Patriot\tMIM-104X Patriot\t1\tid:Patriot\t" in queue
    items = {item for _, _, item, _ in sipri.rows(DEALS)}
    assert "Patriot" not in items
    assert any(item.startswith("sipri-trade-register-weapon-MIM-104X-Patriot") for item in items)


def test_suppliers_that_nobody_names_are_not_one(sipri: Imported) -> None:
    unknown = {supplier for _, supplier, *_ in sipri.rows(DEALS) if "unknown" in supplier}
    assert len(unknown) == 2
    assert '"unknown supplier(s)"@en' in sipri.text


def test_each_row_has_its_provenance(sipri: Imported) -> None:
    query = """SELECT ?speaker ?modality ?entry ?name ?sha ?day ?licence WHERE { GRAPH graph:claims {
      ?claim sg:source source:sipri-trade-register ; sg:speaker ?speaker ; sg:modality ?modality ;
        sg:place/oa:hasSelector/rdf:value ?entry ; prov:wasDerivedFrom ?file .
      ?file sg:fileOf source:sipri-trade-register ; dcterms:title ?name ; sg:fileSha256 ?sha ;
        sg:retrievedOn/sg:edtf ?day ; dcterms:license ?licence } }"""
    rows = sipri.rows(query)
    assert {one[2] for one in rows} == {
        f"line {n}" for n in (6, 7, 8, 9, 10, 11, 12, 14, 19, 20, 21)
    }
    licence = "SIPRI's terms of use: non-commercial use with attribution, no redistribution in bulk"
    assert {(*one[:2], *one[3:]) for one in rows} == {
        ("SIPRI", "Entry", "sipri.csv", sipri.report.file.sha256, "2024-01-01", licence)
    }


def test_letters_of_an_older_encoding_are_read(sipri: Imported) -> None:
    assert '"Göteborg"@en' in sipri.text
