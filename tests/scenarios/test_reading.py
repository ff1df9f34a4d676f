"""Scenarios as text: files, Turtle without graphs, extension, dates, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from sanctiongraph.data import data_folders
from sanctiongraph.errors import BadData, NotFound
from sanctiongraph.reading import DataFile, Kind, read_file
from sanctiongraph.scenario import scenario, scenario_file, scenario_text, scenarios
from sanctiongraph.vocabulary import (
    ONTOLOGY_GRAPH,
    PREFIXES,
    SCENARIOS_GRAPH,
    sparql_prologue,
    term,
)

PREFIX = sparql_prologue()


def test_turtle_alone_is_a_scenario() -> None:
    one = scenario_text(f"{PREFIX} id:x sg:partOf id:y .", Store(), name="what if")
    assert (one.name, one.label, len(one.added)) == ("what-if", "what-if", 1)


def test_a_date_gets_its_bounds_and_a_name_in_the_scenario() -> None:
    one = scenario_text(f'{PREFIX} id:x sg:date [ sg:edtf "2026-01" ] .', Store(), name="w")
    said = {(t.subject.value, t.predicate.value.rpartition("#")[2]): t.object for t in one.added}
    node = f"{PREFIXES['scenario']}w/added#x-date"
    assert said[node, "earliest"] == Literal("2026-01-01", datatype=term("xsd:date"))
    assert said[node, "latest"] == Literal("2026-01-31", datatype=term("xsd:date"))


def test_extending_a_scenario_of_the_store(store: Store) -> None:
    text = """
    GRAPH graph:scenarios { scenario:mine a sg:Scenario ; rdfs:label "mine"@en ; sg:extends scenario:destroy . }
    """
    mine = scenario_text(PREFIX + text, store)
    assert mine.label == "mine"
    assert set(mine.added) == set(scenario(store, "destroy").added)


def test_an_extension_has_the_parts_of_what_it_extends(store: Store) -> None:
    base, more = (
        scenario(store, "return-to-russia"),
        scenario(store, "return-to-russia-with-refund"),
    )
    assert set(base.added) < set(more.added)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id:x id:y", "does not parse"),
        ("", "describe one sg:Scenario"),
        ("GRAPH graph:scenarios { scenario:a a sg:Scenario . scenario:b a sg:Scenario . }", "a, b"),
        ("GRAPH graph:scenarios { scenario:a a sg:Scenario ; sg:extends scenario:a . }", "itself"),
        ("GRAPH graph:claims { claim:x a sg:Claim . }", "only graph:scenarios"),
        ('id:x sg:date [ sg:edtf "soon" ] .', "not a date"),
        ('[] sg:edtf "2026" .', "hangs on nothing"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(BadData, match=message):
        scenario_text(f"{PREFIX}\n{text}", Store())


def test_extending_what_there_is_not() -> None:
    text = (
        f"{PREFIX} GRAPH graph:scenarios {{ scenario:a a sg:Scenario ; sg:extends scenario:b . }}"
    )
    with pytest.raises(NotFound, match="scenario:b"):
        scenario_text(text, Store())


def test_a_name_that_there_is_not(store: Store) -> None:
    with pytest.raises(NotFound, match="return-to-russia-with-refund"):
        scenario(store, "sell")


def test_a_file(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "gift.ttl"
    file.write_text(f"{PREFIX} id:x sg:partOf id:y .", "utf-8")
    assert scenario_file(file, store).name == "gift"
    with pytest.raises(NotFound, match="cannot be read"):
        scenario_file(tmp_path / "none.ttl", store)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id:x sg:partOf id:y .", "outside every graph"),
        ("GRAPH graph:claims { id:x sg:partOf id:y . }", "only graph:scenarios"),
        ("GRAPH scenario:x { id:x sg:partOf id:y . }", "only graph:scenarios"),
    ],
)
def test_a_data_file_keeps_to_the_layout(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "x.trig"
    file.write_text(PREFIX + text, "utf-8")
    with pytest.raises(BadData, match=message):
        read_file(DataFile(file, Kind.SCENARIOS))


def test_no_scenario_is_believed(store: Store) -> None:
    accepted = {q.triple for q in store.quads_for_pattern(None, None, None, DefaultGraph())}
    for one in scenarios(store):
        hypothetical = [
            t for t in one.added if t.predicate in (term("sg:holdsUntil"), term("sg:ofDeal"))
        ]
        assert not accepted.intersection(hypothetical)
    about = store.quads_for_pattern(None, term("rdf:type"), term("sg:Scenario"), DefaultGraph())
    assert not list(about)


def test_every_term_is_declared_and_every_name_has_two_labels(store: Store) -> None:
    declared = {
        quad.subject
        for quad in store.quads_for_pattern(None, term("rdf:type"), None, ONTOLOGY_GRAPH)
    }
    used = {triple for one in scenarios(store) for triple in one.added}
    for triple in used:
        assert triple.predicate in declared or triple.predicate == term("rdf:type"), triple
        if triple.predicate == term("rdf:type"):
            assert triple.object in declared, triple
    things = {
        node
        for triple in used
        for node in (triple.subject, triple.object)
        if isinstance(node, NamedNode) and node.value.startswith(PREFIXES["id"])
    }
    things |= {NamedNode(one.iri) for one in scenarios(store)}
    for node in things:
        labels = store.quads_for_pattern(node, term("rdfs:label"), None, None)
        languages = {q.object.language for q in labels if isinstance(q.object, Literal)}
        assert {"en", "tr"} <= languages, node


def test_an_option_says_what_it_does_and_models_what_there_is(store: Store) -> None:
    for one in scenarios(store):
        if one.about:
            assert one.definition, one.name
        for iri in one.models:
            kind = term("sg:CourseOfAction")
            assert list(store.quads_for_pattern(NamedNode(iri), term("rdf:type"), kind, None)), iri


def test_every_file_of_scenarios_reads() -> None:
    files = list(data_folders().scenarios.glob("*.trig"))
    assert files
    for file in files:
        graphs = {quad.graph_name for quad in read_file(DataFile(file, Kind.SCENARIOS))}
        assert SCENARIOS_GRAPH in graphs


def test_the_scenario_of_the_docs(store: Store) -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")
    text = page.partition("```trig\n")[2].partition("```")[0]
    mine = scenario_text(PREFIX + text, store)
    assert (mine.name, len(mine.withdraws), len(mine.withdrawn)) == ("mine", 1, 1)
    for triple in mine.withdrawn:
        assert list(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
