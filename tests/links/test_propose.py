"""Proposals for links, measured on verified links that are held out, half by half."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sanctiongraph import Graph
from sanctiongraph.cli import main
from sanctiongraph.data import data_folders
from sanctiongraph.links.endpoint import Dataset, Endpoint, Extract
from sanctiongraph.links.propose import LEAST, Proposal, Proposer, candidates_for_links
from sanctiongraph.links.sssom import read_links
from sanctiongraph.names.index import NameIndex
from sanctiongraph.vocabulary import PREFIXES, called
from tests.real import real_home


@pytest.fixture(scope="module")
def links() -> dict[str, str]:
    found = read_links(data_folders().links / "wikidata.sssom.tsv").links
    return {
        one.subject: one.object
        for one in found
        if one.exact and one.subject.startswith(PREFIXES["id"])
    }


def held_out(graph: Graph, dataset: Dataset, links: dict[str, str], half: int) -> list[Proposal]:
    """The best proposal for each thing of one half of the links, the other half being known."""
    held = sorted(links)[half::2]
    index = NameIndex.build(graph.store)
    things = [thing for iri in held if (thing := index.thing(iri))]
    index.close()
    known = {thing: item for thing, item in links.items() if thing not in held}
    return Proposer(graph.store, dataset, known).proposals(things, most=1)


@pytest.mark.parametrize("half", [0, 1])
def test_precision_and_recall_on_the_half_that_is_held_out(
    half: int, graph: Graph, links: dict[str, str], extracts: list[Path]
) -> None:
    dataset = Extract.of(extracts)
    found = held_out(graph, dataset, links, half)
    right = [one for one in found if links[one.thing] == one.item]
    named = {
        row["item"]
        for row in dataset.select(
            "SELECT DISTINCT ?item WHERE { ?item rdfs:label|skos:altLabel ?n }"
        )
    }
    there = [
        thing
        for thing in sorted(links)[half::2]
        if links[thing] in {getattr(n, "value", "") for n in named}
    ]
    assert len(right) / len(found) >= 0.89
    assert len(right) / len(there) >= 0.81


def test_an_endpoint_finds_what_bears_the_same_name(
    graph: Graph, links: dict[str, str], wikidata: str
) -> None:
    found = held_out(graph, Endpoint(wikidata), links, 0)
    right = [one for one in found if links[one.thing] == one.item]
    assert len(right) >= 15
    assert len(right) / len(found) >= 0.85


def test_reasons_make_up_the_confidence(
    graph: Graph, links: dict[str, str], extracts: list[Path]
) -> None:
    found = held_out(graph, Extract.of(extracts), links, 1)
    assert found
    for one in found:
        assert one.confidence == pytest.approx(
            min(0.99, sum(points for _, points in one.reasons)), abs=0.002
        )
        assert one.confidence >= LEAST


def test_an_item_that_is_taken_is_not_proposed(
    graph: Graph, links: dict[str, str], extracts: list[Path]
) -> None:
    things = candidates_for_links(graph.store, links)
    assert "S400" in {called(thing.iri) for thing in things}
    assert not {thing.iri for thing in things} & set(links)
    found = Proposer(graph.store, Extract.of(extracts), links).proposals(things)
    assert found
    for one in found:
        assert one.item not in links.values()


def test_rows_are_for_review_and_not_for_the_graph(
    extracts: list[Path], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = real_home(tmp_path_factory)
    output = tmp_path / "proposals.sssom.tsv"
    arguments = ["link", "propose", "--home", str(home), "--extract", str(extracts[0])]
    result = CliRunner().invoke(main, [*arguments, "--output", str(output)])
    assert result.exit_code == 0, result.output
    rows = read_links(output).links
    assert rows
    assert all(row.evidence.startswith("to review: name") for row in rows)
    into_the_graph = data_folders().links / "proposals.sssom.tsv"
    result = CliRunner().invoke(main, [*arguments, "--output", str(into_the_graph)])
    assert result.exit_code == 1
    assert "review first" in result.output
    assert not into_the_graph.exists()
