"""HermiT on the project's ontology and on contradictions of our own making."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from sanctiongraph.check import Severity
from sanctiongraph.check.consistency import check_consistency, for_hermit, verdict
from sanctiongraph.check.parts import read_parts
from sanctiongraph.data import data_folders
from sanctiongraph.vocabulary import PREFIXES, term

from .conftest import MakeData


def overlay(folder: Path, name: str, body: str) -> Path:
    path = folder / "overlay" / name
    path.parent.mkdir(parents=True)
    prefixes = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("sg", "id", "source", "graph"))
    claim = f"@prefix claim: <{PREFIXES['claim']}parley/> .\n"
    path.write_text(prefixes + claim + body, "utf-8")
    return folder / "overlay"


def test_the_ontology_has_no_unsatisfiable_class() -> None:
    ontology = parse(path=data_folders().ontology / "sanctiongraph.ttl", format=RdfFormat.TURTLE)
    found = verdict(ontology)
    assert found.consistent
    assert found.unsatisfiable == ()


def test_an_unsatisfiable_class_is_named(make_data: MakeData) -> None:
    folders = make_data()
    with (folders.ontology / "sanctiongraph.ttl").open("a", encoding="utf-8") as file:
        file.write("sg:Cyborg a owl:Class ; rdfs:subClassOf sg:Person , sg:Body .")
    parts, _ = read_parts(folders)
    [finding] = check_consistency(parts)
    assert finding.about == "sg:Cyborg"
    assert "nothing can be in this class" in finding.message


def test_a_person_that_is_a_body_is_rejected(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    body = "id:AdaQuill a sg:Body ."
    folders = make_data(overlay(tmp_path, "graph/sources/parley/more.ttl", body))
    parts, _ = read_parts(folders)
    [finding] = check_consistency(parts)
    assert finding.severity is Severity.FAILURE
    assert "id:AdaQuill is sg:Body and sg:Person" in finding.message
    assert list(temporary.iterdir()) == []  # owlready2 would leave its file there


def test_claims_that_contradict_each_other_are_a_note(make_data: MakeData, tmp_path: Path) -> None:
    """Only Quill says it, so the accepted graph stays consistent."""
    body = """claim:900 { id:FalconDeal sg:supplier id:Falcon }
        GRAPH graph:claims { claim:900 a sg:Claim ; sg:modality sg:ReportedSpeech . }"""
    folders = make_data(overlay(tmp_path, "graph/sources/parley/more.trig", body))
    parts, _ = read_parts(folders)
    [finding] = check_consistency(parts)
    assert finding.severity is Severity.NOTE
    assert "contradict each other: id:Falcon is sg:Agent and sg:WeaponSystem" in finding.message


def test_hermit_is_given_no_annotation_and_no_literal_it_cannot_take() -> None:
    thing, graph = NamedNode(PREFIXES["id"] + "Thing"), NamedNode(PREFIXES["graph"] + "claims")

    def quad(name: str, value: Literal) -> Quad:
        return Quad(thing, term(name), value, graph)

    kept = quad("sg:numberOrdered", Literal(6))
    dropped = [
        quad("sg:earliest", Literal("2020-01-01", datatype=term("xsd:date"))),
        quad("rdfs:label", Literal("thing", language="en")),
    ]
    lines = for_hermit([kept, *dropped]).decode().splitlines()
    assert lines == [f"{thing} {term('sg:numberOrdered')} {kept.object} ."]
