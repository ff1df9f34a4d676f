"""What follows from a write follows within a bound, and where it cannot that stops no write."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from sanctiongraph.build import build
from sanctiongraph.data import DataFolders
from sanctiongraph.snapshots import newest

from ...build.conftest import data as data
from ...build.conftest import rewrite
from .conftest import Running, Start, until

CLAIM = """INSERT DATA {
  GRAPH <https://w3id.org/sanctiongraph/claim/one/900> {
    id:NewDeal a sg:ArmsDeal ; sg:supplier id:Russia ; sg:date id:NewDay .
    id:NewDay sg:edtf "2020-02" }
  GRAPH graph:claims {
    <https://w3id.org/sanctiongraph/claim/one/900> a sg:Claim ; sg:modality sg:Fact ;
      sg:source source:one ; sg:speaker source:one ; sg:wording "A new deal."@en } }"""
FOLLOWS = 'id:NewDeal sg:supplier id:Russia ; sg:date/sg:latest "2020-02-29"^^xsd:date'


@pytest.fixture
def home(data: DataFolders, tmp_path: Path) -> Path:
    build(data, tmp_path / "home")
    return tmp_path / "home"


def behind(gateway: Running) -> int:
    return gateway.writes.status().behind


def test_what_follows_from_a_fact_is_there_soon(start: Start, home: Path) -> None:
    gateway = start(home, DERIVE_SECONDS="0.1", WORKERS="1")
    assert gateway.update(CLAIM).is_success
    until(lambda: gateway.ask(FOLLOWS))
    until(lambda: behind(gateway) == 0)
    assert newest(home).derived == newest(home).name == gateway.writes.status().derived
    mentioned = "GRAPH graph:claims { ?claim sg:mentions id:NewDeal }"
    assert gateway.ask(mentioned)
    withdrawn = "DELETE WHERE { GRAPH graph:claims { ?claim sg:wording 'A new deal.'@en ; ?p ?o } }"
    assert gateway.update(withdrawn).is_success
    until(lambda: not gateway.ask(FOLLOWS))
    assert not gateway.ask(mentioned)


def test_under_steady_writing_it_follows_as_well(start: Start, home: Path) -> None:
    gateway = start(home, WORKERS="1", DERIVE_SECONDS="0", UPDATE_TIMEOUT="60")
    stop = threading.Event()
    refused: list[str] = []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            answer = gateway.update(f"INSERT DATA {{ <urn:steady> <urn:n> {number} }}")
            if not answer.is_success:
                refused.append(answer.text)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert gateway.update(CLAIM).is_success
        until(lambda: gateway.ask(FOLLOWS), 120)
    finally:
        stop.set()
        writer.join()
    assert refused == []


def test_where_nothing_can_be_derived_writes_go_on_and_it_is_told(start: Start, home: Path) -> None:
    gateway = start(home, DERIVE_SECONDS="0", WORKERS="1")
    bad = "GRAPH graph:ontology { sg:supplier a owl:FunctionalProperty }"
    assert gateway.update(f"INSERT DATA {{ {bad} }}").is_success
    until(lambda: gateway.writes.status().error is not None)
    assert "no rule" in (gateway.writes.status().error or "")
    assert gateway.update(CLAIM).is_success
    assert gateway.ask("GRAPH ?claim { id:NewDeal a sg:ArmsDeal }")
    assert newest(home).derived != newest(home).name
    assert gateway.update(f"DELETE DATA {{ {bad} }}").is_success
    until(lambda: gateway.ask(FOLLOWS))
    until(lambda: gateway.writes.status().error is None)


def test_a_build_published_while_serving_takes_the_writes_over(
    start: Start, home: Path, data: DataFolders
) -> None:
    gateway = start(home, DERIVE_SECONDS="0", WORKERS="1")
    assert gateway.update(CLAIM).is_success
    rewrite(data.sources / "one" / "claims.trig", "since about the end", "since the end")
    new = build(data, home)
    until(lambda: newest(home).name.startswith(new.version.name))
    until(lambda: gateway.ask(FOLLOWS))
    assert gateway.ask('?c sg:wording ?w FILTER(CONTAINS(?w, "since the end"))')
    facts = json.loads((newest(home).folder / "snapshot.json").read_text("utf-8"))
    assert facts["base"] == new.version.name
