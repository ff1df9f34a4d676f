"""Imports of samples made for these tests, in the layouts of real registers, into folders of their own.

What is meant is looked for in the real graph, which the whole run shares; so each import takes a
part of a second. Builds take the small data folder of the tests of the build.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from sanctiongraph import Graph
from sanctiongraph.data import data_folders
from sanctiongraph.registers.history import Note
from sanctiongraph.registers.importing import Report, Request, import_register
from sanctiongraph.registers.ledger import Ledger
from sanctiongraph.vocabulary import PREFIXES, term

SAMPLES = Path(__file__).parent / "samples"
MAPPINGS = data_folders().mappings
BESIDE = {"ofac-sdn": {"alt": SAMPLES / "alt.csv"}}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import left behind."""

    report: Report
    folder: Path

    @property
    def text(self) -> str:
        return (self.folder / "register.nq").read_text("utf-8")

    @property
    def store(self) -> Store:
        """The claims, in a store."""
        store = Store()
        store.bulk_extend(parse(self.text.encode(), format=RdfFormat.N_QUADS))
        return store

    @property
    def notes(self) -> dict[int, str]:
        """Reasons by line, with the kind before."""
        return {one.line: f"{one.kind}: {one.reason}" for one in self._notes()}

    def _notes(self) -> list[Note]:
        ledger = Ledger(self.folder / "ledger.sqlite")
        try:
            return list(ledger.notes(self.report.file.id))
        finally:
            ledger.close()

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """The solutions of a query, names shortened to what follows the last / or #."""
        solutions: Any = self.store.query(query, prefixes=PREFIXES)
        names = [variable.value for variable in solutions.variables]
        return sorted(tuple(_short(one[name]) for name in names) for one in solutions)

    def said_by(self, claim: str) -> list[Quad]:
        """What one claim asserts, by what follows ``claim/<register>/``."""
        iri = f"{PREFIXES['claim']}{self.report.register}/{claim}"
        return [one for one in self.store if getattr(one.graph_name, "value", "") == iri]

    def modalities(self) -> dict[str, str]:
        """The modality of each claim."""
        found = self.store.quads_for_pattern(None, term("sg:modality"), None, None)
        base = f"{PREFIXES['claim']}{self.report.register}/"
        return {
            str(one.subject)[1:-1].removeprefix(base): str(one.object)[1:-1].rpartition("#")[2]
            for one in found
        }


def _short(value: Any) -> str:
    if value is None:
        return ""
    text: str = value.value
    return text.rpartition("/")[2].rpartition("#")[2] if text.startswith("http") else text


Import = Callable[..., Imported]


def importing_into(registers: Path, graph: Graph) -> Import:
    """Imports a file by a shipped mapping, or by another, into a folder."""

    def run(name: str, file: Path, mapping: Path | None = None, **asked: Any) -> Imported:
        asked = {"beside": BESIDE.get(name, {}), "retrieved": "2024-01-01", **asked}
        request = Request(file, mapping or MAPPINGS / f"{name}.yaml", **asked)
        report = import_register(registers, request, graph.store)
        return Imported(report, registers / report.register)

    return run


@pytest.fixture
def imported(tmp_path: Path, graph: Graph) -> Import:
    """Imports into a folder of the test's own."""
    return importing_into(tmp_path / "registers", graph)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, graph: Graph) -> Import:
    """Imports into a folder that tests share which only look at what came of it."""
    return importing_into(tmp_path_factory.mktemp("registers"), graph)


@pytest.fixture(scope="session")
def sipri(shared: Import) -> Imported:
    return shared("sipri-trade-register", SAMPLES / "sipri.csv")


@pytest.fixture(scope="session")
def sdn(shared: Import) -> Imported:
    return shared("ofac-sdn", SAMPLES / "sdn.csv")


@pytest.fixture(scope="session")
def entities(shared: Import) -> Imported:
    return shared("opensanctions", SAMPLES / "entities.ftm.json")
