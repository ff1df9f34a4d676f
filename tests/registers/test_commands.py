"""``sanctiongraph import`` as a user types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sanctiongraph.cli import main

from ..real import real_home
from .conftest import SAMPLES

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("registers")


@pytest.fixture
def run(
    registers: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.setenv("SANCTIONGRAPH_HOME", str(real_home(tmp_path_factory)))
    monkeypatch.setenv("SANCTIONGRAPH_REGISTERS", str(registers))
    return lambda *arguments: CliRunner().invoke(main, ["import", *arguments])


def test_from_file_to_decision(run: Run, registers: Path) -> None:
    first = run("sipri", str(SAMPLES / "sipri.csv"), "--retrieved", "2024-01-01")
    assert first.exit_code == 1  # rows were rejected
    assert "11 rows new, 0 changed" in first.output
    assert "21 lines: 1 header, 4 preamble, 4 rejected, 12 taken" in first.output
    assert "line 17: rejected: supplier is missing" in first.output
    assert "sanctiongraph build takes them in" in first.output
    again = run("sipri", str(SAMPLES / "sipri.csv"))
    assert "is what was imported into sipri-trade-register last" in again.output
    assert "nothing has changed" in again.output
    queue = run("open", "sipri-trade-register")
    assert "MIM-104X Patriot" in queue.output
    assert "2 in doubt" in queue.output
    chosen = ("decide", "sipri-trade-register", "weapon", "MIM-104X Patriot")
    decided = run(*chosen, "--same-as", "Patriot", "--comment", "a version of it")
    assert decided.exit_code == 0, decided.output
    quads = registers / "sipri-trade-register" / "register.nq"
    assert "ontology#item> <https://w3id.org/sanctiongraph/id/Patriot>" in quads.read_text("utf-8")
    assert "1 in doubt" in run("open", "sipri-trade-register").output
    undone = run(*chosen, "--own")
    assert undone.exit_code == 0
    assert "id/Patriot>" not in quads.read_text("utf-8")
    assert "sipri.csv" in run("list").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("decide", "sipri-trade-register", "weapon", "No Such", "--own"),
            "has no weapon 'No Such'",
        ),
        (("decide", "sipri-trade-register", "weapon", "X"), "give --same-as THING, or --own"),
        (("open", "nothing"), "no register 'nothing'"),
        (("sipri", str(SAMPLES / "sipri.csv"), "--retrieved", "then"), "'then' is no day"),
        (("mapping", "nothing"), "there is no mapping 'nothing'"),
    ],
)
def test_what_cannot_be_meant_is_told(run: Run, arguments: tuple[str, ...], message: str) -> None:
    if arguments[0] == "decide":
        run("sipri", str(SAMPLES / "sipri.csv"))
    found = run(*arguments)
    assert found.exit_code == 1
    assert message in found.output
    assert "Traceback" not in found.output


def test_other_registers_have_commands_of_their_own(run: Run) -> None:
    sdn = run("ofac", str(SAMPLES / "sdn.csv"), "--alt", str(SAMPLES / "alt.csv"))
    assert "ofac-sdn: 5 rows new" in sdn.output
    xml = run("ofac-xml", str(SAMPLES / "advanced.xml"))
    assert "ofac-sdn-xml: 4 rows new" in xml.output
    assert "44 records: 3 date of issue, 1 identity document" in xml.output
    entities = run("followthemoney", str(SAMPLES / "entities.ftm.json"), "--register", "sample")
    assert "sample: 5 rows new" in entities.output
    own = run("table", str(SAMPLES / "exports.csv"), "--mapping", str(SAMPLES / "exports.yaml"))
    assert "sample-exports: 2 rows new" in own.output


def test_a_mapping_can_be_printed(run: Run) -> None:
    assert "register: ofac-sdn" in run("mapping", "ofac-sdn").output
    assert "sipri-trade-register" in run("mapping").output
