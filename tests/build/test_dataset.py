"""What the build derives: the accepted graph, date bounds, mentions, background, entailments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from sanctiongraph.data import DataFolders, data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.description.examples import EXAMPLES_GRAPH
from sanctiongraph.published import current
from sanctiongraph.reading import read_all
from sanctiongraph.vocabulary import (
    BASE,
    CLAIMS_GRAPH,
    ENTAILED_GRAPH,
    LAW_GRAPH,
    LINKS_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    VIEWPOINTS_GRAPH,
    term,
)

from ..real import real_home

DEFAULT = DefaultGraph()
#: The named graphs that are accepted as they stand.
PARTS = (
    *(CLAIMS_GRAPH, LAW_GRAPH, LINKS_GRAPH, ONTOLOGY_GRAPH, REFERENCE_GRAPH, VIEWPOINTS_GRAPH),
    term("graph:assessments/sources"),
)
DERIVED = {term("sg:earliest"), term("sg:latest")}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return current(real_home(tmp_path_factory)).open()


def triples(store: Store, *graphs: NamedNode | DefaultGraph) -> set[Triple]:
    return {
        quad.triple for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)
    }


def claims(store: Store, modality: str | None = None) -> list[NamedNode]:
    found = store.quads_for_pattern(
        None, term("sg:modality"), term(modality) if modality else None, CLAIMS_GRAPH
    )
    return [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]


def text(triple: Iterable[object]) -> str:
    return " ".join(str(part).strip("<>").rpartition("/")[2] for part in triple)


def test_the_default_graph_is_what_is_asserted_as_fact_and_what_follows(real: Store) -> None:
    accepted = triples(real, *PARTS, *claims(real, "sg:Fact"))
    examples = triples(real, EXAMPLES_GRAPH)
    accepted |= {one for one in examples if one.predicate != term("rdfs:label")}
    entailed = triples(real, ENTAILED_GRAPH)
    assert len(entailed) > 1_000
    assert accepted.isdisjoint(entailed)
    assert triples(real, DEFAULT) == accepted | entailed


def test_every_named_graph_is_known(real: Store) -> None:
    described = {
        quad.subject
        for name in ("sg:Claim", "sg:Viewpoint", "sg:Scenario")
        for quad in real.quads_for_pattern(None, term("rdf:type"), term(name), DEFAULT)
    }
    for graph in set(real.named_graphs()) - described - {EXAMPLES_GRAPH}:
        assert isinstance(graph, NamedNode)
        assert graph.value.startswith((PREFIXES["graph"], BASE + "scenario/"))


def test_what_only_somebody_says_is_not_accepted(data: DataFolders) -> None:
    store = dataset(data)
    said = Quad(term("id:TheDeal"), term("sg:dealStatus"), term("sg:Cancelled"))
    assert said not in store
    assert Quad(*said.triple, term("claim:one/002")) in store
    assert Quad(term("id:TheDeal"), term("sg:supplier"), term("id:Russia")) in store


def test_the_graph_of_a_claim_is_what_was_written_and_its_dates_bounds(real: Store) -> None:
    written: dict[object, set[Triple]] = defaultdict(set)
    for _, quads in read_all(data_folders()):
        for quad in quads:
            written[quad.graph_name].add(quad.triple)
    for claim in claims(real):
        held = triples(real, claim)
        assert {triple for triple in held if triple.predicate not in DERIVED} == written[claim]


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2020-05-04", ("2020-05-04", "2020-05-04")),
        ("2017-12~", ("2017-11-01", "2018-01-31")),
        ("../2021-04-07", (None, "2021-04-07")),
        ("XXXX-09", (None, None)),
    ],
)
def test_a_date_has_its_bounds_in_each_graph_where_it_stands(
    data: DataFolders, edtf: str, expected: tuple[str | None, str | None]
) -> None:
    store = dataset(data)
    found = list(store.quads_for_pattern(None, term("sg:edtf"), Literal(edtf)))
    assert found
    for quad in found:
        for name, day in zip(("sg:earliest", "sg:latest"), expected, strict=True):
            bound = store.quads_for_pattern(quad.subject, term(name), None, quad.graph_name)
            wanted = [Literal(day, datatype=term("xsd:date"))] if day else []
            assert [quad.object for quad in bound] == wanted


def test_a_claim_mentions_things_and_no_terms_or_dates(data: DataFolders) -> None:
    store = dataset(data)
    found = store.quads_for_pattern(term("claim:one/001"), term("sg:mentions"), None, CLAIMS_GRAPH)
    things = {text([quad.object]) for quad in found}
    assert things == {"TheDeal", "Russia", "TheAgency", "TheContract"}


def test_mentions_are_of_what_the_claims_graph_holds(real: Store) -> None:
    bases = (PREFIXES["id"], PREFIXES["law"])
    for claim in claims(real):
        nodes = {node for triple in triples(real, claim) for node in triple}
        things = {
            node for node in nodes if isinstance(node, NamedNode) and node.value.startswith(bases)
        }
        found = real.quads_for_pattern(claim, term("sg:mentions"), None, CLAIMS_GRAPH)
        assert {quad.object for quad in found} == things


def test_the_background_holds_reference_facts_and_entities_only(data: DataFolders) -> None:
    store = dataset(data)
    held = {text(triple) for triple in triples(store, REFERENCE_GRAPH)}
    assert "TheMeasure ontology#target TheAgency" in held
    assert "TheMinister 22-rdf-syntax-ns#type ontology#Person" in held
    assert not any("TheDeal" in triple for triple in held)
    dates = store.quads_for_pattern(None, term("sg:latest"), None, REFERENCE_GRAPH)
    assert [text([quad.subject]) for quad in dates] == ["001#TheMeasure-holdsFrom"]


def test_what_follows(data: DataFolders) -> None:
    store = dataset(data)
    held = {text(triple) for triple in triples(store, ENTAILED_GRAPH)}
    assert "TheAgency ontology#partOf Turkey" in held
    assert "Russia 22-rdf-syntax-ns#type ontology#Agent" in held
    assert not any("Cancelled" in triple for triple in held)
