"""Importing again: nothing changes by itself, what changed supersedes, what was broken off goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sanctiongraph import Graph
from sanctiongraph.errors import BuildBusy
from sanctiongraph.registers import reading
from sanctiongraph.registers.folder import RegisterFolder, locked
from sanctiongraph.registers.importing import Outcome, Request, import_register
from sanctiongraph.registers.specs import TakenAs
from sanctiongraph.vocabulary import PREFIXES

from ..real import real_home
from .conftest import BESIDE, MAPPINGS, SAMPLES, Import, Imported

NAME = "sipri-trade-register"
# Dies like a process that the machine ends, in the middle of a file: two rows are between commits.
KILLED = """
import os, signal, sys
from pathlib import Path
from sanctiongraph import Graph
from sanctiongraph.registers import importing, reading
reading._BATCH = 2
def progress(line):
    if line >= 9:
        os.kill(os.getpid(), signal.SIGKILL)
store = Graph.open(Path(sys.argv[1])).store
request = importing.Request(Path(sys.argv[3]), Path(sys.argv[4]), retrieved="2024-01-01")
importing.import_register(Path(sys.argv[2]), request, store, progress)
"""


@pytest.fixture
def first(imported: Import) -> Imported:
    """The sample, imported once."""
    return imported(NAME, SAMPLES / "sipri.csv")


@pytest.fixture
def lines() -> list[bytes]:
    """The lines of the sample."""
    return (SAMPLES / "sipri.csv").read_bytes().splitlines(keepends=True)


def _again(imported: Import, tmp_path: Path, lines: list[bytes], **asked: object) -> Imported:
    path = tmp_path / "again.csv"
    path.write_bytes(b"".join(lines))
    return imported(NAME, path, **asked)


def test_the_same_file_changes_nothing(first: Imported, imported: Import) -> None:
    before = first.text
    for again in (False, True):
        after = imported(NAME, SAMPLES / "sipri.csv", again=again)
        assert not after.report.written.changed
        assert after.text == before
    assert after.report.outcome == Outcome(new=0, changed=0, unchanged=11, absent=0, withdrawn=0)


def test_rows_in_another_order_are_the_same_rows(
    first: Imported, imported: Import, tmp_path: Path, lines: list[bytes]
) -> None:
    before = first.modalities()
    swapped = [*lines[:5], lines[7], lines[5], lines[6], *lines[8:]]
    after = _again(imported, tmp_path, swapped)
    assert after.report.outcome == Outcome(new=0, changed=0, unchanged=11, absent=0, withdrawn=0)
    assert after.modalities() == before


@pytest.mark.usefixtures("first")
def test_a_changed_row_supersedes_and_its_history_is_kept(
    imported: Import, tmp_path: Path, lines: list[bytes]
) -> None:
    changed = [one.replace(b",7,,MIM-104X", b",9,,MIM-104X") for one in lines]
    after = _again(imported, tmp_path, changed)
    assert after.report.outcome == Outcome(new=0, changed=1, unchanged=10, absent=0, withdrawn=0)
    numbers = """SELECT ?n ?modality ?gone WHERE {
      GRAPH ?claim { ?deal sg:numberOrdered ?n } FILTER(?n IN (7, 9))
      GRAPH graph:claims { ?claim sg:modality ?modality .
        OPTIONAL { ?claim sg:absentFrom/dcterms:title ?gone } } }"""
    assert after.rows(numbers) == [("7", "Withdrawn", "again.csv"), ("9", "Entry", "")]
    revised = "SELECT ?new ?old WHERE { GRAPH graph:claims { ?new prov:wasRevisionOf ?old } }"
    assert after.rows(revised) == [("2", "1")]
    back = _again(imported, tmp_path, lines)
    assert back.rows(numbers) == [
        ("7", "Entry", ""),
        ("7", "Withdrawn", "again.csv"),
        ("9", "Withdrawn", "again.csv"),
    ]


@pytest.mark.usefixtures("first")
def test_a_row_that_is_gone_is_withdrawn_only_from_a_whole_register(
    imported: Import, tmp_path: Path, lines: list[bytes]
) -> None:
    shorter = [*lines[:11], *lines[12:]]
    kept = _again(imported, tmp_path, shorter)
    assert kept.report.outcome == Outcome(new=0, changed=0, unchanged=10, absent=1, withdrawn=0)
    assert "Withdrawn" not in kept.modalities().values()
    gone = _again(imported, tmp_path, shorter, whole=True, again=True)
    assert gone.report.outcome == Outcome(new=0, changed=0, unchanged=10, absent=0, withdrawn=1)
    assert list(gone.modalities().values()).count("Withdrawn") == 1


def test_an_import_that_was_killed_goes_on(
    first: Imported, tmp_path: Path, graph: Graph, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, registers = real_home(tmp_path_factory), tmp_path / "killed"
    mapping = MAPPINGS / f"{NAME}.yaml"
    arguments = [str(home), str(registers), str(SAMPLES / "sipri.csv"), str(mapping)]
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert ended.returncode == -signal.SIGKILL
    folder = registers / NAME
    assert not (folder / "register.nq").exists()  # a build sees nothing of it
    begun: list[int] = []
    request = Request(SAMPLES / "sipri.csv", mapping, retrieved="2024-01-01")
    report = import_register(registers, request, graph.store, begun.append)
    assert report.lines == first.report.lines
    assert report.written.sha256 == first.report.written.sha256
    assert Imported(report, folder).notes == first.notes


@pytest.mark.parametrize(
    ("name", "file"), [("ofac-sdn", "sdn.csv"), ("opensanctions", "entities.ftm.json")]
)
def test_every_layout_goes_on_where_it_was_broken_off(
    name: str,
    file: str,
    shared: Import,
    tmp_path: Path,
    graph: Graph,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = shared(name, SAMPLES / file)
    monkeypatch.setattr(reading, "_BATCH", 3)
    beside = BESIDE.get(name, {})
    request = Request(
        SAMPLES / file, MAPPINGS / f"{name}.yaml", beside=beside, retrieved="2024-01-01"
    )

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_register(tmp_path, request, graph.store, stop)
    places: list[int] = []
    report = import_register(tmp_path, request, graph.store, places.append)
    assert places[0] > 3
    assert report.written.sha256 == whole.report.written.sha256
    again = Imported(report, tmp_path / name)
    assert again.notes == shared(name, SAMPLES / file, again=True).notes


def test_another_import_of_the_same_register_is_refused(first: Imported, imported: Import) -> None:
    with locked(RegisterFolder(first.folder)), pytest.raises(BuildBusy):
        imported(NAME, SAMPLES / "sipri.csv")


def test_what_it_is_taken_for_is_the_operators_choice(imported: Import) -> None:
    speaker = "SELECT DISTINCT ?speaker ?modality WHERE { GRAPH graph:claims { ?c sg:speaker ?speaker ; sg:modality ?modality } }"
    found = {
        taken: imported(NAME, SAMPLES / "sipri.csv", taken_as=taken).rows(speaker)
        for taken in TakenAs
    }
    assert found == {
        TakenAs.ENTRIES: [("SIPRI", "Entry")],
        TakenAs.SAID: [("SIPRI", "ReportedSpeech")],
        TakenAs.FACTS: [(NAME, "Fact")],
    }
    assert PREFIXES["source"] + NAME in imported(NAME, SAMPLES / "sipri.csv").text
