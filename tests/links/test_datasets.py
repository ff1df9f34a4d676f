"""Asking another dataset: the same answers from an endpoint and an extract, and honest failures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from sanctiongraph.cli import main
from sanctiongraph.data import data_folders
from sanctiongraph.dataset import dataset
from sanctiongraph.errors import BadInput, RemoteFailed
from sanctiongraph.links.endpoint import Endpoint, Extract
from sanctiongraph.links.enrich import enriched, linked_items
from sanctiongraph.vocabulary import PREFIXES, WIKIDATA_GRAPH, term
from tests.links.conftest import ScriptedServer
from tests.links.test_links import TURKEY, folders_with

TODAY = dt.date(2026, 11, 26)
ONE_ROW = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}}]}}'


def endpoint(server: ScriptedServer, waits: list[float]) -> Endpoint:
    return Endpoint(server.address, sleep=waits.append)


def test_endpoint_and_extract_give_the_same(wikidata: str, extracts: list[Path]) -> None:
    items = linked_items(data_folders())
    remote = enriched(Endpoint(wikidata), items, ["en", "tr"], TODAY)
    local = enriched(Extract.of(extracts), items, ["en", "tr"], TODAY)

    def about_items(quads: list[Quad]) -> set[Quad]:
        return {quad for quad in quads if quad.subject != WIKIDATA_GRAPH}

    assert about_items(remote) == about_items(local)
    assert len(about_items(remote)) > 300
    origin = {quad.object for quad in remote if quad.predicate == term("dcterms:source")}
    assert origin == {Literal(wikidata)}


def test_only_languages_asked_for_and_known_values(extracts: list[Path]) -> None:
    quads = enriched(Extract.of(extracts), [PREFIXES["wd"] + "Q148"], ["tr"], TODAY)
    languages = {quad.object.language for quad in quads if isinstance(quad.object, Literal)} - {
        None
    }
    assert languages == {"tr"}
    coordinates = [quad.object for quad in quads if quad.predicate == term("wdt:P625")]
    assert [getattr(one, "value", "") for one in coordinates] == ["Point(103 35)"]


def test_what_it_says_goes_into_a_graph_of_its_own(extracts: list[Path], tmp_path: Path) -> None:
    folders = folders_with(tmp_path, TURKEY)
    arguments = [
        "link",
        "enrich",
        "--data",
        str(tmp_path),
        "--output",
        str(folders.links / "wikidata.ttl"),
    ]
    for path in extracts:
        arguments += ["--extract", str(path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    store = dataset(folders)
    turkey = NamedNode(PREFIXES["wd"] + "Q43")
    label = term("rdfs:label")
    assert Quad(turkey, label, Literal("Turkey", language="en"), WIKIDATA_GRAPH) in store
    assert Quad(turkey, label, Literal("Turkey", language="en")) not in store
    assert list(
        store.quads_for_pattern(WIKIDATA_GRAPH, term("dcterms:issued"), None, WIKIDATA_GRAPH)
    )


def test_it_says_who_asks(scripted: ScriptedServer) -> None:
    scripted.answers = [(200, {}, ONE_ROW)]
    assert endpoint(scripted, []).select("SELECT ?a WHERE {}") == [{"a": Literal("1")}]
    agent, body = scripted.seen[0]
    assert agent.startswith("sanctiongraph/")
    assert "(https://" in agent
    assert "query=" in body


def test_what_is_refused_for_now_is_asked_again(scripted: ScriptedServer) -> None:
    waits: list[float] = []
    scripted.answers = [(429, {"Retry-After": "7"}, b""), (503, {}, b""), (200, {}, ONE_ROW)]
    assert len(endpoint(scripted, waits).select("SELECT ?a WHERE {}")) == 1
    assert waits == [7.0, 2.0]


def test_it_gives_up_after_some_tries(scripted: ScriptedServer) -> None:
    scripted.answers = [(503, {}, b"")] * 4
    with pytest.raises(RemoteFailed, match="status 503"):
        endpoint(scripted, []).select("SELECT ?a WHERE {}")
    assert scripted.answers == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b"no"),
        (302, b""),
        (200, b"<html>"),
        (200, ONE_ROW[:-9]),
        (200, b'{"head":{},"boolean":true}'),
    ],
)
def test_no_answer_is_an_error_that_names_the_endpoint(
    status: int, body: bytes, scripted: ScriptedServer
) -> None:
    headers = {"Location": "http://127.0.0.1:9/"} if status == 302 else {}
    scripted.answers = [(status, headers, body)]
    with pytest.raises(RemoteFailed, match=r"127\.0\.0\.1"):
        endpoint(scripted, []).select("SELECT ?a WHERE {}")
    assert len(scripted.seen) == 1


def test_an_unreachable_endpoint_is_an_error() -> None:
    with pytest.raises(RemoteFailed, match="cannot be asked"):
        Endpoint("http://127.0.0.1:9/sparql").select("SELECT * WHERE {}")


@pytest.mark.parametrize(("name", "text"), [("a.doc", ""), ("a.nt", "no triples")])
def test_a_bad_extract_is_refused(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(BadInput, match=name):
        Extract.of([path])


def test_endpoint_and_extract_together_are_refused(extracts: list[Path]) -> None:
    result = CliRunner().invoke(
        main, ["link", "enrich", "--endpoint", "http://127.0.0.1:9/", "--extract", str(extracts[0])]
    )
    assert result.exit_code == 1
    assert "not both" in result.output


def test_the_file_it_writes_parses(extracts: list[Path]) -> None:
    result = CliRunner().invoke(main, ["link", "enrich", "--extract", str(extracts[0])])
    triples = list(parse(result.stdout.encode(), format=RdfFormat.TURTLE))
    assert len(triples) > 100
