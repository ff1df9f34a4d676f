"""Two things found to be one: known as one in the graph, undone without a trace, nobody's words lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import DefaultGraph, NamedNode

from sanctiongraph.canonical import write_canonical
from sanctiongraph.cli import main
from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.drafting.draft import draft
from sanctiongraph.drafting.knowledge import knowledge
from sanctiongraph.errors import BadData
from sanctiongraph.links.check import check_links
from sanctiongraph.vocabulary import BASE, CLAIMS_GRAPH, PREFIXES, term

INVENTED = Path(__file__).parents[1] / "check" / "valid"
ID, CLAIM = PREFIXES["id"], PREFIXES["claim"]
#: The same person under another name, who speaks and is spoken of; and a state.
MORE = """
@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .
@prefix id: <https://w3id.org/sanctiongraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:MinisterQuill a sg:Person ; rdfs:label "A. Quill"@en .
id:Farland a sg:State ; rdfs:label "Farland"@en .
"""
CLAIMS = """
@prefix sg: <https://w3id.org/sanctiongraph/ontology#> .
@prefix id: <https://w3id.org/sanctiongraph/id/> .
@prefix source: <https://w3id.org/sanctiongraph/source/> .
@prefix claim: <https://w3id.org/sanctiongraph/claim/parley/> .
@prefix graph: <https://w3id.org/sanctiongraph/graph/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
claim:800 { id:MinisterQuill sg:openTo id:Settlement . id:AdaQuill sg:openTo id:Settlement . }
claim:801 { id:FalconUse sg:equipment id:ArdenFalcons . }
GRAPH graph:claims {
    claim:800 a sg:Claim ; sg:source source:parley ; sg:speaker source:parley ; sg:modality sg:Fact ;
        sg:wording "Quill is open to it."@en ; sg:paragraph 1 ;
        sg:place [ a oa:SpecificResource ; oa:hasSource source:parley ; sg:seen "all" ] .
    claim:801 a sg:Claim ; sg:source source:parley ; sg:speaker id:MinisterQuill ;
        sg:modality sg:ReportedSpeech ; sg:wording "Quill: they are in use."@en ; sg:paragraph 1 ;
        sg:place [ a oa:SpecificResource ; oa:hasSource source:parley ; sg:seen "all" ] .
}
"""


@pytest.fixture
def folders(tmp_path: Path) -> DataFolders:
    shutil.copytree(INVENTED, tmp_path, dirs_exist_ok=True)
    for name in ("sanctiongraph.ttl", "shapes.ttl"):
        shutil.copy(data_folders().ontology / name, tmp_path / "ontology" / name)
    parley = tmp_path / "graph" / "sources" / "parley"
    (parley / "more.ttl").write_text(MORE, "utf-8")
    (parley / "more.trig").write_text(CLAIMS, "utf-8")
    return data_folders(tmp_path)


def link(folders: DataFolders, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["link", *arguments, "--data", str(folders.root)])


def merge(folders: DataFolders, merged: str = "MinisterQuill", kept: str = "AdaQuill") -> Result:
    return link(folders, "merge", merged, kept, "--evidence", "the same office on the same day")


def hashed(folders: DataFolders) -> str:
    """The hash of the whole dataset, as a build gives it."""
    return write_canonical(dataset(folders), folders.root / "dataset.nq")


def test_a_merged_thing_is_one_in_the_graph(folders: DataFolders) -> None:
    assert merge(folders).exit_code == 0
    store = dataset(folders)
    kept, gone = NamedNode(ID + "AdaQuill"), NamedNode(ID + "MinisterQuill")
    for graph in (DefaultGraph(), CLAIMS_GRAPH):
        claim = NamedNode(CLAIM + "parley/801")
        speakers = store.quads_for_pattern(claim, term("sg:speaker"), None, graph)
        assert {quad.object for quad in speakers} == {kept}
    mentioned = store.quads_for_pattern(None, term("sg:mentions"), kept, DefaultGraph())
    assert NamedNode(CLAIM + "parley/800") in {quad.subject for quad in mentioned}
    # The other name leads on, and is of no class, so that nothing counts it a second time.
    said = {
        (quad.predicate, quad.object)
        for quad in store.quads_for_pattern(gone, None, None, DefaultGraph())
    }
    assert (term("sg:mergedInto"), kept) in said
    assert term("rdf:type") not in {name for name, _ in said}
    names = store.quads_for_pattern(kept, term("skos:altLabel"), None, DefaultGraph())
    assert "A. Quill" in {getattr(quad.object, "value", "") for quad in names}


def test_a_draft_knows_it_by_both_names(folders: DataFolders) -> None:
    merge(folders)
    found = draft(knowledge(folders), "A. Quill left. Then Ada Quill came back.").mentions
    assert [one.thing.iri for one in found if one.thing.is_a("Person")] == [ID + "AdaQuill"] * 2


def test_every_claim_keeps_its_own_words(folders: DataFolders) -> None:
    before = dataset(folders)
    merge(folders)
    store = dataset(folders)
    for number, said_of in (("800", "sg:openTo"), ("801", "sg:speaker")):
        (own,) = store.quads_for_pattern(
            NamedNode(f"{CLAIM}parley/{number}"), term("sg:originalAssertion"), None, DefaultGraph()
        )
        assert own.object == NamedNode(f"{BASE}original/parley/{number}")
        kept = {quad.triple for quad in store.quads_for_pattern(None, None, None, own.object)}
        was = {
            quad.triple
            for quad in before.quads_for_pattern(None, term(said_of), None, None)
            if "MinisterQuill" in str(quad.triple) and not isinstance(quad.graph_name, DefaultGraph)
        }
        assert kept == was != set()


def test_a_merge_is_undone_without_a_trace(folders: DataFolders) -> None:
    before = hashed(folders)
    merge(folders)
    assert hashed(folders) != before
    assert link(folders, "unmerge", "id:MinisterQuill").exit_code == 0
    assert hashed(folders) == before
    assert not list(folders.links.glob("identity*"))


def test_the_record_says_who_and_why(folders: DataFolders) -> None:
    merge(folders)
    store = dataset(folders)
    (row,) = store.quads_for_pattern(
        None, term("sssom:subject_id"), NamedNode(ID + "MinisterQuill"), DefaultGraph()
    )
    about = {
        quad.predicate: getattr(quad.object, "value", "")
        for quad in store.quads_for_pattern(row.subject, None, None, DefaultGraph())
    }
    assert about[term("sssom:object_id")] == ID + "AdaQuill"
    assert about[term("sssom:comment")] == "the same office on the same day"
    assert check_links(folders) == []


@pytest.mark.parametrize(
    ("merged", "kept", "why"),
    [
        ("MinisterQuill", "MinisterQuill", "one thing already"),
        ("MinisterQuill", "Arden", "different kinds"),
        ("Nobody", "AdaQuill", "no thing of the graph"),
        ("MinisterQuill", "law:br/7", "no thing of the graph"),
    ],
)
def test_what_cannot_be_one_is_refused(
    folders: DataFolders, merged: str, kept: str, why: str
) -> None:
    result = merge(folders, merged, kept)
    assert (result.exit_code, why in result.output) == (1, True), result.output
    assert not list(folders.links.glob("identity*"))


def test_chains_and_second_merges_are_refused(folders: DataFolders) -> None:
    assert merge(folders, "Farland", "Arden").exit_code == 0
    for merged, kept, why in (
        ("Farland", "Brelia", "already"),
        ("Brelia", "Farland", "already"),
        ("Arden", "Brelia", "the other way round"),
    ):
        assert why in merge(folders, merged, kept).output
    path = folders.links / "identity.sssom.tsv"
    row = path.read_text("utf-8").splitlines()[-1]
    with path.open("a", encoding="utf-8") as file:
        file.write(row.replace("id:Arden", "id:Brelia", 1) + "\n")
    with pytest.raises(BadData, match="keep one of the two"):
        dataset(folders)


def test_what_the_law_names_cannot_go(folders: DataFolders) -> None:
    """The act is a law of Brelia: a rule would look for a thing that there is no more."""
    assert merge(folders, "Brelia", "Farland").exit_code == 0
    with pytest.raises(BadData, match="the other way round"):
        dataset(folders)
    link(folders, "unmerge", "Brelia")
    assert merge(folders, "Farland", "Brelia").exit_code == 0
    assert len(dataset(folders)) > 0


def test_nothing_to_undo_is_said(folders: DataFolders) -> None:
    result = link(folders, "unmerge", "AdaQuill")
    assert (result.exit_code, "merged into nothing" in result.output) == (1, True)
