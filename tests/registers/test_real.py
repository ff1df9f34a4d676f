"""The real registers, where they are at hand: every row accounted for, and the S-400 deals found equal.

The default run takes a slice of the large ones; ``-m registers`` imports them whole.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Import, Imported

REAL = Path(__file__).parents[2].parent / "shared" / "registers"
SIPRI = REAL / "sipri" / "trade-register_1950-2023_with_preamble.csv"
OFAC = REAL / "ofac"
FTM = REAL / "opensanctions" / "wd_sa_peps.entities.ftm.json"

pytestmark = pytest.mark.skipif(not SIPRI.is_file(), reason=f"needs the real registers in {REAL}")

S400 = """SELECT ?recipient ?deal WHERE { GRAPH ?c {
  ?deal a sg:ArmsDeal ; sg:item id:S400 ; sg:supplier id:Russia ; sg:recipient ?recipient } }"""
EQUAL = {("China", "ChinaS400Deal"), ("India", "IndiaS400Deal"), ("Turkey", "TurkeyS400Deal")}


def lines_of(path: Path) -> int:
    return len(path.read_bytes().splitlines())


def deals_are_equal(found: Imported) -> None:
    rows = set(found.rows(S400))
    assert rows >= EQUAL
    assert {recipient for recipient, _ in rows - EQUAL} == {"Belarus"}


def test_a_slice_of_the_trade_register(tmp_path: Path, imported: Import) -> None:
    lines = SIPRI.read_bytes().splitlines(keepends=True)
    path = tmp_path / "slice.csv"
    path.write_bytes(b"".join([*lines[:12], *(one for one in lines[12:] if b"S-400" in one)]))
    found = imported("sipri-trade-register", path)
    assert sum(found.report.lines.values()) == lines_of(path)
    assert set(found.report.lines) == {"preamble", "header", "taken"}
    deals_are_equal(found)


def test_the_consolidated_list(imported: Import) -> None:
    beside = {name: OFAC / f"cons_{name}.csv" for name in ("alt", "add")}
    found = imported("ofac-consolidated", OFAC / "cons_prim.csv", beside=beside)
    assert found.report.lines == {"taken": 442, "end mark": 1}
    assert found.report.outcome is not None
    assert found.report.outcome.new == 442
    measures = """SELECT ?type WHERE { GRAPH ?c { ?m sg:target id:SSB ; sg:measureType ?type } }"""
    assert {one for (one,) in found.rows(measures)} == {
        f"Measure235a{number}" for number in (1, 2, 3, 4, 12)
    }
    address = "SELECT ?address WHERE { GRAPH ?c { id:SSB sg:address ?address } }"
    assert found.rows(address) == [("Ankara, Turkey",)]


@pytest.mark.registers
def test_the_whole_trade_register(imported: Import) -> None:
    found = imported("sipri-trade-register", SIPRI)
    lines = found.report.lines
    assert lines == {"preamble": 11, "header": 1, "taken": 27_953}
    assert sum(lines.values()) == lines_of(SIPRI)
    # Two deals stand in two lines each, broken in their comments.
    assert found.report.outcome is not None
    assert found.report.outcome.new == 27_951
    assert list(found.notes.values()) == ["joined: one row in 2 lines"] * 2
    deals_are_equal(found)


@pytest.mark.registers
def test_the_whole_sdn_list(imported: Import) -> None:
    beside = {name: OFAC / f"{name}_2021-07.csv" for name in ("alt", "add")}
    found = imported("ofac-sdn", OFAC / "sdn_2021-07.csv", beside=beside)
    assert found.report.lines == {"taken": 8_976, "end mark": 1}
    assert found.report.outcome is not None
    assert found.report.outcome.new == 8_976


@pytest.mark.registers
def test_entities_of_a_real_data_set(imported: Import) -> None:
    found = imported("opensanctions", FTM)
    lines = found.report.lines
    assert sum(lines.values()) == lines_of(FTM) == 1_565
    assert lines["left out: Family"] == 756
    assert lines["rejected"] == sum(one.startswith("rejected") for one in found.notes.values())
